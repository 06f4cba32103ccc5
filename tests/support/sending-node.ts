// A node that sends, for tests that kill it: `bun tests/support/sending-node.ts URL SILENT_MS`. It stops on SIGTERM.
import { startSending } from '#src/campaigns/sending/start-sending.ts'
import { loadConfig } from '#src/config.ts'
import { openDatabase } from '#src/db/open.ts'
import { systemClock } from '#src/lib/clock.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { createLog } from '#src/lib/log.ts'

const { db, sql, close } = openDatabase({ url: process.argv[2]! }, { max: 4 })
const config = loadConfig({ BASE_URL: 'https://suivi.agence.fr' })
const keys = deriveKeys('the secret of the nodes of this test')
const parts = { db, sql, config, clock: systemClock, log: createLog(), keys }
const stop = startSending(parts, { silentMs: Number(process.argv[3]) })
process.stdout.write('sending\n')
process.on(
  'SIGTERM',
  () =>
    void stop()
      .then(close)
      .then(() => process.exit(0)),
)
