/** What tells two rows apart beyond their site; an empty part says nothing. */
export type Whereabouts = {
  address1?: string | null
  address2?: string | null
  addressFull?: string | null
  postalCode?: string | null
  city?: string | null
  phone?: string | null
}

const STREET_WORDS: Record<string, string> = {
  av: 'avenue',
  ave: 'avenue',
  bd: 'boulevard',
  bld: 'boulevard',
  bvd: 'boulevard',
  blvd: 'boulevard',
  r: 'rue',
  pl: 'place',
  rte: 'route',
  ch: 'chemin',
  che: 'chemin',
  imp: 'impasse',
  all: 'allee',
  sq: 'square',
  fg: 'faubourg',
  fbg: 'faubourg',
  st: 'saint',
  ste: 'sainte',
  zi: 'zone industrielle',
  za: 'zone artisanale',
  dr: 'docteur',
  gal: 'general',
  mal: 'marechal',
  rd: 'road',
}

/** Lower case, no accents, no punctuation, single spaces: two spellings of one name are equal. */
export const foldText = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('&', ' et ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** The same for an address, with the usual short forms written out (`12, av. St-Jean` = `12 avenue Saint Jean`). */
export const foldAddress = (text: string): string =>
  foldText(text)
    .split(' ')
    .map((word) => (Object.hasOwn(STREET_WORDS, word) ? STREET_WORDS[word] : word))
    .join(' ')

/** The key of a company without a site of its own: folded name, street and postal code (or town). */
export const companyKey = (company: { name: string } & Whereabouts): string =>
  [foldText(company.name), streetOf(company), placeOf(company)].join('|')

/** Two companies of one site are the same branch when neither address nor phone tells them apart; a part that
 *  one of them lacks tells nothing. */
export const sameBranch = (a: Whereabouts, b: Whereabouts): boolean => {
  const left = branchParts(a)
  const right = branchParts(b)
  const agrees = (i: number) => left[i] === '' || right[i] === '' || left[i] === right[i]
  if (!agrees(STREET) || !agrees(POSTAL_CODE) || !agrees(PHONE)) return false
  // Towns are written in many ways: they decide only where a postal code does not.
  return (left[POSTAL_CODE] !== '' && right[POSTAL_CODE] !== '') || agrees(TOWN)
}

/** A text equal for rows of the same branch that give the same address and phone; rows that lack one of them
 *  need `sameBranch`. */
export const branchKey = (company: Whereabouts): string => branchParts(company).join('|')

const [STREET, POSTAL_CODE, PHONE, TOWN] = [0, 1, 2, 3]
const branchParts = (company: Whereabouts): string[] => [
  streetOf(company),
  foldText(company.postalCode ?? '') || postalCodeIn(company.addressFull ?? ''),
  (company.phone ?? '').replace(/[^\d+]/g, ''),
  foldAddress(company.city ?? ''),
]

const streetOf = (company: Whereabouts): string => {
  const lines = [company.address1, company.address2].filter(Boolean).join(' ')
  if (lines !== '') return foldAddress(lines)
  return foldAddress(streetLine(company.addressFull ?? ''))
}

/** "12 rue X, 57000 Metz, France": the street is what stands before the postal code. */
export const streetLine = (address: string): string =>
  address.split(/,?\s*\b(?:[A-Z]{1,2}-)?\d{4,5}\b(?=\s+\p{L})/u)[0] || address

const placeOf = (company: Whereabouts): string =>
  foldText(company.postalCode ?? '') ||
  postalCodeIn(company.addressFull ?? '') ||
  foldText(company.city ?? '')

const postalCodeIn = (address: string): string => /\b\d{5}\b(?=\s+\p{L})/u.exec(address)?.[0] ?? ''
