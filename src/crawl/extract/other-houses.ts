// How a page names another house right before its number: in the absence of its own people, after the label of a
// service, where it recommends somebody. A house of which the site's own name says nothing is another's.
import { fold, isFirstName } from './names.ts'
import words from './others-words.data.json'

const MAX_HOUSE = 50
const SHORTEST_WORD = 4
/** "Gästezimmer: Pension Huber, ", "Chambres d'hôtes : Le Mas de Mme Peyre, ": a service and the house that gives it */
const HOUSE_AFTER_LABEL = new RegExp(
  String.raw`(?:^|[.;?!] )([\p{L}][\p{L}\p{M} ’'-]{2,40}) ?: ?(?:[Cc]hez |[Àà] )?(?:[Ll][ea] |[Ll]es |[Ll]['’]|[Tt]he |[Dd]as |[Dd]ie |[Dd]er |[Ii]l )?(${withAndWithoutCapital(words.otherHouses)}) ((?:d[eu] |des |d['’]|l[ea] |les |l['’]|aux? |zu[mr] |of )*[\p{Lu}][^:;]{1,60})$`,
  'u',
)
/** Labels under which a house speaks of itself or of a part of its own */
const LABEL_OF_HOUSE =
  /(?<![a-z])(?:edit|propriet|exploit|raison|denomination|contact|adress|siege|societe|respons|direct|gerant|publication|coordonn|inhaber|betreiber|anbieter|owner|operated|agence|bureau|magasin|boutique|atelier|accueil|cabinet|succursale|filiale|etablissement|site|nom|enseigne|firma|rendez|tel|phone|restaurant|reserv|inscri|renseign|vente|location(?! de (?:velo|ski|voiture|canoe|kayak|bateau|raquette))|lieu|ou nous)/
/** "Bureau de Nouméa : ", "Trésorier : ": what is named after it is a part of the house or who answers. */
const OWN_LABEL = new RegExp(`^(?:${words.ownLabels})`)
/** Whether a label in lower case without accents says that the house speaks of itself. */
export const isLabelOfHouse = (label: string): boolean => LABEL_OF_HOUSE.test(label) || OWN_LABEL.test(label)
const PUBLIC_PLACE = new RegExp(
  String.raw`^(?!(?:Beside|Near|Opposite|Behind|Next|Above|Across|Adjacent|At|By|In|Off) )(?:\p{Lu}[\p{L}\p{M}’'.-]* ){1,4}(${words.publicPlaces})[\s,:–-]*$`,
  'u',
)
/** "En dehors de nos horaires, …": who is there when the house is not */
const AWAY =
  /(?:en dehors|hors) (?:de[s ]?|d['’])\s?(?:nos |mes |ces )?(?:heures|horaires|jours|periodes)|(?:en (?:cas d['’])?|pendant |durant |en (?:notre|mon|leur) )(?:son |notre |mon |leur |nos |mes |les )?(?:absences?|conges|fermetures?|vacances)|out[ -]of[ -]hours|outside (?:our |of )*(?:opening |office |surgery )?hours|(?:in|during) our absence|when (?:we are|the practice is) closed|au(?:ß|ss)erhalb (?:unserer|der) [a-z]*(?:zeiten|stunden)|(?:bei|in|wahrend) (?:unserer|meiner) abwesenheit|urlaubsvertretung|fuori orario|fuera de horario/i
