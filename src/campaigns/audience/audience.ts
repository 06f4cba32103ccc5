/** Which companies a campaign is for: those of every part that is set, less those left out by hand. The filter is the
 *  query string of the list (companies/company-filter.ts), so that a list on screen can become an audience. */
export type Audience = {
  /** all: `filter` decides alone. picked: exactly `companyIds`. */
  mode: 'filter' | 'segment' | 'objective' | 'groups' | 'picked'
  filter: string
  segmentId: number | null
  objective: string | null
  groupIds: number[]
  companyIds: number[]
  excludedIds: number[]
}

/** Which addresses of a company are written to. */
export type RecipientRules = {
  /** Best contact first. */
  perCompany: number
  /** Kinds of roles preferred or allowed (crawl/contacts), empty: any. */
  roles: string[]
  /** Free-provider addresses, also where the site does not give them as its contact. */
  freeProviders: boolean
  /** Companies that any campaign wrote to within so many days are left out; null: they are not. */
  notContactedDays: number | null
}
