import type { PersonFact } from '../site-record.ts'
import { nameKey, readName } from './names.ts'
import { oneLine, type PageView } from './page-view.ts'
import { parseNumber } from './phone-numbers.ts'
import { person } from './person-fact.ts'
import { looseRole, readRole } from './roles.ts'

const MAX_TRIED = 2_000
const LONGEST_KEY = 70
const MAX_LIST = 40_000
/** Of all lists of a page together: each that never ends would be read to its last character. */
const MAX_READ = 400_000
const MAX_MEMBERS = 60
const LONGEST_MAIL = 100

/** `"team":[{"name":…`, `"nosConseillers":{"nodes":[{…`: the key of a list that announces people of the house */
const KEY =
  /"(?![\w-]*(?:client|customer|testimon|partner|partenaire|former|ancien|alumni|guest|invit|author|auteur|steam|user|reagent))[\w-]{0,16}(?:team|[ée]quipe|members?|membres|staff|people|collaborat(?:eurs|ors)|employees|associ[ée]s|associates|dirigeants|praticiens|practitioners|conseillers|commerciaux|agents|m[ée]decins|doctors|avocats|lawyers|moniteurs|formateurs|coaches|therapists)[\w-]{0,12}\\?"\s*:\s*(?:\{\s*\\?"(?:data|nodes|edges|items)\\?"\s*:\s*)?$/i
/** What customers and articles have and staff has not */
const OF_OTHERS =
  /^(?:quote|review|rating|stars|testimonial|comment|message|citation|avis|note|published\w*|slug_article|price|logo|website|jersey\w*|shirt\w*|maillot|goals)$/i
/** Lists of whomever: users, writers of comments, browsers; a title says that they are of the house. */
const WHOMEVER =
  /"(?:all)?_?-?(?:members?|membres|people|agents)\\?"\s*:[^"]*(?:"(?:data|nodes|edges|items)\\?"\s*:\s*)?$/i
const FORMER = /^(?:ex-|ancien|former|ehemalig|vormalig)/i
const NAMES = ['name', 'fullName', 'full_name', 'nomComplet', 'nom_complet', 'displayName']
const GIVEN = ['firstName', 'first_name', 'firstname', 'prenom', 'prénom', 'givenName']
const FAMILY = ['lastName', 'last_name', 'lastname', 'nom', 'familyName', 'surname']
const ROLES =
  'role title job jobTitle job_title position fonction poste metier métier function titre profession'.split(
    ' ',
  )

/** People in the data of a page's scripts: `__NEXT_DATA__`, what Next, Nuxt and Gatsby hydrate from. Who is only shown
 *  by a script is not in the text. */
export function* peopleInScripts(view: PageView): Generator<PersonFact> {
  let tried = 0
  let read = 0
  const seen = new Set<string>()
  for (const script of view.inlineScripts) {
    for (
      let at = script.indexOf('[{');
      at >= 0 && tried < MAX_TRIED && read < MAX_READ;
      at = script.indexOf('[{', at + 2)
    ) {
      tried++
      const before = script.slice(Math.max(0, at - LONGEST_KEY), at)
      if (!KEY.test(before)) continue
      // Next sends its data as a text in a text.
      const raw = script.slice(at, at + MAX_LIST)
      const list = listAt(/\\"\s*:\s*$/.test(before) ? raw.replaceAll('\\"', '"') : raw)
      read += list?.length ?? raw.length
      if (list === null) continue
      for (const fact of membersOf(view, parsed(list), WHOMEVER.test(before))) {
        if (seen.has(nameKey(fact.name))) continue
        seen.add(nameKey(fact.name))
        yield fact
      }
    }
  }
}

/** The list that begins a text; null where it does not end. */
function listAt(text: string): string | null {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '\\') at++
    else if (sign === '"') quoted = !quoted
    else if (quoted) continue
    else if (sign === '[') depth++
    else if (sign === ']' && --depth === 0) return text.slice(0, at + 1)
  }
  return null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

type Fields = Record<string, unknown>

function* membersOf(view: PageView, list: unknown, whomever: boolean): Generator<PersonFact> {
  if (!Array.isArray(list)) return
  const members = list.slice(0, MAX_MEMBERS).map(fieldsOf)
  if (members.some((fields) => Object.keys(fields).some((key) => OF_OTHERS.test(key)))) return
  for (const fields of members) {
    const whole = first(fields, NAMES)
    const family = first(fields, FAMILY)
    const given = first(fields, GIVEN)
    const name = readName(whole ?? [given, family].filter(Boolean).join(' '))
    const title = first(fields, ROLES)
    if (FORMER.test(title ?? '')) continue
    const role = title ? (readRole(title) ?? (name?.known ? looseRole(title) : null)) : null
    if (!name || !(role || (name.known && !whomever))) continue
    const email = first(fields, ['email', 'mail', 'courriel'])?.toLowerCase() ?? ''
    const phone = parseNumber(first(fields, ['phone', 'tel', 'telephone', 'mobile']) ?? '')
    yield person(
      view,
      name,
      'script',
      role ? 0.8 : 0.7,
      oneLine([name.name, title].filter(Boolean).join(', ')),
      {
        ...role,
        email: /^[^@\s]+@[^@\s]+\.[a-z]+$/.test(email) && email.length < LONGEST_MAIL ? email : null,
        phone: phone?.number ?? null,
      },
    )
  }
}

/** The fields of a member, out of the envelopes that content systems put around them. */
function fieldsOf(item: unknown): Fields {
  if (item === null || typeof item !== 'object') return {}
  const fields = item as Fields
  const inner = fields['node'] ?? fields['attributes'] ?? fields['fields'] ?? fields['data']
  return inner !== null && typeof inner === 'object' ? { ...fields, ...(inner as Fields) } : fields
}

function first(fields: Fields, keys: string[]): string | null {
  for (const key of keys) {
    const value = fields[key]
    if (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_MAIL) return value
  }
  return null
}
