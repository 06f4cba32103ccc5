import { catalogue, type Locale } from '#src/lib/i18n.ts'

// `f.last` of email-patterns.ts: an initial is a p for prénom.
const frenchPattern = (pattern: string): string =>
  pattern
    .replace('first', 'prénom')
    .replace('last', 'nom')
    .replace(/^f(?=\.?nom)/, 'p')
    .replace(/(nom\.?)f$/, '$1p')

/** How a fact was read, by `method` of its provenance. */
export const methodMessages = catalogue({
  fr: {
    mailto: 'lien « écrire à »',
    text: 'écrit sur la page',
    'at-text': 'écrit en toutes lettres (arobase, point)',
    cfemail: 'masqué par Cloudflare, déchiffré',
    rot13: 'masqué par décalage de lettres, déchiffré',
    typo3: 'masqué par TYPO3, déchiffré',
    reversed: 'écrit à l’envers, remis à l’endroit',
    css: 'caché par la mise en forme, reconstitué',
    script: 'assemblé par un script de la page',
    'inline-script': 'lu dans un script de la page',
    attribute: 'lu dans un attribut de la page',
    'data-attribute': 'lu dans un attribut de la page',
    'form-action': 'destination d’un formulaire',
    'form-field': 'lu dans un champ de formulaire',
    'json-ld': 'données structurées (JSON-LD)',
    microdata: 'données structurées (microdonnées)',
    meta: 'balise d’information de la page',
    vcard: 'carte de visite (vCard)',
    pdf: 'document PDF',
    feed: 'flux d’actualités',
    tel: 'lien « appeler »',
    whatsapp: 'lien WhatsApp',
    card: 'fiche d’une équipe',
    'team-list': 'liste d’une équipe',
    'name-and-role': 'nom et fonction côte à côte',
    'legal-notice': 'mentions légales',
    link: 'lien de la page',
    links: 'liens de la page',
    'link-rel': 'lien déclaré par la page',
    form: 'formulaire de la page',
    banner: 'bandeau de la page',
    header: 'en-tête de la réponse',
    cookie: 'cookie posé par le site',
    comment: 'commentaire dans la page',
    markup: 'construction de la page',
    url: 'adresse d’un fichier chargé',
    host: 'serveur appelé par la page',
    'third-party': 'service tiers appelé par la page',
    implied: 'déduit d’une autre technologie',
    technology: 'technologie reconnue',
    lang: 'langue déclarée par la page',
    manual: 'ajouté à la main',
    title: 'titre de la page',
    dom: 'construction de la page',
    time: 'date marquée dans la page',
    'html-lang': 'langue déclarée par la page',
    hreflang: 'lien vers la page en cette langue',
    pattern: (pattern: string) => `supposé : les autres adresses suivent le modèle ${frenchPattern(pattern)}`,
    other: (method: string) => `lu sur la page (${method})`,
  },
  en: {
    mailto: 'link to write an e-mail',
    text: 'written on the page',
    'at-text': 'spelt out (at, dot)',
    cfemail: 'hidden by Cloudflare, decoded',
    rot13: 'hidden by shifted letters, decoded',
    typo3: 'hidden by TYPO3, decoded',
    reversed: 'written backwards, turned round',
    css: 'hidden by styles, put together',
    script: 'put together by a script of the page',
    'inline-script': 'read in a script of the page',
    attribute: 'read in an attribute of the page',
    'data-attribute': 'read in an attribute of the page',
    'form-action': 'where a form is sent',
    'form-field': 'read in a field of a form',
    'json-ld': 'structured data (JSON-LD)',
    microdata: 'structured data (microdata)',
    meta: 'meta element of the page',
    vcard: 'business card (vCard)',
    pdf: 'PDF document',
    feed: 'news feed',
    tel: 'link to call',
    whatsapp: 'WhatsApp link',
    card: 'card of a team',
    'team-list': 'list of a team',
    'name-and-role': 'a name beside a role',
    'legal-notice': 'legal notice',
    link: 'link of the page',
    links: 'links of the page',
    'link-rel': 'link declared by the page',
    form: 'form of the page',
    banner: 'banner of the page',
    header: 'header of the answer',
    cookie: 'cookie set by the site',
    comment: 'comment in the page',
    markup: 'how the page is built',
    url: 'address of a loaded file',
    host: 'server called by the page',
    'third-party': 'third-party service called by the page',
    implied: 'follows from another technology',
    technology: 'technology recognised',
    lang: 'language declared by the page',
    manual: 'added by hand',
    title: 'title of the page',
    dom: 'how the page is built',
    time: 'date marked in the page',
    'html-lang': 'language declared by the page',
    hreflang: 'link to the page in that language',
    pattern: (pattern: string) => `guessed: the other addresses follow the pattern ${pattern}`,
    other: (method: string) => `read on the page (${method})`,
  },
})

/** In words; a method of another version of the program by its name. */
export const methodText = (locale: Locale, method: string): string => {
  const t = methodMessages(locale)
  const [name = '', pattern] = method.split(' ', 2)
  if (name === 'pattern') return t.pattern(pattern ?? '')
  const text = Object.hasOwn(t, method) ? t[method as keyof typeof t] : null
  return typeof text === 'string' ? text : t.other(method)
}
