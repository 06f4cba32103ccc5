import words from './people-words.data.json'

const MAX_ROLE = 90
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

const ROLES = (words.roles as [RoleKind, string][]).map(([kind, pattern]) => ({
  kind,
  pattern: new RegExp(String.raw`(?<![\p{L}-])(?:${pattern})(?![\p{L}])`, 'iu'),
}))
// What a sentence has and a job title has not.
const SENTENCE =
  /[!?]|\.\s+\p{Lu}|(?<!\p{L})(?:est|sont|nous|vous|votre|notre|vos|nos|je|j['’]|il|elle|avez|cliquez|contactez|découvrez|depuis|pour)(?!\p{L})/iu

/** Reads a short text as a job title and says its kind; null for sentences, headings and anything else. */
export function readRole(raw: string): { role: string; roleKind: RoleKind } | null {
  const role = raw
    .replace(/\s+/g, ' ')
    .replace(/^\s*votre\s+(?=\p{Ll})/iu, '')
    .replace(/^[\s,;:–—|•()-]+|[\s,;:–—|•(.-]+$/g, '')
    .trim()
  if (role.length < 2 || role.length > MAX_ROLE || role.split(' ').length > MAX_ROLE_WORDS) return null
  if (/\d{3}|@|https?:/.test(role) || SENTENCE.test(role)) return null
  const roleKind = startsAsRole(role) ? roleKindOf(role) : null
  return roleKind ? { role: role.replace(/^(?:\()|\)$/g, ''), roleKind } : null
}

/** A short text that may be a title where everything else says so: under a name, in a team. */
export function looseRole(raw: string): { role: string; roleKind: RoleKind } | null {
  const known = readRole(raw)
  const role = raw.replace(/\s+/g, ' ').trim()
  if (known || role.length < 3 || role.length > 60 || role.split(' ').length > 7) return known
  if (/[\d@:…]|https?|^[«“"]|(?:lire|voir|savoir|plus|suite|cliquez)/i.test(role) || SENTENCE.test(role))
    return null
  return { role, roleKind: roleKindOf(role) ?? 'other' }
}

/** A title names the function among its first words; a sentence mentions one somewhere. */
function startsAsRole(role: string): boolean {
  const start = role.split(' ').slice(0, TITLE_WORDS).join(' ')
  return ROLES.some(({ pattern }) => pattern.test(start))
}

export function roleKindOf(role: string): RoleKind | null {
  // "Directrice commerciale" directs; "gérant et directeur technique" owns.
  const deputy = /^(?:assistante?|secr[ée]taire|adjointe?)\b/i.test(role)
  const found = ROLES.find(({ pattern }) => pattern.test(role))
  if (!found) return null
  if (deputy && (found.kind === 'owner' || found.kind === 'director' || found.kind === 'manager'))
    return 'other'
  return found.kind
}
