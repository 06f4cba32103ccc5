import type { Db } from '#src/db/open.ts'
import { AppError, failed, ok, type Result } from '#src/lib/errors.ts'
import { editableFields } from './company-form.ts'
import {
  findChange,
  findCompany,
  lockCompany,
  recordChange,
  updateCompany,
  type Company,
  type CompanyValues,
} from './queries-edit.ts'
import { groupIdsOf, setGroupsOf } from './queries-groups.ts'

const MAX_NOTES = 20_000

/** What other domains keep about a company and must follow it. `move` returns what `moveBack` needs, as JSON. */
export type MovedRecords = {
  move: (tx: Db, from: number, to: number) => Promise<number[]>
  moveBack: (tx: Db, from: number, ids: number[]) => Promise<void>
}

/** Kept in the history of the company that remains. */
type MergeDetail = {
  otherId: number
  otherName: string
  before: Record<string, unknown>
  after: Record<string, unknown>
  groups: number[]
  records: number[]
}

// What follows from a field or stands beside it comes along with it.
const alongside = {
  website: ['siteKey', 'crawlState', 'crawlError', 'crawledAt', 'cms'],
  phone: ['phoneE164'],
} as const satisfies Partial<Record<string, (keyof Company)[]>>
const contactFields = [
  'contactEmail',
  'contactEmailKind',
  'contactPerson',
  'contactRole',
  'contactPhone',
] as const

/** Makes one company of two: `keepId` stays and takes what it lacks from the other (fields, contact, notes, tags,
 *  groups, facts); the other leaves the list. Returns the id of the change, by which it can be undone. */
export const mergeCompanies = (
  db: Db,
  merge: { keepId: number; otherId: number; userId: number | null; at: Date },
  records: MovedRecords,
): Promise<Result<number>> =>
  db.transaction(async (tx) => {
    const { keepId, otherId, userId } = merge
    if (keepId === otherId) return failed('same_company', 'A company cannot be merged with itself.')
    // Always in the same order, so that two merges at once wait instead of blocking each other.
    const [first, second] = [
      await lockCompany(tx, Math.min(keepId, otherId)),
      await lockCompany(tx, Math.max(keepId, otherId)),
    ]
    if (!first || !second) return failed('company_gone', 'One of the two companies no longer exists.')
    const [keep, other] = first.id === keepId ? [first, second] : [second, first]

    const after = whatIsTaken(keep, other)
    await updateCompany(tx, keepId, after)
    await updateCompany(tx, otherId, { deletedAt: merge.at, mergedIntoId: keepId })
    const groups = await groupIdsOf(tx, keepId)
    await setGroupsOf(tx, keepId, [...groups, ...(await groupIdsOf(tx, otherId))])
    const detail: MergeDetail = {
      otherId,
      otherName: other.name,
      before: Object.fromEntries(Object.keys(after).map((field) => [field, keep[field as keyof Company]])),
      after,
      groups,
      records: await records.move(tx, otherId, keepId),
    }
    await recordChange(tx, {
      companyId: otherId,
      userId,
      kind: 'merged',
      detail: { into: keepId, name: keep.name },
    })
    return ok(await recordChange(tx, { companyId: keepId, userId, kind: 'merged', detail }))
  })

const whatIsTaken = (keep: Company, other: Company): CompanyValues => {
  const taken: Record<string, unknown> = {}
  for (const field of editableFields) {
    if (keep[field] !== null || other[field] === null) continue
    taken[field] = other[field]
    for (const follower of alongside[field as keyof typeof alongside] ?? []) taken[follower] = other[follower]
  }
  if (contactFields.every((field) => keep[field] === null))
    for (const field of contactFields) if (other[field] !== null) taken[field] = other[field]
  const edited = Object.keys(taken).filter((field) => other.editedFields.includes(field))
  if (edited.length > 0) taken['editedFields'] = [...new Set([...keep.editedFields, ...edited])]
  const tags = [...new Set([...keep.tags, ...other.tags])]
  if (tags.length > keep.tags.length) taken['tags'] = tags
  if (other.favourite && !keep.favourite) taken['favourite'] = true
  if (other.notes.trim())
    taken['notes'] = [keep.notes, other.notes].filter(Boolean).join('\n\n').slice(0, MAX_NOTES)
  return taken as CompanyValues
}

/** Takes a merge back: the other company returns with its facts, and what was taken goes, unless it was changed
 *  since. */
export const undoMerge = (
  db: Db,
  { companyId, changeId, userId }: { companyId: number; changeId: number; userId: number | null },
  records: MovedRecords,
): Promise<{ otherId: number }> =>
  db.transaction(async (tx) => {
    const company = await lockCompany(tx, companyId)
    const change = await findChange(tx, companyId, changeId)
    const detail = change?.kind === 'merged' ? (change.detail as MergeDetail) : null
    const other = detail?.otherId ? await findCompany(tx, detail.otherId) : null
    if (!company || !detail || other?.mergedIntoId !== companyId)
      throw new AppError('cannot_undo', 'This merge can no longer be undone.', { status: 409 })
    const unchanged = Object.keys(detail.after).filter((field) =>
      Bun.deepEquals(asJson(company[field as keyof Company]), detail.after[field]),
    )
    const before = Object.fromEntries(
      unchanged.map((field) => [field, fromJson(field, detail.before[field])]),
    )
    if (unchanged.length > 0) await updateCompany(tx, companyId, before)
    await setGroupsOf(tx, companyId, detail.groups)
    await records.moveBack(tx, detail.otherId, detail.records)
    await updateCompany(tx, detail.otherId, { deletedAt: null, mergedIntoId: null })
    const undone = { otherId: detail.otherId, otherName: detail.otherName }
    await recordChange(tx, { companyId, userId, kind: 'unmerged', detail: undone })
    return { otherId: detail.otherId }
  })

const asJson = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value)

const fromJson = (field: string, value: unknown): unknown =>
  field === 'crawledAt' && typeof value === 'string' ? new Date(value) : value
