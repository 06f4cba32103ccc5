import { parseArgs } from 'node:util'
import { migrateDatabase } from '#src/db/migrate.ts'
import type { Db } from '#src/db/open.ts'
import { judgeHits } from '#src/tracking/judge-hits.ts'
import { moveHits } from '#src/tracking/move-hits.ts'
import { listEvents, type ListedEvent } from '#src/tracking/queries-events.ts'
import type { Command, CommandContext } from './command.ts'
import { openProduct } from './open-product.ts'

const PAGE = 5000

/** `tracking events [--message TOKEN]`: every event, or those of one message, the newest last. */
export const listTrackingEvents: Command['run'] = async ({ args, config: readConfig, log, print }) => {
  const { values } = parseArgs({ args, options: { message: { type: 'string' }, json: { type: 'boolean' } } })
  const product = await openProduct(readConfig(), log, 'command')
  try {
    await migrateDatabase(product.sql)
    // What has arrived counts, whether or not a server runs that would move it.
    await moveHits(product.db)
    await judgeHits(product.db)
    const pages = eventPages(product.db, values.message)
    if (values.json) await printJson(pages, print)
    else if (!(await printLines(pages, print)))
      process.stderr.write(
        values.message === undefined
          ? 'Nothing has happened to any mail yet.\n'
          : `Nothing is known of a message ${values.message}: nothing has happened to it yet, or its hits are counted without knowing whose (leave out --message).\n`,
      )
    return 0
  } finally {
    await product.close()
  }
}

/** Millions of events are read and printed a page at a time. */
async function* eventPages(db: Db, message: string | undefined): AsyncGenerator<ListedEvent[]> {
  let after: ListedEvent | undefined
  do {
    const page = await listEvents(db, { message, limit: PAGE, ...(after ? { after } : {}) })
    if (page.length > 0) yield page
    after = page.length < PAGE ? undefined : page.at(-1)
  } while (after)
}

const printJson = async (
  pages: AsyncGenerator<ListedEvent[]>,
  print: CommandContext['print'],
): Promise<void> => {
  let lead = '['
  for await (const page of pages) {
    print(lead + page.map((event) => JSON.stringify(event)).join(',\n'))
    lead = ','
  }
  print(lead === '[' ? '[]' : ']')
}

/** False when there was nothing to print. */
const printLines = async (
  pages: AsyncGenerator<ListedEvent[]>,
  print: CommandContext['print'],
): Promise<boolean> => {
  let isAny = false
  for await (const page of pages) {
    isAny = true
    print(
      page
        .map(({ at, type, verdict, reason, message, link }) =>
          [at.toISOString(), type.padEnd(11), verdict ?? 'unjudged', reason, message ?? '-', link]
            .filter(Boolean)
            .join('  '),
        )
        .join('\n'),
    )
  }
  return isAny
}
