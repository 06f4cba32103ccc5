import { describe, expect, test } from 'bun:test'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const factsOf = (
  body: string,
  path = '/contact',
  headers: Record<string, string> = {},
  host = 'www.maison-klein.fr',
): PageFacts =>
  parsedAt(`https://${host}${path}`, `<!doctype html><html><body>${body}</body></html>`, {
    headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  }).facts

describe('phones', () => {
  const phones = (text: string): string[] =>
    factsOf(`<p>${text}</p>`).phones.map((fact) => `${fact.value} ${fact.type}`)
  test.each([
    ['Tel : 03 87 11 22 33 / 06 70 11 22 33', ['+33387112233 fixed', '+33670112233 mobile']],
    ['03/87/11/22/33', ['+33387112233 fixed']],
    ['(+33) 3 87 11 22 33', ['+33387112233 fixed']],
    ['+33(0)387112233', ['+33387112233 fixed']],
    ['+33 387 11 22 33', ['+33387112233 fixed']],
    ['Tél 0387 11 22 33', ['+33387112233 fixed']],
    ['03 87 11 22 33 57000 Metz', ['+33387112233 fixed']],
    ['57000 Metz 03 87 11 22 33', ['+33387112233 fixed']],
    ['du 12/03/2024 0147200001', ['+33147200001 fixed']],
    ['Tél.: +41 22 345 67 89', ['+41223456789 fixed']],
    ['Belgique : +32 2 234 56 78', ['+3222345678 fixed']],
    ['Tél : 03 87 11 22 33 - Fax : 03 87 11 22 34', ['+33387112233 fixed', '+33387112234 fax']],
    ['Fax 03 87 11 22 34 Tél 03 87 11 22 33', ['+33387112234 fax', '+33387112233 fixed']],
    ['N° Azur 0 810 123 456', ['+33810123456 premium']],
  ])('%s is read', (text, expected) => expect(phones(text)).toEqual(expected))
  test.each([
    'SIRET : 012 345 678 00010',
    'SIREN 387 112 233',
    'N° TVA : FR 40 303265045',
    'IBAN : FR14 2004 1010 0505 0001 3M02 606',
    'RIB 03871 12233 04455667788 03',
    'le 01 02 2003 à 04h05',
    'Ouvert 08 00 - 12 00 14 00 - 18 00',
    'Du lundi au vendredi 09.00-12.00 / 14.00-18.00',
    'Ouvert de 08h00 à 12h00 et de 14h00 à 18h00',
    'Commande n° 0387112233',
    'Réf : 06.70.11.22.33-A',
    'Prix : 06 700 112,33 €',
    'GPS : 48.0387112233, 6.0670112233',
    'ISBN 0-387-11223-3',
    'https://exemple-x.fr/p/0387112233/photo',
    '192.168.01.02 03:04',
    '06 12 34 56 78',
  ])('%s is no phone', (text) => expect(phones(text)).toEqual([]))
})

