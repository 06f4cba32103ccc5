import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { Glob } from 'bun'
import { formatNumber, plural, type Catalogue } from '#src/lib/i18n.ts'

const ROOT = join(import.meta.dir, '..')
const files = [...new Glob('{src,templates}/**/{messages,*-messages,*-texts}.ts').scanSync(ROOT)]

const isCatalogue = (value: unknown): value is Catalogue<Record<string, string>> =>
  typeof value === 'function' && 'texts' in value

const catalogues: [string, { fr: Record<string, unknown>; en: Record<string, unknown> }][] = []
for (const file of files)
  for (const [name, value] of Object.entries((await import(join(ROOT, file))) as Record<string, unknown>))
    if (isCatalogue(value)) catalogues.push([`${file}#${name}`, value.texts])

test('every room has its texts in French and in English', () => {
  expect(catalogues.length).toBeGreaterThan(0)
  for (const [name, { fr, en }] of catalogues)
    expect([name, Object.keys(en).sort()]).toEqual([name, Object.keys(fr).sort()])
})

test('no text is empty, and a function in one language is a function of the same values in the other', () => {
  for (const [name, { fr, en }] of catalogues)
    for (const key of Object.keys(fr)) {
      const [one, other] = [fr[key], en[key]]
      expect([name, key, typeof one]).toEqual([name, key, typeof other])
      if (typeof one === 'string')
        expect([name, key, one.trim() !== '' && String(other).trim() !== '']).toEqual([name, key, true])
      if (typeof one === 'function')
        expect([name, key, one.length]).toEqual([name, key, (other as () => string).length])
    }
})

test('numbers and plurals follow the language', () => {
  expect(plural('fr', 0, 'entreprise', 'entreprises')).toBe('entreprise')
  expect(plural('en', 0, 'company', 'companies')).toBe('companies')
  expect(formatNumber('en', 12345.5)).toBe('12,345.5')
  expect(formatNumber('fr', 12345.5).replace(/\s/g, ' ')).toBe('12 345,5')
})
