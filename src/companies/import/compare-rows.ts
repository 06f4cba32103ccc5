import type { CompanyColumns } from '#src/companies/import/company-columns.ts'
import { companyKey } from '#src/companies/company-key.ts'
import type { ImportedValues, StoredCompany } from './queries-import.ts'
import type { FieldChanges } from '#src/companies/schema.ts'

// A hand edit of the field beside it decides for these too.
const GOVERNED_BY: Partial<Record<keyof ImportedValues, string>> = { siteKey: 'website', phoneE164: 'phone' }

const CONTACTS = [
  ['contactEmail', 'email'],
  ['contactPerson', 'contactName'],
] as const

/** A new company's values: until its site is crawled, the list's contact is the way in. */
export const newValues = (columns: CompanyColumns): ImportedValues => ({
  ...columns,
  contactEmail: columns.email,
  contactPerson: columns.contactName,
  contactPhone: columns.phoneE164 ?? columns.phone,
})

/** What a row changes on a company that is there: an empty cell takes nothing back, a hand edit wins over any
 *  list, tags add up, notes are kept. `fillOnly` (a further row of the same file) only completes what is blank. */
export const compareWith = (
  columns: CompanyColumns,
  stored: StoredCompany,
  { fillOnly = false } = {},
): FieldChanges => {
  const changes: FieldChanges = {}
  const isEdited = (field: keyof ImportedValues) =>
    stored.editedFields.includes(field) || stored.editedFields.includes(GOVERNED_BY[field] ?? '')
  for (const [field, value] of Object.entries(columns) as [keyof CompanyColumns, unknown][]) {
    const old = stored[field]
    const isBlank = old === null || old === ''
    if (field === 'nameKey' || value === null || value === '' || isEdited(field)) continue
    if (Array.isArray(value)) {
      const merged = [...new Set([...stored.tags, ...(value as string[])])]
      if (merged.length > stored.tags.length) changes[field] = [old, merged]
    } else if (value !== old && (isBlank || (!fillOnly && field !== 'notes'))) changes[field] = [old, value]
  }
  keepWhatSaysTheSame(changes, stored, columns)
  followContacts(changes, stored)
  return changes
}

// Another spelling of the same site or number is no news.
const keepWhatSaysTheSame = (changes: FieldChanges, stored: StoredCompany, columns: CompanyColumns): void => {
  if (stored.website && stored.siteKey === columns.siteKey) delete changes['website']
  if (stored.phone && stored.phoneE164 && stored.phoneE164 === columns.phoneE164) delete changes['phone']
}

const followContacts = (changes: FieldChanges, stored: StoredCompany): void => {
  const follow = (contact: keyof ImportedValues, before: string | null, after: string | null) => {
    if (stored.editedFields.includes(contact) || after === before || after === null) return
    if (stored[contact] === null || stored[contact] === before) changes[contact] = [stored[contact], after]
  }
  for (const [contact, field] of CONTACTS) follow(contact, stored[field], after(changes, stored, field))
  follow(
    'contactPhone',
    stored.phoneE164 ?? stored.phone,
    after(changes, stored, 'phoneE164') ?? after(changes, stored, 'phone'),
  )
}

const after = (
  changes: FieldChanges,
  stored: StoredCompany,
  field: 'email' | 'contactName' | 'phone' | 'phoneE164',
): string | null => (changes[field] ? (changes[field][1] as string) : stored[field])

/** With the name key that follows from a changed name or address. What did not change it leaves the stored key
 *  alone, which may be older than what later rows of a file completed (see match-rows.ts). */
export const withNameKey = (changes: FieldChanges, stored: StoredCompany): FieldChanges => {
  const nameKey = companyKey(applied(stored, changes))
  return nameKey === companyKey(stored) || nameKey === stored.nameKey
    ? changes
    : { ...changes, nameKey: [stored.nameKey, nameKey] }
}

/** The company after these changes. */
export const applied = (stored: StoredCompany, changes: FieldChanges): StoredCompany => ({
  ...stored,
  ...Object.fromEntries(Object.entries(changes).map(([field, [, value]]) => [field, value])),
})
