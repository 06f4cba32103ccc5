import type { PhoneNumber } from 'libphonenumber-js/max'
import { percentDecode } from './percent-decode.ts'
import {
  acceptable,
  isSeries,
  NUMBER_OF_SOMETHING_ELSE,
  PHONE_WORD,
  shortenFrench,
} from './phone-accepted.ts'
import { countryOf, isConvincing, nationalNumbersAbroad } from './phone-candidates.ts'
import { parseNumber, typeOf } from './phone-numbers.ts'
import { referencesAmong, type ShownNumber } from './phone-references.ts'
import { oneLine, type PageView, snippetAround, snippetOfLine } from './page-view.ts'
import type { PagePhone } from './parsed-page.ts'
import { type Bearer, surerOf, type Whose, whoseNumber } from './phone-whose.ts'

const MAX_PHONES = 200
const MAX_PARSED = 2_000

const FAX = /(?:(?:\b|tele)fax|t[ée]l[ée]copi(?:e|eur)|t[ée]l[ée]c|\bF)\s*\.?\s*[:.)]?\s*$/i
const FAX_NEAR = /(?:(?:\b|tele)fax\b|t[ée]l[ée]copi)(?:\p{L}{0,4} ?\([^()\d\n]{2,30}\))?[^\d\n]{0,15}$/iu
const FAX_AFTER = /^(?:\s?[([]\s?(?:fax|t[ée]l[ée]cop)(?!\s?:?\s?\.?\d)| ?fax(?:[\n)]|$))/i
const SECOND_LINE = /^ ?\/ ?(\d\d)(?![\d/:hH%]|[ .-]?\d| ?€)/
const TEL_AND_FAX = /t[ée]l\S*\s*(?:[/&,+-]|et)\s*(?:t[ée]l[ée])?(?:fax|copie)[^\d\n]{0,10}$/i

/** Pairs that are all that two lines hold, ten digits together */
const BEGUN = /^(?:t[ée]l\.? ?:? ?)?(0[1-79](?:[ .]\d\d){1,3})$/i
const PAIRS = /^\d\d(?:[ .]\d\d){0,3}$/
const LONGEST_BEGUN = 20

/** Every phone number of a page, each once by its best method. */
export function extractPhones(
  view: PageView,
  structured: { value: string; method: string; snippet: string; fax: boolean }[],
): PagePhone[] {
  const best = new Map<string, PagePhone>()
  const keep = (fact: PagePhone): void => {
    const known = best.get(fact.value)
    if (!known) {
      if (best.size < MAX_PHONES) best.set(fact.value, fact)
      return
    }
    // Said to be a fax anywhere on the page, unless a link invites to call it.
    const fax = known.type === 'fax' || fact.type === 'fax'
    const called = known.method === 'tel' || fact.method === 'tel'
    const better = fact.confidence > known.confidence ? fact : known
    const type =
      fax && !called
        ? 'fax'
        : better.type === 'fax'
          ? known.type === 'fax'
            ? fact.type
            : known.type
          : better.type
    const { kind: _, doubted: __, ...rest } = better
    best.set(fact.value, { ...rest, type, ...surerOf(known, fact) })
  }
  const { region } = countryOf(view)
  const whose = whoseNumber(view)
  for (const fact of phonesInLinks(view, whose)) keep(fact)
  for (const found of structured) {
    const number = parseNumber(found.value, region)
    if (!number) continue
    const type = found.fax ? 'fax' : typeOf(number)
    keep({
      value: number.number,
      raw: oneLine(found.value),
      type,
      pageUrl: view.url,
      method: found.method,
      snippet: found.snippet,
      confidence: 0.9,
    })
  }
  const abroad = region === 'FR' ? [...phonesAbroad(view, whose)] : []
  const placed = new Set(abroad.map(({ raw }) => raw))
  const linked = new Set([...best.values()].map(({ value }) => value))
  const shown = [...phonesInText(view, whose)]
  for (const fact of phonesInTwoLines(view, whose)) if (!linked.has(fact.value)) keep(fact)
  const references = referencesAmong(view, shown, linked)
  for (const one of shown) if (!placed.has(one.fact.raw) && !references.has(one)) keep(one.fact)
  for (const fact of abroad) if (!best.has(fact.value)) keep(fact)
  for (const fact of phonesInScripts(view)) if (!best.has(fact.value)) keep(fact)
  return [...best.values()]
}

function* phonesInLinks(view: PageView, whose: Whose): Generator<PagePhone> {
  const { region } = countryOf(view)
  for (const anchor of view.anchors) {
    const href = anchor.href
    const scheme = /^\s*(tel|callto|fax|sms|phone):\/{0,2}/i.exec(href)
    const whatsapp =
      /^https?:\/\/(?:wa\.me\/|(?:api|web)\.whatsapp\.com\/send\/?\?(?:.*&)?phone=)\+?(\d{8,15})/i.exec(href)
    if (!scheme && !whatsapp) continue
    const raw = scheme ? percentDecode(href.slice(scheme[0].length)).split(/[;?]/)[0]! : `+${whatsapp![1]!}`
    const number = parseNumber(raw, region) ?? (scheme ? parseNumber(anchor.text, region) : null)
    if (!number) continue
    const line = view.lines[anchor.line]
    const shown = line ? Math.max(0, line.text.indexOf(anchor.text.slice(0, 20))) : 0
    const position = line ? line.start + shown : 0
    const label = line ? line.text.slice(0, shown) : ''
    const fax = /^\s*fax/i.test(href) || FAX_NEAR.test(label)
    yield {
      value: number.number,
      raw: oneLine(anchor.text && /\d{2}/.test(anchor.text) ? anchor.text : raw).slice(0, 60),
      type: fax ? 'fax' : typeOf(number),
      ...(line ? whose(position, position + anchor.text.length) : {}),
      pageUrl: view.url,
      method: whatsapp ? 'whatsapp' : 'tel',
      snippet: snippetOfLine(view, anchor.line) || raw,
      confidence: whatsapp ? 0.8 : 0.95,
    }
  }
}

const KEYED =
  /["'](?:[a-z]{0,12}[_-]?)?(?:phone|telephone|tel|mobile|fax|whatsapp)(?:_?-?number)?\\?["']\s*:\s*\\?["']([+\d(][\d .()/-]{7,20}\d)\\?["']/gi

/** `"phone": "+33 3 …"` in the data that a page carries for its scripts. */
function* phonesInScripts(view: PageView): Generator<PagePhone> {
  const { region } = countryOf(view)
  for (const script of view.inlineScripts) {
    if (!/phone|["']tel|mobile/i.test(script)) continue
    for (const match of script.matchAll(KEYED)) {
      const number = parseNumber(match[1]!, region)
      if (!number) continue
      const type = /fax/i.test(match[0]) ? 'fax' : typeOf(number)
      const raw = oneLine(match[1]!)
      const snippet = oneLine(match[0])
      yield {
        value: number.number,
        raw,
        type,
        pageUrl: view.url,
        method: 'script',
        snippet,
        confidence: 0.7,
      }
    }
  }
}

type Shown = ShownNumber & { fact: PagePhone }

function* phonesInText(view: PageView, whose: Whose): Generator<Shown> {
  const { text } = view
  let parsed = 0
  let previousEnd = -10
  const { region, candidates: candidate } = countryOf(view)
  candidate.lastIndex = 0
  for (let match = candidate.exec(text); match; match = candidate.exec(text)) {
    if (++parsed > MAX_PARSED) return
    const start = match.index
    // "O4 73 80 52 16": the letter for the sign
    let raw = match[0].replace(/^[Oo]/, '0')
    let end = start + raw.length
    let number = raw.includes('\n') ? null : acceptable(text, start, raw, previousEnd, region)
    if (!number && /^(?:\+|00)/.test(raw)) {
      // An international number may have swallowed digits of what follows it.
      const shorter = shortenFrench(raw)
      if (shorter) {
        raw = shorter
        end = start + raw.length
        number = acceptable(text, start, raw, previousEnd, region)
      }
    }
    if (!number) {
      candidate.lastIndex = start + 1
      continue
    }
    candidate.lastIndex = end
    previousEnd = end
    const before = text.slice(Math.max(0, start - 40), start).replace(/\n/g, ' ')
    const after = text.slice(end, end + 16)
    const fax =
      FAX_AFTER.test(after) || ((FAX.test(before) || FAX_NEAR.test(before)) && !TEL_AND_FAX.test(before))
    const labelled = PHONE_WORD.test(before) || FAX.test(before)
    const confidence = labelled ? 0.92 : /\D/.test(raw.replace(/^\+/, '')) ? 0.88 : 0.75
    const fact = factInText(view, {
      start,
      raw,
      number,
      fax,
      bearer: whose(start, end),
      confidence,
    })
    yield { start, end, value: fact.value, raw, labelled, fact }
    // "03 87 11 22 33 / 34": a second line of the same house.
    const tail = SECOND_LINE.exec(after)?.[1]
    const second = tail ? parseNumber(raw.replace(/\d\D?\d$/, tail)) : null
    if (second && second.number !== number.number) {
      const value = second.number
      const whole = oneLine(`${raw}${after.slice(0, after.indexOf(tail!) + 2)}`)
      const snippet = snippetAround(view, start, end + 6)
      const beside = {
        ...fact,
        value,
        raw: whole,
        type: typeOf(second),
        snippet,
        confidence: 0.75,
      }
      yield { start: end, end: end + 6, value, raw: whole, labelled: true, fact: beside }
    }
  }
}

/** "05 65" and "35 27 81" in two paragraphs: editors of pages break a number where it did not fit. */
function* phonesInTwoLines(view: PageView, whose: Whose): Generator<PagePhone> {
  if (countryOf(view).region !== 'FR') return
  for (const [index, { text, start, tag }] of view.lines.entries()) {
    const begun = text.length <= LONGEST_BEGUN && tag !== 'td' ? BEGUN.exec(text)?.[1] : undefined
    const rest = begun ? (view.lines[index + 1]?.text ?? '') : ''
    if (!begun || !PAIRS.test(rest) || PAIRS.test(view.lines[index + 2]?.text ?? '')) continue
    const raw = `${begun} ${rest}`
    const number = raw.replace(/\D/g, '').length === 10 && !isSeries(raw) ? parseNumber(raw, 'FR') : null
    const bearer = whose(start, start + text.length)
    if (number) yield factInText(view, { start, raw, number, fax: false, bearer, confidence: 0.75 })
  }
}

/** "Suisse : 022 348 15 20" on a French site: written as they do there, after the name of the place. */
function* phonesAbroad(view: PageView, whose: Whose): Generator<PagePhone> {
  for (const { start, raw, region } of nationalNumbersAbroad(view)) {
    const before = view.text.slice(Math.max(0, start - 40), start).replace(/\n/g, ' ')
    const end = start + raw.length
    if (/[\d\p{L}]/u.test(view.text[end] ?? '') || NUMBER_OF_SOMETHING_ELSE.test(before)) continue
    const number = PHONE_WORD.test(before) || isConvincing(raw, region) ? parseNumber(raw, region) : null
    if (!number) continue
    const fax = FAX.test(before) || FAX_NEAR.test(before)
    yield factInText(view, {
      start,
      raw,
      number,
      fax,
      bearer: whose(start, end),
      confidence: 0.75,
    })
  }
}

type NumberInText = {
  start: number
  raw: string
  number: PhoneNumber
  fax: boolean
  bearer: Bearer
  confidence: number
}

function factInText(view: PageView, found: NumberInText): PagePhone {
  const { start, raw, number, fax, bearer, confidence } = found
  return {
    value: number.number,
    raw: oneLine(raw),
    type: fax ? 'fax' : typeOf(number),
    ...bearer,
    pageUrl: view.url,
    method: 'text',
    snippet: snippetAround(view, start, start + raw.length),
    confidence,
  }
}
