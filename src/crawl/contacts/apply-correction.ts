import type { facts } from '../schema.ts'

/** What a person put right on a fact. `value` is the address, the E.164 number, the name or the postal address as
 *  one line; `personKey` is the key of the person an address or number belongs to (null: nobody's); the rest are
 *  fields of `data`. */
export type Correction = {
  value?: string
  personKey?: string | null
  kind?: string | null
  type?: string
  raw?: string
  role?: string | null
  roleKind?: string | null
  street?: string | null
  postalCode?: string | null
  city?: string | null
  country?: string | null
}

type Row = typeof facts.$inferSelect
/** What the rules below need of a stored fact. */
export type Correctable = Pick<
  Row,
  'id' | 'kind' | 'key' | 'value' | 'data' | 'confidence' | 'verdict' | 'correction' | 'mergedIntoId'
>
/** A fact as it holds, with what the site said. `sure`: a person confirmed it or wrote it. */
export type Judged<T> = T & { said: string; saidData: Record<string, unknown>; sure: boolean }

/** The fact as a person corrected it. */
export const applyCorrection = <T extends Correctable>(fact: T): Judged<T> => {
  const correction: Correction = fact.correction ?? {}
  const { value = fact.value, personKey: _person, ...data } = correction
  return {
    ...fact,
    value,
    data: { ...fact.data, ...data },
    said: fact.value,
    saidData: fact.data,
    sure: fact.verdict === 'confirmed' || correction.value !== undefined,
  }
}

type Evidence = Pick<Row, 'pageUrl' | 'method' | 'snippet' | 'confidence'> & { lastSeenAt: string }

/** The fields of a corrected fact whose corrected value the site now gives instead of its own: with where its own
 *  was seen last, so that a correction taken back shows that again. A crawl that sees its own again replaces it. */
export const withOwnEvidence = (
  fact: Pick<Row, 'data' | keyof Evidence>,
): Record<string, unknown> & { ownEvidence: Evidence } => {
  const { data, pageUrl, method, snippet, confidence, lastSeenAt } = fact
  const ownEvidence = ownEvidenceOf(data) ?? {
    pageUrl,
    method,
    snippet,
    confidence,
    lastSeenAt: lastSeenAt.toISOString(),
  }
  return { ...data, ownEvidence }
}

/** Where a fact's own value was seen, when its row shows that of the corrected one; null when it shows its own. */
export const ownEvidenceOf = (data: Record<string, unknown>): Evidence | null =>
  (data['ownEvidence'] as Evidence | undefined) ?? null

/** What tells this fact apart from others of its kind: also how a crawl that reads the corrected value finds it. */
export const keyOfValue = (value: string): string => value.toLowerCase().slice(0, 500).toWellFormed()

/** Values, in lower case, that a person judged wrong: rejected ones, and those a correction replaced. */
export const wrongValues = (all: readonly Correctable[]): Set<string> => {
  const applied = all.map(applyCorrection)
  const right = new Set(
    applied.filter(({ verdict }) => verdict !== 'rejected').map(({ value }) => value.toLowerCase()),
  )
  const rejected = applied.filter(({ verdict }) => verdict === 'rejected').map(({ value }) => value)
  const replaced = applied
    .filter(({ said, value }) => said !== value && !right.has(said.toLowerCase()))
    .map(({ said }) => said)
  return new Set([...rejected, ...replaced].map((value) => value.toLowerCase()))
}
