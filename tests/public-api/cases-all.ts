import { campaignCases } from './cases-campaigns.ts'
import { companyCases } from './cases-companies.ts'
import { contactCases } from './cases-contacts.ts'
import { numberCases } from './cases-numbers.ts'
import { requestCases } from './cases-requests.ts'
import { tokenCases } from './cases-token.ts'
import type { ContractCase } from './contract-case.ts'

/** Every recorded case; whoever adds endpoints adds theirs here. */
export const CASES: readonly ContractCase[] = [
  ...tokenCases,
  ...companyCases,
  ...contactCases,
  ...numberCases,
  ...campaignCases,
  ...requestCases,
]
