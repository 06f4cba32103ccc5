import {
  evidenceText as findingEvidence,
  plainEvidence as plainFinding,
} from '#src/analysis/evidence-messages.ts'
import { isRuleId, namedValues } from '#src/analysis/messages.ts'
import { crawlErrorText } from '#src/crawl/messages.ts'
import { fillIn, fillPlain, hasAll, type Values } from '#src/lib/fill-in.ts'
import { catalogue, plural, type Locale } from '#src/lib/i18n.ts'

type Template = string | ((params: Values) => string)

// The holder of an address stands beside it; these templates hold no words.
const address = ({ name, role }: Values) => `{email}${name ? ` ({name}${role ? ', {role}' : ''})` : ''}`
const site = ({ status }: Values) => (status === undefined ? '{reason}' : '')

/** What was seen, by the code of a point: a template filled from its params, or a function that chooses one. */
export const pointEvidenceTexts = catalogue({
  fr: {
    'contact-owner': address,
    'contact-person': address,
    'contact-role': address,
    'contact-free': address,
    'contact-phone': '{phone}',
    'contact-form': 'formulaire de contact sur {page}',
    'contact-none': 'ni adresse, ni numéro, ni formulaire connus',
    'contact-phone-too': '{phone}',
    'site-none': ({ profile }: Values) => (profile ? 'seulement {profile}' : 'aucun site connu'),
    'site-parked': '{url} : {marker}',
    'site-unreachable': (params: Values) => site(params) || '{url} répond {status}',
    'site-unread': (params: Values) => site(params) || '{url} répond {status}',
    'site-sound': '{url} répond {status}',
    reviews: ({ count }: Values) => plural('fr', Number(count), '{count} avis', '{count} avis'),
    rating: 'noté {rating} par {count} clients',
    status: 'statut {status}',
    'status-bounce': 'un e-mail est revenu : les adresses ne comptent pas',
    'do-not-contact': ({ status }: Values) =>
      status ? 'statut {status}' : 'sur la liste de ceux à ne pas contacter',
    'cap-security': 'les points faibles de ce genre comptent {cap} au plus',
    'cap-technical': 'les points faibles de ce genre comptent {cap} au plus',
    'cap-mobile': 'les points faibles de ce genre comptent {cap} au plus',
    'cap-seo': 'les points faibles de ce genre comptent {cap} au plus',
    'cap-performance': 'les points faibles de ce genre comptent {cap} au plus',
    'cap-legal': 'les points faibles de ce genre comptent {cap} au plus',
    'cap-weaknesses': 'les points faibles du site comptent {cap} au plus',
    'cap-no-contact': 'aucun contact n’est connu',
    'cap-total': 'l’échelle s’arrête à {cap}',
    floor: 'l’échelle commence à 0',
  },
  en: {
    'contact-owner': address,
    'contact-person': address,
    'contact-role': address,
    'contact-free': address,
    'contact-phone': '{phone}',
    'contact-form': 'contact form on {page}',
    'contact-none': 'no address, number or form known',
    'contact-phone-too': '{phone}',
    'site-none': ({ profile }: Values) => (profile ? 'only {profile}' : 'no website known'),
    'site-parked': '{url}: {marker}',
    'site-unreachable': (params: Values) => site(params) || '{url} answers {status}',
    'site-unread': (params: Values) => site(params) || '{url} answers {status}',
    'site-sound': '{url} answers {status}',
    reviews: ({ count }: Values) => `{count} ${plural('en', Number(count), 'review', 'reviews')}`,
    rating: 'rated {rating} by {count}',
    status: 'status {status}',
    'status-bounce': 'mail came back: addresses are not counted',
    'do-not-contact': ({ status }: Values) =>
      status ? 'status {status}' : 'on the list of those not to contact',
    'cap-security': 'weak points of this kind count {cap} at most',
    'cap-technical': 'weak points of this kind count {cap} at most',
    'cap-mobile': 'weak points of this kind count {cap} at most',
    'cap-seo': 'weak points of this kind count {cap} at most',
    'cap-performance': 'weak points of this kind count {cap} at most',
    'cap-legal': 'weak points of this kind count {cap} at most',
    'cap-weaknesses': 'weak points of the site count {cap} at most',
    'cap-no-contact': 'nobody to contact is known',
    'cap-total': 'the scale ends at {cap}',
    floor: 'the scale starts at 0',
  },
})

const templateOf = (locale: Locale, reason: string, params: Values): string | null => {
  const texts: Record<string, Template> = pointEvidenceTexts(locale)
  const template = Object.hasOwn(texts, reason) ? texts[reason] : undefined
  return typeof template === 'function' ? template(params) : (template ?? null)
}

/** What a point of the score was given for, in the reader's language; a point of another version of the program
 *  shows the English sentence stored with it. */
export const pointEvidenceText = (
  locale: Locale,
  point: { reason: string; params: Values; evidence: string },
): string => {
  const { reason, params, evidence } = point
  if (isRuleId(reason)) return findingEvidence(locale, { id: reason, params, evidence })
  const template = templateOf(locale, reason, params)
  const code = params['code']
  const values = {
    ...namedValues(locale, params),
    ...(typeof code === 'string' && { reason: crawlErrorText(locale, code) }),
  }
  return template !== null && hasAll(template, values) ? fillIn(locale, template, values) : evidence
}

/** The same in English as it is stored and printed by `--json`. */
export const plainPointEvidence = (reason: string, params: Values): string => {
  if (isRuleId(reason)) return plainFinding(reason, params)
  const why = params['message'] ?? (params['code'] && crawlErrorText('en', String(params['code']))) ?? '?'
  return fillPlain(templateOf('en', reason, params) ?? '', { ...namedValues('en', params), reason: why })
}
