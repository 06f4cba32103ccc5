import { expect, test } from 'bun:test'
import { compareFacts, type Seen, type SeenFact } from '#src/crawl/contacts/compare-facts.ts'
import { changesInShort } from '#templates/crawl/changes.tsx'

const fact = (kind: string, value: string, data: Record<string, unknown> = {}): SeenFact => ({
  kind,
  key: value.toLowerCase(),
  value,
  data,
  pageUrl: 'https://a.fr/contact',
})
const seen = (over: Partial<Seen>): Seen => ({ facts: [], features: [], title: 'Accueil', ...over })
const nothing = { added: [], removed: [], changed: [] }

test('the same site gives nothing, whatever the writing of a name', () => {
  const one = seen({ facts: [fact('person', 'Claire Morel', { role: 'Gérante' })] })
  expect(compareFacts(one, one)).toEqual(nothing)
  expect(compareFacts(one, seen({ facts: [fact('person', 'CLAIRE MOREL', { role: 'Gérante' })] }))).toEqual(
    nothing,
  )
})

test('what came, went and reads otherwise is told by kind', () => {
  const before = seen({
    facts: [
      fact('email', 'info@a.fr', { kind: 'role' }),
      fact('phone', '+33387000001', { type: 'fixed' }),
      fact('technology', 'WordPress', { version: '6.4' }),
      fact('image', 'logo.png'),
    ],
    features: [
      { name: 'blog', present: true, value: null },
      { name: 'last_post', present: true, value: '2026-01-01' },
      { name: 'legal_notice', present: false, value: null },
    ],
  })
  const after = seen({
    facts: [
      fact('email', 'info@a.fr', { kind: 'role' }),
      fact('email', 'paul@a.fr', { kind: 'person' }),
      fact('person', 'Paul Klein'),
      fact('technology', 'WordPress', { version: '6.7' }),
      fact('image', 'other.png'),
    ],
    features: [
      { name: 'last_post', present: true, value: '2026-02-01' },
      { name: 'legal_notice', present: true, value: null },
    ],
    title: 'Bienvenue',
  })
  const changes = compareFacts(before, after)
  expect(changes).toEqual({
    added: [
      { kind: 'email', value: 'paul@a.fr' },
      { kind: 'person', value: 'Paul Klein' },
      { kind: 'feature', value: 'legal_notice' },
    ],
    removed: [
      { kind: 'phone', value: '+33387000001' },
      { kind: 'feature', value: 'blog' },
    ],
    changed: [
      { kind: 'title', value: 'Bienvenue', field: 'title', before: 'Accueil', after: 'Bienvenue' },
      { kind: 'technology', value: 'WordPress', field: 'version', before: '6.4', after: '6.7' },
      { kind: 'feature', value: 'last_post', field: 'value', before: '2026-01-01', after: '2026-02-01' },
    ],
  })
  expect(changesInShort('fr', changes)).toBe(
    '+2 contacts, WordPress 6.4 → 6.7, 1 téléphone disparu, titre modifié, nouvel article, 2 autres changements',
  )
  expect(changesInShort('en', changes)).toStartWith('+2 contacts, WordPress 6.4 → 6.7, 1 phone gone')
  expect(changesInShort('fr', nothing)).toBe('')
})

test('addresses of agencies and third parties are no news', () => {
  const after = seen({ facts: [fact('email', 'a@studio.fr', { kind: 'agency' })] })
  expect(compareFacts(seen({}), after)).toEqual(nothing)
})

test('what stood on a page that could not be read is not gone', () => {
  const before = seen({ facts: [fact('email', 'info@a.fr')] })
  expect(compareFacts(before, seen({}), new Set(['https://a.fr/contact']))).toEqual(nothing)
  expect(compareFacts(before, seen({})).removed).toHaveLength(1)
})

test('a title that was not read is no change', () => {
  expect(compareFacts(seen({}), seen({ title: null }))).toEqual(nothing)
})

test('a site that changes altogether is told within bounds', () => {
  const many = (prefix: string) =>
    seen({ facts: Array.from({ length: 500 }, (_, i) => fact('phone', `${prefix}${i}`)) })
  const { added, removed } = compareFacts(many('a'), many('b'))
  expect([added.length, removed.length]).toEqual([100, 100])
})
