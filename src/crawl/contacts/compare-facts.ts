import type { CrawlChanges } from '../schema.ts'
import type { FeatureFact, PageError } from '../site-record.ts'

export type SeenFact = {
  kind: string
  key: string
  value: string
  data: Record<string, unknown>
  pageUrl: string
}
/** What one crawl saw of a site, as far as it is compared. */
export type Seen = {
  facts: readonly SeenFact[]
  features: readonly Pick<FeatureFact, 'name' | 'present' | 'value'>[]
  /** Of the home page */
  title: string | null
}

const MAX_CHANGES = 100
// Kinds worth telling, with the fields that may read otherwise while the fact stays.
const COMPARED: Record<string, readonly string[]> = {
  email: ['kind'],
  phone: ['type'],
  person: ['role', 'email', 'phone'],
  address: [],
  company_id: [],
  social: [],
  technology: ['version'],
}

/** What came, went or reads otherwise between two crawls of a site. What is not the company's own is left out, and
 *  so is the loss of what stood on a page that could not be read this time (`unread`, URLs). */
export const compareFacts = (
  before: Seen,
  after: Seen,
  unread: ReadonlySet<string> = new Set(),
): CrawlChanges => {
  const [old, now] = [byName(before.facts), byName(after.facts)]
  const told = ({ kind, value }: SeenFact) => ({ kind, value })
  const added = [...now].filter(([name]) => !old.has(name)).map(([, fact]) => told(fact))
  const removed = [...old]
    .filter(([name, { pageUrl }]) => !now.has(name) && !unread.has(pageUrl))
    .map(([, fact]) => told(fact))
  const changed = [...now].flatMap(([name, fact]) => {
    const was = old.get(name)
    if (!was) return []
    return (COMPARED[fact.kind] ?? [])
      .map((field) => ({
        field,
        before: was.data[field] ?? null,
        after: fact.data[field] ?? null,
      }))
      .filter((change) => !Bun.deepEquals(change.before, change.after))
      .map((change) => ({ ...told(fact), ...change }))
  })
  const features = compareFeatures(before.features, after.features)
  const title =
    before.title !== after.title && before.title !== null && after.title !== null
      ? [{ kind: 'title', value: after.title, field: 'title', before: before.title, after: after.title }]
      : []
  return {
    added: [...added, ...features.added].slice(0, MAX_CHANGES),
    removed: [...removed, ...features.removed].slice(0, MAX_CHANGES),
    changed: [...title, ...changed, ...features.changed].slice(0, MAX_CHANGES),
  }
}

/** Pages that a crawl could not read, by address; one that is gone was read well enough. */
export const unreadUrls = (errors: readonly PageError[]): Set<string> =>
  new Set(errors.filter(({ code }) => code !== 'status_404' && code !== 'status_410').map(({ url }) => url))

const byName = (facts: readonly SeenFact[]): Map<string, SeenFact> =>
  new Map(
    facts
      .filter(({ kind, data }) => Object.hasOwn(COMPARED, kind) && !isForeign(kind, data))
      .map((fact) => [`${fact.kind} ${fact.key}`, fact]),
  )

const isForeign = (kind: string, data: Record<string, unknown>): boolean =>
  (kind === 'email' || kind === 'phone') && (data['kind'] === 'agency' || data['kind'] === 'thirdparty')

const compareFeatures = (before: Seen['features'], after: Seen['features']) => {
  const present = (features: Seen['features']) =>
    new Map(features.filter((one) => one.present).map((one) => [one.name, one.value]))
  const [old, now] = [present(before), present(after)]
  const told = (name: string) => ({ kind: 'feature', value: name })
  const [posted, wasPosted] = [now.get('last_post'), old.get('last_post')]
  return {
    added: [...now.keys()].filter((name) => !old.has(name)).map(told),
    removed: [...old.keys()].filter((name) => !now.has(name)).map(told),
    changed:
      posted && wasPosted && posted !== wasPosted
        ? [{ ...told('last_post'), field: 'value', before: wasPosted, after: posted }]
        : [],
  }
}
