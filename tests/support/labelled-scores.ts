import type { SiteRecord } from '#src/crawl/site-record.ts'
import technologyNames from '#tests/crawl/labelled/technology-names.json' with { type: 'json' }
import { scoreCompany, scoreFeatures } from './labelled-profile-scores.ts'
import type { SiteTruth } from './labelled-sites.ts'
import { digits, nameKey, plain } from './labelled-spelling.ts'

export type FactKind = Exclude<keyof SiteTruth, 'absent' | 'tolerated' | 'notes'>
/** `details`: further questions about the facts found, such as the type of a phone; not part of the aims. */
export type Score = {
  hits: number
  missed: string[]
  wrong: string[]
  details: Record<string, Detail>
}
export type Detail = { right: number; of: number; differ: string[] }
export type SiteScores = Record<FactKind, Score>
export type Facts = Pick<SiteRecord, FactKind>

/** What was found held against what is true, by kind of fact. */
export const scoreSite = (found: Facts, truth: SiteTruth): SiteScores => ({
  emails: scoreContacts(
    found.emails.map(({ value, kind }) => ({ value: value.toLowerCase(), kind, more: kind })),
    truth.emails.map(({ value, kind }) => ({ value, kind, more: kind })),
    { tolerated: truth.tolerated?.emails ?? [], absent: truth.absent.emails, detail: 'kind' },
  ),
  phones: scoreContacts(
    found.phones.map(({ value, kind, type }) => ({ value, kind: kind ?? 'own', more: type })),
    truth.phones.map(({ value, kind, type }) => ({ value, kind: kind ?? 'own', more: type })),
    { tolerated: truth.tolerated?.phones ?? [], absent: truth.absent.phones, detail: 'type' },
  ),
  people: scorePeople(found.people, truth),
  addresses: scoreAddresses(found.addresses, truth),
  companyIds: scoreKeys(
    withSirens(found.companyIds).map(idKey),
    withSirens(truth.companyIds).map(idKey),
    (truth.tolerated?.companyIds ?? []).map((line) => idKey(splitOnce(line))),
  ),
  socials: scoreKeys(
    found.socials.map(({ url }) => socialKey(url)),
    truth.socials.map(({ url }) => socialKey(url)),
    (truth.tolerated?.socials ?? []).map((line) => socialKey(line.split(' ').at(-1)!)),
  ),
  technologies: scoreTechnologies(found.technologies, truth),
  company: scoreCompany(found.company, truth),
  features: scoreFeatures(found.features, truth),
})

type Contact = { value: string; kind: string; more: string }

const isForeign = (contact: Contact): boolean => contact.kind === 'agency' || contact.kind === 'thirdparty'

// The company's own contacts are what is asked for. Another's may be reported when marked as such.
const scoreContacts = (
  found: Contact[],
  truth: Contact[],
  { tolerated, absent, detail }: { tolerated: string[]; absent: string[]; detail: string },
): Score => {
  const known = new Map(truth.map((one) => [one.value, one]))
  const own = found.filter((one) => !isForeign(one))
  const foreign = found.filter(isForeign)
  const expected = truth.filter((one) => !isForeign(one))
  const hits = expected.filter((one) => own.some(({ value }) => value === one.value))
  const wrong = own.filter(({ value }) => !hits.some((hit) => hit.value === value))
  const invented = foreign.filter(({ value }) => !known.has(value) && !absent.includes(value))
  const theirs = truth.filter(isForeign)
  return {
    hits: hits.length,
    missed: expected.filter((one) => !hits.includes(one)).map((one) => one.value),
    wrong: [...wrong, ...invented]
      .filter(({ value }) => !tolerated.includes(value))
      .map(({ value, kind }) => `${value} (${kind})`),
    details: {
      [detail]: detailOf(
        hits,
        (hit) => own.find(({ value }) => value === hit.value)!.more,
        (hit) => hit.more,
      ),
      'others’ marked so': detailOf(
        theirs,
        (one) => (foreign.some(({ value }) => value === one.value) ? 'another’s' : 'missing or own'),
        () => 'another’s',
      ),
    },
  }
}

