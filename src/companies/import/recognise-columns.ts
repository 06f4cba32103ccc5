import aliases from './columns.data.json'
import { contentKind, type ContentKind } from './recognise-content.ts'

export const companyFields = [
  'name',
  'website',
  'email',
  'phone',
  'category',
  'categoryTranslated',
  'country',
  'address1',
  'address2',
  'addressFull',
  'postalCode',
  'city',
  'longitude',
  'latitude',
  'rating',
  'reviewsCount',
  'companyId',
  'contactName',
  'contactFirstName',
  'notes',
  'tags',
] as const
export type CompanyField = (typeof companyFields)[number]

/** Column index (from 0) of each field that was found. */
export type Mapping = Partial<Record<CompanyField, number>>

const MIN_SHARE = 0.6
const MAX_NAME = 200
const BY_CONTENT: { field: CompanyField; kind: ContentKind }[] = [
  { field: 'email', kind: 'email' },
  { field: 'website', kind: 'website' },
  { field: 'phone', kind: 'phone' },
  { field: 'companyId', kind: 'companyId' },
  { field: 'postalCode', kind: 'postalCode' },
]

/** A column's name with nothing but its letters and digits: accents, case, spaces and punctuation do not count. */
export const foldHeader = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

type Known = { field: CompanyField; strength: number }

// In columns.data.json the better name stands first: of two known columns for a field, it wins.
const KNOWN = new Map<string, Known>()
for (const [list, strength] of [
  ['strong', 2],
  ['weak', 1],
] as const) {
  for (const field of companyFields) {
    for (const [rank, name] of aliases[field][list].entries()) {
      KNOWN.set(foldHeader(name), { field, strength: strength - rank / 1_000 })
    }
  }
}
// The fields' own names, so that a profile or an export of ours maps itself.
for (const field of companyFields) KNOWN.set(foldHeader(field), { field, strength: 2 })

const knownHeader = (name: string): Known | undefined => {
  if (name.length > MAX_NAME) return undefined
  const exact = KNOWN.get(foldHeader(name))
  if (exact) return exact
  const bare = KNOWN.get(foldHeader(name.replace(/\([^)]*\)|\[[^\]]*\]/g, '')))
  const first = bare ?? KNOWN.get(foldHeader(name).replace(/1$/, ''))
  return first && { field: first.field, strength: first.strength - 0.5 }
}

/** How many of these cells are known names of different fields. */
export const recogniseHeader = (cells: string[]): number =>
  new Set(cells.flatMap((cell) => (cell === '' ? [] : (knownHeader(cell)?.field ?? [])))).size

/** Which column holds which field: by its name in French, English or the existing product, else by what its
 *  sample cells look like. The first of two equally good columns wins; `unmapped` lists the columns left out. */
export const recogniseColumns = (
  header: string[],
  sampleRows: string[][] = [],
): { mapping: Mapping; unmapped: number[] } => {
  const mapping = mapByName(header)
  settleAmbiguities(header, mapping)
  mapByContent(header, sampleRows, mapping)
  const used = new Set(Object.values(mapping))
  return { mapping, unmapped: [...header.keys()].filter((column) => !used.has(column)) }
}

const mapByName = (header: string[]): Mapping => {
  const best: Partial<Record<CompanyField, { column: number; strength: number }>> = {}
  for (const [column, name] of header.entries()) {
    const known = name === '' ? undefined : knownHeader(name)
    if (!known || (best[known.field]?.strength ?? 0) >= known.strength) continue
    best[known.field] = { column, strength: known.strength }
  }
  return Object.fromEntries(Object.entries(best).map(([field, { column }]) => [field, column]))
}

const settleAmbiguities = (header: string[], mapping: Mapping): void => {
  const folded = header.map(foldHeader)
  const personName = folded.findIndex((name) => name === 'nom' || name === 'name')
  // Beside a company's name, a bare "Nom" is the person's.
  if (personName !== -1 && mapping.name !== undefined && mapping.name !== personName) {
    mapping.contactName ??= personName
  }
  const full = mapping.addressFull
  const isBare = full !== undefined && /^(adresse|address|addresse|adr)$/.test(folded[full]!)
  // A bare "Adresse" beside a postal code or a town is its first line only.
  if (isBare && mapping.address1 === undefined && (mapping.postalCode ?? mapping.city) !== undefined) {
    mapping.address1 = full
    delete mapping.addressFull
  }
}

const mapByContent = (header: string[], sampleRows: string[][], mapping: Mapping): void => {
  const used = new Set(Object.values(mapping))
  const kinds = header.map((_, column) =>
    sampleRows.flatMap((cells) => (cells[column] ? [contentKind(cells[column])] : [])),
  )
  const share = (column: number, kind: ContentKind): number =>
    kinds[column]!.filter((found) => found === kind).length / Math.max(1, kinds[column]!.length)
  const take = (field: CompanyField, kind: ContentKind): void => {
    if (mapping[field] !== undefined) return
    const column = header.findIndex(
      (name, i) => !used.has(i) && !knownHeader(name) && share(i, kind) >= MIN_SHARE,
    )
    if (column === -1) return
    mapping[field] = column
    used.add(column)
  }
  for (const { field, kind } of BY_CONTENT) take(field, kind)
  if (header.every((name) => !knownHeader(name))) take('name', 'text')
}
