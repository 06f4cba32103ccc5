import { isFirstName } from './names.ts'
import { IN_NAV, lineAt, type PageView } from './page-view.ts'

const SHORTEST_SERIES = 4
/** Numbers of one series differ by so much at most. */
const CLOSE = 2_000
const MAX_ROW = 160
const LINES_BEFORE_SERIES = 3
const MAX_HEAD = 80
const MAX_COLUMN_HEAD = 30

/** The head of a column of references, or the label of one: French, English, German, Italian, Spanish, Dutch. */
const REFERENCE_WORDS = String.raw`r[ée]f(?:s|[ée]rences?)?|art(?:icle|ikel)?s?|art(?:ikel)?[.-]*\s?-?(?:nr|nummer|no)|(?:n°|no|num[ée]ro) (?:d['’]\s?)?(?:article|produit|pi[èe]ce|commande|lot|r[ée]f[ée]rence)|bestell-?\s?(?:nr|nummer|code)|teile-?\s?(?:nr|nummer)|codes? ?(?:article|produit|barres?|fournisseur|articolo|prodotto|ean)?|codice(?: (?:articolo|prodotto))?|cod|c[óo]digo|referencia|riferimento|rif|referentie|sku|ean|gtin|upc|part (?:no|number)s?|item (?:no|number|code)s?|product (?:code|no|number)s?|order (?:no|code|number)s?|catalog(?:ue)? (?:no|number)s?|mat(?:erial)?[.-]*-?nr|p/n|s/n|mod[èe]les?|model(?:l|lo|o)?|ndc|cip(?:13)?|oem`
const REFERENCE_HEAD = new RegExp(String.raw`^(?:${REFERENCE_WORDS})\.?\s?[:#°]?$`, 'iu')
const REFERENCE_LABEL = new RegExp(
  String.raw`(?<!\p{L})(?:bestell-?\s?(?:nr|nummer|code)|art(?:ikel)?[.-]*\s?-?(?:nr|nummer|no)|teile-?\s?(?:nr|nummer)|codice articolo|part (?:no|number)|item (?:no|number|code)|product (?:code|number)|order (?:no|code|number)|c[óo]digo|referencia|sku|oem|p/n)\.?\s?[:#]?\s?$`,
  'iu',
)
const PHONE_HEAD =
  /(?<!\p{L})(?:t[ée]l|t[ée]l[ée]phones?|phones?|telefon\p{L}*|telefoon\p{L}*|tel[ée]fonos?|mobiles?|mobil|portables?|gsm|natel|fax|durchwahl|direkt|directs?|diretto|num[ée]ros? (?:utiles?|direct\p{L}*)|contacts?|kontakte?|contatti|contactos|extensions?|postes?|lignes? directes?|annuaire|[ée]quipe|notre personnel)(?!\p{L})/iu
/** Who answers: offices and functions, beside a number of a series. */
const OFFICE =
  /(?<!\p{L})(?:accueil|standard|secr[ée]tariat|service|comptabilit[ée]|compta|direction|directeur|directrice|commercial\p{L}*|vente|ventes|sav|achats?|atelier|magasin|agence|bureau|location|gestion|transaction|urbanisme|[ée]tat civil|cantine|cr[èe]che|[ée]cole|mairie|logistique|exp[ée]dition|qualit[ée]|rh|ressources humaines|empfang|zentrale|sekretariat|verkauf|einkauf|buchhaltung|werkstatt|lager|reception|sales|office|support|accounts?|accounting|purchasing|ufficio|segreteria|amministrazione|vendite|acquisti|oficina|ventas|recepci[óo]n|onthaal|verkoop|boekhouding|mme|mr|m\.|dr|herr|frau|sig|sig\.ra)(?!\p{L})/iu
/** What a row of a catalogue holds: prices, measures, codes of articles. */
const PRODUCT =
  /\d\s?(?:€|mm|cm|kg|g|ml|bar|kW|V|A)(?![\p{L}\d])|(?:€|CHF|EUR|£|\$)\s?\d|\d[.,]\d{2}(?!\d)|[Øø×]|(?<![\p{L}\d])\p{Lu}{1,5}[ -]?\d{1,4}(?![\d\p{L}])/u

/** A number that a text shows: where, as which digits, and whether a word before it says that it is a phone. */
export type ShownNumber = { start: number; end: number; value: string; raw: string; labelled: boolean }

/** Of the numbers of a page in order, those that are references of articles: below the head of a column of such, after
 *  such a label, or four and more that count up without a phone's word, a link, a name or an office beside them.
 *  `linked`: numbers that a link invites to call. */
