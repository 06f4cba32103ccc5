import { isForeignPath, type JsonLdNode, textOf, textsOf } from './json-ld.ts'
import { IN_QUOTE, oneLine, type PageView, snippetOfLine } from './page-view.ts'
import type { ProfileHint } from './parsed-page.ts'

const MAX_HOURS = 30
const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']
const DAY = String.raw`(?:lun(?:di|es|ed[iì])?s?|mar(?:di|tes|ted[iì])?s?|mer(?:credi|coled[iì])?s?|mi[ée](?:rcoles)?|jeu(?:di)?s?|jue(?:ves)?|gio(?:ved[iì])?|ven(?:dredi|erd[iì])?s?|vie(?:rnes)?|sam(?:edi)?s?|s[áa]b(?:ado|ato)?s?|dim(?:anche)?s?|dom(?:ingo|enica)?s?|mon(?:days?|tags?)?|tue(?:s(?:days?)?)?|dienstags?|wed(?:nesdays?)?|mittwochs?|thu(?:rs?(?:days?)?)?|donnerstags?|fri(?:days?)?|freitags?|sat(?:urdays?)?|samstags?|sun(?:days?)?|sonntags?|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|lu|me|je|ve|mo|di|mi|do|fr|sa|so|tous les jours|7j\s?\/\s?7|daily|täglich|todos los días)`
const DAYS_AT_START = new RegExp(
  String.raw`^(?:(?:nos )?(?:horaires?|heures)(?: d['’]ouverture)?\s*:?\s*)?(?:(?:magasin |bureau |atelier )?ouvert(?:ure)?e?s?\s*(?:du|le|:)?\s*|(?:opening hours|opening times|open|öffnungszeiten|horario|orari(?:o)?|openingsuren|geöffnet)\s*:?\s*)?(?:du |le |les |de |from |von |van |dal |da )?(${DAY})\.?(?:\s*(au|à|a|al|bis|tot|t\/m|-|–|—|to|\/|,|et|&|and|und|y|e|en)\s*(?:le |l['’])?(${DAY})\.?)?((?:\s*(?:,|et|&|\/)\s*${DAY}\.?)*)(?!\p{L})\s*[:–—|-]?\s*`,
  'iu',
)
const TIME = String.raw`(?<!\d)([01]?\d|2[0-4])\s?(?:(?:h|:|\.|u)\s?([0-5]\d)?|(?=\s?[ap]\.?m))(?:\s?([ap])\.?m\.?)?`
const SPAN = new RegExp(
  String.raw`${TIME}\s*(?:h|heures|uhr|uur)?\s*(?:à|a|alle|bis|tot|-|–|—|to|jusqu['’]à|>|\/|et|till|until)\s*(?:(midi|noon)|${TIME})`,
  'gi',
)
const A_DATE =
  /^(?:le )?\d{1,2}(?:er)?[ /.](?:\d{1,2}[ /.]|janv|f[ée]vr|mars|avr|mai|juin|juil|ao[ûu]t|sept|oct|nov|d[ée]c|january|march|april|may|june|july|august)/i
const CLOSED = /^(?:ferm[ée]e?s?|closed)\b/i

/** Opening hours in schema.org's short form (`Mo-Fr 09:00-12:00 14:00-18:00`): from JSON-LD, microdata and French
 *  or English lines that begin with a day. */
