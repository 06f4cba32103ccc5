import { fold } from '../extract/names.ts'
import { parseNumber } from '../extract/phone-numbers.ts'
import type { SiteRecord } from '../site-record.ts'

const SIREN_LENGTH = 9
const LITTLE_TEXT = 200
const HOST_NAME = /^(?:https?:\/\/)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/?$/i
const MAX_TOLD = 5
/** Words of a company's name that tell it from no other. */
const COMMON_WORDS = new Set(
  'sarl eurl sas sasu sa snc sci scp selarl scop earl gaec ei eirl ets etablissements etablissement ste societe groupe entreprise association cabinet maison agence le la les l de du des d et a au aux en the and of france chez mr mme m'.split(
    ' ',
  ),
)

export type Belonging = {
  /** `unchecked`: the site or the list says too little to compare */
  verdict: 'proven' | 'likely' | 'doubtful' | 'unchecked'
  evidence: BelongingEvidence[]
}
/** `known` comes from the list, `found` from the site; `agrees: null` when they are near but not the same. */
export type BelongingEvidence = {
  field: 'siren' | 'phone' | 'address' | 'town' | 'name'
  agrees: boolean | null
  known: string
  found: string
  pageUrl: string
}
export type KnownCompany = {
  name: string
  phone: string | null
  address1: string | null
  postalCode: string | null
  city: string | null
  siren: string | null
  siret: string | null
}
/** What crawls filled in on the company's row: a history entry's `field: [before, after]`, beside its counts. */
export type Fills = readonly Record<string, unknown>[]
type Site = Pick<SiteRecord, 'companyIds' | 'phones' | 'addresses' | 'pages' | 'finalUrl' | 'openGraph'>

/** Whether a site is that of the company it was listed for, by what both say of themselves: company number,
 *  phone, address, name. One strong agreement with a second one, or the number alone, proves it; another company's
 *  number, or nothing that agrees, makes it doubtful. */
export const belongsToCompany = (company: KnownCompany, site: Site): Belonging => {
  const evidence = [
    sirenEvidence(company, site),
    phoneEvidence(company, site),
    addressEvidence(company, site),
    nameEvidence(company, site),
  ].filter((one) => one !== null)
  return { verdict: verdictOf(evidence, site), evidence }
}

/** The company as it is known without its site: what a crawl filled in from there proves nothing of it. */
export const knownElsewhere = <T extends KnownCompany>(company: T, fills: Fills): T => {
  const fields = ['name', 'address1', 'postalCode', 'city', 'siren', 'siret'] as const
  const isFilled = (field: (typeof fields)[number]) =>
    fills.some((detail) => {
      const change = detail[field]
      return Array.isArray(change) && change[1] !== null && change[1] === company[field]
    })
  const blank = fields.filter(isFilled).map((field) => [field, field === 'name' ? '' : null])
  return { ...company, ...Object.fromEntries(blank) }
}

const verdictOf = (evidence: BelongingEvidence[], site: Site): Belonging['verdict'] => {
  const says = (field: BelongingEvidence['field']): boolean | null | undefined =>
    evidence.find((one) => one.field === field)?.agrees
  if (says('siren') === true) return 'proven'
  const phone = says('phone') === true
  const address = says('address') === true
  const town = address || says('town') === true
  const name = says('name')
  if (phone && (address || name !== false)) return says('siren') === false ? 'likely' : 'proven'
  if (says('siren') === false) return 'doubtful'
  if (address && name === true) return 'proven'
  if (phone || address) return 'likely'
  if (name === true && (town || says('town') === undefined)) return 'likely'
  if (name === null && town) return 'likely'
  if (isEmpty(site) || evidence.length === 0) return 'unchecked'
  return 'doubtful'
}

/** Nothing to read: parked, drawn by scripts, or a few words. */
const isEmpty = (site: Site): boolean =>
  site.pages.reduce((sum, page) => sum + page.textLength, 0) < LITTLE_TEXT ||
  Boolean(site.pages[0]?.parked) ||
  Boolean(site.pages[0]?.needsBrowser)

