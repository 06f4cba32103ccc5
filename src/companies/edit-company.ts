import type { Db } from '#src/db/open.ts'
import { editableFields, type CompanyFields } from './company-form.ts'
import { lockCompany, recordChange, updateCompany, type Company, type CompanyValues } from './queries-edit.ts'

const MAX_NOTES = 20_000
const MAX_TAGS = 50
const MAX_TAG = 60
// Of the values set on the page, those a list may bring too: from now on it leaves them alone.
const LISTED_FIELDS = new Set<string>(['tags', 'notes'])

/** What the list shows as the way in follows a hand edit of the field beside it. */
const wayIn = { email: 'contactEmail', contactName: 'contactPerson', phone: 'contactPhone' } as const

/** Stores the fields that differ, marks them as edited by hand (imports and crawls leave them alone from now on)
 *  and notes before and after. Returns the names of the changed fields, null when the company is gone. */
export const editCompany = (
  db: Db,
  id: number,
  fields: CompanyFields,
  userId: number | null,
): Promise<string[] | null> =>
  db.transaction(async (tx) => {
    const company = await lockCompany(tx, id)
    if (!company) return null
    const changed = editableFields.filter((field) => company[field] !== fields[field])
    if (changed.length === 0) return []
    const followed = followingContact(company, fields)
    await updateCompany(tx, id, {
      ...fields,
      ...followed,
      ...(changed.includes('website')
        ? { crawlState: 'never' as const, crawlError: null, crawledAt: null, robotsOverride: null }
        : {}),
      editedFields: [...new Set([...company.editedFields, ...changed, ...Object.keys(followed)])],
    })
    const detail = Object.fromEntries(changed.map((field) => [field, [company[field], fields[field]]]))
    await recordChange(tx, { companyId: id, userId, kind: 'edited', detail })
    // Leave to pass over robots.txt was given for the site before.
    if (company.robotsOverride && changed.includes('website'))
      await recordChange(tx, {
        companyId: id,
        userId,
        kind: 'robots',
        detail: { ignored: false, because: 'website' },
      })
    return changed
  })

const followingContact = (company: Company, fields: CompanyFields): CompanyValues => {
  const values: CompanyValues = {}
  for (const [field, contact] of Object.entries(wayIn) as [
    keyof typeof wayIn,
    (typeof wayIn)[keyof typeof wayIn],
  ][]) {
    if (company[field] === fields[field]) continue
    if (fields[field] !== null)
      values[contact] = field === 'phone' ? (fields.phoneE164 ?? fields.phone) : fields[field]
    else if (company[contact] === company[field]) values[contact] = null
  }
  if ('contactEmail' in values) values.contactEmailKind = null
  if ('contactPerson' in values) values.contactRole = null
  return values
}

/** Values set on the company's page itself, one at a time. */
export type PageField =
  | { status: string }
  | { stage: string }
  | { favourite: boolean }
  | { tags: string[] }
  | { notes: string }

/** Stores it with its before and after; false when the company is gone. */
export const setPageField = (db: Db, id: number, value: PageField, userId: number | null): Promise<boolean> =>
  db.transaction(async (tx) => {
    const company = await lockCompany(tx, id)
    if (!company) return false
    const [[field, after]] = Object.entries(value) as [[keyof Company, unknown]]
    const before = company[field]
    if (Bun.deepEquals(before, after)) return true
    const byHand = LISTED_FIELDS.has(field)
      ? [...new Set([...company.editedFields, field])]
      : company.editedFields
    await updateCompany(tx, id, { ...value, editedFields: byHand })
    // Notes are kept once, where they are: a history of them would only hold old texts.
    const detail = field === 'notes' ? { notes: [] } : { [field]: [before, after] }
    await recordChange(tx, { companyId: id, userId, kind: 'edited', detail })
    return true
  })

/** Tags typed with commas between them, each once, bounded. */
export const readTags = (text: string): string[] =>
  [
    ...new Set(
      text
        .split(/[,;\n]/)
        .map(readTag)
        .filter(Boolean),
    ),
  ].slice(0, MAX_TAGS)

export const readTag = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_TAG)
    .toWellFormed()

export const readNotes = (text: string): string =>
  text.replaceAll('\u0000', '').replaceAll('\r\n', '\n').slice(0, MAX_NOTES).toWellFormed()
