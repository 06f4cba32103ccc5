import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'
import { HOSTILE_HTML } from './hostile-html.ts'
import { processorMs } from './measure.ts'

// Two lengths, one four times the other: what grows with the square takes sixteen times as long.
const SHORT = 6_000
const TIMES = 4
const MOST_TIMES = 10
// Less than this says nothing on a machine that works for others too.
const TOO_LITTLE_MS = 80
const MOST_MS = 2_000

const parse = (html: string) => {
  const body = new TextEncoder().encode(html)
  const url = 'http://atelier-noel.fr/contact'
  const headers = { 'content-type': 'text/html; charset=utf-8' }
  return processorMs(() =>
    parsedAt(url, body, { siteHost: 'atelier-noel.fr', depth: 0, headers, home: true, today: '2026-11-22' }),
  )
}

test('no page takes more than its length: whatever it repeats, four times as much costs no more than so', () => {
  const slow: string[] = []
  for (const [name, make] of Object.entries(HOSTILE_HTML)) {
    const long = parse(make(SHORT * TIMES))
    if (long < TOO_LITTLE_MS) continue
    // The best of three: whoever comes first warms up, and a busy machine adds to one or the other.
    const best = (length: number) => Math.min(...[1, 2, 3].map(() => parse(make(length))))
    const [short, again] = [best(SHORT), best(SHORT * TIMES)]
    if ((again > short * MOST_TIMES && again > TOO_LITTLE_MS) || again > MOST_MS)
      slow.push(`${name}: ${short.toFixed()} ms, then ${again.toFixed()} ms`)
  }
  expect(slow).toEqual([])
}, 60_000)

const list = (item: string, length: number): string => `[${Array(length).fill(item).join(',')}]`
const longText = `'${'a'.repeat(3_900)}'`

// Scripts of a few bytes that would come to gigabytes if they were run.
const GROWING: Record<string, string> = {
  'lists of lists of lists': `mailto = 0; v0 = ${list("'a@b.fr'", 20)};${Array.from({ length: 12 }, (_, n) => `v${n + 1} = ${list(`v${n}`, 20)};`).join('')} w = v12 + 'x'; x = v12.join(''); y = 'a'.concat(v12); z = 'a'.charAt(v12)`,
  'replacements of replacements': `a = ${longText}; b = ${longText}; mailto; ${'a.replace(/a/g, b);'.repeat(1_400)}`,
  'replacements by more of the same': `document.write('mailto:' + ${longText}.replace(/a|b|a|b/g, ${longText}))`,
  'a text doubled': `a = 'contact@'; mailto; ${'a = a + a;'.repeat(1_500)}`,
  'a template of itself': `a = ${longText}; mailto; ${`b = \`${'${a}'.repeat(900)}\`;`.repeat(8)}`,
  'one word': `mailto; '@' ; ${'a'.repeat(58_000)}`,
}

test.each(Object.entries(GROWING))('%s are not written out', (_, script) => {
  expect(parse(`<script>${script}</script>`)).toBeLessThan(MOST_MS)
})
