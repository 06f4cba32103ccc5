import { describe, expect, test } from 'bun:test'
import type { ParsedPage, ParseInput } from '#src/crawl/extract/parsed-page.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const URL_OF_PAGE = 'https://www.site-exemplaire.fr/'

const parse = (html: string | Uint8Array, more: Partial<ParseInput> = {}): ParsedPage =>
  parsedAt(URL_OF_PAGE, typeof html === 'string' ? new TextEncoder().encode(html) : html, {
    depth: 0,
    headers: { 'content-type': 'text/html' },
    home: true,
    ...more,
  })

describe('what a page says of itself', () => {
  test('title, metas, headings, images and mixed content are read with their entities decoded', () => {
    const { page } = parse(`<html lang="fr-FR"><head><title>Caf&eacute; &amp; Co</title>
      <meta name=description content="L&#39;adresse"><meta name="viewport" content="width=device-width">
      <meta property="og:title" content="Caf&eacute;"><link rel=canonical href="/?a=1&amp;b=2"><svg><title>icône</title></svg></head>
      <body><h1>Bien<b>venue</b></h1><img src="a.jpg"><img src="http://cdn.test.fr/b.jpg" alt=""><script src="/x.js"></script></body>`)
    expect(page.title).toBe('Café & Co')
    expect(page.description).toBe("L'adresse")
    expect(page.canonical).toBe('https://www.site-exemplaire.fr/?a=1&b=2')
    expect(page.h1).toEqual(['Bienvenue'])
    expect(page.lang).toBe('fr-FR')
    expect(page.imageCount).toBe(2)
    expect(page.imagesWithoutAlt).toBe(1)
    expect(page.mixedContent).toEqual(['http://cdn.test.fr/b.jpg'])
    expect(page.openGraph).toEqual({ 'og:title': 'Café' })
    expect(page.scripts).toEqual(['https://www.site-exemplaire.fr/x.js'])
  })

  test('a windows-1252 page without any declaration keeps its accents', () => {
    const { page } = parse(
      Uint8Array.from(
        '<title>Hôtel à Épinal – 12 €</title>',
        (c) => ({ '–': 0x96, '€': 0x80 })[c] ?? c.charCodeAt(0),
      ),
    )
    expect(page.title).toBe('Hôtel à Épinal – 12 €')
    expect(page.charset).toBe('windows-1252')
  })

  test('a declared UTF-8 that is really windows-1252 is read as what it is', () => {
    const bytes = Uint8Array.from('<meta charset=utf-8><title>Pâtisserie</title>', (c) => c.charCodeAt(0))
    expect(parse(bytes).page.title).toBe('Pâtisserie')
  })

  test('internal links carry what they are for; www and apex are one site', () => {
    const { links, metaRefresh } = parse(`<meta http-equiv="refresh" content="0; url='/accueil.html'">
      <a href="https://site-exemplaire.fr/mentions-legales#x">Mentions</a><a href="/nous-contacter" rel="nofollow">Écrivez</a>
      <a href="/page?id=3&amp;l=fr">Notre équipe</a><a href="/plaquette.pdf">pdf</a><a href="mailto:a@b.fr">m</a><a href="javascript:x()">j</a>
      <a href="https://autre.fr/">autre</a><noscript><a href="/sans-script">x</a></noscript><frame src="menu.htm">`)
    const kinds = Object.fromEntries(links.map((link) => [new URL(link.url).pathname, link.kind]))
    expect(kinds).toEqual({
      '/mentions-legales': 'legal',
      '/nous-contacter': 'contact',
      '/page': 'team',
      '/sans-script': 'other',
      '/menu.htm': 'other',
      '/accueil.html': 'other',
    })
    expect(links.find((link) => link.url.includes('nous-contacter'))?.nofollow).toBe(true)
    expect(metaRefresh).toBe('https://www.site-exemplaire.fr/accueil.html')
  })

  test('forms tell fields, password, upload and token', () => {
    const { facts } =
      parse(`<form method=POST action="/envoi"><input name=nom><input type=password name=p><input type=file name=f>
      <input type=hidden name=_token value=x><textarea name=message></textarea><input type=submit></form>`)
    expect(facts.forms).toHaveLength(1)
    expect(facts.forms[0]).toMatchObject({
      action: 'https://www.site-exemplaire.fr/envoi',
      formMethod: 'post',
      hasPassword: true,
      hasFileUpload: true,
      hasCsrfToken: true,
    })
    expect(facts.forms[0]!.fields.map((field) => field.name)).toEqual(['nom', 'p', 'f', '_token', 'message'])
  })

  test('the maker of the site is told from other outside links', () => {
    const { facts } = parse(
      `<p>Nos amis : <a href="https://ami.fr">ami</a></p><footer>Création : <a href="https://agence.fr/x">Agence</a></footer>`,
    )
    expect(facts.externalLinks.map((link) => [link.url, link.credit])).toEqual([
      ['https://ami.fr/', false],
      ['https://agence.fr/x', true],
    ])
  })
})

