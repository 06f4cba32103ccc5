import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dir, '../extract')
// What is kept of a page has this shape.
const SHAPES = ['page-memory.ts', 'folded-visit.ts'].map((name) => join(import.meta.dir, name))

/** A digest of the extractor's code and data, and of the shape its results are kept in. Imported as a macro, so that a build carries it as a constant. */
export const hashExtractor = (): string => {
  const hasher = new Bun.CryptoHasher('sha256')
  for (const name of readdirSync(FOLDER).toSorted())
    if (/\.(?:ts|json)$/.test(name)) hasher.update(name).update(readFileSync(join(FOLDER, name)))
  for (const path of SHAPES) hasher.update(readFileSync(path))
  return hasher.digest('hex').slice(0, 16)
}