// Un gérant, un président or a dirigeant is an owner to some and a director or a manager to others.
const roleOf = (kind: string | null | undefined): string =>
  /^(?:owner|director|manager)$/.test(kind ?? '') ? 'leader' : (kind ?? 'none')

const scorePeople = (found: SiteRecord['people'], truth: SiteTruth): Score => {
  const tolerated = new Set((truth.tolerated?.people ?? []).map(nameKey))
  const byName = new Map(found.map((person) => [nameKey(person.name), person]))
  const hits = truth.people.filter((person) => byName.has(nameKey(person.name)))
  const names = new Set(hits.map((person) => nameKey(person.name)))
  const at = (person: { name: string }) => byName.get(nameKey(person.name))!
  const withRole = hits.filter((person) => person.roleKind)
  const withEmail = hits.filter((person) => person.email)
  return {
    hits: hits.length,
    missed: truth.people.filter((person) => !hits.includes(person)).map((person) => person.name),
    wrong: [...byName]
      .filter(([key]) => !names.has(key) && !tolerated.has(key))
      .map(([, person]) => `${person.name}${person.role ? ` (${person.role})` : ''}`),
    details: {
      'kind of role': detailOf(
        withRole,
        (person) => roleOf(at(person).roleKind),
        (person) => roleOf(person.roleKind),
      ),
      'own e-mail': detailOf(
        withEmail,
        (person) => at(person).email,
        (person) => person.email!,
      ),
    },
  }
}

type Address = SiteTruth['addresses'][number]

const scoreAddresses = (found: SiteRecord['addresses'], truth: SiteTruth): Score => {
  const complete = found.map(({ street, postalCode, city }) => ({
    street: street ?? '',
    postalCode: postalCode ?? '',
    city: city ?? '',
  }))
  const tolerated = (truth.tolerated?.addresses ?? []).map(addressOfLine)
  const hits = truth.addresses.filter((one) => complete.some((other) => isSamePlace(one, other)))
  const print = (one: Address) => `${one.street}, ${one.postalCode} ${one.city}`
  return {
    hits: hits.length,
    missed: truth.addresses.filter((one) => !hits.includes(one)).map(print),
    wrong: complete
      .filter((one) => ![...hits, ...tolerated].some((other) => isSamePlace(other, one)))
      .filter((one) => !(one.street === '' && truth.addresses.some((other) => isSameTown(other, one))))
      .map(print),
    details: {},
  }
}

const addressOfLine = (line: string): Address => {
  const [street = '', postalCode = '', city = ''] = line.split('|').map((part) => part.trim())
  return { street, postalCode, city }
}

const isSameTown = (truth: Address, found: Address): boolean => {
  const town = (text: string) => plain(text).replace(/ cedex.*$/, '')
  return digits(truth.postalCode) === digits(found.postalCode) && town(truth.city) === town(found.city)
}

const isSamePlace = (truth: Address, found: Address): boolean => {
  const words = plain(truth.street).split(' ')
  const said = plain(found.street).split(' ')
  const shared = words.filter((word) => said.includes(word))
  return (
    isSameTown(truth, found) &&
    shared.length >= words.length * 0.6 &&
    digits(truth.street) === digits(shared.join(''))
  )
}

type Id = { kind: string; value: string }

// A SIRET, a VAT number and an entry in the register each say the SIREN.
const withSirens = (ids: Id[]): Id[] => [
  ...ids,
  ...ids.flatMap(({ kind, value }) => {
    const number = digits(value)
    if (kind === 'siret') return [{ kind: 'siren', value: number.slice(0, 9) }]
    if (kind === 'rcs' || (kind === 'vat' && /^FR/i.test(value)))
      return [{ kind: 'siren', value: number.slice(-9) }]
    return []
  }),
]

