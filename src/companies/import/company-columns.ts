import type { ImportedCompany } from './clean-row.ts'
import { companyKey, streetLine, type Whereabouts } from '#src/companies/company-key.ts'

/** The columns of a company that a list can fill. */
export type CompanyColumns = {
  name: string
  website: string | null
  siteKey: string | null
  nameKey: string
  profileUrl: string | null
  email: string | null
  phone: string | null
  phoneE164: string | null
  contactName: string | null
  category: string | null
  sector: string | null
  address1: string | null
  address2: string | null
  postalCode: string | null
  city: string | null
  country: string | null
  longitude: number | null
  latitude: number | null
  rating: number | null
  reviewsCount: number | null
  siren: string | null
  siret: string | null
  notes: string
  tags: string[]
}

/** A cleaned row as it is stored. Rows are compared by these values too, so that the same row read again, or met
 *  in the database, is always the same company. */
export const columnsOf = (company: ImportedCompany): CompanyColumns => {
  const columns = {
    name: company.name,
    website: company.website,
    siteKey: company.siteKey,
    profileUrl: company.profileUrl,
    email: company.email,
    phone: company.phone,
    phoneE164: company.phoneE164,
    contactName: company.contactName,
    category: company.category ?? company.categoryTranslated,
    sector: company.categoryTranslated,
    address1: company.address1 ?? streetIn(company),
    address2: company.address2,
    postalCode: company.postalCode,
    city: company.city,
    country: company.country,
    longitude: company.longitude,
    latitude: company.latitude,
    rating: company.rating,
    reviewsCount: company.reviewsCount,
    siren: company.siren,
    siret: company.siret,
    notes: company.notes ?? '',
    tags: company.tags,
  }
  return { ...columns, nameKey: companyKey(columns) }
}

/** Where a company is, for telling branches apart. */
export const whereaboutsOf = (
  company: Pick<CompanyColumns, 'address1' | 'address2' | 'postalCode' | 'city' | 'phone' | 'phoneE164'>,
): Whereabouts => ({
  address1: company.address1,
  address2: company.address2,
  postalCode: company.postalCode,
  city: company.city,
  phone: company.phoneE164 ?? company.phone,
})

// Beside columns for postal code and town, what a full address repeats of them says nothing new.
const streetIn = ({ addressFull, postalCode, city }: ImportedCompany): string | null =>
  addressFull && (postalCode ?? city) !== null ? streetLine(addressFull) : addressFull
