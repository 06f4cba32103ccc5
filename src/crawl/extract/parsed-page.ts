import type {
  AddressFact,
  CompanyIdFact,
  EmailFact,
  ExternalLinkFact,
  FeatureFact,
  FormFact,
  ImageFact,
  OpenGraphFact,
  PageRecord,
  PersonFact,
  PhoneFact,
  Provenance,
  SocialFact,
  TechnologyFact,
} from '../site-record.ts'

/** What the crawl hands to a parsing thread: one response as received. Header names are lower-case,
 *  several set-cookie lines joined by \n. `deep` asks for the rules that need a DOM (people cards,
 *  microdata); `home` marks the page the crawl started from. */
export type ParseInput = {
  url: string
  finalUrl: string
  siteHost: string
  depth: number
  status: number
  headers: Record<string, string>
  body: Uint8Array
  deep: boolean
  home?: boolean
  /** YYYY-MM-DD; a date after it is no post */
  today?: string
}

export type PageContent = Pick<
  PageRecord,
  | 'charset'
  | 'title'
  | 'description'
  | 'canonical'
  | 'robots'
  | 'viewport'
  | 'lang'
  | 'generator'
  | 'h1'
  | 'imageCount'
  | 'imagesWithoutAlt'
  | 'scripts'
  | 'stylesheets'
  | 'mixedContent'
  | 'textLength'
  | 'openGraph'
  | 'parked'
  | 'needsBrowser'
  | 'copyrightYear'
  | 'oldMarkup'
  | 'metaCsp'
  | 'scriptsWithoutSri'
  | 'policyLinks'
>

/** What one page says of the company itself; `value` as in CompanyProfile, numbers in digits. */
export type ProfileHint = Provenance & {
  kind: 'legalForm' | 'capital' | 'host' | 'openingHours' | 'language'
  value: string
}

/** A number or address of a page. `doubted`: another's by nothing more than the name before it, unless the whole site says it is
 *  its own. */
export type PagePhone = PhoneFact & { doubted?: true }
export type PageAddress = AddressFact & { doubted?: true }

export type PageFacts = {
  emails: EmailFact[]
  phones: PagePhone[]
  people: PersonFact[]
  addresses: PageAddress[]
  companyIds: CompanyIdFact[]
  socials: SocialFact[]
  technologies: TechnologyFact[]
  openGraph: OpenGraphFact[]
  forms: FormFact[]
  images: ImageFact[]
  externalLinks: ExternalLinkFact[]
  profile: ProfileHint[]
  features: FeatureFact[]
}

/** A page that tells nothing. */
export const noFacts = (): PageFacts => ({
  emails: [],
  phones: [],
  people: [],
  addresses: [],
  companyIds: [],
  socials: [],
  technologies: [],
  openGraph: [],
  forms: [],
  images: [],
  externalLinks: [],
  profile: [],
  features: [],
})

export type PagePurpose = 'contact' | 'legal' | 'about' | 'team' | 'other'

/** A page of the same site worth fetching. */
export type PageLink = { url: string; text: string; rel: string | null; nofollow: boolean; kind: PagePurpose }

export type ParsedPage = {
  page: PageContent
  facts: PageFacts
  links: PageLink[]
  metaRefresh: string | null
  /** The page in other languages (link rel=alternate hreflang), and itself among them */
  alternates?: { lang: string; url: string }[]
  /** Files of the site that are no pages but may name its people: best first */
  documents?: DocumentLink[]
}

export type DocumentLink = { url: string; kind: 'pdf' | 'feed' }
