import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

/** Texts of what the visit of a site found. */
export const crawlMessages = catalogue({
  fr: {
    email: 'Adresses e-mail',
    suggested_email: 'Adresses supposées (non vérifiées)',
    phone: 'Téléphones',
    person: 'Personnes',
    address: 'Adresses postales',
    company_id: 'Identifiants de l’entreprise',
    social: 'Réseaux sociaux',
    value: 'Trouvé',
    seenOn: 'Vu sur',
    confidence: 'Fiabilité',
    noPagesTitle: 'Aucune page lue',
    noPagesText: 'Les pages du site apparaissent ici après sa visite.',
    title: 'Titre',
    status: 'Réponse',
    size: 'Taille',
    firstByte: 'Attente',
    errors: 'Ce qui n’a pas pu être lu',
    visited: (date: string, pages: number, seconds: string) =>
      `Visité le ${date} : ${formatNumber('fr', pages)} ${plural('fr', pages, 'page lue', 'pages lues')} en ${seconds} s.`,
    failed: (date: string, why: string) =>
      `La visite du ${date} a échoué : ${why}. Ce qui suit vient de la visite précédente.`,
    failedAlone: (date: string, why: string) => `La visite du ${date} a échoué : ${why}.`,
    unchanged: (pages: number) =>
      `${formatNumber('fr', pages)} ${plural('fr', pages, 'page n’a pas changé', 'pages n’ont pas changé')} depuis la visite précédente.`,
    rendered: (pages: number) =>
      `${formatNumber('fr', pages)} ${plural('fr', pages, 'page a été affichée', 'pages ont été affichées')} dans un navigateur.`,
    changeLimits: 'Changer ces limites',
    isUnchanged: 'inchangée',
    isRendered: 'lue dans un navigateur',
    needsBrowser: 'demande un navigateur',
    noTitle: '(sans titre)',
    quality: (value: number, why: string) => `Qualité ${value}/100 : ${why}`,
  },
  en: {
    email: 'E-mail addresses',
    suggested_email: 'Guessed addresses (not checked)',
    phone: 'Phones',
    person: 'People',
    address: 'Postal addresses',
    company_id: 'Company identifiers',
    social: 'Social networks',
    value: 'Found',
    seenOn: 'Seen on',
    confidence: 'Confidence',
    noPagesTitle: 'No page read',
    noPagesText: 'The pages of the site appear here after its visit.',
    title: 'Title',
    status: 'Answer',
    size: 'Size',
    firstByte: 'Wait',
    errors: 'What could not be read',
    visited: (date: string, pages: number, seconds: string) =>
      `Visited on ${date}: ${formatNumber('en', pages)} ${plural('en', pages, 'page', 'pages')} read in ${seconds} s.`,
    failed: (date: string, why: string) =>
      `The visit of ${date} failed: ${why}. What follows is from the visit before.`,
    failedAlone: (date: string, why: string) => `The visit of ${date} failed: ${why}.`,
    unchanged: (pages: number) =>
      `${formatNumber('en', pages)} ${plural('en', pages, 'page has', 'pages have')} not changed since the visit before.`,
    rendered: (pages: number) =>
      `${formatNumber('en', pages)} ${plural('en', pages, 'page was', 'pages were')} drawn in a browser.`,
    changeLimits: 'Change these limits',
    isUnchanged: 'unchanged',
    isRendered: 'read in a browser',
    needsBrowser: 'needs a browser',
    noTitle: '(no title)',
    quality: (value: number, why: string) => `Quality ${value}/100: ${why}`,
  },
})

const phoneTypes = catalogue({
  fr: {
    fixed: 'fixe',
    mobile: 'mobile',
    fax: 'télécopie',
    tollfree: 'numéro gratuit',
    premium: 'numéro surtaxé',
    other: 'téléphone',
    agency: 'de l’agence web',
    thirdparty: 'd’un tiers',
  },
  en: {
    fixed: 'landline',
    mobile: 'mobile',
    fax: 'fax',
    tollfree: 'toll-free',
    premium: 'premium rate',
    other: 'phone',
    agency: 'of the web agency',
    thirdparty: 'of a third party',
  },
})

/** A kind of phone number, or whose it is. */
export const phoneTypeText = (locale: Locale, type: string): string =>
  (phoneTypes(locale) as Record<string, string>)[type] ?? type
