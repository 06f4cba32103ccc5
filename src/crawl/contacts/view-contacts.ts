import type { Company } from '#src/companies/queries-edit.ts'
import { applyCorrection, type Judged } from './apply-correction.ts'
import { checkCompanyId, type IdCheck } from './check-company-id.ts'
import { judgedKinds } from './decide.ts'
import { groupContacts, type GroupedContacts } from './group-contacts.ts'
import { isPersonal } from './personal-form.ts'
import type { ShownFact } from './queries-facts.ts'
import type { FormFact } from '../site-record.ts'

export type ViewedFact = Judged<ShownFact>
export type ContactsView = GroupedContacts<ShownFact> & {
  forms: ViewedFact[]
  addresses: ViewedFact[]
  companyIds: (ViewedFact & { check: IdCheck })[]
  socials: ViewedFact[]
}

export const viewedKinds = [...judgedKinds, 'form'] as const

/** A company's facts as its page shows them. */
export const viewContacts = (
  facts: readonly ShownFact[],
  record: Pick<Company, 'siren' | 'siret'>,
): ContactsView => {
  const of = (kind: ShownFact['kind']) =>
    facts.filter((fact) => fact.kind === kind && fact.verdict !== 'rejected').map(applyCorrection)
  const grouped = groupContacts(facts.filter(({ kind }) => kind !== 'form'))
  return {
    ...grouped,
    forms: of('form').filter(({ data }) => isContactForm(data)),
    addresses: of('address'),
    companyIds: of('company_id').map((fact) => ({ ...fact, check: checkCompanyId(fact.value, record) })),
    socials: of('social'),
  }
}

const isContactForm = (data: Record<string, unknown>): boolean =>
  !data['hasPassword'] &&
  Array.isArray(data['fields']) &&
  isPersonal({ fields: data['fields'] as FormFact['fields'] })
