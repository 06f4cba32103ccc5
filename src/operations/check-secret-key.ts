import type { Deps } from '#src/deps.ts'
import { AppError } from '#src/lib/errors.ts'
import { sign } from '#src/lib/keys.ts'
import { settleSetting } from './queries-settings.ts'

const SETTING = 'secret_key_check'

/** Refuses to go on when this database was used with another SECRET_KEY: links and stored passwords of one node
 *  would be worthless to the other. */
export const checkSecretKey = async ({ db, keys }: Pick<Deps, 'db' | 'keys'>): Promise<void> => {
  const mine = sign(keys.check, SETTING)
  if ((await settleSetting(db, SETTING, mine)) === mine) return
  throw new AppError(
    'other_secret_key',
    'This database was set up with another SECRET_KEY. Use the same one here: the SECRET_KEY of the other nodes, or their DATA_DIR/secret-key.',
    { status: 500 },
  )
}
