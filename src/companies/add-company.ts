import type { Db } from '#src/db/open.ts'
import type { CompanyFields } from './company-form.ts'
import { findDoubles, insertCompany, recordChange } from './queries-edit.ts'
import { lockAdding } from './import/queries-import.ts'

export type Double = { id: number; name: string; city: string | null }

/** Adds a company typed by hand. When one of the same site, or of the same name and address, is there already,
 *  nothing is added and the doubles are returned, unless `anyway` says that it is another branch. */
export const addCompany = (
  db: Db,
  company: CompanyFields,
  { userId, anyway }: { userId: number | null; anyway: boolean },
): Promise<{ id: number } | { doubles: Double[] }> =>
  db.transaction(async (tx) => {
    await lockAdding(tx)
    const doubles = anyway ? [] : await findDoubles(tx, company)
    if (doubles.length > 0) return { doubles }
    const contact = {
      contactEmail: company.email,
      contactPerson: company.contactName,
      contactPhone: company.phoneE164 ?? company.phone,
    }
    const id = await insertCompany(tx, { ...company, ...contact })
    await recordChange(tx, { companyId: id, userId, kind: 'created' })
    return { id }
  })
