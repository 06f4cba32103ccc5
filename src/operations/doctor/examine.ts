import type { Config } from '#src/config.ts'
import type { Db, Sql } from '#src/db/open.ts'
import { readTrackingSettings, signingKeys } from '#src/tracking/tracking-settings.ts'
import type { Keys } from '#src/lib/keys.ts'
import { checkAccounts } from './check-accounts.ts'
import { checkBaseUrl } from './check-base-url.ts'
import { checkDatabase, withoutDatabase } from './check-database.ts'
import { checkClock, checkDataDir, checkMailSettings, checkSpool } from './check-host.ts'
import { checkRole, judgeRole, type RoleProbes } from './check-role.ts'
import type { Finding } from './finding.ts'

export type Patient = {
  config: Config
  keys: Keys
  now: () => Date
  /** The database; or why it could not be opened. */
  database:
    | {
        ok: true
        db: Db
        sql: Sql
        embedded: boolean
        signIn: (role: string) => Promise<RoleProbes['login']>
      }
    | { ok: false; reason: string }
}

/** Every check, in the order in which they are told. Changes nothing. */
export const examine = async ({ config, keys, now, database }: Patient): Promise<Finding[]> => {
  const asked = database.ok
    ? await checkDatabase(database.db, database.sql)
    : { state: null, findings: withoutDatabase(database.reason) }
  const databaseClock = { name: 'the database', date: asked.state?.facts.now ?? null }
  const clock = { at: now(), others: database.ok && !database.embedded ? [databaseClock] : [] }
  const role =
    database.ok && asked.state !== null
      ? await checkRole(database.db, database.signIn)
      : judgeRole({ rights: undefined, login: 'unreachable' })
  // Without the database it is not known which key signs; the first one still has to be known to the edge.
  const settings =
    database.ok && asked.state?.migrations === 'current'
      ? await readTrackingSettings(database.db)
      : { keyGeneration: 1 }
  const base = await checkBaseUrl(config.BASE_URL, signingKeys(keys.links, settings), now())
  const accounts =
    database.ok && asked.state?.migrations === 'current'
      ? await checkAccounts({ db: database.db, keys, config, clock: { now } })
      : []
  return [
    ...asked.findings,
    ...role,
    ...base.findings,
    clock.others.length > 0 && databaseClock.date !== null
      ? checkClock(clock.at, clock.others)
      : checkClock(now(), [{ name: 'BASE_URL', date: base.date }]),
    checkDataDir(config.DATA_DIR),
    checkSpool(config.DATA_DIR, now()),
    checkMailSettings(config, accounts.length > 0),
    ...accounts,
  ]
}
