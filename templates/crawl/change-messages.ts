import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

/** What differs from the visit before. */
export const changeMessages = catalogue({
  fr: {
    title: 'Depuis la visite précédente',
    at: (date: string) => `Constaté le ${date}`,
    nothing: 'Rien n’a changé.',
    failed: (date: string) => `La visite du ${date} n’a pas pu lire le site : rien n’a été changé ici.`,
    more: (count: string) => `et ${count} autres`,
    see: 'Tout voir',
    added: 'Nouveau',
    removed: 'Disparu',
    changed: 'Modifié',
    contacts: (count: number) =>
      `+${formatNumber('fr', count)} ${plural('fr', count, 'contact', 'contacts')}`,
    email: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'e-mail disparu', 'e-mails disparus')}`,
    phone: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'téléphone disparu', 'téléphones disparus')}`,
    person: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'personne disparue', 'personnes disparues')}`,
    others: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'autre changement', 'autres changements')}`,
    newTitle: 'titre modifié',
    newPost: 'nouvel article',
    unknown: 'inconnu',
    kind_email: 'E-mail',
    kind_phone: 'Téléphone',
    kind_person: 'Personne',
    kind_address: 'Adresse',
    kind_company_id: 'Identifiant',
    kind_social: 'Réseau social',
    kind_technology: 'Technologie',
    kind_feature: 'Sur le site',
    kind_title: 'Titre de l’accueil',
    field_role: 'fonction',
    field_email: 'e-mail',
    field_phone: 'téléphone',
    field_kind: 'genre',
    field_type: 'type',
    field_version: 'version',
    field_value: 'date',
  },
  en: {
    title: 'Since the visit before',
    at: (date: string) => `Seen on ${date}`,
    nothing: 'Nothing has changed.',
    failed: (date: string) => `The visit of ${date} could not read the site: nothing was changed here.`,
    more: (count: string) => `and ${count} more`,
    see: 'See all',
    added: 'New',
    removed: 'Gone',
    changed: 'Changed',
    contacts: (count: number) =>
      `+${formatNumber('en', count)} ${plural('en', count, 'contact', 'contacts')}`,
    email: (count: number) => `${formatNumber('en', count)} ${plural('en', count, 'e-mail', 'e-mails')} gone`,
    phone: (count: number) => `${formatNumber('en', count)} ${plural('en', count, 'phone', 'phones')} gone`,
    person: (count: number) => `${formatNumber('en', count)} ${plural('en', count, 'person', 'people')} gone`,
    others: (count: number) =>
      `${formatNumber('en', count)} ${plural('en', count, 'other change', 'other changes')}`,
    newTitle: 'title changed',
    newPost: 'new post',
    unknown: 'unknown',
    kind_email: 'E-mail',
    kind_phone: 'Phone',
    kind_person: 'Person',
    kind_address: 'Address',
    kind_company_id: 'Identifier',
    kind_social: 'Social network',
    kind_technology: 'Technology',
    kind_feature: 'On the site',
    kind_title: 'Title of the home page',
    field_role: 'role',
    field_email: 'e-mail',
    field_phone: 'phone',
    field_kind: 'kind',
    field_type: 'type',
    field_version: 'version',
    field_value: 'date',
  },
})

type Texts = ReturnType<typeof changeMessages>

export const changeLabel = (locale: Locale, kind: 'kind' | 'field', name: string): string =>
  String(changeMessages(locale)[`${kind}_${name}` as keyof Texts] ?? name)

/** What a site may have (`name` of a FeatureFact). */
export const featureMessages = catalogue({
  fr: {
    blog: 'blog ou actualités',
    last_post: 'dernier article',
    shop: 'boutique en ligne',
    booking: 'réservation en ligne',
    newsletter: 'lettre d’information',
    chat: 'discussion en direct',
    jobs: 'offres d’emploi',
    cookie_banner: 'bandeau de cookies',
    legal_notice: 'mentions légales',
    privacy_policy: 'politique de confidentialité',
    terms_of_sale: 'conditions de vente',
    cookie_policy: 'politique de cookies',
  },
  en: {
    blog: 'blog or news',
    last_post: 'last post',
    shop: 'online shop',
    booking: 'online booking',
    newsletter: 'newsletter',
    chat: 'live chat',
    jobs: 'job offers',
    cookie_banner: 'cookie banner',
    legal_notice: 'legal notice',
    privacy_policy: 'privacy policy',
    terms_of_sale: 'terms of sale',
    cookie_policy: 'cookie policy',
  },
})

export const featureText = (locale: Locale, name: string): string =>
  (featureMessages(locale) as Record<string, string>)[name] ?? name
