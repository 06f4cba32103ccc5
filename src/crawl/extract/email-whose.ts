import type { PageView } from './page-view.ts'
import type { PagePurpose } from './parsed-page.ts'
import { registrableDomain } from './site-identity.ts'

const SHORTEST_BEARER = 4
const ENOUGH_OF_TEAM = 2
const SHORTEST_WORD = 5
const MAX_OFFICER = 160

/** Domains of professions, whose members have their addresses there */
const SHARED_DOMAINS = new Set(
  'mssante.fr apicrypt.org apicrypt.fr notaires.fr avocat-conseil.fr avocat.fr avocats.fr avoues.fr cci.fr medecin.fr chirurgiens-dentistes.fr chirurgiens-dentistes-en-france.fr pharmacien.fr greta.fr inforoutes-ardeche.fr inforoutes.fr architectes.org experts-comptables.fr expert-comptable.fr geometre-expert.fr huissier-justice.fr commissaire-justice.fr chambagri.fr chambersign.fr pec.it legalmail.it pecmail.it cert.legalmail.it veterinaire.fr pharmagest.com offisecure.com resopharma.fr perso.fr ac-nancy-metz.fr agents.allianz.fr agents.axa.fr axa.fr thelem-assurances.fr agents.generali.fr'.split(
    ' ',
  ),
)
/** True for a domain that many share by their profession, or one below it: 57021.notaires.fr is an office's, the list
 *  of public suffixes says so, too, and knows it as a domain of its own. */
export const isSharedDomain = (domain: string): boolean =>
  domain.split('.').some((_, at, labels) => SHARED_DOMAINS.has(labels.slice(at).join('.')))

/** "Écrivez-nous : ", "Réservations : " */
export const INVITES =
  /(?<!\p{L})(?:nous ([ée]crire|joindre|contacter)|[ée]crivez|[ée]crire|contactez|r[ée]servations?|inscriptions?|secr[ée]tariat|candidatures?|renseignements?|adressez|envoyez|write to|contact us|schreiben sie|anfragen|scrivete|prenotazioni|reservas|escr[íi]banos)(?!\p{L})[^.;\n]{0,50}$/iu
export const BLOG_PATH = /\/(?:blog|actualites?|actus?|news|articles?|journal|posts?)(?:\/|$|\?|-)/i
/** What unfinished templates say of themselves */
const TEMPLATE =
  /template|th[eè]me wordpress|colorlib|html5 ?up|bootstrapmade|templatemo|w3layouts|themewagon/i

/** A page still in parts what its template came with: addresses of another name in it are its demo's. */
export function isTemplate(view: PageView): boolean {
  if (/^zxx?$/i.test(view.lang ?? '')) return true
  const described = view.metas.find(({ name }) => name === 'description')?.content ?? ''
  if (TEMPLATE.test(`${view.title ?? ''} ${described}`)) return true
  return view.lines.slice(-6).some(({ text }) => /made with|template/i.test(text) && TEMPLATE.test(text))
}

/** Companies hire others to look after the law on data. */
const DATA_OFFICER =
  /(?:protection des donn[ée]es|\bDPO\b|\bDPD\b|protecci[óo]n de datos|protezione dei dati|datenschutzbeauftragte\p{L}*|data protection officer)[^;\n]{0,100}$/iu

export const isOfOfficer = ({ text }: PageView, position: number | null): boolean =>
  position !== null && DATA_OFFICER.test(text.slice(Math.max(0, position - MAX_OFFICER), position))

/** All but the last pair of a French number */
const PAIRS = /\d\d(?:[ .]\d\d){2}[ .]$/
/** "06 40 22 87 19maelle@…": how many digits before an address are of the number before it */
export const pairOfNumber = (text: string, start: number, at: number): number =>
  PAIRS.test(text.slice(Math.max(0, start - 12), start)) && /^\d\d\p{L}/u.test(text.slice(start, at)) ? 2 : 0

/** "Renseignements : ACEPP 21, Noémie Goux, acepp21@acepp.asso.fr": whose domain it is stands before it. */
export function namesBearer(said: string, domain: string): boolean {
  const before = said.replace(/\S*@.*$/, '').toLowerCase()
  return (registrableDomain(domain) ?? domain)
    .split('.')[0]!
    .split('-')
    .some((word) => {
      const at = word.length >= SHORTEST_BEARER ? before.indexOf(word) : -1
      return at >= 0 && /\p{Lu}/u.test(said[at]!)
    })
}

/** A domain that two addresses of a page share is the house's where its team is presented, or when it shares a word
 *  with the site's: huber-immobilier.fr on agence-huber.fr. */
export const isTeamDomain = (view: PageView, purpose: PagePurpose, domain: string): boolean =>
  (purpose === 'team' || sharesWord(domain, view.siteHost)) &&
  view.lower.split(domain).length > ENOUGH_OF_TEAM

/** Whether two domains have a word of their names in common. */
export function sharesWord(domain: string, siteHost: string): boolean {
  const wordsOf = (host: string): string[] =>
    (registrableDomain(host) ?? host)
      .split('.')[0]!
      .split('-')
      .filter((word) => word.length >= SHORTEST_WORD)
  const words = wordsOf(siteHost)
  return wordsOf(domain).some((word) => words.includes(word))
}

const PARENTS = /^(?:www\.)?(?:apel|ogec|fcpe|peep|(?:association|asso)[.-]?parents)(?![a-z]{3})|^ape[.-]/
/** Associations of parents write from mailboxes of their own, not from the school's. */
export const isOfParents = (local: string, siteHost: string): boolean =>
  PARENTS.test(local) && !PARENTS.test(siteHost)
