// A node of its own for tests that kill one: `bun tests/support/queue-node.ts URL NODE ITEM_MS`.
// It notes every finished item in the table finished_by, in the transaction that finishes the item.
import { sql as statement } from 'drizzle-orm'
import { openDatabase } from '#src/db/open.ts'
import { silentLog } from '#src/lib/log.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'

const [url, node, itemMs] = process.argv.slice(2)
const { db, sql } = openDatabase({ url: url! })
const queue = openQueue({ db, sql, log: silentLog })
const work = defineBatchJob(
  { db },
  {
    name: 'test.work',
    concurrency: 3,
    run: async ({ itemId }, context) => {
      await Bun.sleep(Number(itemMs))
      await db.transaction(async (tx) => {
        await tx.execute(statement`INSERT INTO finished_by VALUES (${itemId}, ${node})`)
        await context.finish(tx)
      })
    },
  },
)
await queue.start([work])
