import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'

const SITE = 'https://www.maison-klein.fr'

const factsOf = (html: string, path = '/'): PageFacts =>
  parsedAt(SITE + path, html, { depth: 0, today: '2026-03-10' }).facts

const features = (html: string, path?: string): string[] =>
  factsOf(html, path).features.map(({ name, value }) => [name, value].filter(Boolean).join(' '))
const socials = (html: string): string[] => factsOf(html).socials.map(({ url }) => url)

test.each<[string, string]>([
  [
    '<p class="post-info">Par Job le <time datetime="2026-02-17T20:00:00+01:00">17 février</time></p>',
    '2026-02-17',
  ],
  [
    '<abbr class="published" title="2026-02-18T10:00:00Z">18 février</abbr><p class="info-publi">x</p>',
    '2026-02-18',
  ],
  ['<ul class="post-list"><li><span class="post-meta">28 févr. 2026</span></li></ul>', '2026-02-28'],
  ['<ul class="post-list"><li><span class="post-meta">Publié le 01/03/2026</span></li></ul>', '2026-03-01'],
  ['<a href="/2026/02/27/tomates.html">Les premières tomates</a>', '2026-02-27'],
  [
    '<script type="application/ld+json">{"@type":"BlogPosting","datePublished":"2026-01-05T00:30:00+02:00"}</script>',
    '2026-01-05',
  ],
])('%s was posted on %s', (html, day) => {
  expect(features(html)).toContain(`last_post ${day}`)
  expect(features(html).some((name) => name.startsWith('blog'))).toBe(true)
})

test.each([
  '<p>Depuis le 12 mars 2019, notre atelier est ouvert.</p>',
  '<p class="post-info">Concert le <time datetime="2027-01-02">2 janvier</time></p>',
  '<ol class="comments"><li><p class="post-meta"><time datetime="2026-03-05">hier</time></p></li></ol>',
  '<a href="https://autre-site.fr/2026/02/27/tomates.html">Vu ailleurs</a>',
])('%s is no post', (html) => expect(features(html)).toEqual([]))

test.each<[string, string]>([
  ['<h2>Mentions légales</h2><p>Lunaire SARL</p>', 'legal_notice'],
  ['<p>Mentions légales : SASU Klein, capital 5 000 €, 853071249 RCS Paris</p>', 'legal_notice'],
  ['<a href="/mentions/">Mentions</a>', 'legal_notice'],
  ['<a href="/aviso.html">Aviso legal</a>', 'legal_notice'],
  ['<a id="cookie-policy" href="javascript:void(0)">Politique des cookies</a>', 'cookie_policy'],
  ['<a href="#">Gérer les cookies</a>', 'cookie_banner'],
  ['<script src="/js/cookie-consent.js"></script>', 'cookie_banner'],
  [
    '<div class="block_newsletter"><form action="/#x" method="post"><input name="email" type="email"></form></div>',
    'newsletter',
  ],
  [
    '<meta name="generator" content="Ghost 5.79"><a href="#/portal" data-portal="signup">S’abonner</a>',
    'newsletter',
  ],
  ['<a href="https://www.doctolib.fr/dentiste/metz/klein">Prendre rendez-vous</a>', 'booking'],
  ['<iframe src="https://widget.weezevent.com/ticket/1"></iframe>', 'booking'],
])('%s shows %s', (html, name) => {
  expect(features(html).map((feature) => feature.split(' ')[0])).toContain(name)
})

test.each([
  '<form action="/login"><input type="email" name="email"></form><div class="newsletter"></div>',
  '<form action="/mot-de-passe-oublie"><input type="email" name="mail"></form>',
  '<p>La mention légale « à consommer avec modération »</p>',
])('%s shows nothing', (html) => expect(features(html)).toEqual([]))

test.each<[string, string]>([
  [
    '<div class="fb-page" data-href="https://www.facebook.com/ondine/"></div>',
    'https://www.facebook.com/ondine',
  ],
  [
    '<iframe src="https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fondine&tabs"></iframe>',
    'https://www.facebook.com/ondine',
  ],
  [
    '<script>C={"socialAccounts":[{"profileUrl":"https:\\/\\/www.instagram.com\\/ondine\\/"}]}</script>',
    'https://www.instagram.com/ondine',
  ],
  ['<a href="https://www.xing.com/companies/ondine">x</a>', 'https://www.xing.com/companies/ondine'],
  ['<a href="https://wa.me/33612345678?text=Bonjour">x</a>', 'https://wa.me/33612345678'],
  ['<a rel="me" href="https://piaille.fr/@ondine">x</a>', 'https://piaille.fr/@ondine'],
  ['<a href="https://bsky.app/profile/ondine.fr">x</a>', 'https://bsky.app/profile/ondine.fr'],
  ['<a href="https://t.me/ondine_metz">x</a>', 'https://t.me/ondine_metz'],
  ['<a href="https://www.threads.com/@ondine">x</a>', 'https://www.threads.net/@ondine'],
])('%s is the profile %s', (html, url) => expect(socials(html)).toEqual([url]))

test.each([
  '<a href="https://twitter.com/jekyllrb">x</a><a href="https://github.com/jekyll">x</a>',
  '<a href="https://www.instagram.com/weebly/">x</a><meta name="twitter:site" content="@linkeo">',
  '<a href="https://www.facebook.com/username">x</a><a href="https://twitter.com/yourcompany">x</a>',
  '<a href="https://twitter.com/intent/tweet?text=x">x</a><a href="https://t.me/share/url?url=x">x</a>',
  '<a href="https://bsky.app/intent/compose?text=x">x</a><a href="https://api.whatsapp.com/send?text=x">x</a>',
  '<footer><p>Site réalisé par <a href="https://www.pixel-metz.fr">Pixel Metz</a></p></footer><a href="https://www.instagram.com/pixelmetz/">x</a>',
])('%s is nobody here', (html) => expect(socials(html)).toEqual([]))
