import { expect, test } from 'bun:test'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'
import { mergeFacts } from '#src/crawl/extract/merge-facts.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const factsOf = (body: string, path = '/mentions-legales'): PageFacts =>
  parsedAt(`https://www.maison-klein.fr${path}`, body, { today: '2026-11-22' }).facts
const hints = (body: string, path?: string): string[] =>
  factsOf(body, path)
    .profile.filter((hint) => hint.kind !== 'language')
    .map((hint) => `${hint.kind} ${hint.value}`)
const features = (body: string, path = '/'): string[] =>
  factsOf(body, path).features.map((fact) => [fact.name, fact.value].filter(Boolean).join(' '))
const SITE = 'https://www.maison-klein.fr'

test.each<[string, string[]]>([
  [
    `<h1>Mentions légales</h1><h2>Éditeur</h2><p>Le site est édité par Maison Klein, SARL au capital de 7 622,45 €.</p>
     <h2>Hébergement</h2><p>OVH SAS au capital de 10 174 560 €, 2 rue Kellermann 59100 Roubaix</p>`,
    ['legalForm SARL', 'capital 7622.45', 'host OVHcloud'],
  ],
  [
    '<p>Forme juridique : Entreprise individuelle</p><p>Le site est hébergé par la société Pixel Cloud, 12 rue X</p>',
    ['legalForm EI', 'host Pixel Cloud'],
  ],
  [
    '<p>S.A.S. Klein – capital social : 10.000 euros – RCS Metz 443 061 841</p>',
    ['legalForm SAS', 'capital 10000'],
  ],
  ['<p>Sa maison, ei ouvre sas. Capital de sympathie : 100 %.</p>', []],
])('a legal notice tells the company: %s', (html, expected) => expect(hints(html)).toEqual(expected))

test.each<[string, string[]]>([
  ['<p>Ausstellung: Mo–Fr 8–17 Uhr, Sa 9–12 Uhr</p>', ['Mo-Fr 08:00-17:00', 'Sa 09:00-12:00']],
  [
    '<p>Lundi - Vendredi : 8h00 - 12h00 / 14h00-18h30</p><p>Samedi : 9h-12h</p><p>Dimanche : fermé</p>',
    ['Mo-Fr 08:00-12:00 14:00-18:30', 'Sa 09:00-12:00'],
  ],
  ['<p>Du lundi au vendredi de 9h à 12h et de 14h à 18h</p>', ['Mo-Fr 09:00-12:00 14:00-18:00']],
  [
    '<table><tr><td>Lundi</td><td>Fermé</td></tr><tr><td>Mardi</td><td>9:00 – 12:00</td><td>14:00 – 19:00</td></tr></table>',
    ['Tu 09:00-12:00 14:00-19:00'],
  ],
  [
    '<p>Tous les jours de 8h à 20h</p><p>Mardi, jeudi : 9h-17h</p>',
    ['Mo-Su 08:00-20:00', 'Tu,Th 09:00-17:00'],
  ],
  ['<p>Lundi 12 mars 2024 : réunion de 10h à 12h</p><p>Samedi soir, concert</p>', []],
  [
    `<script type="application/ld+json">{"@type":"Bakery","openingHoursSpecification":[{"@type":"OpeningHoursSpecification",
     "dayOfWeek":["Monday","Tuesday","Wednesday"],"opens":"07:00","closes":"19:00"}]}</script>`,
    ['Mo-We 07:00-19:00'],
  ],
  [
    '<div itemscope itemtype="https://schema.org/Store"><time itemprop="openingHours" content="Mo-Sa 9:00-19:00">x</time></div>',
    ['Mo-Sa 09:00-19:00'],
  ],
])('opening hours of %s', (html, expected) =>
  expect(hints(html, '/contact')).toEqual(expected.map((value) => `openingHours ${value}`)),
)

const FRENCH =
  'Nous sommes une maison de famille et nous vous accueillons dans notre atelier pour tous vos projets. '.repeat(
    4,
  )

test('a lang left over from a template does not make a French page English', () => {
  const { profile } = factsOf(
    `<html lang="en"><head><link rel="alternate" hreflang="de" href="/de/"></head><body><p>${FRENCH}</p>`,
    '/',
  )
  expect(profile.map((hint) => hint.value)).toEqual(['fr', 'de'])
})

test.each<[string, string, string[]]>([
  ['<a href="/mentions-legales">Mentions</a>', '/', [`legal_notice ${SITE}/mentions-legales`]],
  ['<a href="/rgpd">Vos données personnelles</a>', '/', [`privacy_policy ${SITE}/rgpd`]],
  ['<a href="/blog">Blog</a>', '/', [`blog ${SITE}/blog`]],
  [
    '<a href="https://www.doctolib.fr/dentiste/x">Rendez-vous</a>',
    '/',
    ['booking https://www.doctolib.fr/dentiste/x'],
  ],
  ['<a href="/nous-rejoindre">Rejoignez-nous</a>', '/', [`jobs ${SITE}/nous-rejoindre`]],
  ['<a href="/panier">Panier (0)</a>', '/', [`shop ${SITE}/panier`]],
  ['<div id="cookie-law-info-bar"></div>', '/', ['cookie_banner']],
  [
    '<form action="/abo"><p>Abonnez-vous à la newsletter</p><input type="email" name="email"></form>',
    '/',
    [`newsletter ${SITE}/abo`],
  ],
  [
    '<time datetime="2026-03-02">2 mars</time><time datetime="2027-01-02">futur</time>',
    '/blog/',
    ['last_post 2026-03-02', `blog ${SITE}/blog/`],
  ],
  ['<time datetime="2026-03-02">2 mars</time><a href="/produits/legal">Nouveautés</a>', '/', []],
  ['<p>Notre newsletter, notre boutique, nos emplois</p><a href="https://autre.fr/blog">Blog</a>', '/', []],
])('features of %s', (html, path, expected) => expect(features(html, path)).toEqual(expected))

test('the pages of a site agree on one profile, with where each part was seen', () => {
  const merged = mergeFacts(
    [
      factsOf(`<html lang="fr"><p>${FRENCH}</p>`, '/'),
      factsOf(
        '<h1>Mentions légales</h1><p>Directeur de la publication : Anne Klein</p><p>SAS Klein au capital de 5 000 €, Président : Paul Klein</p>',
      ),
    ],
    'www.maison-klein.fr',
  )
  expect(merged.company.legalForm).toMatchObject({ value: 'SAS', pageUrl: `${SITE}/mentions-legales` })
  expect(merged.company.capital?.value).toBe(5000)
  expect(merged.company.director?.value).toBe('Paul Klein')
  expect(merged.company.languages.map((told) => told.value)).toEqual(['fr'])
  expect(merged.features.filter((fact) => !fact.present).map((fact) => fact.name)).toEqual(['privacy_policy'])
})
