import type { Db } from '#src/db/open.ts'
import { chooseContact, type Contact } from './choose-contact.ts'
import { loadWaysIn, saveContacts } from './queries-contact.ts'

/** Chooses these companies' contacts anew from what is stored and keeps the choice for the list: after a crawl, a
 *  verdict on a fact, an import, an edit or a merge. Returns the choices by company. */
export const refreshContacts = async (
  tx: Db,
  companyIds: readonly number[],
): Promise<Map<number, Contact>> => {
  const chosen = (await loadWaysIn(tx, companyIds)).map(({ companyId, facts, known }) => ({
    companyId,
    contact: chooseContact(facts, known),
  }))
  await saveContacts(tx, chosen)
  return new Map(chosen.map(({ companyId, contact }) => [companyId, contact]))
}
