import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

type Values = Record<string, string | number>
const number = (locale: Locale, value: string | number | undefined) =>
  formatNumber(locale, Number(value ?? 0))

/** Names of batches by the key of their label (`createBatch({ label: { key, values } })`). */
export const batchLabels = catalogue({
  fr: {
    'crawl.campaign': ({ count = 0 }: Values) =>
      `Nouvelle visite de ${number('fr', count)} ${plural('fr', Number(count), 'site', 'sites')} avant l’envoi d’une campagne`,
    'crawl.companies': ({ count = 0 }: Values) =>
      `Visite ${plural('fr', Number(count), 'd’un site', `de ${number('fr', count)} sites`)}`,
    'crawl.company': ({ name = '' }: Values) => `Visite du site de ${name}`,
    'crawl.import': ({ count = 0, file = '' }: Values) =>
      `Visite de ${number('fr', count)} sites importés de ${file}`,
    import: ({ file = '' }: Values) => `Import de ${file}`,
    'import.check': ({ file = '' }: Values) => `Vérification de ${file}`,
  },
  en: {
    'crawl.campaign': ({ count = 0 }: Values) =>
      `Fresh visit of ${number('en', count)} ${plural('en', Number(count), 'site', 'sites')} before a campaign writes`,
    'crawl.companies': ({ count = 0 }: Values) =>
      `Visit of ${number('en', count)} ${plural('en', Number(count), 'site', 'sites')}`,
    'crawl.company': ({ name = '' }: Values) => `Visit of the site of ${name}`,
    'crawl.import': ({ count = 0, file = '' }: Values) =>
      `Visit of ${number('en', count)} sites imported from ${file}`,
    import: ({ file = '' }: Values) => `Import of ${file}`,
    'import.check': ({ file = '' }: Values) => `Check of ${file}`,
  },
})

/** What an item is doing (`report({ code, values })`) or why it failed, by code. */
export const itemDetails = catalogue({
  fr: {
    crawling: ({ host = '', pages = 0 }: Values) =>
      `${host} : ${number('fr', pages)} ${plural('fr', Number(pages), 'page lue', 'pages lues')}`,
    reading: 'Lecture du fichier',
    importing: ({ done = 0, total = 0 }: Values) => `${number('fr', done)} lignes sur ${number('fr', total)}`,
    checking_rows: ({ done = 0 }: Values) =>
      `${number('fr', done)} ${plural('fr', Number(done), 'ligne lue', 'lignes lues')}`,
    import_gone: 'L’import ou son fichier n’existe plus.',
    import_unreadable: 'Le fichier n’a pas pu être lu jusqu’au bout ; rien n’a été importé.',
    refused_address: 'L’adresse du site mène à un réseau interdit.',
    unreachable: 'Le site ne répond pas.',
    dns: 'Le nom de domaine n’existe pas ou ne mène nulle part.',
    tls: 'La connexion sécurisée au site échoue.',
    timeout: 'Le site a mis trop de temps à répondre.',
    robots: 'Le site refuse les robots (robots.txt).',
    not_html: 'L’adresse ne mène pas à une page web.',
    refused: 'Le site refuse notre visite.',
    busy: 'Le site est surchargé ou en maintenance.',
    error_status: 'La page d’accueil est en erreur.',
    no_website: 'L’entreprise n’a pas de site.',
    deleted: 'L’entreprise a été supprimée entre-temps.',
    crashed: 'Le travail s’est interrompu plusieurs fois sur cet élément ; il est abandonné.',
    disk_full: 'Le disque du serveur est plein. Libérez de la place, puis relancez.',
    unexpected: ({ message = '' }: Values) => `Erreur inattendue : ${message}`,
  },
  en: {
    crawling: ({ host = '', pages = 0 }: Values) =>
      `${host}: ${number('en', pages)} ${plural('en', Number(pages), 'page', 'pages')} read`,
    reading: 'Reading the file',
    importing: ({ done = 0, total = 0 }: Values) => `${number('en', done)} of ${number('en', total)} rows`,
    checking_rows: ({ done = 0 }: Values) =>
      `${number('en', done)} ${plural('en', Number(done), 'row', 'rows')} read`,
    import_gone: 'The import or its file no longer exists.',
    import_unreadable: 'The file could not be read to its end; nothing was imported.',
    refused_address: 'The address of the site leads to a forbidden network.',
    unreachable: 'The site does not answer.',
    dns: 'The domain name does not exist or leads nowhere.',
    tls: 'The secure connection to the site fails.',
    timeout: 'The site took too long to answer.',
    robots: 'The site refuses robots (robots.txt).',
    not_html: 'The address does not lead to a web page.',
    refused: 'The site refuses our visit.',
    busy: 'The site is overloaded or under maintenance.',
    error_status: 'The home page is in error.',
    no_website: 'The company has no site.',
    deleted: 'The company was deleted meanwhile.',
    crashed: 'The work broke off several times on this item; it is given up.',
    disk_full: 'The disk of the server is full. Make room, then start it again.',
    unexpected: ({ message = '' }: Values) => `Unexpected error: ${message}`,
  },
})

const render = (texts: Record<string, unknown>, key: string, values: Values): string => {
  const text = Object.hasOwn(texts, key) ? texts[key] : undefined
  if (typeof text === 'function') return String(text(values))
  return typeof text === 'string' ? text : key
}

/** The name of a batch in the reader's language; its key when no text is known. */
export const labelText = (locale: Locale, label: { key: string; values: Values }): string =>
  render(batchLabels(locale), label.key, label.values)

/** What an item is doing or why it failed, in the reader's language. */
export const detailText = (locale: Locale, detail: { code: string; values?: Values }): string =>
  render(itemDetails(locale), detail.code, detail.values ?? {})
