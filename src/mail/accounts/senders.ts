import type { Deps } from '#src/deps.ts'
import { readMailSettings, type MailSettings, type MissingSettings } from '../mail-settings.ts'
import type { Mailbox } from '../mailbox.ts'
import { listAccounts } from './queries.ts'
import { lackOf, listUsable } from './read-account.ts'

/** How a single mail may leave. */
export type Sender = {
  /** Null: MAIL_*, of which no account was made yet. */
  accountId: number | null
  label: string
  settings: MailSettings
  replyTo: Mailbox | null
  verp: boolean
}

/** With no sender: `missing` settings, or accounts that are all paused or cannot be used (`stopped`). */
export type Senders = { senders: Sender[]; missing: MissingSettings['missing']; stopped: boolean }

/** Who a single mail may come from, the default first. */
export const readSenders = async (deps: Pick<Deps, 'db' | 'keys' | 'config'>): Promise<Senders> => {
  const { db, config } = deps
  // The account of settings that are gone is as good as none.
  const known = (await listAccounts(db)).filter((row) => lackOf(deps, row) !== 'environment')
  if (known.length === 0) {
    const settings = readMailSettings(config)
    if ('missing' in settings) return { senders: [], missing: settings.missing, stopped: false }
    const only = { accountId: null, label: settings.sender.address, settings, replyTo: null, verp: false }
    return { senders: [only], missing: [], stopped: false }
  }
  const baseUrl = config.BASE_URL
  if (baseUrl === undefined) return { senders: [], missing: ['BASE_URL'], stopped: false }
  const senders = (await listUsable(deps)).map(({ id, label, server, sender, replyTo, verp }): Sender => {
    return { accountId: id, label, settings: { server, sender, baseUrl }, replyTo, verp }
  })
  return { senders, missing: [], stopped: senders.length === 0 }
}
