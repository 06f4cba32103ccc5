// A process that uses the embedded database of a DATA_DIR until its stdin ends: `bun embedded-user.ts DIR ROLE`.
// Prints one JSON line when it is in (or refused) and one when it has left.
import { acquireEmbedded } from '#src/db/embedded.ts'
import { openDatabase } from '#src/db/open.ts'
import { AppError, messageOf } from '#src/lib/errors.ts'
import { createLog } from '#src/lib/log.ts'

const [dataDir = '', role = 'command'] = process.argv.slice(2)
const say = (facts: object) => console.log(JSON.stringify(facts))

try {
  const embedded = await acquireEmbedded({
    dataDir,
    log: createLog(),
    role: role === 'serve' ? 'serve' : 'command',
  })
  const { sql, close } = openDatabase(embedded.connection, { max: 1 })
  await sql`CREATE TABLE IF NOT EXISTS visits (pid integer)`
  await sql`INSERT INTO visits VALUES (${process.pid})`
  const [row] = await sql`SELECT count(*)::integer AS visits FROM visits`
  say({ visits: row?.visits, socket: embedded.connection.host })
  await Bun.stdin.text()
  await close()
  await embedded.release()
  say({ left: true })
  process.exit(0)
} catch (error) {
  say({ code: error instanceof AppError ? error.code : 'unexpected', message: messageOf(error) })
  process.exit(1)
}
