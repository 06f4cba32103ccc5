import type { Endpoint } from '../endpoint.ts'
import { laterEndpoints } from './audit-report.ts'
import { campaignEndpoints } from './campaigns.ts'
import { companyEndpoints } from './companies.ts'
import { companyChangeEndpoints } from './company-changes.ts'
import { contactEndpoints } from './contacts.ts'
import { nearbyEndpoints } from './nearby.ts'
import { pushEndpoints } from './push.ts'
import { referenceEndpoints } from './reference.ts'
import { statisticsEndpoints } from './statistics.ts'
import { tokenEndpoints } from './token.ts'
import { websiteAnalysisEndpoints } from './website-analysis.ts'

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
