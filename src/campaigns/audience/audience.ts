/** Which companies a campaign is for. `mode` says where they come from; `filter` then narrows them in every mode but
 *  `picked`, which is exactly `companyIds`; those left out by hand are left out always. The filter is a query string
 *  (audience-filter.ts) that understands every one of the list of companies, so that a list on screen can become an
 *  audience. */
export type Audience = {
  mode: 'filter' | 'segment' | 'objective' | 'groups' | 'picked'
  filter: string
  segmentId: number | null
  objective: string | null
  groupIds: number[]
  companyIds: number[]
  excludedIds: number[]
}

/** Which addresses of a company are written to. Always: its own domain's, and what its site gives as its contact; never:
 *  guessed ones. */
export type RecipientRules = {
  /** Best contact first. */
  perCompany: number
  /** Whose addresses (standings.ts, recipientRoles); empty: anybody's. */
  roles: string[]
  /** Free-provider addresses, also where the site does not give them as its contact. */
  freeProviders: boolean
  /** Addresses at some other domain that only a list names. */
  otherDomains?: boolean
  /** Companies that were written to within so many days are left out; null: they are not. */
  notContactedDays: number | null
  /** Only so many companies, the best prospects first; null: all. */
  mostCompanies?: number | null
}

export const emptyAudience: Audience = {
  mode: 'filter',
  filter: '',
  segmentId: null,
  objective: null,
  groupIds: [],
  companyIds: [],
  excludedIds: [],
}

export const defaultRules: RecipientRules = {
  perCompany: 1,
  roles: [],
  freeProviders: false,
  otherDomains: false,
  notContactedDays: 30,
  mostCompanies: null,
}

/** Why a company of the audience, or one of its addresses, gets no mail: texts in messages.ts. The first group tells of
 *  companies, the second of what is wrong with the best of their addresses, the third of single addresses of companies
 *  that are written to. */
export const exclusionReasons = [
  'deleted',
  'left_out',
  'status',
  'suppressed_company',
  'contacted_recently',
  'beyond_most',

  'suppressed',
  'bounced',
  'role_not_chosen',
  'free_provider',
  'other_domain',
  'no_mail_server',
  'disposable',
  'unread',
  'placeholder',
  'third_party',
  'guessed',
  'no_address',
  'duplicate',

  'over_cap',
] as const
export type ExclusionReason = (typeof exclusionReasons)[number]
