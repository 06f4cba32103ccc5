import words from './others-words.data.json'
import { purposeOfPage } from './page-purpose.ts'
import { isFirstName } from './names.ts'
import { namesAnotherHouse } from './other-houses.ts'
import peopleWords from './people-words.data.json'
import { IN_FOOTER, IN_HEADER, IN_NAV, isIn, lineAt, type PageView } from './page-view.ts'
import { registrableDomain } from './site-identity.ts'

const MAX_CLAUSE = 160
const MAX_LABEL = 60
const MAX_NAME = 70
const LINES_BACK = 3
const MAX_IDENTITY = 1_500

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** What may stand between the beginning of a clause and the word that says who is meant. */
const BEFORE = String.raw`^(?:[\p{L} ’'-]{2,24}:)?(?:[^\p{L}]*(?:la|le|les|l['’]|l|un|une|votre|contact|contacts|contacter|contactez|appelez|appeler|joindre|joignez|composez|avec|chez|ou|et|and|und|call|adressez-vous|s['’]adresser|voir|renseignements?|service clients?|agrement|billetterie|points? de vente|infos?|reservations?|inscriptions?|aupres|a|au|de|du|des|d['’]|tel\.?|telephone|urgences?|en cas d['’]urgence(?: vitale)?|de nuit|par|nos|notre|suivi|membres? (?:de (?:la|l['’])|du|des|de)|mitglied (?:de[rs]|im|bei(?:m| der))|member of(?: the)?))*[^\p{L}]*`
const KINDS = words.kinds.map((kind) => ({
  strict: kind.strict === true,
  trade: kind.trade === true,
  kin: kind.kin === '' ? null : new RegExp(kind.kin),
  label: new RegExp(
    String.raw`${kind.anywhere ? String.raw`(?<![\p{L}-])` : BEFORE}(${kind.words})(?!\p{L})`,
    'u',
  ),
}))
/** "Distributeur de fenêtres" tells what a company does, "Distributeur pour la Suisse : …" and "notre distributeur"
 *  speak of another. */
const ANOTHER_AFTER = /^[^:]{0,50}:/
const ANOTHER_BEFORE =
  /(?<!\p{L})(?:notre|nos|mon|mes|our|unser\p{L}*|nostr[oaie]|nuestr[oa]s?|onze|son|leur)\s(?!.* (?:est|sont|is|are|ist|sind) )[^:]{0,30}$/u
/** "Notaire associé, médiateur": what somebody of the house is, besides. */
const BESIDE_A_JOB =
  /^(?:maitre |me |m\. |mme )?(?:notaires?|avocat|expert|gerant|directeur|directrice|president|associe|collaborat|consultant|ingenieur|architecte|formateur|juriste|rechtsanw|anwalt|lawyer|partner|founder|fondat|avvocat|abogad)[^:]*(?:,| et| &| und| and| e| y)\s$/
/** "Responsable partenaires", "Devenir revendeur", "Chef de chantier": what a house calls its own people and services */
const OWN_DEPARTMENT =
  /(?:^|[^a-z])(?:responsables?|cheff?e?s?|conduct(?:eur|rice)s?|relations?|espace|poles?|chargee?s?|direct(?:eur|rice|ion)s?|gestion(?:naire)?s?|departement|devenir|cellule|coordinat(?:eur|rice|ion)|animat(?:eur|rice)|accueil|services?|commercial[a-z]*|abteilung|leit(?:er|erin|ung)|account|become an?|trade) (?:(?:[a-z]+|[/&]) ){0,2}(?:(?:de|des|du|aux?|les|la|le|avec les|d['’]|l['’])\s?)*$/
/** "Insurance claims: ", "Vertriebspartner werden" */
const WHAT_FOR = /^ (?:enquir|inquir|claims?|work|repair|accounts|relations|werden|anfrage|schaden)/
/** "Votre revendeur Stihl à Metz : ", "Ihr Partner für Heizung: ": what a house is to whoever reads it */
const TO_READER =
  /(?:^|\s)(?:votre|vos|ihr[a-z]{0,2}|your|uw|jouw|dein[a-z]{0,2}|su|tu|vostro)\s(?:[a-z-]+ ){0,2}$/