/** Who is named there: a title, or the word for what a house is, and a name with a capital */
const NAMED_THERE =
  /^(?! (?:de|du|d['’]))[^.;]*?(?<!\p{L})(?:[Dd]re?\.?|Drs|[Dd]octeur|Pr\.?|Me|[Mm]aitre|[Cc]abinet|[Cc]linique|CHV|[Cc]entre|[Ss]ervice|[Pp]raxis|[Tt]ierklinik|[Kk]linik|[Pp]harmacie|[Aa]potheke|(?!Not|Kunden|Service)\p{Lu}[a-z]+dienst|[Ss]tudio|[Aa]mbulatorio|[Ff]armacia|[Cc]linica) (?:\p{Ll}+ ){0,2}(?:d['’]|l['’])?\p{Lu}/u
/** Who is there for the house all the same: "contactez notre service d’astreinte" */
const OWN_THERE =
  /(?<!\p{L})(?:notre|nos|mon|ma|mes|our|my|unser\p{L}*|mein\p{L}*|nostr[oaie]|nuestr[oa]s?|onze|ons)(?!\p{L})/iu
/** "La nuit et le dimanche, appelez Vetalia au ": times of others where a house is named, who need no title */
const AWAY_TIMES = /(?:la nuit|nuits?(?:,| et)|le dimanche|week-?ends?|jours feries|24 ?h|nachts|at night)/
/** Labels of what a house leaves to others, where one name is enough: "Transport scolaire : Keolis, " */
const OUTSOURCED =
  /transport|cantine|restauration|ramassage|navette|bus|incineration|mutuelle|tiers payant|blanchisserie|menage|gardiennage|remorquage|parking|noleggio|fahrradverleih|bike hire|car hire/
/** "Dans le même immeuble : " */
const BESIDE =
  /dans le même (?:immeuble|bâtiment)|(?:propriétaire|bailleur) (?:des murs|du terrain|des locaux|de l['’]immeuble)|bailleur ?:|gardien(?:ne)? de l['’]immeuble ?:/iu
/** "Votre interlocuteur chez Velux France : " */
const AT_ANOTHERS = /(?:interlocut|contact|correspondant|commercial|référent)\p{L}* chez (?!nous)(.+)$/iu
/** "Nous vous recommandons le restaurant L'Esquisse, ", "Nous travaillons avec Alpes Navette, "; where all nouns have
 *  capitals it takes two of them, side by side. */
const RECOMMENDED = [
  /que (?:nous|je) (?:recommand|conseill)\p{L}+ ?:(.*)$/u,
  /(?:[Nn]ous|[Oo]n|[Jj]e) (?:vous )?(?:recommand|conseill|suggér)\p{L}+ (?:d['’]aller |d['’]appeler )?(?:(?!(?:au|aux|à|du|par|en|sur|via|dès|pour|avant|entre|dans|chaque|tous|toutes?) )\p{Ll}+ |l['’]){0,2}(\p{Lu}.*)$/u,
  /(?:travaill|collabor)\p{L}+ (?:en lien |étroitement |main dans la main )?avec (?:\p{Ll}+ |l['’]){0,2}(\p{Lu}.*)$/u,
  /(?:[Ww]e (?:recommend|work with)|[Ww]ir (?:empfehlen|arbeiten mit)) (?:\p{Ll}+ ){0,2}(\p{Lu}[\p{L}’'-]+ (?:& )?\p{Lu}.*)$/u,
]
/** "…, contactez-nous au ": the house speaks of itself again. */
const OURSELVES = /(?<!\p{L})(?:nous|notre|nos|us|our|uns|unser\p{L}*)(?!\p{L})/iu
/** "appelez Vetalia au ", "For bicycles ring O'Shea's Cycles on " */
const CALLED =
  /(?<!\p{L})(?:appel(?:ez|er)|contact(?:ez|er)?|joindre|joignez|ring|call|phone) (?:le |la |les |l['’]|the )?(\p{Lu}[^,;:()]{2,50}?)(?: ?,? (?:au|on|at|sur le)| ?[,:(])? ?$/u
const AFTER_COLON = /^(?:.*[.;?!] )?([\p{L}\d][^:;]{1,50}?) ?: ?([^:;]{2,120}?) ?[,:(–-]? ?$/u
const ARTICLE = /^(?:chez |la |le |les |l['’]|the |das |die |der |il )/iu
/** What a house calls its own people, parts, places and times */
const NO_HOUSE = new RegExp(`^(?:${words.noHouse})(?![a-z])`)
/** "Alte Poststraße 4", "Unit 4 Mill Lane" */
const STREET = new RegExp(`(?:${words.streetEnds})(?![a-z])|(?<![a-z])(?:${words.streetsAbroad})(?![a-z])`)
/** "Carte Vitale acceptée": no name ends so. */
const PHRASE = / \p{Ll}[\p{Ll}’'-]*$/u
const OF_PLACE = /[ -](?:sur|sous|en|les|lès|lez|am|im|upon)[ -]/u
const COMPOUND = /\p{Ll}\p{Lu}|(?<!\p{L})\p{Lu}{3,}|\p{L}['’](?:\p{Lu}|ma |n )|\p{L} \d{1,2}$/u

/** Whether what stands right before a number names another house. `isDeep`: the page is neither the first nor one on
 *  which a house gives its own contacts. */
export function namesAnotherHouse(clause: string, identity: string, isDeep: boolean): boolean {
  return (
    speaksOfAbsence(clause, identity) ||
    isHouseAfterLabel(clause, identity) ||
    isPublicPlace(clause, identity) ||
    BESIDE.test(clause) ||
    isAtAnothers(clause, identity) ||
    isRecommended(clause, identity) ||
    isCalled(clause, identity) ||
    (isDeep && isServiceOfHouse(clause, identity))
  )
}

/** "En cas d'absence : Dr Weber, …": whoever is named there, unless the site has his name. */
function speaksOfAbsence(label: string, identity: string): boolean {
  const clause = label.normalize('NFD').replace(/\p{M}/gu, '')
  const away = AWAY.exec(clause)
  const rest = away ? clause.slice(away.index + away[0].length) : ''
  return NAMED_THERE.test(rest) && !OWN_THERE.test(rest) && !sharesName(fold(rest), identity)
}

/** "Gästezimmer: Pension Huber, ", "Chambres d'hôtes : Le Mas de Mme Peyre, ": a service and the house that gives it */
function isHouseAfterLabel(clause: string, identity: string): boolean {
  const said = HOUSE_AFTER_LABEL.exec(clause)
  if (!said || isLabelOfHouse(fold(said[1]!))) return false
  return !sharesName(fold(said[2]!), identity) && !sharesName(fold(said[3]!), identity)
}

/** "Kerry Airport: ", "Pat's Cabs " */
function isPublicPlace(clause: string, identity: string): boolean {
  const said = PUBLIC_PLACE.exec(clause.trim())
  return said !== null && !identity.includes(fold(said[1]!).replace(/(?:ies|y|s)$/, ''))
}

export const sharesName = (said: string, identity: string): boolean =>
  said.split(/[^a-z]+/).some((word) => word.length >= SHORTEST_WORD && identity.includes(word))

function isAtAnothers(clause: string, identity: string): boolean {
  const house = AT_ANOTHERS.exec(clause)?.[1]
  return house !== undefined && !sharesName(fold(house), identity)
}

function isRecommended(clause: string, identity: string): boolean {
  return RECOMMENDED.some((pattern) => {
    const said = pattern.exec(clause)?.[1]
    if (said === undefined || OURSELVES.test(said)) return false
    const name = said.split(/[,:(]/)[0]!.trim()
    // "Je travaille avec Julie"
    if (NO_HOUSE.test(fold(name)) || (name !== '' && isFirstName(name))) return false
    return !sharesName(fold(name), identity)
  })
}

/** "appelez Vetalia au ": whom the site tells to call by a name that is no person's */
function isCalled(clause: string, identity: string): boolean {
  const name = CALLED.exec(clause)?.[1]
  return name !== undefined && isHouse(name, identity, isOftenLeftToOthers(fold(clause)))
}

/** "Contrôle technique : Autovision Blagnac, " */
function isServiceOfHouse(clause: string, identity: string): boolean {
  const said = AFTER_COLON.exec(clause)
  if (!said) return false
  const label = fold(said[1]!)
  const [name = '', ...more] = said[2]!.split(/,|\(| [–-] /)
  // "Véhicules : BMW, Audi": a list names no house.
  if (more.some((part) => /^ ?\p{Lu}/u.test(part) && !/\d/.test(part))) return false
  return !isLabelOfHouse(label) && isHouse(name, identity, isOftenLeftToOthers(label))
}

const isOftenLeftToOthers = (said: string): boolean => AWAY_TIMES.test(said) || OUTSOURCED.test(said)

/** Whether a name with capitals is a house's: no person's, no town's, no department's and not the site's own. One word
 *  is enough only where `single` or where it is made as brands are. */
function isHouse(raw: string, identity: string, single: boolean): boolean {
  const name = raw.trim().replace(ARTICLE, '')
  if (name.length > MAX_HOUSE || !/^\p{Lu}/u.test(name) || /\d{3}/.test(name)) return false
  if (NO_HOUSE.test(fold(name)) || STREET.test(fold(name)) || OF_PLACE.test(name) || PHRASE.test(name))
    return false
  if (sharesName(fold(name), identity)) return false
  const words = name.split(/[\s-]+/)
  if (words.some((word) => isFirstName(word))) return false
  const capitals = words.filter((word) => /^\p{Lu}/u.test(word)).length
  return capitals >= 2 || single || COMPOUND.test(name)
}

function withAndWithoutCapital(list: string): string {
  return list.replace(/(?<=^|\|)\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`)
}
