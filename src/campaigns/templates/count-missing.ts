import type { Db } from '#src/db/open.ts'
import type { CompiledMessage } from './compile.ts'
import { renderMessage } from './render.ts'
import { readValues, valuesKey, type ValueOptions, type ValueRecipient } from './values.ts'

/** Of so many recipients, how many the message is ready for; by variable (or reason of `{% hold %}`), how many it would
 *  not be sent to. */
export type MissingCount = { total: number; ready: number; missing: { name: string; count: number }[] }

/** Renders a message for recipients in batches (at most a few hundred each) and counts where it would be held back. */
export const countMissing = async (
  db: Db,
  message: CompiledMessage,
  batches: AsyncIterable<readonly ValueRecipient[]> | Iterable<readonly ValueRecipient[]>,
  options: Omit<ValueOptions, 'locale'>,
): Promise<MissingCount> => {
  const counts = new Map<string, number>()
  let [total, ready] = [0, 0]
  for await (const batch of batches) {
    const values = await readValues(db, batch, {
      ...options,
      locale: message.locale,
      variables: message.variables,
    })
    for (const recipient of batch) {
      const own = values.get(valuesKey(recipient))
      if (!own) continue
      const { missing } = renderMessage(message, own)
      total += 1
      if (missing.length === 0) ready += 1
      for (const name of missing) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  const missing = [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count)
  return { total, ready, missing }
}
