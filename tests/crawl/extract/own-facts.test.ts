import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'

const factsOf = (body: string): PageFacts =>
  parsedAt(
    'https://www.maison-klein.fr/contact',
    `<!doctype html><html><head><title>Contact – Maison Klein, menuiserie à Metz</title></head><body>${body}</body></html>`,
    { today: '2026-11-22' },
  ).facts

const kindsOf = (html: string): string[] => factsOf(html).emails.map(({ kind }) => kind)

test.each([
  '<p>Pour nous écrire : klein.menuiserie@wanadoo.fr</p>',
  '<p>klein [ à ] maison-klein [ point ] fr</p>',
  '<p>contact ⓐ maison-klein ⋅ fr</p>',
  '<p>contact﹫maison-klein.fr</p>',
  '<img src="mail.gif" alt="contact arobase maison-klein point fr">',
  '<img src="mail.gif" alt="E-mail : contact [at] maison-klein.fr">',
  '<span title="contact (at) maison-klein (dot) fr">écrire</span>',
  '<p>contact<i class="x"></i>maison-klein.fr</p><style>.x::before{content:"@"}</style>',
  '<p>contact<b class="x"></b>maison-klein.fr</p><style>b.x:after{content:\'\\40\'}</style>',
  "<div x-data=\"{u:'Y29udGFjdA==',d:'bWFpc29uLWtsZWluLmZy'}\"></div>",
  '<a href="/x">LinkedIn</a><a href="mailto:contact@maison-klein.fr">contact@maison-klein.fr</a>',
  '<script>window.__NUXT__={contact:{email:"contact@maison-klein.fr"}}</script>',
  '<script type="application/json">{"email":"contact\\u0040maison-klein.fr"}</script>',
  '<p>Service devis : devis@groupe-lorrain-bois.com</p>',
  '<p>contact@<!-- x -->maison-klein.fr</p>',
  '<p>contact<wbr>@<wbr>maison-klein.fr</p>',
  '<p>contact&#8203;@maison-klein.fr</p>',
  '<a href="https://mail.google.com/mail/?view=cm&to=contact@maison-klein.fr">Gmail</a>',
  "<a href=\"javascript:location='mailto:'+'contact'+'@'+'maison-klein.fr'\">x</a>",
  '<p>Écrire à : contact -at- maison-klein -dot- fr</p>',
  '<p>contact{at}maison-klein.fr</p>',
  '<p>contact AT maison-klein DOT fr</p>',
  '<p>contact[@]maison-klein.fr</p>',
  '<p>contact(arobase)maison-klein(point)fr</p>',
  '<p>contact @maison-klein.fr</p>',
  '<form><input type="hidden" name="recipient" value="contact@maison-klein.fr"></form>',
  '<a href="mailto:?to=contact@maison-klein.fr">x</a>',
])('the address in %s is the company’s', (html) => expect(kindsOf(html)).toEqual(['role']))

test.each([
  '<p>Notre assureur : Groupama, sinistres@groupama.fr</p>',
  '<p>Hébergeur : OVH, support@ovh.com</p>',
  '<p>Médiateur : contact@cm2c.net</p>',
  '<p>Conciliateur de justice : m.durand@conciliateurdejustice.fr</p>',
  '<p>Crédits : Studio Pixel, hello@studio-pixel.fr</p>',
  '<p>Distributeur Belgique : Van Damme, info@vandamme.be</p>',
  '<p>Our UK importer: wine@winesuk.co.uk</p>',
  '<p>Office de tourisme : info@tourisme-metz.com</p>',
  '<p>École maternelle : ecole.klein@ac-nancy-metz.fr</p>',
  '<p>Amicale des anciens : amicale57@laposte.net</p>',
  '<p>DPO : dpo@cabinet-rgpd-conseil.fr</p>',
  '<p>Délégué à la protection des données : Me Dupont, dpo@dupont-rgpd.fr</p>',
  '<footer>Site réalisé par <a href="https://agence-pixel.fr">Pixel</a> – bonjour@agence-pixel.fr</footer>',
  '<blockquote>Très bien ! sophie@gmail.com</blockquote>',
])('the address in %s is somebody else’s', (html) => {
  expect(kindsOf(html).map((kind) => kind === 'thirdparty' || kind === 'agency')).toEqual([true])
})

