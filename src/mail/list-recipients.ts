import type { Company } from '#src/companies/queries-edit.ts'
import { listShownFacts } from '#src/crawl/contacts/queries-facts.ts'
import { viewContacts, viewedKinds, type ViewedFact } from '#src/crawl/contacts/view-contacts.ts'
import type { Db } from '#src/db/open.ts'
import { findSuppressedAmong, type Suppression } from '#src/tracking/queries-suppressions.ts'

const MAX_SHOWN = 30

/** An address of a company: seen somewhere, or only guessed from a person's name. */
export type Recipient = {
  address: string
  person: string | null
  guessed: boolean
  suppression: Suppression | null
}

/** Everybody a company can be written to, the chosen address first and guesses last; nobody that somebody rejected. */
export const listRecipients = async (db: Db, company: Company): Promise<Recipient[]> => {
  const facts = await listShownFacts(db, company.id, [...viewedKinds])
  const { people, emails, suggested } = viewContacts(facts, company)
  const found = new Map<string, Omit<Recipient, 'suppression'>>()
  const add = (address: string | null, person: string | null, guessed: boolean): void => {
    const key = address?.toLowerCase()
    if (!address || key === undefined || found.has(key)) return
    found.set(key, { address, person, guessed })
  }
  const addAll = (list: readonly ViewedFact[], person: string | null) => {
    for (const { value } of list) add(value, person, false)
  }
  const guesses = new Set(suggested.map(({ value }) => value.toLowerCase()))
  const isSeen = (address: string | null) => address !== null && !guesses.has(address.toLowerCase())
  if (isSeen(company.contactEmail)) add(company.contactEmail, company.contactPerson, false)
  if (isSeen(company.email)) add(company.email, company.contactName, false)
  for (const { person, emails: own } of people) addAll(own, person.value)
  addAll(emails, null)
  for (const { value, data } of suggested) add(value, textOf(data['person']), true)
  const shown = [...found.values()].slice(0, MAX_SHOWN)
  const suppressed = await findSuppressedAmong(
    db,
    shown.map(({ address }) => address),
    company.id,
  )
  return shown.map((one) => ({ ...one, suppression: suppressed.get(one.address.toLowerCase()) ?? null }))
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
