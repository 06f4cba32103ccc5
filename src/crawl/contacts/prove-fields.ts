import { addressValue, companyIdValue } from '../fact-rows.ts'
import type { Correction } from './apply-correction.ts'
import type { AddressFact, SiteRecord } from '../site-record.ts'
import { fold } from '../extract/names.ts'

const PROVABLE = ['siren', 'siret', 'address1', 'postalCode', 'city'] as const

/** Fields of a company that its own site may prove. */
export type ProvableFields = Record<(typeof PROVABLE)[number], string | null>

/** What persons decided on a company's facts: values they rejected, in lower case, and addresses as they corrected
 *  them, by the value in lower case that the site gives. */
export type Judgements = {
  rejected: ReadonlySet<string>
  correctedAddresses: ReadonlyMap<string, Correction>
}

const SIREN_LENGTH = 9
const nothingJudged: Judgements = { rejected: new Set(), correctedAddresses: new Map() }

/** The empty fields of a company that its site proves: the one company number it gives, and the one address, when
 *  that agrees with what is known. A site shared by several branches proves neither SIRET nor address of one. */
export const proveFields = (
  site: Pick<SiteRecord, 'companyIds' | 'addresses'>,
  company: ProvableFields & { editedFields: readonly string[]; hasBranches: boolean },
  { rejected, correctedAddresses }: Judgements = nothingJudged,
): Partial<ProvableFields> => {
  const proven: Partial<ProvableFields> = {
    ...provenIds(site, company, rejected),
    ...(company.hasBranches ? {} : provenPlace(site, company, { rejected, correctedAddresses })),
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
  { rejected, correctedAddresses }: Judgements,
): Partial<ProvableFields> => {
  const given = site.addresses
    .filter((address) => !rejected.has(addressValue(address).toLowerCase()))
    .map((address) => ({
      ...address,
      ...onlyPlace(correctedAddresses.get(addressValue(address).toLowerCase())),
    }))
  const [address] = given
  if (!address || given.length > 1 || !address.postalCode) return {}
  const place = { address1: address.street, postalCode: address.postalCode, city: address.city }
  const agrees = (Object.keys(place) as (keyof typeof place)[]).every((field) => {
    const [known, found] = [company[field], place[field]]
    return known === null || found === null || plainOf(known) === plainOf(found)
  })
  return agrees ? place : {}
}

const onlyPlace = ({ street, postalCode, city }: Correction = {}): Partial<AddressFact> =>
  Object.fromEntries(Object.entries({ street, postalCode, city }).filter(([, value]) => value !== undefined))

const plainOf = (text: string): string =>
  fold(text)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