describe('people', () => {
  const people = (body: string, path = '/equipe'): string[] =>
    factsOf(body, path).people.map((fact) => `${fact.name} | ${fact.role} | ${fact.roleKind}`)
  test.each([
    ['<p>Gérant : Monsieur DUPONT Jean</p>', ['Jean Dupont | Gérant | owner']],
    [
      '<p>Le directeur de la publication est Madame Hélène de Saint-Aubin.</p>',
      ['Hélène de Saint-Aubin | Directeur de la publication | owner'],
    ],
    [
      '<p>Responsable de la publication : Thomas Petit, gérant</p>',
      ['Thomas Petit | Responsable de la publication | owner'],
    ],
    [
      '<h4>Marie-Pierre L’Hermitte</h4><span>Directrice commerciale</span>',
      ['Marie-Pierre L’Hermitte | Directrice commerciale | director'],
    ],
    [
      '<ul><li><strong>Alain Durand</strong> – Conducteur de travaux</li><li><strong>Zoé Nguyen</strong> – Secrétaire</li></ul>',
      ['Alain Durand | Conducteur de travaux | technical', 'Zoé Nguyen | Secrétaire | other'],
    ],
    [
      '<table><tr><td>Lucas MEYER</td><td>Chef d’atelier</td></tr><tr><td>Inès Roux</td><td>Comptable</td></tr></table>',
      ['Lucas Meyer | Chef d’atelier | technical', 'Inès Roux | Comptable | accounting'],
    ],
    ['<p>Dr Paul Grosjean<br>Chirurgien-dentiste</p>', ['Paul Grosjean | Chirurgien-dentiste | technical']],
    [
      "<div><h4>Sarah O'Connor</h4><span>CEO &amp; Co-founder</span></div>",
      ["Sarah O'Connor | CEO & Co-founder | owner"],
    ],
    ['<div><p>Fondatrice</p><h3>Aurélie Blanc</h3></div>', ['Aurélie Blanc | Fondatrice | owner']],
  ])('%s', (body, expected) => expect(people(body)).toEqual(expected))
  test.each([
    '<h3>Nos Services</h3><p>Directeur</p>',
    '<h3>Saint Martin</h3><p>Rue de la gare</p>',
    '<h2>Mentions Légales</h2><p>Éditeur du site : Maison Klein SARL</p>',
    '<blockquote>« Parfait »<p>Sophie Muller</p><p>Gérante, Hôtel du Parc</p></blockquote>',
    '<div class="avis-clients"><h4>Sophie Muller</h4><p>Gérante</p></div>',
    '<h3>Rose Blanche</h3><p>12,50 €</p>',
    '<h2>Hébergeur</h2><p>OVH SAS, représentée par Octave Klaba</p>',
    '<h3>Pierre Naturelle</h3><p>Découvrez notre gamme de dallage</p>',
    '<p>Jean Moulin</p><p>Place du marché</p>',
  ])('%s names nobody', (body) => expect(people(body)).toEqual([]))
})

describe('e-mails', () => {
  const emails = (body: string, path = '/contact'): string[] =>
    factsOf(body, path).emails.map((fact) => `${fact.value} ${fact.kind}`)
  test.each([
    [
      '<a href="MAILTO:%63ontact%40maison-klein.fr?cc=compta@maison-klein.fr">x</a>',
      ['contact@maison-klein.fr role', 'compta@maison-klein.fr role'],
    ],
    ['<a href="mailto:Jean Klein <j.klein@maison-klein.fr>">x</a>', ['j.klein@maison-klein.fr person']],
    [
      '<span data-enc-email="pbagnpg[at]znvfba-xyrva.se">*protected*</span>',
      ['contact@maison-klein.fr role'],
    ],
    ['<span data-user="contact" data-domain="maison-klein.fr"></span>', ['contact@maison-klein.fr role']],
    ['<a data-mail="Y29udGFjdEBtYWlzb24ta2xlaW4uZnI=">x</a>', ['contact@maison-klein.fr role']],
    [
      "<script>var u = 'contact', d = 'maison-klein.fr'; document.write(u + '@' + d)</script>",
      ['contact@maison-klein.fr role'],
    ],
    ['<p>contact @ maison-klein.fr</p>', ['contact@maison-klein.fr role']],
    ['<p>contact (AT) maison-klein (POINT) fr</p>', ['contact@maison-klein.fr role']],
    ['<p>contact [arobase] maison-klein [point] fr</p>', ['contact@maison-klein.fr role']],
    ['<p>rf.nielk-nosiam@tcatnoc</p>', ['contact@maison-klein.fr role']],
    ['<p>klein.traiteur@orange.fr</p>', ['klein.traiteur@orange.fr role']],
    ['<p>contact@maisonklein.com</p>', ['contact@maisonklein.com role']],
    [
      '<form action="https://formsubmit.co/contact@maison-klein.fr" method="post"></form>',
      ['contact@maison-klein.fr role'],
    ],
  ])('%s', (body, expected) => expect(emails(body)).toEqual(expected))
  test.each([
    '<img src="logo@2x.png"><p>logo@2x.png banner@3x.webp</p>',
    '<input placeholder="jean@gmail.com"><p>votre@email.fr nom.prenom@exemple.fr prenom.nom@gmail.com</p>',
    '<script>Sentry.init({dsn:"https://abcdef0123456789abcdef0123456789@o123.ingest.sentry.io/1"})</script>',
    '<script src="https://cdn.jsdelivr.net/npm/swiper@11.0.5/x.js"></script><p>vue@3.4.21 @font-face @media</p>',
    '<p>Suivez @maisonklein sur Instagram, look at maison-klein.fr at some point in time</p>',
    '<p>Rendez-vous chez maison-klein.fr</p><a href="https://www.instagram.com/@klein">x</a>',
    '<!-- ancien@maison-klein.fr -->',
  ])('%s holds none', (body) => expect(emails(body)).toEqual([]))
  test('an unrelated address inside an article is a third party, on the contact page it is the company’s', () => {
    expect(emails('<p>info@fournisseur-lointain.com</p>', '/blog/x')).toEqual([
      'info@fournisseur-lointain.com thirdparty',
    ])
    expect(emails('<p>info@groupe-lointain.com</p>', '/contact')).toEqual(['info@groupe-lointain.com role'])
  })
})