const idKey = ({ kind, value }: Id): string =>
  kind === 'rcs'
    ? `rcs ${plain(value.replace(/\d/g, ''))} ${digits(value)}`
    : `${kind} ${value.replace(/[^0-9a-z]/gi, '').toUpperCase()}`

const splitOnce = (line: string): Id => {
  const at = line.indexOf(' ')
  return { kind: line.slice(0, at), value: line.slice(at + 1) }
}

const socialKey = (text: string): string => {
  const url = new URL(text)
  const host = url.hostname
    .toLowerCase()
    .replace(/^(?:www|m|mobile|[a-z]{2}(?:-[a-z]{2})?)\./, '')
    .replace(/^x\.com$/, 'twitter.com')
    .replace('threads.com', 'threads.net')
    .replace(/^pinterest\..+$/, 'pinterest.com')
  const path = decodeURIComponent(url.pathname).toLowerCase().replace(/\/+$/, '')
  if (host === 'wa.me' || host === 'api.whatsapp.com')
    return `whatsapp ${digits(path) || digits(url.searchParams.get('phone') ?? '')}`
  if (path === '/profile.php') return `${host}${path} ${url.searchParams.get('id')}`
  return host + path.replace(/^(\/company\/[^/]+)\/about$/, '$1')
}

const scoreKeys = (found: string[], truth: string[], tolerated: string[]): Score => {
  const reported = new Set(found)
  const expected = [...new Set(truth)]
  const missed = expected.filter((key) => !reported.has(key))
  const accepted = new Set([...expected, ...tolerated])
  return {
    hits: expected.length - missed.length,
    missed,
    wrong: [...reported].filter((key) => !accepted.has(key)),
    details: {},
  }
}

const detailOf = <T extends object>(
  facts: T[],
  said: (fact: T) => string | null | undefined,
  truth: (fact: T) => string,
): Detail => {
  const differ = facts.filter((fact) => said(fact) !== truth(fact))
  return {
    right: facts.length - differ.length,
    of: facts.length,
    differ: differ.map((fact) => `${labelOf(fact)}: ${said(fact) ?? 'nothing'} for ${truth(fact)}`),
  }
}

const labelOf = (fact: object): string =>
  'name' in fact ? String(fact.name) : 'value' in fact ? String(fact.value) : String(Object.values(fact)[0])

const aliases: Record<string, string> = technologyNames.aliases
const implied: Record<string, string[]> = technologyNames.implies

const technologyKey = (name: string): string => {
  const key = name.toLowerCase().replace(/[^a-z0-9+#]/g, '')
  return aliases[key] ?? key
}

// 2.4 for 2.4.57 is right as far as it goes.
const versionLike = (said: string | null | undefined, truth: string): string | null =>
  said && (said.startsWith(truth) || truth.startsWith(`${said}.`)) ? truth : (said ?? null)

const scoreTechnologies = (found: SiteRecord['technologies'], truth: SiteTruth): Score => {
  const expected = new Map(truth.technologies.map((one) => [technologyKey(one.name), one]))
  const reported = new Map(found.map((one) => [technologyKey(one.name), one]))
  const tolerated = new Set(
    [
      ...technologyNames.alwaysTrue,
      ...truth.technologies.flatMap(({ name }) => implied[name] ?? []),
      ...(truth.tolerated?.technologies ?? []).map((line) => line.split(' = ')[0]!),
    ].map(technologyKey),
  )
  const hits = [...expected].filter(([key]) => reported.has(key))
  const versioned = hits.filter(([, one]) => one.version !== undefined)
  return {
    hits: hits.length,
    missed: [...expected.values()]
      .filter(({ name }) => !reported.has(technologyKey(name)))
      .map((t) => t.name),
    wrong: [...reported]
      .filter(([key]) => !expected.has(key) && !tolerated.has(key))
      .map(([, one]) => `${one.name}${one.version ? ` ${one.version}` : ''}`),
    details: {
      version: detailOf(
        versioned,
        ([key, one]) => versionLike(reported.get(key)!.version, one.version!),
        ([, one]) => one.version!,
      ),
    },
  }
}
