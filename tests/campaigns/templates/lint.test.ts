import { expect, test } from 'bun:test'
import { checkLinks } from '#src/campaigns/templates/check-links.ts'
import { compileMessage } from '#src/campaigns/templates/compile.ts'
import { readImage } from '#src/campaigns/templates/read-image.ts'
import { linksOf, lintMessage } from '#src/campaigns/templates/lint.ts'
import { renderMessage } from '#src/campaigns/templates/render.ts'
import { letterWords, startersOf } from '#src/campaigns/templates/starters/starters.ts'
import { locales, type Locale } from '#src/lib/i18n.ts'
import { finding, knownCompany, valuesFor } from './known-company.ts'

const context = (locale: Locale = 'fr') => ({
  locale,
  imageSizes: new Map([['0123456789abcdef', 1_200_000]]),
})
const mailOf = (html: string, subject = 'Votre site', text = 'Un texte assez long. '.repeat(20)) => ({
  subject,
  html,
  text,
  missing: [],
  evidence: [],
})
const codes = (html: string, subject?: string, text?: string) =>
  lintMessage(mailOf(html, subject, text), context())
    .filter(({ code }) => code !== 'unsubscribe_added')
    .map(({ code, detail }) => `${code} ${detail}`.trim())

test('each remark is made when there is reason for it, and not without', () => {
  expect(codes('<p>Bonjour</p>')).toEqual([])
  expect(codes('<a href="http://a.fr/">x</a>')).toEqual(['plain_http http://a.fr/'])
  expect(codes('<a href="#">x</a>')).toEqual(['odd_link #'])
  expect(codes('<a href="javascript:alert(1)">x</a>')).toEqual(['odd_link javascript:alert(1)'])
  expect(codes('<a href="mailto:a@b.fr">x</a> <a href="tel:+33">y</a>')).toEqual([])
  expect(codes('<a href="https://bit.ly/x">x</a>')).toEqual(['shortener bit.ly'])
  expect(codes('<a href="https://b.fr/x">www.a.fr</a>')).toEqual(['other_address www.a.fr → b.fr'])
  expect(codes('<a href="https://www.a.fr/x">a.fr</a>')).toEqual([])
  expect(codes('<img src="https://a.fr/x.png">')).toEqual(['no_alt https://a.fr/x.png'])
  expect(codes('<img src="https://a.fr/x.png" alt="">')).toEqual([])
  expect(codes('<img src="data:image/png;base64,x" alt="">')).toEqual(['image_inline'])
  expect(codes('<img src="cid:ffffffffffffffff" alt="">')).toEqual(['image_gone ffffffffffffffff'])
  expect(codes('<img src="cid:0123456789abcdef" alt="">')).toEqual(['heavy_images 1200'])
  expect(codes('<img src="https://a.fr/x.png" alt="">', 'Votre site', 'peu')).toEqual(['little_text'])
  expect(codes('<script>x</script>')).toEqual(['forbidden_element script'])
  expect(codes(`<p>${'x'.repeat(110_000)}</p>`)).toEqual(['heavy 111'])
  expect(codes('<p>x</p>', 'VOTRE SITE EST LENT')).toEqual(['capitals'])
  expect(codes('<p>x</p>', 'Votre site ! Vite !')).toEqual(['exclamations'])
  expect(codes('<p>x</p>', 'x'.repeat(90))).toEqual(['long_subject 90'])
  expect(codes('<p>x</p>', "Gagnez de l'argent")).toEqual(['spam_words gagnez de l’argent'])
  expect(codes('<p>x</p>', 'Urgent : votre site')).toEqual(['spam_words urgent'])
  expect(codes('<p>x</p>', 'Une lettre urgente', 'Ce n’est pas urgent. '.repeat(20))).toEqual([])
})