const sirenEvidence = (company: KnownCompany, site: Site): BelongingEvidence | null => {
  const known = (company.siren ?? company.siret?.slice(0, SIREN_LENGTH))?.replace(/\D/g, '')
  const given = site.companyIds
    .filter(({ kind }) => kind === 'siren' || kind === 'siret')
    .map((id) => ({ ...id, siren: id.value.slice(0, SIREN_LENGTH) }))
  if (!known || given.length === 0) return null
  const same = given.find(({ siren }) => siren === known)
  const shown = same ?? given[0]!
  return { field: 'siren', agrees: Boolean(same), known, found: shown.siren, pageUrl: shown.pageUrl }
}

const phoneEvidence = (company: KnownCompany, site: Site): BelongingEvidence | null => {
  const known = company.phone ? parseNumber(company.phone)?.number : null
  const own = site.phones.filter(({ kind }) => kind === undefined)
  if (!known || own.length === 0) return null
  const same = own.find(({ value }) => value === known)
  const found =
    same?.value ??
    own
      .slice(0, MAX_TOLD)
      .map(({ value }) => value)
      .join(', ')
  return { field: 'phone', agrees: Boolean(same), known, found, pageUrl: (same ?? own[0]!).pageUrl }
}

const addressEvidence = (company: KnownCompany, site: Site): BelongingEvidence | null => {
  const { address1, postalCode, city } = company
  const placed = site.addresses.filter((address) => address.postalCode || address.city)
  if ((!postalCode && !city) || placed.length === 0) return null
  const known = [address1, postalCode, city].filter(Boolean).join(', ')
  const inTown = placed.filter((address) =>
    postalCode && address.postalCode
      ? address.postalCode === postalCode
      : plain(address.city) === plain(city),
  )
  const same = address1 ? inTown.find((address) => sameStreet(address.street, address1)) : undefined
  const shown = same ?? inTown[0] ?? placed[0]!
  return {
    field: same ? 'address' : 'town',
    agrees: inTown.length > 0,
    known,
    found: [shown.street, shown.postalCode, shown.city].filter(Boolean).join(', '),
    pageUrl: shown.pageUrl,
  }
}

/** The same number and the last word of the street: types and titles are written in many ways. */
const sameStreet = (found: string | null, known: string): boolean => {
  if (!found) return false
  const [a, b] = [plain(found), plain(known)]
  if (a === b) return true
  const numberOf = (text: string): string | undefined => /^\d+/.exec(text)?.[0]
  return (
    numberOf(a) !== undefined && numberOf(a) === numberOf(b) && a.split(' ').at(-1) === b.split(' ').at(-1)
  )
}

const nameEvidence = (company: KnownCompany, site: Site): BelongingEvidence | null => {
  // An address in place of a name, as imports without names have it, compares the site with itself.
  if (HOST_NAME.test(company.name.trim())) return null
  const words = plain(company.name)
    .split(' ')
    .filter((word) => word.length > 1 && !COMMON_WORDS.has(word))
  const home = site.pages[0]
  if (words.length === 0 || !home) return null
  const host = plain(new URL(site.finalUrl).hostname.replace(/^www\./, '').replace(/\.[a-z]{2,}$/, ''))
  const named = site.openGraph.filter(({ property }) => property === 'og:site_name').map(({ value }) => value)
  const texts = [...site.pages.slice(0, 12).flatMap((page) => [page.title, ...page.h1.slice(0, 2)]), ...named]
  const said = new Set(plain(texts.filter(Boolean).join(' ')).split(' '))
  const joined = host.replaceAll(' ', '')
  const hits = words.filter((word) => said.has(word) || (word.length > 3 && joined.includes(word)))
  // A town or a trade alone is no name: "Garage de Metz" is not any garage.
  const town = new Set(plain(company.city).split(' '))
  const telling = hits.filter((word) => !town.has(word))
  const agrees = hits.length === words.length ? true : telling.length * 2 >= words.length ? null : false
  return {
    field: 'name',
    agrees,
    known: company.name,
    found: (named[0] ?? home.title ?? host).slice(0, 200),
    pageUrl: home.finalUrl,
  }
}

const plain = (text: string | null): string =>
  fold(text ?? '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
