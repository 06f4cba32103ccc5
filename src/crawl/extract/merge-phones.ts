import type { PhoneFact } from '../site-record.ts'
import { corroborated } from './corroborate.ts'
import type { PagePhone } from './parsed-page.ts'

/** A house has its numbers in a row: all but the last two digits are the same. */
const OWN_DIGITS = 2

/** The numbers of one site, the house's first. */
export function mergePhones(phones: PagePhone[]): PhoneFact[] {
  const merged = corroborated(settleDoubts(phones), ({ value }) => value, settleType)
  const rank = (fact: PhoneFact): number => (fact.kind ? 2 : 0) + (fact.type === 'fax' ? 1 : 0)
  return merged.sort((a, b) => rank(a) - rank(b) || b.confidence - a.confidence)
}

/** A doubted number is the house's all the same when another page gives it as its own, when it is in a row with one of
 *  the house's, and when the house would have none without it. */
function settleDoubts(phones: PagePhone[]): PhoneFact[] {
  const sure = phones.filter(({ kind }) => !kind)
  const rows = new Set(sure.map(({ value }) => rowOf(value)))
  const known = new Set(sure.map(({ value }) => value))
  const others = new Set(phones.filter(({ kind, doubted }) => kind && !doubted).map(({ value }) => value))
  return phones.map(({ doubted, ...fact }) => {
    const isOwn = doubted && !others.has(fact.value) && (sure.length === 0 || rows.has(rowOf(fact.value)))
    if (!isOwn && !known.has(fact.value)) return fact
    const { kind: _, ...own } = fact
    return own
  })
}

const rowOf = (value: string): string => value.slice(0, -OWN_DIGITS)

function settleType(best: PhoneFact, all: PhoneFact[]): void {
  const called = all.some((fact) => fact.method === 'tel' && fact.type !== 'fax')
  const fax = all.some((fact) => fact.type === 'fax')
  const spoken = all.find((fact) => fact.type !== 'fax')
  if (fax && !called) best.type = 'fax'
  else if (spoken) best.type = spoken.type
}
