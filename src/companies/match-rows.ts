import type { ImportedCompany } from './clean-row.ts'
import { branchKey, sameBranch, type Whereabouts } from './company-key.ts'

/** What is known of a company, for telling whether a row means it. `id` is null for a company an earlier row of the
 *  same file will create. */
export type Known = {
  id: number | null
  siteKey: string | null
  nameKey: string | null
  whereabouts: Whereabouts
}

export type Match =
  | { kind: 'new'; branch: boolean }
  | { kind: 'known'; id: number }
  /** The same company stands in an earlier row of this file. */
  | { kind: 'duplicate' }

/** The companies a file may mean: those of the database that share a key with one of its rows, and those its
 *  earlier rows named. */
export const createMatcher = () => {
  const bySite = new Map<string, Known[]>()
  const byName = new Map<string, Known[]>()
  const ids = new Set<number>()
  const namedByFile = new Set<number>()

  const add = (known: Known) => {
    if (known.id !== null && ids.has(known.id)) return
    if (known.id !== null) ids.add(known.id)
    if (known.siteKey) push(bySite, known.siteKey, known)
    if (known.nameKey) push(byName, known.nameKey, known)
  }

  /** Same site and nothing that tells another branch, else same name and address. A company known without a site
   *  is met again when a later list brings its site. */
  const find = (row: ImportedCompany): { match: Known | null; branch: boolean } => {
    const whereabouts = whereaboutsOf(row)
    const ofSite = row.siteKey ? (bySite.get(row.siteKey) ?? []) : []
    const sameSite = closest(ofSite, whereabouts)
    if (sameSite) return { match: sameSite, branch: false }
    const ofName = (byName.get(row.nameKey) ?? []).filter((known) => !row.siteKey || !known.siteKey)
    const sameName = closest(ofName, whereabouts)
    return { match: sameName, branch: !sameName && ofSite.length > 0 }
  }

  const match = (row: ImportedCompany): Match => {
    const { match: found, branch } = find(row)
    if (!found) {
      add({ id: null, siteKey: row.siteKey, nameKey: row.nameKey, whereabouts: whereaboutsOf(row) })
      return { kind: 'new', branch }
    }
    // What one row leaves open the next may settle: a third with another phone is then another branch.
    found.whereabouts = filled(found.whereabouts, whereaboutsOf(row))
    if (found.id === null || namedByFile.has(found.id)) return { kind: 'duplicate' }
    namedByFile.add(found.id)
    return { kind: 'known', id: found.id }
  }

  return { add, match }
}

const closest = (candidates: Known[], whereabouts: Whereabouts): Known | null =>
  candidates.find((known) => branchKey(known.whereabouts) === branchKey(whereabouts)) ??
  candidates.find((known) => sameBranch(known.whereabouts, whereabouts)) ??
  null

const filled = (known: Whereabouts, more: Whereabouts): Whereabouts => {
  const given = Object.entries(known).filter(([, value]) => value)
  return { ...more, ...Object.fromEntries(given) }
}

const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

const whereaboutsOf = (row: ImportedCompany): Whereabouts => ({
  address1: row.address1,
  address2: row.address2,
  postalCode: row.postalCode,
  city: row.city,
  phone: row.phoneE164 ?? row.phone,
})
