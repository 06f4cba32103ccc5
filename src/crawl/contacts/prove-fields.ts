import { addressValue, companyIdValue } from '../fact-rows.ts'
import type { SiteRecord } from '../site-record.ts'
import { fold } from '../extract/names.ts'

const PROVABLE = ['siren', 'siret', 'address1', 'postalCode', 'city'] as const

/** Fields of a company that its own site may prove. */
export type ProvableFields = Record<(typeof PROVABLE)[number], string | null>

const SIREN_LENGTH = 9

/** The empty fields of a company that its site proves: the one company number it gives, and the one address, when
 *  that agrees with what is known. A site shared by several branches proves neither SIRET nor address of one. */
export const proveFields = (
  site: Pick<SiteRecord, 'companyIds' | 'addresses'>,
  company: ProvableFields & { editedFields: readonly string[]; hasBranches: boolean },
  rejected: ReadonlySet<string> = new Set(),
): Partial<ProvableFields> => {
  const proven: Partial<ProvableFields> = {
    ...provenIds(site, company, rejected),
    ...(company.hasBranches ? {} : provenPlace(site, company, rejected)),
  }
  return Object.fromEntries(
    Object.entries(proven).filter(
      ([field, value]) =>
        value && company[field as keyof ProvableFields] === null && !company.editedFields.includes(field),
    ),
  )
}

const provenIds = (
  site: Pick<SiteRecord, 'companyIds'>,
  company: ProvableFields & { hasBranches: boolean },
  rejected: ReadonlySet<string>,
): Partial<ProvableFields> => {
  const given = site.companyIds.filter((id) => !rejected.has(companyIdValue(id).toLowerCase()))
  const only = (values: string[]) => (new Set(values).size === 1 ? (values[0] ?? null) : null)
  const sirets = given.filter(({ kind }) => kind === 'siret').map(({ value }) => value)
  const sirens = [
    ...given.filter(({ kind }) => kind === 'siren').map(({ value }) => value),
    ...sirets.map((siret) => siret.slice(0, SIREN_LENGTH)),
  ]
  const siren = only(sirens)
  const known = company.siren ?? company.siret?.slice(0, SIREN_LENGTH)
  if (siren === null || (known && known !== siren)) return {}
  return { siren, siret: company.hasBranches ? null : only(sirets) }
}

const provenPlace = (
  site: Pick<SiteRecord, 'addresses'>,
  company: ProvableFields,
  rejected: ReadonlySet<string>,
): Partial<ProvableFields> => {
  const given = site.addresses.filter((address) => !rejected.has(addressValue(address).toLowerCase()))
  const [address] = given
  if (!address || given.length > 1 || !address.postalCode) return {}
  const place = { address1: address.street, postalCode: address.postalCode, city: address.city }
  const agrees = (Object.keys(place) as (keyof typeof place)[]).every((field) => {
    const [known, found] = [company[field], place[field]]
    return known === null || found === null || plainOf(known) === plainOf(found)
  })
  return agrees ? place : {}
}

const plainOf = (text: string): string =>
  fold(text)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
