import { afterAll, expect, test } from 'bun:test'
import type { PageFacts, ParsedPage } from '#src/crawl/extract/parsed-page.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'
import { LABELLED_PAGES, type LabelledPage } from './labelled-pages.ts'

const PLAIN: { [Kind in keyof LabelledPage['truth']]-?: (facts: PageFacts) => string[] } = {
  emails: (facts) => facts.emails.map((fact) => `${fact.value} ${fact.kind}`),
  phones: (facts) => facts.phones.map((fact) => [fact.value, fact.type, fact.kind].filter(Boolean).join(' ')),
  people: (facts) => facts.people.map((fact) => `${fact.name} | ${fact.roleKind}`),
  addresses: (facts) => facts.addresses.map((fact) => `${fact.street} | ${fact.postalCode} | ${fact.city}`),
  companyIds: (facts) => facts.companyIds.map((fact) => `${fact.kind} ${fact.value}`),
  socials: (facts) => facts.socials.map((fact) => `${fact.network} ${fact.url}`),
  technologies: (facts) =>
    facts.technologies.map((fact) => [fact.name, fact.version].filter(Boolean).join(' ')),
}
const tally = new Map<string, { right: number; found: number; true: number }>()

for (const labelled of LABELLED_PAGES) {
  test(`reads what a careful reader would: ${labelled.name}`, () => {
    const { facts } = parse(labelled)
    for (const [kind, truth] of Object.entries(labelled.truth)) {
      const found = PLAIN[kind as keyof LabelledPage['truth']](facts)
      const count = tally.get(kind) ?? { right: 0, found: 0, true: 0 }
      count.right += found.filter((value) => truth.includes(value)).length
      count.found += found.length
      count.true += truth.length
      tally.set(kind, count)
      expect(found.sort(), kind).toEqual([...truth].sort())
    }
    for (const fact of [...facts.emails, ...facts.phones, ...facts.people, ...facts.addresses]) {
      expect(fact.snippet.length).toBeLessThanOrEqual(200)
      expect(fact.snippet).not.toBe('')
      expect(fact.confidence).toBeGreaterThan(0)
      expect(fact.confidence).toBeLessThanOrEqual(1)
      expect(fact.pageUrl).toBe(labelled.url)
    }
  })
}

afterAll(() => {
  for (const [kind, count] of tally) {
    const precision = count.right / Math.max(1, count.found)
    const recall = count.right / Math.max(1, count.true)
    console.log(`${kind}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)} of ${count.true}`)
  }
})

function parse(labelled: LabelledPage): ParsedPage {
  const body =
    labelled.charset === 'windows-1252'
      ? Uint8Array.from(labelled.html, (letter) => letter.charCodeAt(0) & 0xff)
      : new TextEncoder().encode(labelled.html)
  return parsedAt(labelled.url, body, {
    depth: 0,
    headers: { 'content-type': 'text/html', ...labelled.headers },
    home: new URL(labelled.url).pathname === '/',
  })
}
