import { expect, test } from 'bun:test'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'
import { mergeFacts } from '#src/crawl/extract/merge-facts.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const HOST = 'www.cabinet-lorrain.fr'

const factsOf = (path: string, body: string): PageFacts => parsedAt(`https://${HOST}${path}`, body).facts

test('one address on three pages is one fact, surer than on one page, with its best source', () => {
  const site = mergeFacts(
    [
      factsOf('/', '<p>contact@cabinet-lorrain.fr</p>'),
      factsOf('/contact', '<a href="mailto:contact@cabinet-lorrain.fr">écrire</a>'),
      factsOf('/mentions-legales', '<p>contact@cabinet-lorrain.fr</p>'),
    ],
    HOST,
  )
  expect(site.emails).toHaveLength(1)
  expect(site.emails[0]).toMatchObject({ method: 'mailto', pageUrl: `https://${HOST}/contact` })
  expect(site.emails[0]!.confidence).toBeGreaterThan(0.95)
})

test('a person on the team page owns the address that is made of the name', () => {
  const site = mergeFacts(
    [
      factsOf('/equipe', '<h3>Anne-Lise MÜLLER</h3><p>Avocate associée</p>'),
      factsOf('/contact', '<p>al.muller@cabinet-lorrain.fr</p><p>accueil@cabinet-lorrain.fr</p>'),
    ],
    HOST,
  )
  expect(site.people).toMatchObject([{ name: 'Anne-Lise Müller', email: 'al.muller@cabinet-lorrain.fr' }])
  expect(site.emails.find((email) => email.value.startsWith('al.muller'))?.kind).toBe('person')
})

test('a proven pattern suggests addresses for the others, and only as suggestions', () => {
  const site = mergeFacts(
    [
      factsOf(
        '/equipe',
        `<div><h3>Claire Hoffmann</h3><p>Gérante</p><a href="mailto:claire.hoffmann@cabinet-lorrain.fr">x</a></div>
         <div><h3>Pierre Keller</h3><p>Directeur technique</p></div>`,
      ),
    ],
    HOST,
  )
  expect(site.emails.map((email) => email.value)).toEqual(['claire.hoffmann@cabinet-lorrain.fr'])
  expect(site.suggestedEmails.map((email) => email.value)).toEqual(['pierre.keller@cabinet-lorrain.fr'])
  expect(site.suggestedEmails[0]!.snippet).toContain('claire.hoffmann@cabinet-lorrain.fr')
})

test('nothing is suggested from a role address or from a free provider', () => {
  const site = mergeFacts(
    [
      factsOf(
        '/equipe',
        '<h3>Pierre Keller</h3><p>Gérant</p><p>pierre.keller@gmail.com contact@cabinet-lorrain.fr</p><h3>Marie Weber</h3><p>Comptable</p>',
      ),
    ],
    HOST,
  )
  expect(site.suggestedEmails).toEqual([])
})

test('an agency credited on one page is the agency on all pages', () => {
  const site = mergeFacts(
    [
      factsOf(
        '/',
        '<footer>Site réalisé par <a href="https://www.agence-bleue.fr">Agence Bleue</a></footer>',
      ),
      factsOf('/contact', '<p>Une question sur le site ? support@agence-bleue.fr</p>'),
    ],
    HOST,
  )
  expect(site.emails).toMatchObject([{ value: 'support@agence-bleue.fr', kind: 'agency' }])
})

test('a number said to be a fax on one page is a fax everywhere', () => {
  const site = mergeFacts(
    [
      factsOf('/', '<p>03 87 11 22 33 – 03 87 11 22 34</p>'),
      factsOf('/contact', '<p>Tél. 03 87 11 22 33<br>Fax 03 87 11 22 34</p>'),
    ],
    HOST,
  )
  expect(site.phones.map((phone) => [phone.value, phone.type])).toEqual([
    ['+33387112233', 'fixed'],
    ['+33387112234', 'fax'],
  ])
})

test('the same street written in two ways is one address', () => {
  const site = mergeFacts(
    [
      factsOf('/', '<p>12, av. Foch, 57000 Metz</p>'),
      factsOf('/contact', '<p>12 avenue Foch<br>57000 Metz</p>'),
      factsOf('/legal', '<p>57000 Metz</p>'),
    ],
    HOST,
  )
  expect(site.addresses).toHaveLength(1)
  expect(site.addresses[0]).toMatchObject({ postalCode: '57000', city: 'Metz' })
})

test('a mail domain akin to the site’s that one page gives as the house’s is its on all pages; a mediator’s address is nobody’s of the house', () => {
  const site = mergeFacts(
    [
      factsOf('/contact', '<p>Accueil : info@lorrain-cabinets.fr</p>'),
      factsOf('/equipe', '<h3>Anne Weber</h3><p>Juriste</p><p>rh [chez] lorrain-cabinets.fr</p>'),
      factsOf(
        '/mentions-legales',
        '<p>Directrice de la publication : Claire Hoffmann. Médiateur : mediateur@mediateur-conso.fr</p>',
      ),
    ],
    HOST,
  )
  expect(
    site.emails.filter(({ value }) => value.endsWith('cabinets.fr')).map(({ kind }) => String(kind)),
  ).toEqual(['role', 'role'])
  expect(site.people.find(({ name }) => name === 'Claire Hoffmann')?.email).toBe(null)
})
