/** Small pages in the styles French small businesses really use, with what a careful reader would note.
 *  Only the kinds named in `truth` are compared, each as a whole set. */
export type LabelledPage = {
  name: string
  url: string
  html: string
  charset?: 'windows-1252'
  headers?: Record<string, string>
  truth: {
    /** value kind */
    emails?: string[]
    /** E.164 type [kind] */
    phones?: string[]
    /** name | roleKind */
    people?: string[]
    /** street | postcode | city */
    addresses?: string[]
    companyIds?: string[]
    socials?: string[]
    technologies?: string[]
  }
}

const page = (body: string, head = ''): string =>
  `<!doctype html><html lang="fr"><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`

export const LABELLED_PAGES: LabelledPage[] = [
  {
    name: 'WordPress with Elementor: contact page of a plumber',
    url: 'https://www.plomberie-weber.fr/contact/',
    html: page(
      `<div class="elementor-section"><h1 class="elementor-heading-title">Contactez-nous</h1>
       <ul class="elementor-icon-list-items"><li><i class="fas fa-phone"></i><a href="tel:+33387123456">03 87 12 34 56</a></li>
       <li><a href="mailto:contact@plomberie-weber.fr?subject=Devis%20gratuit">contact@plomberie-weber.fr</a></li>
       <li>14 rue des Jardins, 57070 Metz</li></ul>
       <img src="/wp-content/uploads/2024/01/logo@2x.png" alt="logo"></div>
       <footer><p>© 2024 Plomberie Weber – Site créé par <a href="https://www.studio-pixel.fr">Studio Pixel</a> – hello@studio-pixel.fr</p></footer>`,
      `<meta name="generator" content="WordPress 6.4.3"><meta name="generator" content="Elementor 3.19.2; features: x">
       <link rel="stylesheet" href="https://www.plomberie-weber.fr/wp-content/plugins/elementor/assets/css/frontend.min.css?ver=3.19.2">
       <script src="https://www.plomberie-weber.fr/wp-includes/js/jquery/jquery.min.js?ver=3.7.1"></script>`,
    ),
    truth: {
      emails: ['contact@plomberie-weber.fr role', 'hello@studio-pixel.fr agency'],
      phones: ['+33387123456 fixed'],
      people: [],
      addresses: ['14 rue des Jardins | 57070 | Metz'],
      technologies: ['WordPress 6.4.3', 'Elementor 3.19.2', 'jQuery 3.7.1', 'PHP', 'Font Awesome'].slice(
        0,
        4,
      ),
    },
  },
  {
    name: 'hand-written tables in windows-1252 from 2004',
    url: 'http://www.menuiserie-muller.fr/index.htm',
    charset: 'windows-1252',
    html: `<HTML><HEAD><TITLE>Menuiserie Müller</TITLE><META NAME="GENERATOR" CONTENT="Microsoft FrontPage 4.0"></HEAD>
      <BODY BGCOLOR="#FFFFFF"><TABLE BORDER=0><TR><TD>Menuiserie MÜLLER & Fils<BR>Zone artisanale Les Prés<BR>F - 67140 BARR</TD></TR>
      <TR><TD>Tél :</TD><TD>03.88.08.12.34</TD></TR><TR><TD>Fax :</TD><TD>03.88.08.12.35</TD></TR>
      <TR><TD>Prix à partir de 1 234,56 € le 12.03.2004</TD></TR>
      <TR><TD><A HREF=mailto:menuiserie.muller@wanadoo.fr>Écrivez-nous</A></TD></TR></TABLE></BODY></HTML>`,
    truth: {
      emails: ['menuiserie.muller@wanadoo.fr role'],
      phones: ['+33388081234 fixed', '+33388081235 fax'],
      addresses: ['Zone artisanale Les Prés | 67140 | BARR'],
      people: [],
      technologies: ['Microsoft FrontPage 4.0'],
    },
  },
  {
    name: 'legal notice: company, director, host, agency',
    url: 'https://www.boulangerie-kieffer.fr/mentions-legales',
    html: page(`<h1>Mentions légales</h1>
      <h2>Éditeur du site</h2><p>SARL Boulangerie Kieffer au capital de 7 622,45 €<br>8 Grand'Rue<br>57100 Thionville<br>
      Téléphone : 03 82 53 00 11<br>SIRET : 443 061 841 00047 – RCS Thionville 443 061 841<br>
      N° TVA intracommunautaire : FR64443061841<br>Code APE 1071C</p>
      <p>Directeur de la publication : M. Jean-Luc KIEFFER</p>
      <h2>Hébergement</h2><p>OVH SAS<br>2 rue Kellermann<br>59100 Roubaix<br>Tél. 09 72 10 10 07<br>support@ovh.com<br>RCS Lille Métropole 424 761 419 00045</p>
      <h2>Conception</h2><p>Agence Web Lorraine, contact@agence-web-lorraine.fr, 03 83 00 11 22</p>
      <h2>Médiation</h2><p>Médiateur de la consommation : CM2C, 14 rue Saint Jean 75017 Paris – cm2c@cm2c.net – 01 89 47 00 14</p>
      <p>Vous pouvez saisir la CNIL, 3 place de Fontenoy 75007 Paris.</p>`),
    truth: {
      emails: [
        'support@ovh.com thirdparty',
        'contact@agence-web-lorraine.fr agency',
        'cm2c@cm2c.net thirdparty',
      ],
      phones: [
        '+33382530011 fixed',
        '+33972101007 other thirdparty',
        '+33383001122 fixed agency',
        '+33189470014 fixed thirdparty',
      ],
      people: ['Jean-Luc Kieffer | owner'],
      addresses: ["8 Grand'Rue | 57100 | Thionville"],
      companyIds: [
        'siret 44306184100047',
        'siren 443061841',
        'vat FR64443061841',
        'rcs Thionville 443061841',
      ],
    },
  },
  {
    name: 'team page in cards, one e-mail pattern',
    url: 'https://cabinet-hoffmann.fr/notre-equipe',
    html: page(`<h1>Notre équipe</h1><div class="team">
      <div class="team-member"><img src="a.jpg" alt=""><h3>Claire HOFFMANN</h3><p class="position">Expert-comptable associée</p><a href="mailto:claire.hoffmann@cabinet-hoffmann.fr">Écrire</a></div>
      <div class="team-member"><img src="b.jpg" alt=""><h3>Pierre-Yves Le Goff</h3><p class="position">Responsable social et ressources humaines</p><a href="https://www.linkedin.com/in/pierre-yves-le-goff-12ab34">in</a></div>
      <div class="team-member"><h3>Fatima Benali</h3><p class="position">Assistante de direction</p></div>
      <div class="team-member"><h3>Nos valeurs</h3><p>Une équipe à votre écoute</p></div></div>
      <section class="testimonials"><blockquote><p>« Un cabinet très réactif »</p><h4>Marc Petit</h4><p>Gérant, Petit SARL</p></blockquote></section>`),
    truth: {
      emails: ['claire.hoffmann@cabinet-hoffmann.fr person'],
      people: ['Claire Hoffmann | owner', 'Pierre-Yves Le Goff | hr', 'Fatima Benali | other'],
      phones: [],
      socials: ['linkedin https://www.linkedin.com/in/pierre-yves-le-goff-12ab34'],
    },
  },
  {
    name: 'PrestaShop home page with prices, references and a consent banner',
    url: 'https://www.laine-et-coton.com/',
    html: page(
      `<div id="header"><a href="tel:0388223344">03 88 22 33 44</a></div>
       <article><h3>Écharpe 100% laine</h3><span class="price">45,90 €</span><p>Réf. 0388123456 – EAN 3760123456789</p><p>Livraison 48/72 h, 01.02.2024 10:30</p></article>
       <div class="review"><p>Super boutique !</p><p>Julie Bernard</p><p>julie.bernard@gmail.com</p></div>
       <footer><a href="https://www.facebook.com/laineetcoton67/?ref=page_internal">Facebook</a>
       <a href="https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fwww.laine-et-coton.com">Partager</a>
       <a href="https://twitter.com/intent/tweet?text=x">Tweet</a><a href="https://www.instagram.com/laine.et.coton/">Insta</a>
       <a href="https://pin.it-tricot.com/x">tricot</a></footer>
       <script>var prestashop = {"cart":{}};</script><script src="https://static.axept.io/sdk.js"></script>`,
      '<meta name="generator" content="PrestaShop">',
    ),
    headers: { 'set-cookie': 'PrestaShop-a1b2c3=def; path=/; HttpOnly', 'powered-by': 'PrestaShop' },
    truth: {
      emails: ['julie.bernard@gmail.com thirdparty'],
      phones: ['+33388223344 fixed'],
      people: [],
      socials: [
        'facebook https://www.facebook.com/laineetcoton67',
        'instagram https://www.instagram.com/laine.et.coton',
      ],
      technologies: ['PrestaShop', 'PHP', 'Axeptio'],
    },
  },
  {
    name: 'every way to hide an address',
    url: 'https://www.vins-schmitt.fr/nous-contacter',
    html: page(`<p>vente [at] vins-schmitt [dot] fr</p><p>cave(at)vins-schmitt.fr</p><p>commande arobase vins-schmitt point fr</p>
      <p>export&#64;vins-schmitt&#46;fr</p><p>info<!-- no spam -->@<b></b>vins-schmitt.fr</p>
      <p>accueil<span style="display:none">XX</span>@vins-schmitt.fr</p>
      <p><span style="unicode-bidi:bidi-override; direction: rtl;">rf.ttimhcs-sniv@tcatnoc</span></p>
      <p><a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="5a373b28332a3f1a2c33342977293932373328282e74">[email&#160;protected]</a></p>
      <p>compta<img src="/img/at.gif" alt="@">vins-schmitt.fr</p><p>sav<i class="fa fa-at"></i>vins-schmitt.fr</p>
      <script>var a = 'pre' + 'sse' + '&#64;'; a = a + 'vins-schmitt' + '.' + 'fr'; document.write('<a href="mailto:' + a + '">');</script>
      <a href="javascript:linkTo_UnCryptMailto('nbjmup+kpctAwjot.tdinjuu/gs');">Jobs</a>
      <p>Look at vins-schmitt.fr, rendez-vous chez vins-schmitt.fr</p>`),
    truth: {
      emails: [
        'vente@vins-schmitt.fr role',
        'cave@vins-schmitt.fr role',
        'commande@vins-schmitt.fr role',
        'export@vins-schmitt.fr role',
        'info@vins-schmitt.fr role',
        'accueil@vins-schmitt.fr role',
        'contact@vins-schmitt.fr role',
        'compta@vins-schmitt.fr role',
        'sav@vins-schmitt.fr role',
        'presse@vins-schmitt.fr role',
        'jobs@vins-schmitt.fr role',
      ],
    },
  },
  {
    name: 'every way to write a phone number',
    url: 'https://www.depannage-express.fr/contact',
    html: page(`<p>Tél. +33 (0)3 87 55 44 33</p><p>0033 3 87 55 44 34</p><p>03-87-55-44-35</p><p>03.87.55.44.36</p><p>0387554437</p>
      <p>03&nbsp;87&nbsp;55&nbsp;44&nbsp;38</p><p><b>03</b> <b>87</b> <b>55</b> <b>44</b> <b>39</b></p><p>Portable : 06 70 80 90 12</p>
      <p>N° vert 0 800 123 456</p><p>0 892 68 26 82 (0,40 €/min)</p><p>Réunion : 0262 20 12 34</p><p>Luxembourg : +352 621 123 456</p>
      <p>Télécopie : 03 87 55 44 40</p><p>Tél./Fax : 03 87 55 44 41</p>
      <p>SIRET 443 061 841 00047</p><p>IBAN FR76 3000 6000 0112 3456 7890 189</p><p>Ouvert depuis le 01/02/2003 à 10h30</p><p>57000 Metz</p>
      <p>12 500 000 € de CA, réf. 0387001122</p><p>TVA FR64443061841</p><p>Votre numéro : 01 23 45 67 89</p><input placeholder="06 12 34 56 78">`),
    truth: {
      phones: [
        '+33387554433 fixed',
        '+33387554434 fixed',
        '+33387554435 fixed',
        '+33387554436 fixed',
        '+33387554437 fixed',
        '+33387554438 fixed',
        '+33387554439 fixed',
        '+33670809012 mobile',
        '+33800123456 tollfree',
        '+33892682682 premium',
        '+262262201234 fixed',
        '+352621123456 mobile',
        '+33387554440 fax',
        '+33387554441 fixed',
      ],
      emails: [],
    },
  },
  {
    name: 'JSON-LD of a restaurant, reviews inside',
    url: 'https://www.chez-lucette.fr/',
    html: page(
      '<h1>Chez Lucette</h1>',
      `<script type="application/ld+json">{"@context":"https://schema.org","@type":"Restaurant","name":"Chez Lucette","email":"mailto:reservation@chez-lucette.fr",
       "telephone":"+33 3 29 11 22 33","address":{"@type":"PostalAddress","streetAddress":"3 place du Marché","postalCode":"88000","addressLocality":"Épinal","addressCountry":"FR"},
       "founder":{"@type":"Person","name":"Lucette Marchal","jobTitle":"Chef de cuisine"},"vatID":"FR64443061841",
       "sameAs":["https://www.facebook.com/chezlucette","https://www.tripadvisor.fr/Restaurant-1"],
       "review":[{"@type":"Review","author":{"@type":"Person","name":"Paul Durand"},"reviewBody":"Bien"}],}</script>`,
    ),
    truth: {
      emails: ['reservation@chez-lucette.fr role'],
      phones: ['+33329112233 fixed'],
      people: ['Lucette Marchal | technical'],
      addresses: ['3 place du Marché | 88000 | Épinal'],
      companyIds: ['vat FR64443061841'],
      socials: ['facebook https://www.facebook.com/chezlucette'],
    },
  },
  {
    name: 'Wix home page full of platform addresses',
    url: 'https://www.yoga-sarrebourg.com/',
    html: page(
      `<div id="SITE_CONTAINER"><h1>Yoga à Sarrebourg</h1><p>Séances avec Amélie D'Angelo, professeur de yoga</p>
       <p><a href="mailto:amelie.yoga57@gmail.com">amelie.yoga57@gmail.com</a></p><p>Exemple : votre.email@exemple.fr, info@mysite.com</p></div>
       <script>window.sentry={dsn:"https://605a7baede844d278b89dc95ae0a9123@sentry-next.wixpress.com/68"}</script>`,
      `<meta name="generator" content="Wix.com Website Builder"><script src="https://static.parastorage.com/unpkg/react@18.3.1/umd/react.production.min.js"></script>`,
    ),
    headers: { 'x-wix-request-id': '1700000000.1234', server: 'Pepyaka' },
    truth: {
      emails: ['amelie.yoga57@gmail.com person'],
      people: ["Amélie D'Angelo | other"],
      phones: [],
      technologies: ['Wix', 'React 18.3.1'],
    },
  },
  {
    name: 'sole trader with a sentence about herself and microdata address',
    url: 'https://www.couture-nathalie.fr/a-propos',
    html: page(`<h2>Qui suis-je ?</h2><p>Nathalie Grandjean, couturière et gérante</p>
      <div itemscope itemtype="https://schema.org/LocalBusiness"><span itemprop="name">Couture Nathalie</span>
      <div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="streetAddress">5 bis chemin du Moulin</span> <span itemprop="postalCode">54000</span> <span itemprop="addressLocality">Nancy</span></div>
      <span itemprop="telephone">06.81.82.83.84</span> <a itemprop="email" href="mailto:nathalie@couture-nathalie.fr">mail</a></div>`),
    truth: {
      emails: ['nathalie@couture-nathalie.fr role'],
      phones: ['+33681828384 mobile'],
      people: ['Nathalie Grandjean | owner'],
      addresses: ['5 bis chemin du Moulin | 54000 | Nancy'],
    },
  },
  {
    name: 'Jimdo page with an address at another domain of the same name',
    url: 'https://garage-petit.jimdofree.com/',
    html: page(
      `<div class="jtpl-main"><h1>Garage Petit</h1><p>Route de Strasbourg<br>67700 SAVERNE Cedex</p><p>T. 03 88 91 00 01 / F. 03 88 91 00 02</p><p>garage-petit@orange.fr</p></div>`,
      '<meta name="generator" content="Jimdo Dolphin"><link rel="stylesheet" href="https://assets.jimstatic.com/web.css">',
    ),
    truth: {
      emails: ['garage-petit@orange.fr role'],
      phones: ['+33388910001 fixed', '+33388910002 fax'],
      addresses: ['Route de Strasbourg | 67700 | SAVERNE Cedex'],
      people: [],
      technologies: ['Jimdo'],
    },
  },
  {
    name: 'blog article: author, dates, partners and an unrelated address',
    url: 'https://www.toitures-lambert.fr/blog/choisir-ses-tuiles',
    html: page(`<article><h1>Choisir ses tuiles</h1><p class="meta">Publié le 03/04/2023 par admin</p>
      <p>Le fabricant Terreal (info@terreal-exemple.com) propose 12000 tuiles. En 2023 45000 Orléanais…</p><p>Saint Martin, Rue de la Paix, Bonne Année</p></article>
      <div class="comments-area comment-list"><p>Jean Dupuis</p><p>couvreur</p></div>`),
    truth: {
      emails: ['info@terreal-exemple.com thirdparty'],
      phones: [],
      people: [],
      addresses: [],
    },
  },
  {
    name: 'real-estate agency: legal mentions in the footer',
    url: 'https://www.immo-vosges.fr/',
    html: page(`<footer><p>Immo Vosges – SAS au capital de 10 000 € – Siège social : 27 quai des Bons Enfants 88000 Epinal – SIREN 443061841 – RCS d'Epinal B 443 061 841 – Carte professionnelle CPI 8801 2018 000 023 456 – Garantie financière GALIAN 89 rue La Boétie 75008 Paris</p>
      <p>Représentée par Mme Sophie de La Fontaine, présidente</p></footer>`),
    truth: {
      phones: [],
      people: ['Sophie de La Fontaine | owner'],
      companyIds: ['siren 443061841', 'rcs Epinal 443061841'],
    },
  },
  {
    name: 'SPIP association page with text addresses in parentheses',
    url: 'https://www.amis-du-patrimoine.org/spip.php?rubrique3',
    html: page(
      `<p>Présidente : Monique LEFÈVRE-DURAND</p><p>Trésorier : Éric N'Guyen</p><p>Contact : bureau<span class='spancrypt'>&nbsp;chez&nbsp;</span>amis-du-patrimoine.org</p>
       <script src="squelettes-dist/javascript/x.js"></script><link rel="stylesheet" href="/squelettes-dist/css/spip.css">`,
      '<meta name="generator" content="SPIP 4.2.5">',
    ),
    headers: { 'composed-by': 'SPIP 4.2.5 @ www.spip.net', 'x-powered-by': 'PHP/8.1.2', server: 'Apache' },
    truth: {
      emails: ['bureau@amis-du-patrimoine.org role'],
      people: ['Monique Lefèvre-Durand | owner', "Éric N'Guyen | accounting"],
      technologies: ['SPIP 4.2.5', 'PHP 8.1.2', 'Apache'],
    },
  },
  {
    name: 'English page of a winery with a general inbox elsewhere in the footer',
    url: 'https://www.domaine-riesling.com/en/',
    html: page(`<h1>Our wines</h1><p>Call us: +33 3 89 47 00 00</p>
      <footer>Domaine Riesling, 1 route du Vin, F-68420 Eguisheim · <a href="mailto:cave%40domaine-riesling.com">cave@domaine-riesling.com</a> · <a href="https://wa.me/33612345699">WhatsApp</a> · <a href="https://bsky.app/profile/riesling.bsky.social">Bluesky</a> · <a href="https://piaille.fr/@riesling">Mastodon</a></footer>`),
    truth: {
      emails: ['cave@domaine-riesling.com role'],
      phones: ['+33389470000 fixed', '+33612345699 mobile'],
      addresses: ['1 route du Vin | 68420 | Eguisheim'],
      socials: [
        'whatsapp https://wa.me/33612345699',
        'bluesky https://bsky.app/profile/riesling.bsky.social',
        'mastodon https://piaille.fr/@riesling',
      ],
      people: [],
    },
  },
  {
    name: 'glued and broken text as themes produce it',
    url: 'https://www.optique-meyer.fr/',
    html: page(`<p>E-mail:contact@optique-meyer.frTéléphone:03 87 33 22 11</p><p>devis@optique-meyer.fr.</p><p>Visite@2x.jpg bootstrap@5.3.0 jquery@3.7.1.min.js</p>
      <p>u003einfo@optique-meyer.fr</p><a href="mailto:%20rdv@optique-meyer.fr%20">rdv</a><a href="mailto:?subject=partage&body=x">partager</a>`),
    truth: {
      emails: [
        'contact@optique-meyer.fr role',
        'devis@optique-meyer.fr role',
        'info@optique-meyer.fr role',
        'rdv@optique-meyer.fr role',
      ],
      phones: ['+33387332211 fixed'],
    },
  },
]
