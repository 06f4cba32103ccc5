import { isForeignPath, type JsonLdNode, textOf, textsOf } from './json-ld.ts'
import { IN_QUOTE, oneLine, type PageView, snippetOfLine } from './page-view.ts'
import type { ProfileHint } from './parsed-page.ts'

const MAX_HOURS = 30
const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']
const DAY = String.raw`(?:lun(?:di)?s?|mar(?:di)?s?|mer(?:credi)?s?|jeu(?:di)?s?|ven(?:dredi)?s?|sam(?:edi)?s?|dim(?:anche)?s?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|tous les jours|7j\s?\/\s?7)`
const DAYS_AT_START = new RegExp(
  String.raw`^(?:horaires?(?: d['’]ouverture)?\s*:?\s*)?(?:ouvert(?:ure)?s?\s*(?:du|le|:)?\s*)?(?:du |le |les )?(${DAY})\.?(?:\s*(au|à|a|-|–|—|to|\/|,|et|&|and)\s*(${DAY})\.?)?((?:\s*(?:,|et|&|\/)\s*${DAY}\.?)*)(?!\p{L})\s*[:–—|-]?\s*`,
  'iu',
)
const TIME = String.raw`([01]?\d|2[0-4])\s?(?:h|:|\.)\s?([0-5]\d)?`
const SPAN = new RegExp(
  String.raw`${TIME}\s*(?:h|heures)?\s*(?:à|a|-|–|—|to|jusqu['’]à|>|\/|et)\s*${TIME}`,
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

function* linesOf(view: PageView): Generator<{ value: string; line: number }> {
  for (const [index, line] of view.lines.entries()) {
    if (line.text.length > 160 || line.flags & IN_QUOTE) continue
    const match = DAYS_AT_START.exec(line.text)
    if (!match) continue
    const days = daysOf(match)
    if (days.length === 0) continue
    const rest = line.text.slice(match[0].length)
    if (A_DATE.test(rest)) continue
    const hours = spansOf(rest)
    if (hours) yield { value: `${dayRange(days)} ${hours}`, line: index }
    else if (rest === '') {
      // A table: the day in one cell, the hours in the next ones.
      const cells = view.lines.slice(index + 1, index + 3).map((next) => spansOf(next.text))
      const found = cells[0] ? cells.filter(Boolean).join(' ') : null
      if (found) yield { value: `${dayRange(days)} ${found}`, line: index }
    }
  }
}

function spansOf(text: string): string | null {
  if (CLOSED.test(text)) return null
  const spans = [...text.matchAll(SPAN)].map((match) => {
    const [, fromHour = '', fromMinute = '00', toHour = '', toMinute = '00'] = match
    return `${fromHour.padStart(2, '0')}:${fromMinute}-${toHour.padStart(2, '0')}:${toMinute}`
  })
  return spans.length > 0 && spans.length <= 3 ? spans.join(' ') : null
}

function daysOf(match: RegExpExecArray): number[] {
  const first = dayNumber(match[1]!)
  if (/^(?:tous|7j)/i.test(match[1]!)) return [0, 1, 2, 3, 4, 5, 6]
  const second = match[3] ? dayNumber(match[3]) : -1
  const more = [...(match[4] ?? '').matchAll(new RegExp(DAY, 'gi'))].map((one) => dayNumber(one[0]))
  if (second < 0) return [first, ...more].filter((day) => day >= 0)
  if (/^(?:et|&|,|\/|and)$/i.test(match[2]!)) return [first, second, ...more]
  const days: number[] = []
  for (let day = first; days.length < 7; day = (day + 1) % 7) {
    days.push(day)
    if (day === second) break
  }
  return [...days, ...more]
}

const NAMES = ['lu|mo', 'mar|tu', 'me|we', 'je|th', 've|fr', 'sa', 'di|su'].map(
  (name) => new RegExp(`^(?:${name})`, 'i'),
)
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
