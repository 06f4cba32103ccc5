import { migrateDatabase } from '#src/db/migrate.ts'
import type { Command } from './command.ts'
import { openProduct } from './open-product.ts'

export const migrateCommand: Command = {
  usage: 'migrate',
  summary: 'bring the database up to this version',
  run: async ({ config, log, print }) => {
    const product = await openProduct(config(), log, 'command')
    try {
      await migrateDatabase(product.sql)
      print('The database is up to date.')
      return 0
    } finally {
      await product.close()
    }
  },
}
