// Pages that nobody wrote for this project: documentation of the machine and of npm packages, and every page of the open
// labelled sites. The large set is in tests/proof/corpus.proof.ts.
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { parsedAt } from '#tests/support/parsed-at.ts'
import { complaintsAbout, documentsUnder, readDocument } from '#tests/support/corpus.ts'

const ROOT = join(import.meta.dir, '../..')
const MOST_OF_A_PLACE = 120
const LARGEST_KB = 600
const TIMEOUT_MS = 120_000

const DOCUMENTATION = ['/usr/share/doc', '/usr/share/javascript', '/usr/share/gtk-doc']
/** Numbers in technical pages that are written as a phone is, and may be taken for one. */
const PHONE_LIKE = 2
/** Pages that name nobody; elsewhere a manual names its authors. */
const CODE = /\/(?:nodejs\/api|libjs-|javascript\/)|node_modules/
/** Different people; a library's thanks stand in several of its pages. */
const AUTHORS_IN_A_HUNDRED = 15

const everyOther = (paths: string[], most: number): string[] => {
  const step = Math.max(1, Math.ceil(paths.length / most))
  return paths.filter((_, index) => index % step === 0)
}

test(
  'pages of documentation and packages are read in their time and yield nothing silly',
  () => {
    const documents = [...DOCUMENTATION, join(ROOT, 'node_modules')].flatMap((folder) =>
      everyOther(documentsUnder(folder), MOST_OF_A_PLACE),
    )
    const pages = documents.map(readDocument).filter(({ kilobytes }) => kilobytes <= LARGEST_KB)
    expect(pages.flatMap(complaintsAbout)).toEqual([])
    const phones = pages.flatMap(({ path, facts }) => facts.phones.map(({ raw }) => `${path}: ${raw}`))
    expect(phones.slice(PHONE_LIKE)).toEqual([])
    const people = pages.flatMap(({ path, facts }) => facts.people.map(({ name }) => `${path}: ${name}`))
    const inCode = people.filter((line) => CODE.test(line))
    expect(inCode).toEqual([])
    const named = new Set(people.map((line) => line.split(': ').at(-1)))
    expect(named.size, people.join('\n')).toBeLessThanOrEqual((pages.length * AUTHORS_IN_A_HUNDRED) / 100)
    const platforms = pages.flatMap(({ path, facts }) =>
      facts.technologies
        .filter(({ category }) => /^(?:cms|ecommerce|builder)$/.test(category))
        .map(({ name }) => `${path}: ${name}`),
    )
    expect(platforms).toEqual([])
  },
  TIMEOUT_MS,
)

test(
  'every page of the open labelled sites is read in its time',
  () => {
    const documents = everyOther(documentsUnder(join(ROOT, 'tests/crawl/labelled/open')), 200)
    expect(documents.length).toBeGreaterThan(100)
    expect(documents.map(readDocument).flatMap(complaintsAbout)).toEqual([])
  },
  TIMEOUT_MS,
)

test.each(['toString', 'constructor', 'valueOf', 'hasOwnProperty', '__proto__'])(
  'a script that calls %s beside an at sign is only a script',
  (name) => {
    const html = `<script>var t = total.${name}("x") + "@" + ${name}("y") + ".fr", a = { "${name}": "info@" + "b.fr" };</script>`
    const read = () => parsedAt('https://a.fr/', html, { depth: 0, headers: {} })
    expect(read).not.toThrow()
  },
)
