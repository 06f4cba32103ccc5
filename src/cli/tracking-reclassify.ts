import { parseArgs } from 'node:util'
import { systemClock } from '#src/lib/clock.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { reclassify, rememberReclassified } from '#src/tracking/reclassify.ts'
import { json, type Command } from './command.ts'
import { openProduct } from './open-product.ts'

/** `tracking reclassify`: judges every stored hit again by the rules of this version. */
export const reclassifyTracking: Command['run'] = async ({ args, config: readConfig, log, print }) => {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } })
  const product = await openProduct(readConfig(), log, 'command')
  try {
    await migrateDatabase(product.sql)
    const result = await reclassify(product.db)
    await rememberReclassified(product.db, result, systemClock.now())
    const { events, messages, changed, toHuman, toMachine } = result
    print(
      values.json
        ? json(result)
        : `${events} hits on ${messages} mails judged again: ${changed} verdicts changed, ${toHuman} to human, ${toMachine} to machine`,
    )
    return 0
  } finally {
    await product.close()
  }
}