test.each([
  '<p>prenom.nom@domaine.fr ou xyz@example.com</p>',
  '<p>name@company.com, you@yourdomain.com</p>',
  '<p>icon@2x.png, user@localhost</p>',
  '<p>git@github.com:klein/site.git</p>',
  '<p>@klein_menuiserie sur Instagram @ Metz</p>',
  '<p>Ouvert @ 9h . Fermé</p>',
])('%s holds no address to write to', (html) => expect(kindsOf(html)).toEqual([]))

test.each([
  ['<p>12 rue des Clercs<br>57000 Metz</p>', '12 rue des Clercs, 57000, Metz'],
  ['<p>12, rue des Clercs - 57000 METZ - FRANCE</p>', '12, rue des Clercs, 57000, METZ'],
  [
    '<p>Maison Klein<br>Le Haut Chemin<br>57530 Courcelles-Chaussy</p>',
    'Le Haut Chemin, 57530, Courcelles-Chaussy',
  ],
  ['<p>Kergoff, 56300 Neulliac</p>', 'Kergoff, 56300, Neulliac'],
  ['<p>Mas de la Coste<br>30120 Le Vigan</p>', 'Mas de la Coste, 30120, Le Vigan'],
  ['<p>Maison Klein<br>57000 Metz</p>', 'null, 57000, Metz'],
  ['<p>ZA des Jonquières, 57365 Ennery</p>', 'ZA des Jonquières, 57365, Ennery'],
  [
    '<p>5 bis rue du Pont – BP 12 – 57100 Thionville Cedex</p>',
    '5 bis rue du Pont – BP 12, 57100, Thionville Cedex',
  ],
  ['<p>Siège : 4 place Saint-Louis, F-57000 Metz</p>', '4 place Saint-Louis, 57000, Metz'],
  ['<p>Lieudit Bellevue<br>57530 Maizery</p>', 'Lieudit Bellevue, 57530, Maizery'],
  ['<p>Hébergeur : OVH, 2 rue Kellermann, 59100 Roubaix</p>', ''],
  ['<p>OVH SAS - 2 rue Kellermann - 59100 Roubaix</p>', ''],
  ['<p>Notre assureur : MAAF, Chaban, 79180 Chauray</p>', ''],
  ['<p>Tribunal de commerce : 3 rue Haute-Pierre, 57000 Metz</p>', ''],
  ['<p>Médiateur : AME Conso, 11 place Dauphine, 75001 Paris</p>', ''],
  ['<p>CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07</p>', ''],
  ['<p>Imprimé par Imprimerie Roth, 8 rue des Presses, 57100 Thionville</p>', ''],
  ["<p>Distributeur pour l'Alsace : Bois & Co, 3 rue du Fossé, 67000 Strasbourg</p>", ''],
  ["<h3>Office de tourisme</h3><p>2 place d'Armes<br>57000 Metz</p>", ''],
  ['<p>Chantier : 18 rue Lafayette, 57000 Metz (2019)</p>', ''],
])('%s lies at %s', (html, expected) => {
  const found = factsOf(html).addresses.map(({ street, postalCode, city }) =>
    [street ?? 'null', postalCode, city].join(', '),
  )
  expect(found.join('; ')).toBe(expected)
})