describe('addresses', () => {
  const addresses = (body: string, path = '/contact'): string[] =>
    factsOf(body, path).addresses.map((fact) => [fact.street, fact.postalCode, fact.city].join(' | '))
  test.each([
    [
      '<p>Maison Klein – 25 ter, av. du Général de Gaulle – 54500 VANDŒUVRE-LÈS-NANCY</p>',
      ['25 ter, av. du Général de Gaulle | 54500 | VANDŒUVRE-LÈS-NANCY'],
    ],
    ['<p>ZI Nord<br>BP 40<br>57601 Forbach Cedex</p>', ['ZI Nord, BP 40 | 57601 | Forbach Cedex']],
    ['<p>Lieu-dit Le Moulin, 88460 La Baffe</p>', ['Lieu-dit Le Moulin | 88460 | La Baffe']],
    ["<p>1 impasse de l'Église 51100 Reims</p>", ["1 impasse de l'Église | 51100 | Reims"]],
    [
      '<p>Agence de Metz : 3 rue Serpenoise, 57000 Metz</p><p>Agence de Nancy : 8 rue Saint-Jean, 54000 Nancy</p>',
      ['3 rue Serpenoise | 57000 | Metz', '8 rue Saint-Jean | 54000 | Nancy'],
    ],
    ['<p>10 rue du Port<br>97400 Saint-Denis</p>', ['10 rue du Port | 97400 | Saint-Denis']],
  ])('%s', (body, expected) => expect(addresses(body)).toEqual(expected))
  test.each([
    '<p>Plus de 12000 Clients satisfaits</p>',
    '<p>En 2023, 45000 Visiteurs</p>',
    '<p>Réf. 57000 Noir</p>',
  ])('%s is none', (body) => expect(addresses(body, '/')).toEqual([]))
})

describe('company ids', () => {
  const ids = (text: string): string[] =>
    factsOf(`<p>${text}</p>`, '/mentions-legales')
      .companyIds.map((fact) => `${fact.kind} ${fact.value}`)
      .sort()
  test.each([
    ['SIRET 356 000 000 00048', ['siren 356000000', 'siret 35600000000048']],
    ['SIRET n° 44306184100047', ['siren 443061841', 'siret 44306184100047']],
    ['443 061 841 R.C.S. Paris', ['rcs Paris 443061841', 'siren 443061841']],
    [
      'immatriculée au Registre du Commerce et des Sociétés de Nancy sous le numéro 443 061 841',
      ['rcs Nancy 443061841', 'siren 443061841'],
    ],
    ['immatriculée au RCS de Nancy sous le numéro 443 061 841', ['rcs Nancy 443061841', 'siren 443061841']],
    ['TVA intracommunautaire FR 64 443 061 841', ['siren 443061841', 'vat FR64443061841']],
  ])('%s', (text, expected) => expect(ids(text)).toEqual(expected))
  test.each(['SIRET 443 061 841 00048', 'TVA FR 63 443 061 841', 'Tél 443 061 841', 'RCS Paris 443 061 842'])(
    '%s fails its checksum or lacks its label',
    (text) =>
      expect(ids(text).filter((id) => !id.startsWith('siren') || !text.startsWith('TVA'))).toEqual([]),
  )
})