const SAID_BY_LAW = /mediat|concilia|ombud|garant/
/** "Comptable : Sylvie Petit, " */
const WHO_DOES_IT = /^[^:]*:\s*(?:$|(?:m|mme|mlle|mr|mrs|ms|herr|frau)\.? |([\p{L}-]+))/u
const TEAM_PATH = new RegExp(peopleWords.places.teamPath, 'iu')
const FEW_WORDS = 3
const EARLY = 20
const TAGS_OF_LABELS = /^(?:dt|th|td|h[1-6])$/
const OF_TOWN = new RegExp(String.raw`${BEFORE}${words.town}(?!\p{L})`, 'u')
const TOWN = /^(?:www\.)?(?:mairie|commune|ville)(?:-|de|d)|(?:^|[^a-z])(?:mairie|commune|ville) d/
/** "(Carrelages Mazaud, 05 …)", "(cabinet Fourmond Lenoir, tél. 02 …)": another house, named in brackets before its number */
const HOUSE_IN_BRACKETS = new RegExp(
  String.raw`\((?:le |la |l['’]|les )?(?:${words.houses}) ([^(),;:\d]{2,50}),\s?(?:(?:tel(?:ephone)?\.?|au|:)\s?){0,2}$`,
)
/** "… (clinique partenaire)" after the number */
const SAID_AFTER =
  /^\s?\([^)]{0,50}(?:partenaire|partner|independant|prestataire|externe|sous-traitant|confrere|importat|distribut|revendeur|assur(?:eur|ance))/
/** Words that stand at any number and say nothing of whose it is. */
const EMPTY_WORDS =
  /(?<!\p{L})(?:t[ée]l(?:[ée]phones?)?|phone|tel[ée]f(?:ono|oon|on)?|telefon|fon|fax|t[ée]l[ée]copie|mobile|mobil|portable|port|gsm|natel|cell(?:ulare)?|cel|e-?mail|mail|courriel|m[ée]l|mob|fixe|et|ou|or|und|and|oder|n°|num[ée]ro|appel gratuit|au|[TFMPE])(?!\p{L})/giu
/** The word for a number right before it: "Partenaire Enedis. Tél. : " */
const PHONE_LABEL =
  /[\s.,;:–—-]*(?<!\p{L})(?:t[ée]l(?:[ée]phone)?|phone|telefon[oe]?|mobile|portable|gsm|fax|au|[TMP])[\s.:–—-]*$/iu
/** "Avocats au barreau de Metz": what somebody belongs to is not what he is. */
const MEMBERSHIP = /(?:au|aux|du|a l['’]|de l['’]|de la|la)\s?(?:chambre|ordre|conseil|barreau)(?![a-z])/g
/** "Membre de la CAPEB – 03 …" gives its own number, unless an address came between. */
const MEMBER = /^[^a-z]*(?:membres?|mitglied|member) /
const OURS =
  /(?<![\p{L}-])(?:si[èe]ge|standard|accueil|secr[ée]tariat|notre|nos|nous|mon|ma|mes|showroom|our|unser\p{L}*|nostr[oaie]|nuestr[oa]s?|onze|ons)(?!\p{L})/iu
