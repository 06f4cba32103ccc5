import { isDatabaseDown, loggableMessage } from '#src/db/failures.ts'
import { readMigrationState, type MigrationState } from '#src/db/migrate.ts'
import type { Db, Sql } from '#src/db/open.ts'
import { readDatabaseFacts, type DatabaseFacts } from '../queries-doctor.ts'
import { bad, good, unknown, type Finding } from './finding.ts'

const OLDEST_VERSION = 15
const NEWEST_VERSION = 18
const EXTENSIONS = ['pg_trgm', 'unaccent']

/** The database as far as it could be asked; null when it could not. */
export type DatabaseState = { facts: DatabaseFacts; migrations: MigrationState }

export const DATABASE_CHECKS = ['database', 'database_version', 'migrations', 'extensions'] as const

/** Reachable, of a version the product is tested on, migrated, with its extensions. */
export const checkDatabase = async (
  db: Db,
  sql: Sql,
): Promise<{ state: DatabaseState | null; findings: Finding[] }> => {
  try {
    const state = { facts: await readDatabaseFacts(db), migrations: await readMigrationState(sql) }
    return { state, findings: judgeDatabase(state) }
  } catch (error) {
    return { state: null, findings: withoutDatabase(loggableMessage(error), isDatabaseDown(error)) }
  }
}

/** The findings when the database cannot be asked. */
export const withoutDatabase = (reason: string, isDown = true): Finding[] => [
  isDown
    ? bad(
        'database',
        `The database cannot be reached: ${reason}`,
        'Start it, or correct DATABASE_URL (address, user, password, sslmode).',
      )
    : bad('database', `The database does not answer as it should: ${reason}`, 'See its log.'),
  ...DATABASE_CHECKS.slice(1).map((check) => unknown(check, 'The database could not be asked.')),
]

export const judgeDatabase = ({ facts, migrations }: DatabaseState): Finding[] => {
  const major = Math.floor(facts.version / 10_000)
  const missing = EXTENSIONS.filter((name) => !facts.extensions.includes(name))
  return [
    good('database', 'The database answers.'),
    major < OLDEST_VERSION
      ? bad(
          'database_version',
          `PostgreSQL ${major} is older than ${OLDEST_VERSION}.`,
          `Use PostgreSQL ${OLDEST_VERSION} to ${NEWEST_VERSION}.`,
        )
      : major > NEWEST_VERSION
        ? unknown('database_version', `PostgreSQL ${major} is newer than anything this version was tried on.`)
        : good('database_version', `PostgreSQL ${major}.`),
    judgeMigrations(migrations),
    missing.length > 0 && migrations === 'empty'
      ? unknown('extensions', 'They are made with the tables.')
      : missing.length > 0
        ? bad(
            'extensions',
            `Missing: ${missing.join(', ')}.`,
            `In this database: ${missing.map((name) => `CREATE EXTENSION ${name};`).join(' ')}`,
          )
        : good('extensions', EXTENSIONS.join(', ')),
  ]
}

const judgeMigrations = (migrations: MigrationState): Finding => {
  if (migrations === 'current') return good('migrations', 'The tables are those of this version.')
  if (migrations === 'ahead')
    return bad(
      'migrations',
      'The database was used by a newer version.',
      'Run the newer version; a database is not taken back.',
    )
  const detail =
    migrations === 'empty' ? 'There are no tables yet.' : 'The tables are those of an older version.'
  return bad('migrations', detail, 'Run `prospectlab migrate`, or start the server.')
}
