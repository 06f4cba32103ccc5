import { expect, test } from 'bun:test'
import { htmlTokens } from '#src/mail/html-tokens.ts'
import { plainText } from '#src/mail/plain-text.ts'
import { trackHtml } from '#src/mail/track-html.ts'

const UNSUBSCRIBE = 'https://suivi.exemple.fr/track/unsubscribe/k.b.m'
const links = {
  pixelUrl: 'https://suivi.exemple.fr/track/pixel/k.b.m',
  clickUrl: (target: string) => `https://t/${Buffer.from(target).toString('base64url')}`,
  unsubscribeUrl: UNSUBSCRIBE,
  readTimeUrl: null,
}
const track = (html: string, given: { honeypotTarget?: string } = {}) =>
  trackHtml(html, { links, locale: 'fr', honeypotTarget: null, ...given })
const hrefs = (html: string) =>
  [...html.matchAll(/href\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/g)].map(([, value]) => value)

test('every link that a click can follow leads over ours, however it is written', () => {
  const targets = [
    `<a href="https://a.fr/?x=1&amp;y=2">`,
    `<A class=x HREF='https://b.fr/'>`,
    `<a href=https://c.fr/d>`,
    `<a title="1 > 0" href = "HTTP://d.fr">`,
    `<area shape="rect" href="https://e.fr/">`,
    `<!--[if mso]><v:roundrect href="https://f.fr/"><![endif]-->`,
    `<!--[if !mso]><!--><a href="https://h.fr/"><!--<![endif]-->`,
    `<a
       data-href="https://not.fr"
       href="https://g.fr/é">`,
  ]
  const { links: found } = track(targets.join('x</a>'))
  expect(found.map(({ target }) => target)).toEqual([
    'https://a.fr/?x=1&y=2',
    'https://b.fr/',
    'https://c.fr/d',
    'HTTP://d.fr',
    'https://e.fr/',
    'https://f.fr/',
    'https://h.fr/',
    'https://g.fr/é',
  ])
  const { html } = track(targets.join('x</a>'))
  for (const { url } of found) expect(html.toLowerCase()).toContain(`href="${url}"`.toLowerCase())
  expect(html).toContain('data-href="https://not.fr"')
})

test('what is no link of the mail stays as it was written', () => {
  const left = [
    '<a href="mailto:a@b.fr">',
    '<a href="tel:+33387000000">',
    '<a href="#bas">',
    '<a name="bas">',
    '<a href="javascript:x()">',
    '<!-- <a href="https://a.fr"> -->',
    '<style>a[href="https://a.fr"] { color: red }</style>',
    '<link href="https://a.fr/a.css">',
    '<img src="https://a.fr/a.png">',
    'https://a.fr/ 1 < 2 && 3 > 2',
  ].join('\n')
  const { html, links: found } = track(left)
  expect(found).toEqual([])
  expect(html.startsWith(left)).toBe(true)
})

test('a target that comes twice is one link', () => {
  const { html, links: found } = track('<a href="https://a.fr/">1</a><a href="https://a.fr/">2</a>')
  expect(found.length).toBe(1)
  expect(hrefs(html).filter((href) => href === `"${found[0]!.url}"`).length).toBe(2)
})

test('the unsubscribe link stands where the mail has a place for it, else at the end', () => {
  const placed = track('<p>Bonjour <a href="{{ unsubscribe_url }}">stop</a></p></body></html>')
  expect(hrefs(placed.html)).toEqual([`"${UNSUBSCRIBE}"`])
  expect(placed.links).toEqual([])
  const added = track('<html><body><p>Bonjour</p></body></html>').html
  expect(added).toMatch(
    /<p>Bonjour<\/p><p [^>]*><a href="[^"]*unsubscribe[^"]*"[^>]*>Ne plus recevoir[^<]*<\/a><\/p><img src="[^"]*pixel[^"]*"[^>]*><\/body><\/html>$/,
  )
  expect(track('Bonjour').html).toContain('/track/unsubscribe/')
})

test('the honeypot is a link of its own, without words, and known as such', () => {
  const target = 'https://suivi.exemple.fr/track/pixel/h.png'
  const { html, links: found } = track('<a href="https://a.fr/">a</a>', { honeypotTarget: target })
  expect(found.map(({ honeypot }) => honeypot)).toEqual([false, true])
  expect(html).toContain(`href="${found[1]!.url}"`)
  expect(found[1]!.target).toBe(target)
})

test('pieces of HTML put together are the same HTML', () => {
  for (const html of [
    '<',
    '<a',
    '<a href="',
    '<!--',
    '<![CDATA[x]]><p',
    '<style>',
    'a<b>c</b',
    '<script>"</script>x',
  ])
    expect([...htmlTokens(html)].map(({ source }) => source).join('')).toBe(html)
})

test('the text says what the mail says, with the address behind each link', () => {
  const html = `<html><head><title>Titre</title><style>p { color: red }</style></head><body>
    <h1>Bonjour&nbsp;Anne</h1><p>Votre   site <b>est</b>
    lent&nbsp;: <a href="https://a.fr/?a=1&amp;b=2">voir</a>.<br>Bien à vous</p>
    <ul><li>un</li><li>deux</li></ul><a href="https://b.fr">https://b.fr</a>
    <a href="mailto:moi@c.fr">moi@c.fr</a><img src="x" alt="Logo"></body></html>`
  expect(plainText(html)).toBe(
    [
      'Bonjour Anne',
      '',
      'Votre site est lent : voir (https://a.fr/?a=1&b=2).',
      'Bien à vous',
      '',
      '- un',
      '- deux',
      'https://b.fr moi@c.frLogo',
      '',
    ].join('\n'),
  )
})