const ADDRESS_LINE = /\d|^(?:rue|place|avenue|route|chemin|zone|z\.?[ai]|bp|lieu|le bourg)\b/i
const ABBREVIATED =
  /(?:^|[\s(])(?:M|MM|Mr|Mme|Mlle|Dr|Drs|Me|Pr|St|Ste|T|F|P|Tel|T[ée]l|av|bd|bld|pl|rte|n|Cell|Cel|Mob|Port|Fax|Messrs|Hr|Fr|Sig|Sr|Ing|Dott|Arch|Avv|c\/o|\p{L}*[Ss]tr|[A-Z])$/u

/** Tells of a position in a page whether the words before it name somebody else: partners, importers, insurers,
 *  public services, associations, professions that the site's own name does not speak of. `end` is where the number
 *  or address ends. */
export function othersNamer(view: PageView): (position: number, end: number) => boolean {
  let name: string | null = null
  const identity = (): string => (name ??= siteName(view))
  let deep: boolean | null = null
  const isDeep = (): boolean => (deep ??= isDeepPage(view))
  const isTeam = TEAM_PATH.test(fold(URL.parse(view.url)?.pathname ?? ''))
  const names = (label: string, alone: boolean, above = false): boolean => {
    const plain = fold(label.replace(PHONE_LABEL, '')).trim()
    const ours = isOurs(label)
    if (plain === '' || (MEMBER.test(plain) && !/\d{4}/.test(plain))) return false
    const town = TOWN.test(identity())
    if (town && OF_TOWN.test(plain)) return true
    if (!town && saysSite(plain, view.siteHost)) return false
    const ended = above && /[.!?]$/.test(label)
    if (!ended && namesAnotherHouse(label, identity(), !above && isDeep())) return true
    return KINDS.some(({ kin, label: pattern, strict, trade }) => {
      if (trade && isTeam) return false
      const found = pattern.exec(plain)
      if (!found || (ours && !strict) || kin?.test(identity()) || isItself(found[1]!, identity()))
        return false
      const before = plain.slice(0, found.index)
      if (trade && (strict ? isPerson(plain.slice(found.index)) : isDoctorAbroad(found[1]!, view)))
        return false
      if (strict && BESIDE_A_JOB.test(before) && !plain.includes(':')) return false
      if (strict && (ended || isOfHouse(plain, before, found[1]!))) return false
      if (!strict || (alone && plain.split(' ').length <= FEW_WORDS)) return true
      return (
        (found.index <= EARLY && ANOTHER_AFTER.test(plain.slice(found.index + found[0].length))) ||
        ANOTHER_BEFORE.test(before)
      )
    })
  }
  return (position, end) => {
    if (isIn(view.ofHouse, position)) return false
    const index = lineAt(view, position)
    const line = view.lines[index]
    if (!line) return false
    if (SAID_AFTER.test(fold(view.text.slice(end, end + 70)))) return true
    const said = line.text.slice(0, position - line.start)
    if (said.includes('(') && isAnotherHouse(said, identity())) return true
    const clause = clauseBefore(said)
    if (saysSomething(clause))
      return names(clause, false) || names(lastPart(clause), false) || names(inBrackets(clause), false)
    // "<dt>Gendarmerie</dt><dd>03 …": a label on a line of its own, an address between them at most.
    for (let back = 1; back <= LINES_BACK && index >= back; back++) {
      const above = view.lines[index - back]!
      if (above.flags & IN_NAV || above.text.length > MAX_LABEL) return false
      if ((above.flags ^ line.flags) & (IN_HEADER | IN_FOOTER)) return false
      const bare = withoutNumbers(above.text)
      if (!saysSomething(bare)) continue
      if (names(bare, TAGS_OF_LABELS.test(above.tag), true)) return true
      if (!ADDRESS_LINE.test(above.text)) return false
    }
    return false
  }
}

/** Whether the word for another says what a department of the house or the house itself does. */
const isOfHouse = (plain: string, before: string, found: string): boolean =>
  !SAID_BY_LAW.test(found) &&
  (OWN_DEPARTMENT.test(before) ||
    WHAT_FOR.test(plain.slice(before.length + found.length)) ||
    (TO_READER.test(before) && !/:\s*[a-z]/.test(plain)))

function isPerson(said: string): boolean {
  const who = WHO_DOES_IT.exec(said)
  return who !== null && (who[1] === undefined || isFirstName(who[1]))
}

/** Out of France "Dr." says what somebody has learnt. */
const isDoctorAbroad = (found: string, { lang, siteHost }: PageView): boolean =>
  found.startsWith('dr') && (lang ? !/^fr/i.test(lang) : /\.(?:de|at|ch|nl|uk|ie)$/.test(siteHost))

/** Whether brackets that are still open name a house of which the site's own name says nothing. */
function isAnotherHouse(said: string, identity: string): boolean {
  const text = said.slice(-MAX_CLAUSE)
  // "(entreprise individuelle, " names none.
  if (!/\([^(),]* (?:d['’]|l['’])?\p{Lu}[^()]*$/u.test(text)) return false
  const house = HOUSE_IN_BRACKETS.exec(fold(text))
  return (
    house !== null && !house[1]!.split(/[^a-z]+/).some((word) => word.length > 3 && identity.includes(word))
  )
}

/** "Association Mouvance Danse" on danse-studio-mouvance.com; "Mairie de Metz" is not plombier-metz.fr. */
export function saysSite(label: string, siteHost: string): boolean {
  const parts = (registrableDomain(siteHost) ?? '')
    .split('.')[0]!
    .split('-')
    .filter((part) => part.length > 2)
  const said = parts.filter((part) => label.includes(part)).length
  // secretariat.porteneuve@… on cabinet-medical-porte-neuve.fr
  if (
    parts.some(
      (part, at) => at > 0 && (parts[at - 1]! + part).length > 7 && label.includes(parts[at - 1]! + part),
    )
  )
    return true
  return said > 0 && said * 2 > parts.length && (parts.length > 1 || parts[0]!.length > 4)
}

/** A site says of itself what it is: École Sainte-Marie is not another's on ecole-sainte-marie.fr. */
function isItself(found: string, identity: string): boolean {
  // The chamber of notaries is no notary.
  if (/^(?:chambre|ordre|conseil|barreau) /.test(found))
    return identity.replaceAll(MEMBERSHIP, ' ').includes(found)
  const word =
    found
      .split(/[^a-z]+/)
      .filter((one) => one.length >= 4)
      .at(-1) ?? ''
  return word !== '' && identity.includes(word.slice(0, 7))
}

/** A page on which a house does not give its own contacts, but those of others in passing. */
const isDeepPage = (view: PageView): boolean => {
  const parsed = URL.parse(view.url)
  return parsed !== null && parsed.pathname !== '/' && purposeOfPage(view) === 'other'
}

const isOurs = (clause: string): boolean => OURS.test(clause.replace(AWAY_OURS, ' '))
const AWAY_OURS =
  /(?:en dehors|hors) de (?:nos|mes) |(?:pendant|durant) (?:nos|mes) |en (?:notre|mon) absence|outside our |(?:au[ßs]+erhalb|bei|in|w[äa]hrend) (?:unserer|meiner) /giu

export const saysSomething = (text: string): boolean =>
  /\p{L}{2}/u.test(text.replace(/\S+@\S+|https?:\S+|www\.\S+/g, ' ').replace(EMPTY_WORDS, ' '))

const withoutNumbers = (text: string): string => text.replace(/[+(]?\d[\d .()/-]{6,}\d/g, ' ')

/** What a line says right before a position: from the sign or the number that ended what was said before it. */
export function clauseBefore(before: string): string {
  const text = before.slice(-MAX_CLAUSE)
  let from = 0
  for (const match of text.matchAll(/[;|•·—]|[.?]\s|\s[–-]\s|\/\s|\)\s?[,.]?|\S+@\S+|\d[\d .()/-]{6,}\d/g)) {
    const sign = match[0]
    const end = match.index + sign.length
    if (/^\.\s$/.test(sign) && ABBREVIATED.test(text.slice(0, match.index))) continue
    const rest = text.slice(end)
    // "Palais de justice : quai X, 44921 Nantes – 02 …", "Gendarmerie 03 … / 06 …": nothing new is said after it.
    if (!saysSomething(rest)) break
    // "… (Groupama, MAAF). Dépannage : " begins anew.
    if (sign.startsWith(')') && !(sign.endsWith('.') && /^\s/.test(rest))) continue
    if (/^\s[–-]\s$/.test(sign) && from === 0 && text.slice(0, match.index).length < MAX_NAME) {
      // "UK importer – Messrs. Alden" goes on; "Bureau 03 … – Agence" does not.
      if (!/\d{2}/.test(text.slice(0, match.index))) continue
    }
    from = end
  }
  return text.slice(from)
}

/** "Dr Monique Barbier, PMI de la Côte-d'Or, ": where somebody works stands last, with a capital. */
const lastPart = (clause: string): string => {
  const last = clause.split(/[,(]/).findLast(saysSomething)?.trim() ?? ''
  return /^\p{Lu}/u.test(last) ? last : ''
}

/** "Marché de Guer (organisateur : comité des fêtes, ": what brackets that are still open say */
const inBrackets = (clause: string): string => /\(([^()]*)$/.exec(clause)?.[1] ?? ''

/** What a page says its site is called: host, title, headings, header. */
export function siteName(view: PageView): string {
  const parts = [view.siteHost, view.siteHost.replaceAll('-', ' '), view.title ?? '', ...view.h1.slice(0, 3)]
  for (const { name, content } of view.metas)
    if (name === 'og:site_name' || name === 'og:title') parts.push(content)
  for (const line of view.lines.slice(0, 60))
    if (line.flags & IN_HEADER && !(line.flags & IN_NAV) && line.text.length <= MAX_NAME)
      parts.push(line.text)
  for (const line of view.lines.slice(-12))
    if (/©|copyright/i.test(line.text)) parts.push(line.text.slice(0, MAX_NAME))
  return fold(parts.join(' ').slice(0, MAX_IDENTITY))
}
