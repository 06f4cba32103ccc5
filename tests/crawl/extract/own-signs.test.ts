import { expect, test } from 'bun:test'
import { mergeFacts } from '#src/crawl/extract/merge-facts.ts'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const HOST = 'www.vins-hirtz.fr'
const NUMBER = '03 88 50 12 34'

const factsOf = (path: string, title: string, main: string): PageFacts =>
  parsedAt(
    `https://${HOST}${path}`,
    `<!doctype html><html lang="fr"><head><title>${title}</title></head><body><main>${main}</main></body></html>`,
  ).facts

const isOwn = (main: string, path = '/nos-vins', title = 'Nos vins'): boolean =>
  factsOf(path, title, main).phones.some(({ kind }) => !kind)

test.each([
  `<h2>Grand cru</h2><p>À la carte du Verre Luisant, 64 rue de Bagnolet, ${NUMBER}</p>`,
  `<p>Fleurs : Au Jardin d’Éden, ${NUMBER}.</p>`,
  `<p>À goûter aussi au Lion Rouge de Ribeauvillé, ${NUMBER}.</p>`,
  `<h3>Concours</h3><p>Jury : Lycée Agricole de Rouffach – Denis Colin, ${NUMBER}</p>`,
  `<table><tr><td>Le Petit Bouchon</td><td>${NUMBER}</td></tr></table>`,
])('a number beside a name on a deep page, with no sign of the house: %s', (main) =>
  expect(isOwn(main)).toBe(false),
)

test.each([
  `<p>Pour le Riesling Vieilles Vignes, appelez le ${NUMBER}</p>`,
  `<p>Commandes du Crémant d’Alsace : ${NUMBER}</p>`,
  `<p>Perrine : ${NUMBER}</p>`,
  `<p>Jean-Luc Hirtz, ${NUMBER}</p>`,
  `<p>Denis Colin, ${NUMBER}</p>`,
  `<p>La cave du haut : ${NUMBER}</p>`,
  `<p>Visite de la Route des Vins avec nous, ${NUMBER}</p>`,
  `<p>${NUMBER}</p>`,
  `<p>Caveau du Grand Cru, 12 rue du Moulin, ${NUMBER}, caveau@vins-hirtz.fr</p>`,
  `<p>Chef de cave : Denis Colin, ${NUMBER}</p>`,
  `<p>Tél. ${NUMBER}</p>`,
])('a sign that it is the house’s, or no name at all: %s', (main) => expect(isOwn(main)).toBe(true))

test('the places and people of a house have names, and a page of dealers is one whatever it is called', () => {
  const line = `<p>Verre Luisant, 64 rue de Bagnolet, 75020 Paris – ${NUMBER}</p>`
  const branch = `<p>Colmar Saint-Martin, 12 rue du Moulin – ${NUMBER}</p>`
  expect(isOwn(branch)).toBe(false)
  expect(isOwn(branch, '/nos-boutiques', 'Nos boutiques')).toBe(true)
  expect(isOwn(branch, '/contact', 'Contact')).toBe(true)
  const dealers = `<h1>Nos cavistes et importateurs</h1>${line}<p>Bonbonnière Dupré – bonjour@bonbonniere-dupre.fr</p>`
  expect(isOwn(dealers, '/content/6-ou-nous-trouver', 'Où nous trouver')).toBe(false)
  const { emails } = factsOf('/content/6-ou-nous-trouver', 'Où nous trouver', dealers)
  expect(emails.map(({ kind }) => kind)).toEqual(['thirdparty'])
})

test('what another page gives as its own, or a house that has no other number, takes it back', () => {
  const deep = factsOf('/nos-vins', 'Nos vins', `<p>Fleurs : Au Jardin d’Éden, ${NUMBER}.</p>`)
  const contact = (number: string) => factsOf('/contact', 'Contact', `<p>Tél. ${number}</p>`)
  const ownOf = (...pages: PageFacts[]) =>
    mergeFacts(pages, HOST)
      .phones.filter(({ kind }) => !kind)
      .map(({ value }) => value)
  expect(ownOf(deep)).toEqual(['+33388501234'])
  expect(ownOf(deep, contact(NUMBER))).toEqual(['+33388501234'])
  expect(ownOf(deep, contact('03 88 99 88 77'))).toEqual(['+33388998877'])
})
