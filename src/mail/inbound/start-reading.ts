import type { ImapFlow } from 'imapflow'
import { createLeasedSlots } from '#src/crawl/politeness/leases.ts'
import { loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import { sleep } from '#src/lib/sleep.ts'
import { readMailbox, type MailboxSettings } from '../accounts/read-account.ts'
import type { OnInbound } from './apply-inbound.ts'
import { mailboxProblem, openMailbox } from './open-mailbox.ts'
import { mailboxVersions, noteProblem } from './queries-inbound.ts'
import { readNewMails } from './read-new-mails.ts'

type Needs = Pick<Deps, 'db' | 'keys' | 'clock' | 'log'>

export type ReadingTimes = {
  /** How often new and changed accounts are looked for. */
  lookMs: number
  /** How long after its last look at the latest a mailbox is looked at again, whether it calls or not. */
  pollMs: number
  /** Before a connection that broke is made again, doubled each time up to the last. */
  againMs: number
  againAtMostMs: number
  /** How often a node asks whether the one that reads a mailbox has died. */
  leaseMs: number
}

const USUAL: ReadingTimes = {
  lookMs: 15_000,
  pollMs: 60_000,
  againMs: 5_000,
  againAtMostMs: 10 * 60_000,
  leaseMs: 10_000,
}

/** Reads the mailbox of every account for as long as the program runs: told by the server (IDLE), asking where it is not,
 *  connecting again when the connection breaks. Of several nodes one reads a mailbox; when it dies another goes on.
 *  Returns what ends it. */
export const startReadingMailboxes = (
  deps: Needs,
  onInbound: OnInbound,
  times: Partial<ReadingTimes> = {},
): (() => Promise<void>) => {
  const all = { ...USUAL, ...times }
  const stop = new AbortController()
  const slots = createLeasedSlots(deps.db, deps.log, { askAgainMs: all.leaseMs, keepIdleMs: 0 })
  const reading = new Map<number, { version: string; end: () => Promise<void> }>()
  let told = ''

  const look = async (): Promise<void> => {
    const wanted = new Map((await mailboxVersions(deps.db)).map(({ id, version }) => [id, version]))
    for (const [id, { version, end }] of reading)
      if (wanted.get(id) !== version) {
        reading.delete(id)
        await end()
      }
    for (const [id, version] of wanted) {
      if (reading.has(id) || stop.signal.aborted) continue
      const own = new AbortController()
      const signal = AbortSignal.any([own.signal, stop.signal])
      const done = readForEver({ deps, slots, onInbound, times: all }, id, signal)
      const end = async () => {
        own.abort()
        await done
      }
      reading.set(id, { version, end })
    }
  }

  const running = (async () => {
    while (!stop.signal.aborted) {
      try {
        await look()
        told = ''
      } catch (error) {
        const reason = loggableMessage(error)
        if (reason !== told) deps.log.warn('mailboxes cannot be looked for', { reason })
        told = reason
      }
      await sleep(all.lookMs, stop.signal).catch(() => {})
    }
  })()

  return async () => {
    stop.abort()
    await running
    await Promise.all([...reading.values()].map(({ end }) => end()))
    await slots.close().catch(() => {})
  }
}

type Reader = {
  deps: Needs
  slots: ReturnType<typeof createLeasedSlots>
  onInbound: OnInbound
  times: ReadingTimes
}

const readForEver = async (reader: Reader, accountId: number, signal: AbortSignal): Promise<void> => {
  const { deps, slots, times } = reader
  let pauseMs = times.againMs
  while (!signal.aborted) {
    let release = (): void => {}
    let settings: MailboxSettings | null = null
    try {
      release = await slots.acquire(`mailbox:${accountId}`, 1, signal)
      settings = await readMailbox(deps, accountId)
      if (settings === null) await noteSealed(deps, accountId)
      else await readWhileConnected(reader, settings, signal, () => (pauseMs = times.againMs))
    } catch (error) {
      if (!signal.aborted) await noteTrouble(deps, accountId, settings, error)
    } finally {
      release()
    }
    // Not all at once after an outage.
    await sleep(pauseMs * (0.75 + Math.random() / 2), signal).catch(() => {})
    pauseMs = Math.min(pauseMs * 2, times.againAtMostMs)
  }
}

const readWhileConnected = async (
  { deps, onInbound, times }: Reader,
  settings: MailboxSettings,
  signal: AbortSignal,
  works: () => void,
): Promise<void> => {
  const client = await openMailbox(settings)
  const close = () => client.close()
  signal.addEventListener('abort', close, { once: true })
  // What comes while others are read is told of then, and may be as many as are moved away meanwhile.
  let toldOf = 0
  client.on('exists', () => (toldOf += 1))
  try {
    await client.mailboxOpen(settings.folder)
    while (!signal.aborted && client.usable) {
      const before = toldOf
      await readNewMails(deps, client, settings, { onInbound, signal })
      works()
      if (toldOf === before) await somethingNew(client, times.pollMs, signal)
    }
  } finally {
    signal.removeEventListener('abort', close)
    if (client.usable && !signal.aborted) await client.logout().catch(() => {})
    client.close()
  }
  if (!signal.aborted) throw new Error('the connection was closed')
}

/** Until the server tells of new mail, the connection ends, or it is time to ask. */
const somethingNew = async (client: ImapFlow, pollMs: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted || !client.usable) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, pollMs)
  client.once('exists', resolve)
  client.once('close', resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  // Servers without IDLE are asked when the time has come.
  const idling = client.capabilities.has('IDLE') ? client.idle().catch(() => {}) : Promise.resolve()
  await promise
  clearTimeout(timer)
  client.off('exists', resolve)
  client.off('close', resolve)
  if (!client.usable) return
  // The next command ends the idling; one that is answered tells that the connection lives.
  await client.noop()
  await idling
}

const noteTrouble = async (
  deps: Needs,
  accountId: number,
  settings: MailboxSettings | null,
  error: unknown,
): Promise<void> => {
  const { code, detail } = mailboxProblem(error)
  deps.log.warn('a mailbox cannot be read', { account: accountId, code })
  const place = { accountId, folder: settings?.folder ?? 'INBOX' }
  await noteProblem(deps.db, place, `${code}: ${detail}`).catch(() => {})
}

const noteSealed = async (deps: Needs, accountId: number): Promise<void> => {
  deps.log.warn('the password of a mailbox cannot be opened with this SECRET_KEY', { account: accountId })
  await noteProblem(deps.db, { accountId, folder: 'INBOX' }, 'sealed: ').catch(() => {})
}