test.each([
  ['<p>RCS Metz TI 443 061 841</p>', 'rcs Metz 443061841, siren 443061841'],
  ['<p>R.C.S Metz B 443.061.841</p>', 'rcs Metz 443061841, siren 443061841'],
  ['<p>N° SIRET : 44306184100047 - RCS : Metz</p>', 'siren 443061841, siret 44306184100047'],
  ['<p>443 061 841 00047 RCS Metz</p>', 'rcs Metz 443061841, siren 443061841, siret 44306184100047'],
  [
    "<p>Inscrit à l'Ordre des architectes n° 12345 — RCS Metz 443 061 841</p>",
    'rcs Metz 443061841, siren 443061841',
  ],
  [
    '<p>© Klein — Assurance décennale MAAF n° 12 — SIRET 443 061 841 00047</p>',
    'siren 443061841, siret 44306184100047',
  ],
  ['<p>Hébergeur : OVH – RCS Lille Métropole 424 761 419</p>', ''],
  ['<p>Assureur : MMA IARD, RCS Le Mans 440 048 882</p>', ''],
  ['<p>TVA intracommunautaire : FR64443061841</p>', 'siren 443061841, vat FR64443061841'],
  ['<p>TVA BE 0459.318.655</p>', 'vat BE0459318655'],
  ['<p>Médiateur : CM2C SAS, RCS Paris 443 061 841</p>', ''],
])('%s is registered as %s', (html, expected) => {
  const found = factsOf(html).companyIds.map(({ kind, value }) => `${kind} ${value}`)
  expect(found.sort().join(', ')).toBe(expected)
})

test.each([
  ['<div id="cookie-consent-banner"></div>', 'cookie_banner'],
  ['<div class="bandeau-cookies">x</div>', 'cookie_banner'],
  ['<p>Ce site utilise des cookies.</p><a href="#">Accepter</a>', 'cookie_banner'],
  ['<p>We use cookies to improve.</p><button>Accept all</button>', 'cookie_banner'],
  [
    '<p>Nous utilisons des cookies pour mesurer l’audience.</p><button>Tout refuser</button>',
    'cookie_banner',
  ],
  ["<p>Nous n'utilisons pas de cookies.</p>", ''],
  ['<p>Nous utilisons des cookies de mesure, voir notre page.</p>', ''],
  ['<a href="https://booking.exemple-hotel.com/klein">Réserver en ligne</a>', 'booking'],
  ['<a href="https://www.doctolib.fr/osteo/metz/klein">Doctolib</a>', 'booking'],
  ['<form action="/reservation"><input type="date" name="jour"><input type="submit"></form>', 'booking'],
  ['<form action="/x"><input name="arrivee" type="date"><input name="depart" type="date"></form>', 'booking'],
  ['<a href="https://www.facebook.com/klein">Réserver</a>', ''],
  ['<form action="/shop/cart/update" method="post"><input type="submit"></form>', 'shop'],
  ['<form action="/panier" method="post"><input type="submit"></form>', 'shop'],
  ['<h2>Politique de confidentialité</h2><p>x</p>', 'privacy_policy'],
  ['<h3>Conditions générales de vente</h3><p>x</p>', 'terms_of_sale'],
  ['<h2>Datenschutz</h2><p>x</p>', 'privacy_policy'],
  ['<p>SIRET 44306184100047. Hébergeur : OVH</p>', 'legal_notice'],
  ['<a href="/recrutement">Nous recrutons</a>', 'jobs'],
  ['<a href="/actualites/">Actualités</a>', 'blog'],
  ['<p>Réservation par téléphone</p>', ''],
])('%s shows %s', (html, expected) => {
  expect(
    factsOf(html)
      .features.map(({ name }) => name)
      .join(', '),
  ).toBe(expected)
})

test.each([
  ['<a href="https://www.mixcloud.com/klein/">x</a>', 'https://www.mixcloud.com/klein'],
  ['<a href="https://www.facebook.com/ThemeFusionAvada">x</a>', ''],
  ['<a href="https://fr-fr.facebook.com/maisonklein?ref=hl">x</a>', 'https://www.facebook.com/maisonklein'],
  ['<a href="https://www.facebook.com/sharer.php?u=x">x</a>', ''],
  ['<a href="https://www.facebook.com/events/123">x</a>', ''],
  ['<a href="https://www.youtube.com/watch?v=x">x</a>', ''],
  ['<a href="https://www.instagram.com/p/Cxyz/">x</a>', ''],
  ['<a href="https://maps.google.com/x">x</a>', ''],
  [
    '<a href="//www.linkedin.com/company/maison-klein/about/">x</a>',
    'https://www.linkedin.com/company/maison-klein',
  ],
])('%s is the profile %s', (html, expected) => {
  expect(
    factsOf(html)
      .socials.map(({ url }) => url)
      .join(', '),
  ).toBe(expected)
})
