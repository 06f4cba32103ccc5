import { isRuleId, ruleText } from '#src/analysis/messages.ts'
import { fillIn, type Values } from '#src/lib/fill-in.ts'
import { catalogue, type Locale } from '#src/lib/i18n.ts'
import type { Level } from './levels.ts'

export const levelNames = catalogue({
  fr: {
    'very-high': 'Très élevée',
    high: 'Élevée',
    medium: 'Moyenne',
    low: 'Faible',
    'very-low': 'Très faible',
    parked: 'Pas de vrai site',
    unreachable: 'Site injoignable',
    unread: 'Site non lu',
    excluded: 'À ne pas contacter',
  } satisfies Record<Level, string>,
  en: {
    'very-high': 'Very high',
    high: 'High',
    medium: 'Medium',
    low: 'Low',
    'very-low': 'Very low',
    parked: 'Parked site',
    unreachable: 'Site unreachable',
    unread: 'Site not read',
    excluded: 'Do not contact',
  },
})

/** Reasons of points that are not rules of the analysis. */
export const reasonTexts = catalogue({
  fr: {
    'contact-owner': 'Adresse professionnelle d’un décideur',
    'contact-person': 'Adresse professionnelle d’une personne',
    'contact-role': 'Adresse de l’entreprise',
    'contact-free': 'Adresse chez un fournisseur gratuit',
    'contact-phone': 'Seulement un téléphone',
    'contact-form': 'Seulement un formulaire de contact',
    'contact-none': 'Aucun contact connu',
    'contact-phone-too': 'Téléphone en plus',
    'site-none': 'Pas de site : tout est à faire',
    'site-parked': 'Adresse réservée mais sans vrai site',
    'site-unreachable': 'Site injoignable lors de la visite',
    'site-unread': 'Site non lu : rien n’en est connu',
    'site-sound': 'Aucun point faible du site ne compte',
    reviews: 'Entreprise active : {count} avis',
    rating: 'Bonne réputation : {rating} sur 5',
    status: 'Statut : {status}',
    'status-bounce': 'Adresse en erreur : les e-mails ne comptent pas',
    'do-not-contact': 'À ne pas contacter',
    'cap-security': 'Limite de la sécurité ({cap})',
    'cap-technical': 'Limite de la technique ({cap})',
    'cap-mobile': 'Limite du mobile ({cap})',
    'cap-seo': 'Limite du référencement ({cap})',
    'cap-performance': 'Limite de la vitesse ({cap})',
    'cap-legal': 'Limite des obligations légales ({cap})',
    'cap-weaknesses': 'Limite des points faibles du site ({cap})',
    'cap-no-contact': 'Limite sans contact connu ({cap})',
    'cap-total': 'Limite de l’échelle ({cap})',
    floor: 'Début de l’échelle (0)',
  },
  en: {
    'contact-owner': 'Business address of a decision-maker',
    'contact-person': 'Business address of a person',
    'contact-role': 'Address of the company',
    'contact-free': 'Address at a free provider',
    'contact-phone': 'A phone number only',
    'contact-form': 'A contact form only',
    'contact-none': 'Nobody to contact',
    'contact-phone-too': 'A phone number as well',
    'site-none': 'No site: everything is to be made',
    'site-parked': 'Address reserved but no real site',
    'site-unreachable': 'Site unreachable when visited',
    'site-unread': 'Site not read: nothing is known of it',
    'site-sound': 'No weak point of the site counts',
    reviews: 'Busy company: {count} reviews',
    rating: 'Good reputation: {rating} of 5',
    status: 'Status: {status}',
    'status-bounce': 'Address in error: e-mails do not count',
    'do-not-contact': 'Not to be contacted',
    'cap-security': 'Limit of security ({cap})',
    'cap-technical': 'Limit of technical points ({cap})',
    'cap-mobile': 'Limit of mobile ({cap})',
    'cap-seo': 'Limit of SEO ({cap})',
    'cap-performance': 'Limit of speed ({cap})',
    'cap-legal': 'Limit of legal duties ({cap})',
    'cap-weaknesses': 'Limit of the site’s weak points ({cap})',
    'cap-no-contact': 'Limit without anybody to contact ({cap})',
    'cap-total': 'Limit of the scale ({cap})',
    floor: 'Start of the scale (0)',
  },
})

/** Why a point was given: the weak point's title, or the text of its code. */
export const reasonText = (locale: Locale, point: { reason: string; params: Values }): string => {
  if (isRuleId(point.reason)) return ruleText(locale, { id: point.reason, params: point.params }).title
  const texts: Record<string, string> = reasonTexts(locale)
  return fillIn(locale, texts[point.reason] ?? point.reason, point.params)
}
