// Some thousand real pages: templates of company sites and dashboards from npm (corpus/package.json), manuals in several
// languages from Debian, whatever documentation the machine has.
import { afterAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { complaintsAbout, type CorpusPage, documentsUnder, readDocument } from '#tests/support/corpus.ts'

const HERE = join(import.meta.dir, 'corpus')
const DEBIAN = ['apache2-doc', 'debian-reference-fr', 'debian-faq-fr']
const LEAST_DOCUMENTS = 500
const MOST_OF_A_PLACE = 800
const LARGEST_KB = 1_500
const MOST_PHONES_IN_A_HUNDRED = 0.5
const TIMEOUT_MS = 10 * 60_000

const unpacked = mkdtempSync(join(tmpdir(), 'corpus-'))
afterAll(() => rmSync(unpacked, { recursive: true }))

const run = async (command: string[], cwd: string): Promise<boolean> => {
  const program = Bun.spawn(command, { cwd, stdio: ['ignore', 'ignore', 'ignore'] })
  return (await program.exited) === 0
}

/** Manuals of Debian, unpacked beside the system without being installed; nothing where there is no apt. */
const fetchManuals = async (): Promise<void> => {
  if (Bun.which('apt-get') === null || Bun.which('dpkg-deb') === null) return
  for (const name of DEBIAN) await run(['apt-get', 'download', name], unpacked)
  for (const file of readdirSync(unpacked).filter((name) => name.endsWith('.deb')))
    await run(['dpkg-deb', '-x', file, 'manuals'], unpacked)
}

test(
  'the pages of templates and manuals are read without a crash, each in its time, none with a file for an address',
  async () => {
    if (!existsSync(join(HERE, 'node_modules/uikit')))
      expect(await run([process.execPath, 'install', '--frozen-lockfile', '--ignore-scripts'], HERE)).toBe(
        true,
      )
    await fetchManuals()
    const places = [join(HERE, 'node_modules'), join(unpacked, 'manuals'), '/usr/share/doc']
    const pages: CorpusPage[] = []
    const crashed: string[] = []
    for (const path of places.flatMap((place) => evenly(documentsUnder(place))))
      try {
        const page = readDocument(path)
        if (page.kilobytes <= LARGEST_KB) pages.push(page)
      } catch (error) {
        crashed.push(`${path}: ${String(error)}`)
      }
    console.log(summaryOf(pages))
    expect(crashed).toEqual([])
    expect(pages.length).toBeGreaterThanOrEqual(LEAST_DOCUMENTS)
    expect(pages.flatMap(complaintsAbout)).toEqual([])
    const phones = pages.flatMap(({ path, facts }) => facts.phones.map(({ raw }) => `${path}: ${raw}`))
    expect(phones.length / pages.length, phones.join('\n')).toBeLessThan(MOST_PHONES_IN_A_HUNDRED / 100)
    expect(
      pages.flatMap(({ path, facts }) => facts.companyIds.map(({ value }) => `${path}: ${value}`)),
    ).toEqual([])
  },
  TIMEOUT_MS,
)

const evenly = (paths: string[]): string[] => {
  const step = Math.max(1, Math.ceil(paths.length / MOST_OF_A_PLACE))
  return paths.filter((_, index) => index % step === 0)
}

const summaryOf = (pages: CorpusPage[]): string => {
  const count = (of: (page: CorpusPage) => number) => pages.reduce((sum, page) => sum + of(page), 0)
  const slowest = pages.toSorted((a, b) => b.milliseconds - a.milliseconds)[0]
  return [
    `${pages.length} pages, ${Math.round(count(({ kilobytes }) => kilobytes) / 1024)} MB in ${Math.round(count(({ milliseconds }) => milliseconds) / 1000)} s`,
    `slowest ${Math.round(slowest?.milliseconds ?? 0)} ms: ${slowest?.path}`,
    `${count(({ facts }) => facts.emails.length)} e-mails, ${count(({ facts }) => facts.phones.length)} phones, ${count(({ facts }) => facts.people.length)} people, ${count(({ facts }) => facts.addresses.length)} addresses, ${count(({ facts }) => facts.technologies.length)} technologies`,
  ].join('\n')
}
