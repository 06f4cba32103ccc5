import { companyKey } from '#src/companies/company-key.ts'
import type { OpenGraphFact } from '../site-record.ts'

const MAX_NAME = 200

type Named = {
  name: string
  siteKey: string | null
  address1: string | null
  postalCode: string | null
  city: string | null
  editedFields: readonly string[]
}

/** A company added by its address alone is called by its host until its site says its name (`og:site_name`). */
export const proveName = (
  site: { openGraph: readonly OpenGraphFact[] },
  company: Named,
): { name: string; nameKey: string } | Record<string, never> => {
  if (company.name !== company.siteKey || company.editedFields.includes('name')) return {}
  const said = site.openGraph.find((fact) => fact.property === 'og:site_name')?.value
  const name = said
    ?.replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME)
  return name ? { name, nameKey: companyKey({ ...company, name }) } : {}
}