export function referencesAmong(
  view: PageView,
  numbers: ShownNumber[],
  linked: ReadonlySet<string>,
): Set<ShownNumber> {
  const found = new Set<ShownNumber>()
  const open = numbers.filter(({ labelled, value }) => !labelled && !linked.has(value))
  const isInTable = referenceTables(view)
  for (const number of open) {
    const before = view.text.slice(Math.max(0, number.start - 40), number.start).replace(/\n/g, ' ')
    if (isInTable(number) || REFERENCE_LABEL.test(before) || isPriced(view, number)) found.add(number)
  }
  if (open.length < SHORTEST_SERIES) return found
  for (const series of seriesOf(open))
    if (isCatalogue(view, numbers, series)) series.forEach((one) => found.add(one))
  return found
}

/** Tells of numbers, asked in their order, whether they are cells below heads that name references and no phones. */
function referenceTables(view: PageView): (number: ShownNumber) => boolean {
  let next = 0
  let references = false
  let phones = false
  return ({ start, end }) => {
    const index = lineAt(view, start)
    for (; next < index; next++) {
      const { tag, text } = view.lines[next]!
      if (tag !== 'td' && tag !== 'th') references = phones = false
      else if (text.length < MAX_COLUMN_HEAD) {
        references ||= REFERENCE_HEAD.test(text.trim())
        phones ||= PHONE_HEAD.test(text)
      }
    }
    const line = view.lines[index]
    return references && !phones && line?.tag === 'td' && line.text.length <= end - start + 3
  }
}

/** <td>Potelet</td><td>06.10.20.30.40</td><td>64,50 €</td>: an article has a price, who is called has none. */
function isPriced(view: PageView, { start, end }: ShownNumber): boolean {
  const index = lineAt(view, start)
  const [above, line, next] = view.lines.slice(Math.max(0, index - 1), index + 2)
  if (line?.tag !== 'td' || next?.tag !== 'td' || line.text.length > end - start + 3) return false
  const said = above!.text
  return PRICE.test(next.text) && !OFFICE.test(said) && !TO_BE_CALLED.test(said) && !namesSomebody(said)
}
const TO_BE_CALLED = /urgence|d[ée]pannage|astreinte|renseignement|r[ée]servation|appel|num[ée]ro/i
const PRICE = /^[\d ]{1,9}[.,]\d{2} ?(?:€|EUR|CHF)(?: ?(?:HT|TTC))?$/i

/** Unlabelled numbers as long as each other that lie close to one another. */
function seriesOf(numbers: ShownNumber[]): ShownNumber[][] {
  const sorted = numbers
    .map((number) => ({ number, digits: Number(number.value.slice(1)) }))
    .sort((one, other) => one.digits - other.digits)
  const groups: ShownNumber[][] = []
  let last = Number.NEGATIVE_INFINITY
  for (const { number, digits } of sorted) {
    if (digits - last > CLOSE) groups.push([])
    groups.at(-1)!.push(number)
    last = digits
  }
  return groups.filter((group) => new Set(group.map(({ value }) => value)).size >= SHORTEST_SERIES)
}

function isCatalogue(view: PageView, all: ShownNumber[], series: ShownNumber[]): boolean {
  const first = Math.min(...series.map(({ start }) => start))
  const line = lineAt(view, first)
  for (const { text, flags, start } of view.lines.slice(Math.max(0, line - LINES_BEFORE_SERIES), line + 1)) {
    const said = text.slice(0, Math.max(0, first - start))
    if (!(flags & IN_NAV) && PHONE_HEAD.test(said.slice(-MAX_HEAD))) return false
  }
  let people = 0
  let products = 0
  let bare = 0
  for (const number of series) {
    const row = rowOf(view, all, number)
    if (OFFICE.test(row) || namesSomebody(row)) people++
    else if (PRODUCT.test(row)) products++
    if (/^\d+$/.test(number.raw)) bare++
  }
  if (people * 2 >= series.length) return false
  return products * 2 >= series.length || bare === series.length
}

/** What stands between the number before and the next one. */
function rowOf(view: PageView, all: ShownNumber[], { start, end }: ShownNumber): string {
  const at = all.findIndex((one) => one.start === start)
  const from = Math.max(all[at - 1]?.end ?? 0, start - MAX_ROW)
  const to = Math.min(all[at + 1]?.start ?? view.text.length, end + MAX_ROW)
  return `${view.text.slice(from, start)} ${view.text.slice(end, to)}`
}

const namesSomebody = (row: string): boolean =>
  (row.match(/\p{Lu}[\p{Ll}’'-]{2,}(?=\s\p{Lu})/gu) ?? []).some((word) => isFirstName(word.toLowerCase()))