describe('socials', () => {
  test('profiles are canonical; share links, posts and look-alike hosts are none', () => {
    const { socials } =
      factsOf(`<a href="http://m.facebook.com/profile.php?id=1000123&sk=about">f</a><a href="https://www.youtube.com/@maisonklein/videos">y</a>
      <a href="https://youtu.be/abc">v</a><a href="https://www.youtube.com/watch?v=1">v</a><a href="https://x.com/intent/post?x=1">x</a><a href="https://twitter.com/maisonklein?lang=fr">t</a>
      <a href="https://www.linkedin.com/company/maison-klein/about/">l</a><a href="https://www.linkedin.com/shareArticle?x">s</a><a href="https://www.pinterest.fr/pin/create/button/?u">p</a>
      <a href="https://wa.me/?text=x">w</a><a href="https://best.me/t.me/x">b</a><a href="https://t.me/maisonklein">t</a><a href="https://www.threads.net/@klein">th</a><a href="https://www.tiktok.com/@klein?lang=fr">tt</a>`)
    expect(socials.map((fact) => fact.url)).toEqual([
      'https://www.facebook.com/profile.php?id=1000123',
      'https://www.youtube.com/@maisonklein',
      'https://x.com/maisonklein',
      'https://www.linkedin.com/company/maison-klein',
      'https://t.me/maisonklein',
      'https://www.threads.net/@klein',
      'https://www.tiktok.com/@klein',
    ])
  })
})

describe('technologies', () => {
  const technologies = (body: string, headers: Record<string, string> = {}): string[] =>
    factsOf(body, '/', headers)
      .technologies.map((fact) => [fact.name, fact.version].filter(Boolean).join(' '))
      .sort()
  test.each<[string, Record<string, string>, string[]]>([
    [
      '',
      { server: 'nginx/1.18.0 (Ubuntu)', 'x-powered-by': 'PHP/7.4.3' },
      ['PHP 7.4.3', 'Ubuntu', 'nginx 1.18.0'],
    ],
    ['', { server: 'cloudflare', 'cf-ray': '1' }, ['Cloudflare']],
    ['', { 'set-cookie': 'laravel_session=x; path=/\nXSRF-TOKEN=y' }, ['Laravel', 'PHP']],
    [
      '<script src="https://cdn.jsdelivr.net/npm/bootstrap@5.3.2/dist/js/bootstrap.bundle.min.js"></script>',
      {},
      ['Bootstrap 5.3.2', 'jsDelivr'],
    ],
    [
      '<script src="https://code.jquery.com/jquery-1.12.4.min.js"></script>',
      {},
      ['jQuery 1.12.4', 'jQuery CDN'],
    ],
    [
      "<script>(function(w,d){var j='https://www.googletagmanager.com/gtm.js?id='})()</script>",
      {},
      ['Google Tag Manager'],
    ],
    ['<script>var _paq = window._paq = []; _paq.push(["trackPageView"]);</script>', {}, ['Matomo']],
    ['<iframe src="https://www.google.com/maps/embed?pb=x"></iframe>', {}, ['Google Maps']],
  ])('%s %o', (body, headers, expected) => expect(technologies(body, headers)).toEqual(expected))
  test.each([
    '<p>Nous créons des sites WordPress, PrestaShop et Wix.</p>',
    '<img src="/media/photo.jpg"><link rel="stylesheet" href="/themes/x/style.css">',
    '<a href="https://js.stripe.com.evil.fr/">x</a>',
    '<div class="container row"><div data-src="x"></div></div>',
  ])('%s proves nothing', (body) => expect(technologies(body)).toEqual([]))
})