test('the unsubscribe link is told to be added, or to be where it was put', () => {
  const own = lintMessage(mailOf('<a href="{{ unsubscribe_url }}">stop</a>'), context())
  expect(own.map(({ code }) => code)).toEqual(['unsubscribe_there'])
  expect(lintMessage(mailOf('x'), context()).map(({ code }) => code)).toEqual(['unsubscribe_added'])
})

test('our own letters give no reason for a remark', async () => {
  const rules = [
    'tls-none',
    'cms-end-of-life',
    'slow-response',
    'viewport-missing',
    'description-missing',
    'images-without-alt',
    'tls-expired',
  ] as const
  const params = {
    host: 'x.fr',
    software: 'WordPress 4',
    date: '2020-01-01',
    ms: 2000,
    pages: 3,
    count: 3,
    total: 4,
    percent: 75,
  }
  const known = knownCompany(
    {},
    rules.map((rule) => finding(rule, params)),
  )
  for (const locale of locales)
    for (const { id, subject, body } of startersOf(locale)) {
      const made = await compileMessage({ subject, html: letterWords(locale, body), text: '', locale })
      if (!made.ok) throw new Error(id)
      const issues = lintMessage(renderMessage(made.message, valuesFor(known, { locale })), context(locale))
      expect([locale, id, issues.filter(({ level }) => level !== 'note')]).toEqual([locale, id, []])
    }
})

test('links are followed: those that work, those that do not, and those that could not be checked', async () => {
  const site = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => new Response('x', { status: Number(new URL(request.url).pathname.slice(1)) || 200 }),
  })
  const { port } = site
  const at = (status: number) => `http://127.0.0.1:${port}/${status}`
  const links = [at(200), at(404), at(500), at(403), 'http://192.168.7.7/', 'http://nom.invalid/']
  const issues = await checkLinks(
    links,
    { CRAWL_ALLOW_NETWORKS: ['127.0.0.1/32'] },
    {
      resolve: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
    },
  )
  const found = new Map(issues.map(({ code, detail }) => [detail, code]))
  await site.stop(true)
  expect(found).toEqual(
    new Map([
      [at(200), 'link_works'],
      [`${at(404)} (404)`, 'link_broken'],
      [`${at(500)} (500)`, 'link_broken'],
      [at(403), 'link_unchecked'],
      ['http://192.168.7.7/', 'link_broken'],
      ['http://nom.invalid/', 'link_broken'],
    ]),
  )
  const many = Array.from({ length: 25 }, (_, n) => `http://192.168.7.7/${n}`)
  const all = await checkLinks(many, { CRAWL_ALLOW_NETWORKS: [] })
  expect([all.length, all.filter(({ code }) => code === 'link_unchecked').length]).toEqual([25, 5])
})

test('the links of a mail are those that lead to a page', () => {
  expect(
    linksOf(
      '<a href="https://a.fr/?x=1&amp;y=2">a</a><a href="https://a.fr/?x=1&amp;y=2">b</a><a href="mailto:x@y.fr">c</a>',
    ),
  ).toEqual(['https://a.fr/?x=1&y=2'])
})

test('pictures are read by their bytes; broken and foreign ones are none', () => {
  const bytes = (...parts: (string | number[])[]) =>
    new Uint8Array(
      Buffer.concat([
        ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
        Buffer.alloc(40),
      ]),
    )
  expect(readImage(bytes('GIF89a', [3, 0, 2, 0]))).toEqual({ contentType: 'image/gif', width: 3, height: 2 })
  expect(readImage(bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0, 5, 0, 9]))).toEqual({
    contentType: 'image/jpeg',
    width: 9,
    height: 5,
  })
  expect(
    readImage(bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8X', [10, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 1, 0, 0])),
  ).toEqual({ contentType: 'image/webp', width: 8, height: 2 })
  for (const wrong of [
    bytes('%PDF-1.7'),
    bytes('<svg>'),
    new Uint8Array(3),
    bytes([0xff, 0xd8, 0xff, 0xff, 0xff, 0xff]),
    bytes('GIF89a'),
  ])
    expect(readImage(wrong)).toBeNull()
})