describe('pages that are no site', () => {
  test.each([
    ['Apache2 Debian Default Page: It works', '<h1>It works!</h1>', 'default-server'],
    [
      'Welcome to nginx!',
      '<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed</p>',
      'default-server',
    ],
    ['boulangerie.fr', '<p>Ce nom de domaine est à vendre</p>', 'for-sale'],
    ['Site en construction', '<p>Revenez bientôt</p>', 'under-construction'],
    ['', '<p>Notre site est actuellement en maintenance.</p>', 'under-construction'],
    ['', '<p>Account suspended</p><p>This account has been suspended.</p>', 'suspended'],
  ])('%s is recognised', (title, body, marker) => {
    expect(parse(`<title>${title}</title>${body}`).page.parked).toBe(marker)
  })

  test.each([
    '<title>Maçonnerie</title><p>Construction de maisons, site classé. Domaine skiable ouvert.</p>',
    '<title>Construction bois</title><h1>Construction bois</h1><p>Nous réalisons vos travaux, maintenance de piscines.</p>',
    `<title>Agence</title><p>Le site de notre client est en construction.</p><p>${'Un long texte. '.repeat(200)}</p>`,
  ])('an ordinary page is not: %#', (html) => {
    expect(parse(html).page.parked).toBeNull()
  })

  test('the empty shell of an application needs a browser; a full page with the same root does not', () => {
    expect(parse('<div id="root"></div><script src="/app.js"></script>').page.needsBrowser).toBe(true)
    const full = `<div id="root"><p>${'Du texte rendu. '.repeat(30)}</p></div><script src="/app.js"></script>`
    expect(parse(full).page.needsBrowser).toBe(false)
  })
})

describe('hostile pages', () => {
  const LIMIT_MS = 4_000
  const hostile: [string, string][] = [
    ['100,000 nested tags', '<div>'.repeat(100_000)],
    [
      '100,000 nested tags of a cards page',
      `<h3>Jean Dupont</h3><p>Gérant</p>${'<div class="team">'.repeat(100_000)}`,
    ],
    ['50,000 unclosed links', '<a href="/x">lien '.repeat(50_000)],
    ['50,000 closings without openings', '</p></div></span>'.repeat(50_000)],
    ['a line of five megabytes', 'a'.repeat(5_000_000)],
    ['five megabytes of at signs', '@'.repeat(5_000_000)],
    ['five megabytes of digits', '0387001122'.repeat(500_000)],
    ['digits and spaces', '0 '.repeat(1_000_000)],
    ['at-words without end', 'a arobase '.repeat(300_000)],
    ['dots and points', 'a point '.repeat(300_000)],
    ['white space', ' \n\t'.repeat(1_500_000)],
    ['spaces inside attributes', `<a ${' '.repeat(2_000_000)}`],
    ['attributes without end', `<p ${'a=1 '.repeat(500_000)}>`],
    ['an unclosed comment', '<!--'.repeat(500_000)],
    ['an unclosed script', '<script>'.repeat(200_000)],
    ['capital words', 'Jean Dupont '.repeat(200_000)],
    ['labels without names', 'gérant : '.repeat(200_000)],
    ['postcodes', '57000 Metz '.repeat(200_000)],
    ['nested JSON', `<script type="application/ld+json">${'{"a":['.repeat(30_000)}</script>`],
    ['quotes and pluses in a script', `<script>${"'@'+".repeat(60_000)}</script>`],
    ['names in cards', '<div><h3>Jean Dupont</h3><p>Gérant</p></div>'.repeat(8_000)],
  ]
  test.each(hostile)('%s end in time', (_, html) => {
    const started = performance.now()
    const { facts } = parse(html)
    expect(performance.now() - started).toBeLessThan(LIMIT_MS)
    expect(facts.emails).toEqual([])
  })
})