export function openingHours(view: PageView, jsonLd: JsonLdNode[], microdata: string[]): ProfileHint[] {
  const hints = new Map<string, ProfileHint>()
  const keep = (value: string, method: string, snippet: string, confidence: number): void => {
    if (hints.size < MAX_HOURS && !hints.has(value))
      hints.set(value, { kind: 'openingHours', value, pageUrl: view.url, method, snippet, confidence })
  }
  for (const { value, path, types } of jsonLd) {
    if (isForeignPath(path)) continue
    for (const text of textsOf(value.openingHours)) {
      const plain = shortForm(text)
      if (plain) keep(plain, 'json-ld', oneLine(text), 0.95)
    }
    if (!types.includes('OpeningHoursSpecification')) continue
    const days = textsOf(value.dayOfWeek).map((day) => dayNumber(day.replace(/^.*[/#]/, '')))
    const [opens, closes] = [clock(textOf(value.opens)), clock(textOf(value.closes))]
    if (days.some((day) => day < 0) || days.length === 0 || !opens || !closes || opens === closes) continue
    keep(`${dayRange(days)} ${opens}-${closes}`, 'json-ld', oneLine(`${opens} ${closes}`), 0.95)
  }
  for (const text of microdata) {
    const plain = shortForm(text)
    if (plain) keep(plain, 'microdata', oneLine(text), 0.93)
  }
  if (hints.size === 0)
    for (const { value, line } of linesOf(view)) keep(value, 'text', snippetOfLine(view, line), 0.8)
  return [...hints.values()]
}

/** Hours that stand before their days: "de 13 h à 22 h du mercredi au dimanche" */
const SPEAKS_OF_HOURS =
  /horaires?|ouvert|heures|open|zeiten|permanence|services? ?:|geöffnet|horario|abierto|orari|aperto|venez (?:nous )?voir|retrouvez[- ]nous|passez nous voir|visit us/i
/** "03 25 71 84 06 (8h30-12h / 13h30-17h30 du lundi au vendredi)" */
const THEN_DAYS = /\d ?h ?(?:\d\d)?,? du \p{L}{3,9} (?:au|à) \p{L}/iu
const EXCEPT = new RegExp(
  String.raw`\s*\(?(?:sauf|except|außer|excepto)\s*(?:le |les )?(${DAY})(?:\s*(?:et|,|&)\s*(${DAY}))?\)?`,
  'iu',
)
const DAYS_LATER = new RegExp(
  String.raw`(?<![\p{L}\d.@])(?:du |le |les |de )?(${DAY})\.?(?:\s*(au|à|a|al|bis|to|-|–|—|\/|et|&|and|und|y)\s*(${DAY})\.?)?()(?![\p{L}])\s*[:–—|-]?\s*`,
  'giu',
)

/** "Mo–Fr 8–17 Uhr" */
const UHR = /(?<![\d:.])(\d{1,2}) ?[-–—] ?(\d{1,2}) ?Uhr(?!\p{L})/gu

function* linesOf(view: PageView): Generator<{ value: string; line: number }> {
  for (const [index, line] of view.lines.entries()) {
    if (line.text.length > 220 || line.flags & IN_QUOTE) continue
    const text = line.text.replace(UHR, (_, opens, closes) => `${opens}:00–${closes}:00`)
    const match = DAYS_AT_START.exec(text)
    if (!match) {
      const speaks =
        /\d/.test(text) &&
        (text !== line.text ||
          SPEAKS_OF_HOURS.test(`${view.lines[index - 1]?.text ?? ''} ${text}`.slice(0, 300)) ||
          (THEN_DAYS.test(text) && !EXCEPT.test(text)))
      if (speaks) yield* laterIn(text, index)
      continue
    }
    const except = EXCEPT.exec(text.slice(match[0].length - 1))
    const closed = except ? [except[1], except[2]].map((day) => (day ? dayNumber(day) : -1)) : []
    const days = daysOf(match).filter((day) => !closed.includes(day))
    if (days.length === 0) continue
    const rest = text.slice(match[0].length)
    if (A_DATE.test(rest)) continue
    // "Lun.–ven. 8h30–12h30 / 14h–19h, sam. 9h–13h": each day has what stands up to the next.
    const parts = partsOf(rest)
    const hours = spansOf(parts[0]!.text)
    if (hours) {
      yield { value: `${dayRange(days)} ${hours}`, line: index }
      for (const part of parts.slice(1)) {
        const more = spansOf(part.text)
        if (more) yield { value: `${dayRange(part.days)} ${more}`, line: index }
      }
    } else if (rest === '') {
      // A table: the day in one cell, the hours in the next ones.
      const cells = view.lines.slice(index + 1, index + 3).map((next) => spansOf(next.text))
      const found = cells[0] ? cells.filter(Boolean).join(' ') : null
      if (found) yield { value: `${dayRange(days)} ${found}`, line: index }
    }
  }
}

function partsOf(text: string): { days: number[]; text: string }[] {
  const marks = [...text.matchAll(DAYS_LATER)].filter((match) => daysOf(match).length > 0)
  const parts: { days: number[]; text: string }[] = [
    { days: [], text: text.slice(0, marks[0]?.index ?? text.length) },
  ]
  for (const [at, mark] of marks.entries())
    parts.push({
      days: daysOf(mark),
      text: text.slice(mark.index + mark[0].length, marks[at + 1]?.index ?? text.length),
    })
  return parts
}

function* laterIn(text: string, line: number): Generator<{ value: string; line: number }> {
  const [first, ...parts] = partsOf(text)
  if (parts.length === 0 || parts.length > 7 || A_DATE.test(parts[0]!.text)) return
  const before = spansOf(first!.text)
  const only = parts.length === 1 && !spansOf(parts[0]!.text)
  if (only && before) yield { value: `${dayRange(parts[0]!.days)} ${before}`, line }
  else
    for (const part of parts) {
      const hours = spansOf(part.text)
      if (hours) yield { value: `${dayRange(part.days)} ${hours}`, line }
    }
}

function spansOf(text: string): string | null {
  if (CLOSED.test(text)) return null
  const spans = [...text.matchAll(SPAN)].map((match) => {
    const [, fromHour = '', fromMinute = '00', fromHalf, noon, toHour = '12', toMinute = '00', toHalf] = match
    return `${hourOf(fromHour, fromHalf)}:${fromMinute}-${noon ? '12' : hourOf(toHour, toHalf)}:${toMinute}`
  })
  return spans.length > 0 && spans.length <= 3 ? spans.join(' ') : null
}

const hourOf = (hour: string, half: string | undefined): string =>
  String((Number(hour) % (half ? 12 : 25)) + (half === 'p' || half === 'P' ? 12 : 0)).padStart(2, '0')

function daysOf(match: RegExpExecArray): number[] {
  const first = dayNumber(match[1]!)
  if (/^(?:tous|7j|daily|täg|todos)/i.test(match[1]!)) return [0, 1, 2, 3, 4, 5, 6]
  const second = match[3] ? dayNumber(match[3]) : -1
  const more = [...(match[4] ?? '').matchAll(new RegExp(DAY, 'gi'))].map((one) => dayNumber(one[0]))
  if (second < 0) return [first, ...more].filter((day) => day >= 0)
  if (/^(?:et|&|,|\/|and|und|y|e|en)$/i.test(match[2]!)) return [first, second, ...more]
  const days: number[] = []
  for (let day = first; days.length < 7; day = (day + 1) % 7) {
    days.push(day)
    if (day === second) break
  }
  return [...days, ...more]
}

const NAMES = [
  'lu|mo|maa',
  'mar|tu|dien|dins|di$',
  'me|we|mi|woe',
  'je|ju|th|gio|don|do$',
  've|vi|fr|vri',
  'sa|s[áa]b|za',
  'dim|dom|su|so|zo',
].map((name) => new RegExp(`^(?:${name})`, 'i'))
const dayNumber = (name: string): number => NAMES.findIndex((pattern) => pattern.test(name.trim()))

/** 0,1,2,3,4 → Mo-Fr; 1,4 → Tu,Fr */
function dayRange(days: number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b)
  const [low = 0, high = 0] = [sorted[0], sorted.at(-1)]
  if (sorted.length > 2 && high - low === sorted.length - 1) return `${DAYS[low]}-${DAYS[high]}`
  if (sorted.length === 2 && high - low === 1) return `${DAYS[low]}-${DAYS[high]}`
  return sorted.map((day) => DAYS[day]).join(',')
}

function clock(text: string | null): string | null {
  const match = /(?:^|T)(\d{1,2}):(\d\d)/.exec(text ?? '')
  return match ? `${match[1]!.padStart(2, '0')}:${match[2]}` : null
}

/** "Mo-Fr 9:00-18:00" made regular; null for anything else. */
function shortForm(text: string): string | null {
  const match =
    /^((?:Mo|Tu|We|Th|Fr|Sa|Su)[\w, -]{0,30}?)\s+((?:\d{1,2}:\d\d\s?[-–]\s?\d{1,2}:\d\d[,;\s]*)+)$/.exec(
      text.trim(),
    )
  if (!match) return null
  const days = match[1]!.replace(/\s*([,-])\s*/g, '$1')
  const spans = [...match[2]!.matchAll(/(\d{1,2}):(\d\d)\s?[-–]\s?(\d{1,2}):(\d\d)/g)]
  return `${days} ${spans.map(([, a = '', b, c = '', d]) => `${a.padStart(2, '0')}:${b}-${c.padStart(2, '0')}:${d}`).join(' ')}`
}
