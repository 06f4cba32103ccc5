import { fillIn, type Values } from '#src/lib/fill-in.ts'
import { catalogue, type Locale } from '#src/lib/i18n.ts'
import en from './messages.en.data.json'
import fr from './messages.fr.data.json'

/** A rule exists when it has its texts. */
export type RuleId = keyof typeof fr

/** What a rule is called, what it means for the owner of the business, and how it is mended. */
export type RuleText = { title: string; meaning: string; fix: string }

const ruleTexts: Record<Locale, Record<RuleId, RuleText>> = { fr, en }

export const ruleIds = Object.keys(fr) as RuleId[]

export const isRuleId = (id: string): id is RuleId => Object.hasOwn(fr, id)

/** The texts of one finding. Values come from its params: plain text, to be escaped by whoever shows it. */
export const ruleText = (locale: Locale, finding: { id: RuleId; params: Values }): RuleText => {
  const text = ruleTexts[locale][finding.id]
  const values = namedValues(locale, finding.params)
  const fill = (template: string) => fillIn(locale, template, values)
  return { title: fill(text.title), meaning: fill(text.meaning), fix: fill(text.fix) }
}

/** A rule's title without a finding at hand (filters, lists of weak points). */
export const ruleName = (locale: Locale, id: RuleId): string =>
  ruleNames(locale)[id] ?? ruleTexts[locale][id].title

const parkedMarkers = catalogue({
  fr: {
    'for-sale': 'domaine à vendre',
    parked: 'domaine réservé',
    'default-server': 'page par défaut du serveur',
    suspended: 'site suspendu',
    'not-connected': 'domaine non relié à un site',
    'under-construction': 'site en construction',
  },
  en: {
    'for-sale': 'domain for sale',
    parked: 'domain reserved',
    'default-server': 'default page of the server',
    suspended: 'site suspended',
    'not-connected': 'domain not connected to a site',
    'under-construction': 'site under construction',
  },
})

const oldMarks = catalogue({
  fr: {
    frameset: 'cadres (frameset)',
    tables: 'mise en page en tableaux',
    font: 'balises font',
    center: 'balises center',
    marquee: 'texte défilant (marquee)',
    flash: 'Flash',
  },
  en: {
    frameset: 'framesets',
    tables: 'layout made of tables',
    font: 'font elements',
    center: 'center elements',
    marquee: 'scrolling text (marquee)',
    flash: 'Flash',
  },
})

/** Values with the codes among them (`marker`, `marks`) in words; a code nobody knows stays as it is. */
export const namedValues = (locale: Locale, values: Values): Values => {
  const named = { ...values }
  if (typeof values['marker'] === 'string') named['marker'] = wordOf(parkedMarkers(locale), values['marker'])
  if (typeof values['marks'] === 'string')
    named['marks'] = values['marks']
      .split(', ')
      .map((code) => wordOf(oldMarks(locale), code))
      .join(', ')
  return named
}

const wordOf = (words: Record<string, string>, code: string): string =>
  Object.hasOwn(words, code) ? (words[code] ?? code) : code

/** Names of the rules whose title quotes a fact. */
const ruleNames: (locale: Locale) => Partial<Record<RuleId, string>> = catalogue({
  fr: {
    'php-end-of-life': 'PHP n’est plus maintenu',
    'cms-end-of-life': 'Logiciel du site dépassé',
    'library-end-of-life': 'Bibliothèque qui n’est plus maintenue',
    'server-end-of-life': 'Serveur qui n’est plus maintenu',
    'tls-old-protocol': 'Chiffrement dépassé',
    'editor-discontinued': 'Site fait avec un logiciel abandonné',
    'copyright-old': 'Site qui semble à l’abandon',
    'title-generic': 'Titre qui ne dit rien',
    'canonical-other-site': 'Adresse de référence sur un autre site',
  },
  en: {
    'php-end-of-life': 'PHP no longer maintained',
    'cms-end-of-life': 'Site software out of date',
    'library-end-of-life': 'Library no longer maintained',
    'server-end-of-life': 'Server no longer maintained',
    'tls-old-protocol': 'Outdated encryption',
    'editor-discontinued': 'Site made with abandoned software',
    'copyright-old': 'Site that seems abandoned',
    'title-generic': 'Title that says nothing',
    'canonical-other-site': 'Address of reference on another site',
  },
})

export const categoryNames = catalogue({
  fr: {
    security: 'Sécurité',
    technical: 'Technique',
    seo: 'Référencement',
    performance: 'Vitesse',
    mobile: 'Mobile',
    legal: 'Obligations légales',
  },
  en: {
    security: 'Security',
    technical: 'Technical',
    seo: 'SEO',
    performance: 'Speed',
    mobile: 'Mobile',
    legal: 'Legal duties',
  },
})

export const severityNames = catalogue({
  fr: { critical: 'Critique', high: 'Élevée', medium: 'Moyenne', low: 'Faible', info: 'Information' },
  en: { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Information' },
})
