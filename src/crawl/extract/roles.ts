import words from './people-words.data.json'

const MAX_ROLE = 90
const MAX_RAW = 400
const MAX_ROLE_WORDS = 12
const TITLE_WORDS = 4

export type RoleKind =
  | 'owner'
  | 'director'
  | 'manager'
  | 'marketing'
  | 'technical'
  | 'hr'
  | 'accounting'
  | 'sales'
  | 'other'

const END = String.raw`(?![\p{L}])`
const ROLES = (words.roles as [RoleKind, string][]).map(([kind, pattern]) => ({
  kind,
  pattern: new RegExp(`(?:${pattern})${END}`, 'uy'),
}))
/** Whether any function begins at a word: most words begin none, and one pattern says so. */
const ANY = new RegExp(`(?:${words.roles.map(([, pattern]) => pattern).join('|')})${END}`, 'uy')
const WORD_START = /(?<![\p{L}-])[\p{L}(]/gu
const PARTNER = /\p{L} associ[ée]e?s?$/iu
const OWNS = new RegExp(
  String.raw`^(?:${words.roles.find(([kind]) => kind === 'owner')![1]})(?![\p{L}])`,
  'iu',
)
/** "Opticienne, responsable du magasin" */
const RUNS_PLACE =
  /^responsable (?:du |de la |de l['’]|d['’]|de )(?:magasin|boutique|agence|bureau|site|salon|cabinet|centre|[ée]tablissement|structure)/iu
// What a sentence has and a job title has not.
const SENTENCE =
  /[!?]|\.\s+\p{Lu}|(?<!\p{L})(?:sont|nous|vous|votre|notre|vos|nos|je|j['’]|il|elle|avez|cliquez|contactez|découvrez|depuis|pour)(?!\p{L})/iu

/** "Chargé d’affaires Grand Est" says where, "est" says a sentence. */
const IS = /(?<!\p{L})est(?!\p{L})/u
const isSentence = (text: string): boolean => SENTENCE.test(text) || IS.test(text)

/** Reads a short text as a job title and says its kind; null for sentences, headings and anything else. */
export function readRole(raw: string): { role: string; roleKind: RoleKind } | null {
  // The trimming below is quadratic in rows of dots.
  if (raw.length > MAX_RAW) return null
  const role = raw
    .replace(/\s+/g, ' ')
    .replace(/^\s*votre\s+(?=\p{Ll})/iu, '')
    .replace(/^[\s,;:–—|•()-]+|[\s,;:–—|•(.-]+$/g, '')
    .trim()
  if (role.length < 2 || role.length > MAX_ROLE || role.split(' ').length > MAX_ROLE_WORDS) return null
  if (/\d{3}|@|https?:/.test(role) || isSentence(role)) return null
  const roleKind = startsAsRole(role) ? roleKindOf(role) : null
  return roleKind ? { role: role.replace(/^(?:\()|\)$/g, ''), roleKind } : null
}

/** A short text that may be a title where everything else says so: under a name, in a team. */
export function looseRole(raw: string): { role: string; roleKind: RoleKind } | null {
  const known = readRole(raw)
  const role = raw.replace(/\s+/g, ' ').trim()
  if (known || role.length < 3 || role.length > 60 || role.split(' ').length > 7) return known
  if (
    /[\d@:…]|https?|^[«“"]|(?:lire|voir|savoir|plus|suite|cliquez|courriel|e-?mail|\[|envoyer|[ée]crire|contact)/i.test(
      role,
    ) ||
    isSentence(role)
  )
    return null
  return { role, roleKind: roleKindOf(role) ?? 'other' }
}

/** A title names the function among its first words; a sentence mentions one somewhere. */
function startsAsRole(role: string): boolean {
  return kindIn(role.split(' ').slice(0, TITLE_WORDS).join(' ')) !== null
}

/** Whether the function stands among the very first words: "gérant de …", "artisan menuisier". */
export function beginsAsRole(raw: string, within = 1): boolean {
  const text = raw.slice(0, MAX_ROLE).toLowerCase()
  const end = text.split(/[\s,]/, within).join(' ').length
  for (const { index } of text.matchAll(WORD_START)) {
    if (index >= end) return false
    ANY.lastIndex = index
    if (ANY.test(text)) return true
  }
  return false
}

export function roleKindOf(role: string): RoleKind | null {
  // "Expert-comptable, associée", "Maître brasseur & gérant": who owns it is told by the part that says so.
  if (PARTNER.test(role)) return 'owner'
  const parts = role.split(/,|&|\/| et | and | und | e | y | en /)
  if (parts.length > 1 && parts.some((part) => OWNS.test(part.trim()))) return 'owner'
  if (parts.length > 1 && parts.some((part) => RUNS_PLACE.test(part.trim()))) return 'manager'
  // "Directrice commerciale" directs; "gérant et directeur technique" owns.
  const deputy = /^(?:assistante?|secr[ée]taire|adjointe?)\b/i.test(role)
  const kind = kindIn(role)
  return deputy && (kind === 'owner' || kind === 'director' || kind === 'manager') ? 'other' : kind
}

/** The first kind of which a function stands anywhere in a text. */
function kindIn(raw: string): RoleKind | null {
  // Lower case once is many times cheaper than patterns that do not mind the case.
  const text = raw.toLowerCase()
  const starts: number[] = []
  for (const { index } of text.matchAll(WORD_START)) {
    ANY.lastIndex = index
    if (ANY.test(text)) starts.push(index)
  }
  if (starts.length === 0) return null
  const found = ROLES.find(({ pattern }) =>
    starts.some((start) => {
      pattern.lastIndex = start
      return pattern.test(text)
    }),
  )
  return found?.kind ?? null
}
