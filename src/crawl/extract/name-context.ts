// What the words directly before and after a name say of the one who bears it. Each judgement looks at a short stretch
// beside the name only, anchored at the name, so that the cost is one of names and not of text.
import words from './people-words.data.json'
import { type RoleKind, beginsAsRole, looseRole, readRole, roleKindOf } from './roles.ts'

export type Said = { role: string; roleKind: RoleKind }
/** `weight` in the unit of people-lines.ts: 3 is enough for a fact. */
export type Evidence = { weight: number; role: Said | null; method: 'legal-notice' | 'text' }

const { before: BEFORE, after: AFTER } = words.context
const WORD_START = /(?<![\p{L}-])[\p{L}©(]/gu
const LAST_WORDS = 9
export const MAX_TITLE_LINE = 160
type AtEnd = { exec: (text: string) => RegExpExecArray | null; test: (text: string) => boolean }
/** Matches at the end of a text, looked for from its last few words only: `pattern$` would be tried everywhere. */
const atEnd = (pattern: string): AtEnd => {
  const sticky = new RegExp(String.raw`(?:${pattern})$`, 'uy')
  const exec = (raw: string): RegExpExecArray | null => {
    const text = raw.toLowerCase()
    for (const start of wordStarts(text)) {
      sticky.lastIndex = start
      const match = sticky.exec(text)
      if (match) return match
    }
    return null
  }
  return { exec, test: (text) => exec(text) !== null }
}
let startsOf = { text: '', starts: [] as number[] }
function wordStarts(text: string): number[] {
  if (startsOf.text !== text)
    startsOf = { text, starts: [...text.matchAll(WORD_START)].map((match) => match.index).slice(-LAST_WORDS) }
  return startsOf.starts
}
const atStart = (pattern: string): RegExp => new RegExp(String.raw`^(?:${pattern})`, 'iu')

const TITLE_AT_END =
  /(?:(?<!\p{L})(?:M|MM|Mr|Mme|Mmes|Mlle|Dr|Dre|Me|Mrs|Ms|Monsieur|Madame|Ma[iî]tre|Docteur|Melle|Herrn?|Frau|Prof|rag|Rag|dott(?:\.ssa)?|Dott(?:\.ssa)?|Ing|ing|Avv|Sig(?:\.ra)?|Dipl\.-Ing)\.?\s*|\(FH\)\s*|[«“"]\s*)$/u
const PLACE = atEnd(String.raw`(?:${BEFORE.places})(?: (?:de|du|des|la|le|les|d['’]|l['’]))*\s*`)
const PLACE_START = atStart(String.raw`(?:${BEFORE.places})(?![\p{L}])`)
const NOT_STAFF = atEnd(String.raw`(?:${BEFORE.others})(?: (?:de|du|des|la|le|les|d['’]|l['’]))*\s*:?\s*`)
const BYLINE =
  /(?:^|\s)(?:par|by|von|por|di|da|door|auteur|author|publi[ée] par|posted by|[ée]crit par)\s*:?\s*$/i
const WRITES =
  /^,? (?:r[ée]dact(?:eur|rice)|journaliste|pigiste|blogueu(?:r|se)|auteure?|writer|author)(?!\p{L})/iu
/** "Par Agathe Lenoir, rédactrice santé, le 12/03/2024": who wrote what a magazine or an agency sold. */
export const isByline = (before: string, after: string): boolean => BYLINE.test(before) && WRITES.test(after)
const OF = /(?:\s|^)(?:de|d['’]|du|des|of|von|di|del|van)\s*$/i
const KIN = atEnd(String.raw`(?:${BEFORE.possessives}) (?:${BEFORE.kin})\s*,?\s*`)
const ANCESTORS = atEnd(String.raw`(?:${BEFORE.ancestors})\s*,?\s*(?:de |par )?`)
const PASSIVE = atEnd(
  String.raw`(${BEFORE.passive})(?: (?:en|depuis|in|since|im jahr|nel|en el año|seit|sinds)? ?\d{4})?,? (?:par|by|von|durch|por|da|dal|door|[àa])\s*(?:(?:${BEFORE.possessives}) (?:${BEFORE.kin})\s*,?\s*)?`,
)
/** "Fondé en 1988 par": whoever began so long ago, and is not named otherwise, has left it to others. */
const BEGAN_LONG_AGO =
  /^(?:fond|cr[ée]{2}|ouvert|found|start|set|gegr|opger)\D{0,40}(?:1[0-8]\d\d|19(?:[0-8]\d|9[0-5]))\D/i
const ARTICLE = /(?:^|[\s«])(?:la|le|les|the|der|die|das|il|el)\s$|l['’]$/i
const NO_APPOSITION =
  /^(?:membres?|adh[ée]rente?s?|atelier|accueil|secr[ée]tariat|salle|direction|gestion|communication|marketing|export|comercial|president|principal|director|expert)(?:\s|$)|\s(?:de|du|des|la|le|[àa]|of|chez|par|avec|pour|l['’]|d['’])$/iu
const NAMED = atEnd(String.raw`(?:${BEFORE.naming})\s*`)
/** The German press law asks for it, with its paragraphs. */
const RESPONSIBLE = /verantwortlich[^:]{0,80}:\s*$/i
const COPYRIGHT = atEnd(String.raw`${BEFORE.copyright}\s*(?:(?:par|by) )?`)
const BEGUN_WITH = /(?:repris|fond[ée]|cr[ée]{2}|ouvert|founded|started)e?s? [^.;:]{0,50}(?:avec|with) $/i
const LABEL =
  /(?:^|[.;|•·–—(,!?»]\s*|\s-\s*)([^.;:|•·–—()!?]{2,80}?)(?: \([^)]{1,40}\))?\s*(?::|\s[–—-]|–|—)\s*$/u
const DETERMINER =
  /^(?:le|la|l['’]|les|un|une|son|sa|ses|leur|notre|votre|nos|vos|mon|ma|the|our|your|his|her|its|der|die|unser|unsere|ihr|ihre|sein|seine|il|lo|el|nuestro|nuestra|su|onze|de|het)\s?$/i
const OWN =
  /^(?:son|sa|ses|leur|notre|votre|nos|vos|mon|ma|our|your|his|her|its|unsere?|ihre?|seine?|nuestr[oa]|su|onze)$/i
/** Saisonniers 2024, Bureau 2023-2024, … depuis 2008 */
const DATED = /(?: depuis| en| de)? (?:19|20)\d\d(?:\s?[-–/]\s?(?:20)?\d\d)?$/
const FORMER_LABEL = new RegExp(`^(?:${BEFORE.formerLabels})(?![\\p{L}])`, 'iu')
const LABELS_OF_STAFF = new RegExp(String.raw`^(?:\d+[.)]? ?)?(?:${BEFORE.labels})$`, 'iu')
const LEGAL =
  /publication|r[ée]daction|repr[ée]sent|[ée]dit|g[ée]rant|pr[ée]sident|propri[ée]t|individuel|responsable l|dirigean|gesch[äa]ftsf|inhaber|verantwortlich|legale|titolare|titular|zaakvoerder|director/i
const NO_LABEL = new RegExp(String.raw`(?<![\p{L}])(?:${BEFORE.foreignLabels})(?![\p{L}])`, 'iu')

/** "Animatrice du lieu", "Responsable de projets": a title of the house that ends in such a word */
const OF_HOUSE =
  /^(?:responsable|direct(?:eur|rice)|charg[ée]e|chef(?:fe)?|animat(?:eur|rice)|coordinat(?:eur|rice)|assistante?|r[ée]gisseu(?:r|se)|gestionnaire|adjointe?)s? [^:]{0,30}(?:lieux?|projets?|programm\p{L}+|programmes?|spectacles?|expositions?|livres?|marques?|concerts?|conf[ée]rences?|clients?|rencontres?)$/iu

/** Said in brackets it outweighs any label: "Maréchal-ferrant : Loïc Penven (indépendant)" */
const OUTSIDER =
  /^\s?\((?:ind[ée]pendante?|externe|ext[ée]rieure?|invit[ée]e?|guest|ancien|ex-|d[ée]c[ée]d|†|partenaire|b[ée]n[ée]voles? ext|randstad|adecco|manpower|proman|synergie|tempo-team|start people)|^,? (?:est )?(?:depuis )?(?:partie?|retrait[ée]e?|install[ée]e? [àa] son compte|who (?:has )?(?:left|retired|moved))(?: depuis| aujourd['’]hui)?(?: [àa]| en| au| aux| vers| pour|(?=[,.;)]))/i
export const isOutsider = (after: string): boolean => OUTSIDER.test(after)
const DATES =
  /^\s*,?\s*\(?(?:n[ée]e?\s*(?:en\s*)?)?[*†]?\s*(?:1[0-9]\d\d|20\d\d)\s?[–—-]\s?(?:1[0-9]\d\d|20\d\d|\))/
const NOT_STAFF_AFTER = atStart(AFTER.others)
const COMPANY_AFTER =
  /^,? (?:S\.?A\.?R\.?L|S\.?A\.?S\.?U?|E\.?U\.?R\.?L|SA|SCI|SNC|SELARL|GmbH|AG|KG|Ltd|LLP|Inc|BV|NV|SRL|SL|[ÉE]ditions|Consulting|Architectes|Avocats|& (?:Fils|Associ|Cie|Co)|et (?:Fils|Associ))\b/
const SOLE_TRADER =
  /^,? \(?(?:EI|E\.I\.|entrepreneu(?:r|se) individuel(?:le)?|auto-?entrepreneu(?:r|se)|micro-?entrepreneu(?:r|se))(?=[\s,.;)–-]|$)/i
/** "Entreprise Kelly BONNEAU, n° SIREN 819 …": a person with a number of its own is a company of one. */
const NUMBERED = /^\s?[,–—:(-]? ?(?:n° ?)?(?:siren|siret)(?!\p{L})/iu
const IS =
  /^\s?(?:,\s)?(?:est|is|ist|è|es|en qualité d[e'’]|agissant en (?:qualité|tant) (?:de|que)|en tant que)\s(?:le |la |l['’]|un |une |notre |votre |the |our |der |die |unser |il |el )?\s?(.{3,60})/iu
const VERB = atStart(String.raw`,?\s(?:${AFTER.verbs})(?![\p{L}])`)
/** "Jean Petit et son fils Luc vous accueillent" */
const WITH_OTHERS = String.raw`(?:,? (?:et|and|und|y|e|en) (?:son|sa|ses|leurs?|his|her|their|seine?|ihre?|su|sua|suo) [^.;:]{3,40})?`
const HOSTS = atStart(String.raw`${WITH_OTHERS},?\s(?:${AFTER.hosts})(?![\p{L}])`)
/** "Stanislas Kowalczyk, élève d’Étienne Vatelot, construit …" */
const AFTER_A_CLAUSE = new RegExp(
  String.raw`^,[^.;:]{3,90},?\s(?:${AFTER.verbs}|${AFTER.leads}|${AFTER.hosts})(?![\p{L}])`,
  'iu',
)
/** "… est une maison de la cinquième génération", "Antoine et Camille, 5e génération" */
const OF_GENERATION =
  /^,? (?:(?:de |la |in )?(?:\d{1,2} ?(?:e|è|[eè]me|er|[èe]re|th|nd|rd|\.|ª) ?|(?:premi|deuxi|troisi|quatri|cinqui|sixi|septi)[èe]me |(?:second|third|fourth|fifth) |\p{L}+ter )g[ée]n[ée]ra[tcz]ione?)(?!\p{L})/iu
const LEADS = atStart(String.raw`,?\s(?:${AFTER.leads})(?![\p{L}])`)
const CLAUSE_END = /(?<!(?<!\p{L})\p{Lu})\.|[;|•·(){}\n»"]|\s[–—-]\s|(?<=\p{Ll}) : |\s(?=[\w.+-]+@)|\s\+?\d/u
const CLAUSE_CUT =
  /,| (?:depuis|qui|dont|a|est|vous|nous|who|since|seit|contact|[ée]crire|voir|t[ée]l)(?![\p{L}])| et (?=son |sa |\p{Lu})/u

const withoutTitles = (before: string): string => before.replace(TITLE_AT_END, '').replace(TITLE_AT_END, '')

/** « Au top ! » – Jean-Luc Berset */
const SAID_BY = /[»”]\s*[–—,-]*\s*$|[“"]\s*[–—-]\s*$/

/** Nothing that a name stands in this way before is one of the staff: streets, schools, credits, guests. */
export const isForeignBefore = (before: string): boolean => {
  const plain = withoutTitles(before).replace(/©\s*$/, '')
  return SAID_BY.test(plain) || PLACE.test(plain) || NOT_STAFF.test(plain)
}
/** What the sentence up to a name says of everyone named in it: guests, the honoured, teachers, other firms. */
export const isForeignSentence = (sentence: string): boolean => FOREIGN_SENTENCE.test(sentence)
const FOREIGN_SENTENCE = new RegExp(`(?:${BEFORE.sentences})`, 'iu')
/** "président de la FFC", "directrice de l’Agence régionale": the body, to be compared with the site's own name. */
export const otherBody = (after: string): string | null => OTHER_BODY.exec(after)?.[1] ?? null
const OTHER_BODY = new RegExp(
  String.raw`^,? (?:[Vv]ice-)?(?:[Pp]r[ée]sidente?|[Dd]irect(?:eur|rice)|[Ss]ecr[ée]taire|[Tt]r[ée]sori(?:er|[èe]re)|[Mm]embre|[Dd][ée]l[ée]gu[ée]e?|[Cc]hef(?:fe)?)(?: g[ée]n[ée]rale?| r[ée]gionale?| d[ée]partementale?| nationale?)? (?:de la|du|de l['’]|des|de)\s?((?!(?:RH|SI|SAV|BE|DSI|QSE|QHSE|HSE|IT|CA|CSE|CE|SARL|SAS|SASU|SA|EURL|SCI|SCOP|EARL|GAEC|SCEA|SELARL|SNC|GIE)(?!\p{L}))\p{Lu}{2,10}(?!\p{L})|\p{Lu}[\p{L}-]+ France(?!\p{L})|(?:${otherBodies()})(?!\p{L}))`,
  'u',
)
/** The words of the list with a capital or without. */
function otherBodies(): string {
  const list = words.context.otherBodies
  return list.replace(/(?<=^|\|)\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`)
}
/** "À bientôt," on the line before a name */
export const isClosing = (text: string): boolean => text.length < 60 && CLOSING.test(text)
const CLOSING = new RegExp(`^(?:${words.context.closings})(?: [^.;:]{0,25})?[\\s,.!…–—-]*$`, 'iu')
/** "avocats", "menuisiers": a house with the name of its founders */
export const isPlural = (role: string): boolean => PLURAL.test(role)
const PLURAL = /^(?!commis|assis|gens|dans|plus)\p{Ll}{3,}[^s\P{L}]s(?=[\s,.]|$)/u
/** "Place du marché" under a name is no title. */
export const isPlace = (text: string): boolean => PLACE_START.test(text)
export const isForeignAfter = (after: string): boolean =>
  DATES.test(after) || SCORE.test(after) || NOT_STAFF_AFTER.test(after)
/** "Tim Atkin 93, James Suckling 91": what a critic gave, what a player won */
const SCORE = /^ \d{1,3}(?:\/\d+)?(?=[,;.]|$)/

/** What stands before a name: a label, a title, "fondée par", "son épouse". */
export function evidenceBefore(raw: string): Evidence {
  const before = withoutTitles(raw)
    .replace(/\s+$/, ' ')
    .replace(/(?<!\p{L})[Rr]esp\. ?(?::|$)/u, 'Responsable :')
  const none: Evidence = { weight: 0, role: null, method: 'text' }
  if (before.trim() === '') return none
  const passive = PASSIVE.exec(before)
  if (passive && BEGAN_LONG_AGO.test(passive[0])) return none
  if (passive) return { weight: 2.2, role: passiveRole(passive[1]!), method: 'legal-notice' }
  if (ANCESTORS.test(before)) return { ...none, weight: -2.5 }
  if (RESPONSIBLE.test(before))
    return { weight: 2.3, role: { role: 'Verantwortlich', roleKind: 'other' }, method: 'legal-notice' }
  const label = LABEL.exec(before)?.[1]?.trim()
  if (label) {
    if ((NO_LABEL.test(label) && !OF_HOUSE.test(label)) || FORMER_LABEL.test(label))
      return { ...none, weight: -3 }
    const role = labelRole(label) ?? (label.includes(',') ? labelRole(label.split(',').at(-1)!.trim()) : null)
    const method = LEGAL.test(label) ? 'legal-notice' : 'text'
    // "Atelier théâtre : …" may name a piece; "Gérant : …" names a person.
    if (role) return { weight: NO_APPOSITION.test(label) ? 1.5 : 2.3, role, method }
    if (LABELS_OF_STAFF.test(label.replace(DATED, '')))
      return { weight: /^(?:votre|ihre?|your)/i.test(label) ? 2.6 : 1.8, role: null, method: 'legal-notice' }
    if (label.split(' ').length <= 4 && !/\d{3}/.test(label))
      return { weight: /:\s*$/.test(before) ? 0.9 : 0.3, role: looseLabel(label), method }
    return none
  }
  if (NAMED.test(before)) return { ...none, weight: 2 }
  if (COPYRIGHT.test(before)) return { ...none, weight: 1 }
  if (BEGUN_WITH.test(before)) return { ...none, weight: 2 }
  const beside = roleAtEnd(before)
  if (beside) return beside
  if (KIN.test(before)) return { ...none, weight: 1.9 }
  if (BYLINE.test(before)) return { ...none, weight: -1.5 }
  if (OF.test(before)) return { ...none, weight: -1.5 }
  if (ARTICLE.test(before)) return { ...none, weight: -2 }
  return none
}

function labelRole(label: string): Said | null {
  const found = readRole(
    label
      .replace(/^\d+(?:[.)] ?| )/, '')
      .replace(NAME_OF, '')
      .replace(OUR, ''),
  )
  return found && { ...found, role: capital(found.role) }
}

/** "Nos coachs : …" */
const OUR = /^(?:nos|vos|notre|our|unsere?|nuestr[oa]s?|i nostri|onze) /i

const looseLabel = (label: string): Said => ({ role: capital(label), roleKind: roleKindOf(label) ?? 'other' })

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const LEADING = new Set<RoleKind>(['owner', 'director', 'manager'])
const ENGLISH_ROLE =
  /^[a-z-]+ (?:manager|chef|director|engineer|designer|coach|technician|assistant|nurse|vet|baker|brewer)$/i
const NOTHING_SAID: Evidence = { weight: 0, role: null, method: 'text' }

/** "…, représentée par son gérant, M. Paul Klein": the title directly before. */
function roleAtEnd(before: string): Evidence | null {
  const tail = before.slice(
    Math.max(...['.', ';', ':', '!', '?', '(', ')', '|', '·'].map((s) => before.lastIndexOf(s))) + 1,
  )
  const list = tail
    .replace(/(?: est| sont| is| ist)?\s*,?\s*$/, '')
    .trim()
    .split(/ |(?<=[ld]['’])/)
  for (let count = Math.min(6, list.length); count >= 1; count--) {
    const phrase = list
      .slice(-count)
      .join(' ')
      .replace(/(?<=['’]) /g, '')
    if (
      !(beginsAsRole(phrase) || ENGLISH_ROLE.test(phrase)) ||
      NO_APPOSITION.test(phrase) ||
      / \p{Lu}\p{Ll}/u.test(phrase)
    )
      continue
    const role = readRole(phrase.replace(/(?: en exercice| actuele?)$/, ''))
    if (!role) continue
    const determiner = list.at(-count - 1) ?? ''
    const own = OWN.test(determiner)
    const free =
      count === list.length ||
      DETERMINER.test(determiner) ||
      /^(?:et|and|und|e|y|en)$/i.test(determiner) ||
      // "SARL au capital de 3 000 €, gérante Solenn Thomas"
      (determiner.endsWith(',') && LEADING.has(role.roleKind)) ||
      /^\p{Lu}/u.test(phrase)
    if (!free) continue
    // "le designer Philippe …" works elsewhere, "le gérant …" does not.
    const apart = /^(?:le|la|l['’]|les|un|une|the|der|die|il|lo|el|de|het)$/i.test(determiner)
    const kin = KIN.test(
      `${list
        .slice(0, -count - 1)
        .join(' ')
        .replace(/,$/, '')} `,
    )
    if (apart && !kin && !/^(?:owner|director|manager)$/.test(role.roleKind))
      return { ...NOTHING_SAID, weight: 0.6 }
    const legal = LEGAL.test(phrase) && /repr[ée]sent|soci[ée]t[ée]|dont|[ée]dit/i.test(before)
    return {
      weight: own || kin ? 2.1 : 1.8,
      role: { ...role, role: capital(role.role) },
      method: legal ? 'legal-notice' : 'text',
    }
  }
  return null
}

function passiveRole(verb: string): Said | null {
  if (/^(?:fond|cr[ée]{2}|found|start|set|gegr|fund|opger|ouvert)/i.test(verb))
    return { role: 'Fondateur', roleKind: 'owner' }
  if (/^(?:repr[ie]s|tenu)/i.test(verb)) return { role: 'Gérant', roleKind: 'owner' }
  if (
    /^(?:repr|dirig|g[ée]r|run|led|lead|own|gef|gelei|diret|gest|beheer|exploit|anim|manag|operat|head)/i.test(
      verb,
    )
  )
    return { role: 'Dirigeant', roleKind: 'owner' }
  return null
}

/** What stands after a name: a title after a comma, in brackets or right beside it; a verb of the house. */
export function evidenceAfter(after: string, known: boolean): Evidence {
  const none: Evidence = { weight: 0, role: null, method: 'text' }
  if (SOLE_TRADER.test(after))
    return {
      weight: 2.6,
      role: { role: 'Entrepreneur individuel', roleKind: 'owner' },
      method: 'legal-notice',
    }
  if (COMPANY_AFTER.test(after)) return { ...none, weight: -3 }
  const is = IS.exec(after)
  const named = is && beginsAsRole(is[1]!) ? clauseRole(is[1]!) : null
  if (named) return { weight: 2.1, role: named, method: 'text' }
  const apart = /^\s?(?:[,:|•·(/]|\s?[–—-](?=\s))\s*(?:-\s)?(?:votre |notre |your |our )?(.{2,110})/u.exec(
    after,
  )
  // What a colon follows is the label of what comes next.
  if (apart && !/^[^.;|·•(]{2,50}?\s?:\s/.test(apart[1]!)) {
    const role = clauseRole(apart[1]!)
    if (role) return { weight: 2.2, role, method: 'text' }
    if (AFTER_A_CLAUSE.test(after)) return { ...none, weight: 1.6 }
    const other = /^[,:(]/.test(after) ? null : looseRole(apart[1]!)
    if (other) return { weight: 0.7, role: other, method: 'text' }
  }
  const beside = /^ (\p{L}.{2,60})/u.exec(after)?.[1]
  if (beside && beginsAsRole(beside)) {
    const role = clauseRole(beside)
    if (role) return { weight: 2, role, method: 'text' }
  }
  if (LEADS.test(after))
    return { weight: 1.8, role: { role: 'Dirigeant', roleKind: 'owner' }, method: 'text' }
  if (known && NUMBERED.test(after))
    return {
      weight: 2.1,
      role: { role: 'Entrepreneur individuel', roleKind: 'owner' },
      method: 'legal-notice',
    }
  if (OF_GENERATION.test(after)) return { ...none, weight: 1.9 }
  if (HOSTS.test(after)) return { ...none, weight: 2.1 }
  if (VERB.test(after)) return { ...none, weight: 1.8 }
  return none
}

/** A title that begins a line: all of it, else its first clause ("éleveur, président du syndicat 1991-1999"). */
export function roleOfLine(raw: string): Said | null {
  const text = raw.replace(NAME_OF, '')
  const role =
    readRole(text) ?? (beginsAsRole(text) && text.length <= MAX_TITLE_LINE ? clauseRole(text) : null)
  return role && text !== raw ? { ...role, role: capital(role.role) } : role
}
const NAME_OF = /^(?:\d+[.)] ?)?(?:noms?(?: et pr[ée]noms?)?|identit[ée]) (?:du |de la |de l['’]|des |de )/i

/** The longest part of a clause that is a title: all of it, else up to where it goes on to something else. */
function clauseRole(text: string): Said | null {
  const clause = text
    .split(CLAUSE_END)[0]!
    .replace(/(?:[\s,:–-]|(?<=,) (?:et|and|und)|\s(?:contact|écrire))+$/iu, '')
  for (const part of [clause, clause.split(CLAUSE_CUT)[0]!, clause.split(/ et | and | und /)[0]!]) {
    const role = part.length > 1 && beginsAsRole(part, 3) ? readRole(part) : null
    if (role) return role
  }
  return null
}
