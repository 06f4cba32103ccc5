import { whereaboutsOf, type CompanyColumns } from '#src/companies/import/company-columns.ts'
import { branchKey, companyKey, sameBranch, type Whereabouts } from '#src/companies/company-key.ts'

/** What is known of a company, for telling whether a row means it. */
export type Known = {
  /** Null until a company that this file creates is stored. */
  id: number | null
  /** Merged into that company by hand: rows that mean it are known and change nothing. */
  mergedIntoId?: number | null
  /** True for a company that an earlier row of this file creates. */
  isNew?: true
  name: string
  /** By hand: a list does not rename it. */
  nameIsEdited?: boolean
  siteKey: string | null
  nameKey: string | null
  whereabouts: Whereabouts
}

export type Match =
  | { kind: 'new'; known: Known; branch: boolean }
  | { kind: 'known'; known: Known }
  /** The same company stands in an earlier row of this file. */
  | { kind: 'duplicate'; known: Known }

/** The companies a file may mean: those of the database that share a key with one of its rows, and those its
 *  earlier rows named. */
export const createMatcher = () => {
  const bySite = new Map<string, Known[]>()
  const byName = new Map<string, Known[]>()
  const ids = new Set<number>()
  const namedByFile = new Set<Known>()

  const add = (known: Known) => {
    if (known.id !== null && ids.has(known.id)) return
    if (known.id !== null) ids.add(known.id)
    if (known.siteKey) push(bySite, known.siteKey, known)
    if (known.nameKey) push(byName, known.nameKey, known)
  }

  /** Same site and nothing that tells another branch, else same name and address. A company known without a site
   *  is met again when a later list brings its site. */
  const find = (row: CompanyColumns): { found: Known | null; branch: boolean } => {
    const whereabouts = whereaboutsOf(row)
    const ofSite = row.siteKey ? (bySite.get(row.siteKey) ?? []) : []
    const sameSite = closest(ofSite, whereabouts)
    if (sameSite) return { found: sameSite, branch: false }
    const ofName = (byName.get(row.nameKey) ?? []).filter((known) => !row.siteKey || !known.siteKey)
    const sameName = closest(ofName, whereabouts)
    return { found: sameName, branch: !sameName && ofSite.length > 0 }
  }

  const match = (row: CompanyColumns): Match => {
    const { found, branch } = find(row)
    if (!found) {
      const { name, siteKey, nameKey } = row
      const known: Known = { id: null, isNew: true, name, siteKey, nameKey, whereabouts: whereaboutsOf(row) }
      add(known)
      namedByFile.add(known)
      return { kind: 'new', known, branch }
    }
    const isFirst = !namedByFile.has(found)
    complete(found, row, isFirst)
    namedByFile.add(found)
    return { kind: isFirst ? 'known' : 'duplicate', known: found }
  }

  /** What one row leaves open the next may settle: a third with another phone is then another branch. Only the
   *  first row renames a company; where later ones moved its name key, a second import would not find it. */
  const complete = (known: Known, row: CompanyColumns, isFirst: boolean) => {
    const keyBefore = companyKey({ name: known.name, ...known.whereabouts })
    known.whereabouts = filled(known.whereabouts, whereaboutsOf(row))
    if (!known.siteKey && row.siteKey) {
      known.siteKey = row.siteKey
      push(bySite, row.siteKey, known)
    }
    if (!isFirst || known.mergedIntoId) return
    if (!known.nameIsEdited) known.name = row.name
    const nameKey = companyKey({ name: known.name, ...known.whereabouts })
    if (nameKey === keyBefore || nameKey === known.nameKey) return
    const old = byName.get(known.nameKey ?? '')
    old?.splice(old.indexOf(known), 1)
    known.nameKey = nameKey
    push(byName, nameKey, known)
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
