import type { Endpoint } from '../endpoint.ts'
import { laterEndpoints } from './requests/audit-report.ts'
import { campaignEndpoints } from './campaigns/campaigns.ts'
import { companyEndpoints } from './companies/companies.ts'
import { companyChangeEndpoints } from './companies/company-changes.ts'
import { contactEndpoints } from './contacts/contacts.ts'
import { nearbyEndpoints } from './companies/nearby.ts'
import { pushEndpoints } from './requests/push.ts'
import { referenceEndpoints } from './numbers/reference.ts'
import { statisticsEndpoints } from './numbers/statistics.ts'
import { tokenEndpoints } from './token.ts'
import { websiteAnalysisEndpoints } from './requests/website-analysis.ts'

/** Every route of /api/public. Fixed paths are matched before those with parameters, whatever their order here. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...tokenEndpoints,
  ...companyEndpoints,
  ...companyChangeEndpoints,
  ...contactEndpoints,
  ...nearbyEndpoints,
  ...referenceEndpoints,
  ...statisticsEndpoints,
  ...campaignEndpoints,
  ...websiteAnalysisEndpoints,
  ...pushEndpoints,
  ...laterEndpoints,
]
