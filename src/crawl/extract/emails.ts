import words from './email-words.data.json'
import type { EmailFact } from '../site-record.ts'
import { reverseText, rot13 } from './email-ciphers.ts'
import { emailsOfHref } from './email-links.ts'
import { emailsInScript } from './email-scripts.ts'
import { spelledIn } from './email-spelled.ts'
import {
  BLOG_PATH,
  INVITES,
  isOfOfficer,
  isOfParents,
  isSharedDomain,
  isTeamDomain,
  isTemplate,
  namesBearer,
  pairOfNumber,
} from './email-whose.ts'
import { isFirstName } from './names.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  IN_FOOTER,
  IN_HEADER,
  IN_QUOTE,
  flagsAt,
  type Line,
  lineAt,
  oneLine,
  type PageView,
  snippetAround,
  snippetOfLine,
} from './page-view.ts'
import type { PagePurpose } from './parsed-page.ts'
import { percentDecode } from './percent-decode.ts'
import { othersNamer, saysSite } from './whose-contact.ts'
import { hasRealSuffix, registrableDomain, relationToSite } from './site-identity.ts'

const MAX_EMAILS = 300
const MAX_SIGNS = 5_000
// Trimming costs the square of a run of points.
const MAX_RAW = 2_000
const MAX_LOCAL = 64
const MAX_DOMAIN = 253

const set = (list: string): Set<string> => new Set(list.split(' '))
const ROLE_LOCALS = set(words.roleLocals)
const PLACEHOLDER_DOMAINS = set(words.placeholderDomains)
const BUILDER_DOMAINS = set(words.builderDomains)
const PLACEHOLDER_LOCALS = set(words.placeholderLocals)
const ASSETS = set(words.assetExtensions)
const CONFIDENCE: Record<string, number> = {
  mailto: 0.95,
  cfemail: 0.95,
  text: 0.9,
  'json-ld': 0.9,
  microdata: 0.9,
  typo3: 0.9,
  'at-text': 0.85,
  rot13: 0.85,
  reversed: 0.8,
  meta: 0.8,
  script: 0.7,
  'form-action': 0.7,
  'data-attribute': 0.75,
  attribute: 0.75,
  'form-field': 0.75,
  css: 0.75,
  vcard: 0.92,
  pdf: 0.85,
  feed: 0.8,
}

type Candidate = { value: string; method: string; line: number; snippet: string; position?: number }

/** What e-mail rules need to know about the page beyond its text. */
export type EmailContext = {
  purpose: PagePurpose
  home: boolean
  /** Registrable domains of the agencies credited on the page */
  creditDomains: Set<string>
  structured: { value: string; method: string; snippet: string }[]
}

/** Every address of a page, each once by its best method, judged: role or person, agency, third party. */
export function extractEmails(view: PageView, context: EmailContext): EmailFact[] {
  const best = new Map<string, EmailFact>()
  const ofOthers = othersNamer(view)
  for (const candidate of candidatesOf(view, context)) {
    const read = readCandidate(candidate, view.siteHost)
    if (!read) continue
    const { value } = read
    const fact = judge(value, read, view, context, ofOthers)
    const known = best.get(value)
    if (!known) {
      if (best.size < MAX_EMAILS) best.set(value, fact)
    } else if (rank(fact) > rank(known)) best.set(value, fact)
  }
  return [...best.values()]
}

/** The address a candidate stands for. One that is of the site only when turned round or rotated was hidden so. */
function readCandidate(candidate: Candidate, siteHost: string): Candidate | null {
  const plain = cleanEmail(candidate.value, siteHost)
  if (plain && relationToSite(plain.split('@')[1]!, siteHost) !== 'other')
    return { ...candidate, value: plain }
  for (const [method, text] of [
    ['rot13', rot13(candidate.value)],
    ['reversed', reverseText(candidate.value)],
  ] as const) {
    const value = candidate.value.length < 120 ? cleanEmail(text, siteHost) : null
    if (!value) continue
    const [local = '', domain = ''] = value.split('@')
    const telling = ROLE_LOCALS.has(local) && (!plain || !ROLE_LOCALS.has(plain.split('@')[0]!))
    const relation = relationToSite(domain, siteHost)
    const hidden = !plain && relation === 'free'
    if (relation === 'own' || hidden || (telling && (!plain || method === 'rot13')))
      return { ...candidate, value, method }
  }
  return plain ? { ...candidate, value: plain } : null
}

const rank = (fact: EmailFact): number => fact.confidence - (fact.kind === 'thirdparty' ? 1 : 0)

function* candidatesOf(view: PageView, context: EmailContext): Generator<Candidate> {
  for (const anchor of view.anchors) {
    for (const { value, method } of emailsOfHref(anchor.href)) {
      const snippet = anchorSnippet(view, anchor.line, anchor.text)
      yield { value, method, line: anchor.line, snippet: snippet || value }
    }
  }
  for (const { value, method, line } of view.hiddenEmails) {
    yield { value, method, line, snippet: snippetOfLine(view, line) || value }
  }
  for (const found of context.structured) yield { ...found, line: -1 }
  yield* emailsInText(view)
  yield* obfuscatedInText(view)
  for (const script of view.inlineScripts) {
    for (const { value, built, keyed } of emailsInScript(script, view.siteHost)) {
      const domain = value.split('@')[1]!.toLowerCase()
      // Scripts are full of other people's addresses (licences, reporting endpoints): what is written plainly
      // counts when it is the site's, what takes the trouble to hide is meant for its visitors.
      const relation = relationToSite(domain, view.siteHost)
      if (built || relation === 'own' || relation === 'free' || (keyed && relation === 'unknown'))
        yield { value, method: 'script', line: -1, snippet: value }
    }
  }
}

const anchorSnippet = (view: PageView, line: number, text: string): string =>
  snippetOfLine(view, line) || oneLine(text)

const LOCAL_CHARACTER = /[\p{L}\d._%+'’-]/u
const DOMAIN_CHARACTER = /[A-Za-z0-9.-]/

function* emailsInText(view: PageView): Generator<Candidate> {
  const { text } = view
  let found = 0
  let signs = 0
  for (let at = text.indexOf('@'); at >= 0 && found < MAX_EMAILS; at = text.indexOf('@', at + 1)) {
    if (++signs > MAX_SIGNS) return
    let start = at
    while (start > 0 && at - start < MAX_LOCAL && LOCAL_CHARACTER.test(text[start - 1]!)) start--
    let end = at + 1
    while (end < text.length && end - at < MAX_DOMAIN && DOMAIN_CHARACTER.test(text[end]!)) end++
    if (start === at || end - at < 4) continue
    // ftp://name:password@host
    if (text[start - 1] === ':' && /:\/\/[^\s/@]*$/.test(text.slice(Math.max(0, start - 80), start))) continue
    found++
    start += pairOfNumber(text, start, at)
    let raw = text.slice(start, end)
    // "contact@maison-⏎klein.fr"
    if (text[end] === '\n' && /[.-]$/.test(raw))
      raw += /^[A-Za-z0-9.-]*/.exec(text.slice(end + 1, end + 100))![0]
    const line = lineAt(view, at)
    const snippet = snippetAround(view, start, end)
    yield { value: raw, method: 'text', line, snippet, position: at }
  }
}

function* obfuscatedInText(view: PageView): Generator<Candidate> {
  let found = 0
  for (const { value, start, end, position, loose, attached, weak, spelledDot } of spelledIn(view.text)) {
    if (found >= MAX_EMAILS) return
    const local = value.slice(0, value.indexOf('@'))
    if (attached && !ROLE_LOCALS.has(local.toLowerCase()) && !/[._\d-]/.test(local)) continue
    if (loose || weak) {
      const clean = cleanEmail(value, view.siteHost)
      const related = clean && relationToSite(clean.split('@')[1]!, view.siteHost)
      if (weak && related !== 'free') continue
      if (!clean || (related === 'other' && !spelledDot && !ROLE_LOCALS.has(clean.split('@')[0]!))) continue
    }
    found++
    const snippet = snippetAround(view, start, end)
    yield { value, method: 'at-text', line: lineAt(view, position), snippet, position }
  }
}

/** A well-formed, deliverable-looking address in lower case, or null: file names, placeholders, demo and
 *  machine addresses are none. Text glued to either end is cut off where that can be told. */
export function cleanEmail(raw: string, siteHost: string): string | null {
  if (raw.length > MAX_RAW) return null
  const text = withoutDecoys(percentDecode(raw))
    .trim()
    .replace(/^(?:u003[ce]|mailto:|e-?mail\s*:|mail\s*:)+/i, '')
    .replace(/^[.'’_%+-]+|[.,;:'’>)\]-]+$/g, '')
  const at = text.lastIndexOf('@')
  if (at < 1) return null
  let local = text.slice(0, at)
  if (local.length > MAX_LOCAL || !/^[\w.+'%&/-]+$/.test(local) || local.includes('..')) return null
  const domain = cleanDomain(text.slice(at + 1), siteHost)
  if (!domain) return null
  local = local.toLowerCase()
  // A phone number or a label run into a role address: 0387001122contact@…, Emailcontact@…
  const glued = /^(?:[\d.]{2,}|e-?mail|courriel|mail|adresse)([a-z]+)$/.exec(local)
  if (glued && ROLE_LOCALS.has(glued[1]!)) local = glued[1]!
  return isPlaceholder(local, domain, siteHost) ? null : `${local}@${domain}`
}

const DECOY =
  /([._-]?)(?:NO-?_?SPAM|ANTI-?_?SPAM|SANS-?SPAM|REMOVE-?_?(?:THIS|ME)|(?:EN|A)?LEVEZ?-?(?:MOI|CECI|CA)|SUPPRIME[RZ]?(?:-?(?:MOI|CECI))?)([._-]?)|([._-])(?:no-?spam|remove-?(?:this|me)|antispam)(?=[@._-])|(?<=[@._-])(?:no-?spam|remove-?(?:this|me)|antispam)([._-])/g

/** `contact@NOSPAM.site.fr`: words that a reader is meant to take out. */
function withoutDecoys(text: string): string {
  if (!/spam|remove|lev|supprim/i.test(text)) return text
  const plain = text.replace(DECOY, (_, before = '', after = '') => (before && after ? before : ''))
  return /^[^@]+@[^@]+\.[^@]+$/.test(plain) ? plain : text
}

function cleanDomain(raw: string, siteHost: string): string | null {
  if (!/^[A-Za-z0-9.-]+$/.test(raw) || raw.includes('..') || raw.length > MAX_DOMAIN) return null
  const labels = raw.replace(/^\.|[.-]+$/g, '').split('.')
  if (labels.length < 2 || labels.some((label) => label === '' || label.length > 63)) return null
  if (ASSETS.has(labels.at(-1)!.toLowerCase()) && !sharesSuffix(labels.at(-1)!, siteHost)) return null
  if (/^\d+x$/i.test(labels[0]!)) return null
  for (let count = 2; count < labels.length; count++) {
    // "site.fr.Nous": a sentence went on without a space.
    const next = labels[count]!
    if (
      /^\p{Lu}/u.test(next) &&
      !/^\p{Lu}/u.test(labels[0]!) &&
      hasRealSuffix(labels.slice(0, count).join('.'))
    ) {
      return labels.slice(0, count).join('.').toLowerCase()
    }
  }
  const whole = labels.join('.')
  if (hasRealSuffix(whole) || sharesSuffix(labels.at(-1)!, siteHost)) return whole.toLowerCase()
  // "gmail.comTél", "orange.fr03": the next text without a space
  const trimmed = labels.at(-1)!.replace(/^([a-z]{2,4})[\p{Lu}\d].*$/u, '$1')
  const cut = [...labels.slice(0, -1), trimmed].join('.')
  if (trimmed !== labels.at(-1) && hasRealSuffix(cut)) return cut.toLowerCase()
  const own = registrableDomain(siteHost)
  if (own?.includes('.') && whole.toLowerCase().startsWith(own)) return own
  return null
}

/** A site on a private network may use a suffix that the public list does not know. */
const sharesSuffix = (label: string, siteHost: string): boolean =>
  siteHost.includes('.') && siteHost.split('.').at(-1) === label.toLowerCase() && !/^\d+$/.test(label)

/** An address that stands for none: an example, a form's hint, the demo of a site builder. */
export function isPlaceholder(local: string, domain: string, siteHost: string): boolean {
  const own = registrableDomain(siteHost)
  const registrable = registrableDomain(domain) ?? domain
  if (PLACEHOLDER_LOCALS.has(local)) return true
  if (/^[0-9a-f]{24,}$/.test(local) || /(?:^|\.)sentry\./.test(domain)) return true
  if (/^\d+(?:\.\d+)*$/.test(local) && local.length < 4) return true
  if (registrable === own || domain === own) return false
  return (
    PLACEHOLDER_DOMAINS.has(registrable) || BUILDER_DOMAINS.has(registrable) || BUILDER_DOMAINS.has(domain)
  )
}

function judge(
  value: string,
  candidate: Candidate,
  view: PageView,
  context: EmailContext,
  ofOthers: (position: number, end: number) => boolean,
): EmailFact {
  const [local = '', domain = ''] = value.split('@')
  const line = view.lines[candidate.line]
  const written = candidate.position ?? positionIn(line, value)
  const flags = written === null ? (line?.flags ?? 0) : flagsAt(view, written)
  // A text was found by its @, which the part before it stands left of.
  const start = written === null || candidate.position === undefined ? written : written - local.length
  const relation = relationToSite(domain, view.siteHost)
  let confidence = CONFIDENCE[candidate.method] ?? 0.6
  let kind: EmailFact['kind'] = kindOfLocal(local, view.siteHost)
  if (kind === 'role' && isNamed(local, view)) kind = 'person'
  const same = registrableDomain(domain) === registrableDomain(view.siteHost)
  // mediateur@notaires.fr is none of notaires-metz.fr where the page says so, nina.metz@gmail.com is nina-metz.fr's.
  const others =
    !(relation === 'free' && saysSite(local, view.siteHost)) &&
    ((flags & (ABOUT_CREDIT | ABOUT_HOST | ABOUT_OTHERS | IN_QUOTE)) !== 0 ||
      (!same && start !== null && ofOthers(start, start + value.length)))
  if (relation !== 'own' || (!same && others)) {
    if (context.creditDomains.has(registrableDomain(domain) ?? domain) || flags & ABOUT_CREDIT)
      kind = 'agency'
    else if (others || (relation === 'free' && isOfParents(local, view.siteHost))) kind = 'thirdparty'
    else if (relation === 'other') {
      const said = written === null ? '' : view.text.slice(Math.max(0, written - 90), written)
      if (isOfOfficer(view, written) || isTemplate(view)) kind = 'thirdparty'
      const published =
        context.home ||
        context.purpose === 'contact' ||
        context.purpose === 'legal' ||
        candidate.method === 'json-ld' ||
        isSharedDomain(domain) ||
        saysSite(local, view.siteHost) ||
        isTeamDomain(view, context.purpose, domain) ||
        (!BLOG_PATH.test(view.url) && INVITES.test(said) && !namesBearer(said, domain)) ||
        (flags & (IN_FOOTER | IN_HEADER)) !== 0
      if (!published) kind = 'thirdparty'
      confidence *= published ? 0.8 : 0.7
    } else confidence *= 0.95
  }
  const snippet = candidate.snippet || value
  return { value, kind, pageUrl: view.url, method: candidate.method, snippet, confidence: round(confidence) }
}

/** "GSM Wouter : 0478 …": one word, neither a function nor of the site's name, that the page writes as a name. */
function isNamed(local: string, view: PageView): boolean {
  if (!/^[a-z]{4,14}$/.test(local) || ROLE_LOCALS.has(local) || siteWordsOf(view.siteHost).has(local))
    return false
  const name = local.charAt(0).toUpperCase() + local.slice(1)
  return (
    new RegExp(`[\\p{L},:] ${name}(?![\\p{L}@-])`, 'u').test(view.text) &&
    !new RegExp(`(?<![\\p{L}.@-])${local}(?![\\p{L}.@-])`, 'u').test(view.text)
  )
}

const siteWordsOf = (siteHost: string): Set<string> =>
  new Set((registrableDomain(siteHost) ?? '').split('.')[0]!.split('-'))

/** Where a line shows an address that was read from a link. */
function positionIn(line: Line | undefined, value: string): number | null {
  const at = line?.text.toLowerCase().indexOf(value) ?? -1
  return line && at >= 0 ? line.start + at : null
}

const round = (value: number): number => Math.round(value * 100) / 100
const SMALL_WORDS = set(
  'le la les du de des au aux et en bien mon ma mes nos notre votre the my our by chez sarl sas eurl sci ets',
)

const SHORT_ROLES = set(
  'rh hr it dg pr ca cs qc bo ce ti rp cm tp bu be st sc sa hi me us ad no ok my fr de en uk eu',
)

const isInitialsOf = (local: string, siteWords: string[]): boolean =>
  siteWords
    .map((word) => word.charAt(0))
    .join('')
    .includes(local) || siteWords.some((word) => word.startsWith(local))

/** True for contact, info, compta …: names of a function. */
export const isRoleLocal = (local: string): boolean => ROLE_LOCALS.has(local.toLowerCase())

/** Role or person, by the part before the @. */
export function kindOfLocal(local: string, siteHost: string): 'role' | 'person' {
  const plain = local.replace(/\+.*$/, '').replace(/\d+$/, '')
  if (ROLE_LOCALS.has(plain) || ROLE_LOCALS.has(local)) return 'role'
  const site = (registrableDomain(siteHost) ?? '').split('.')[0]!
  const siteWords = site.split('-')
  const tokens = plain.split(/[._-]+/).filter(Boolean)
  if (tokens.join('') === site.replaceAll('-', '') || siteWords.includes(plain)) return 'role'
  // fb@…: initials, unless they are those of a function or of the site.
  if (/^[a-z]{2}$/.test(local) && !SHORT_ROLES.has(local) && !isInitialsOf(local, siteWords)) return 'person'
  // gb.rossi@cabinet-rossi.fr; ludo.capucine@ludotheque-capucine.fr; maroquinerie.lambert@…
  const ofSite = siteWords
    .map((word) => word.charAt(0))
    .join('')
    .includes(tokens[0] ?? '')
  const initials = tokens.length === 2 && tokens[0]!.length <= 2 && !SMALL_WORDS.has(tokens[0]!) && !ofSite
  if (initials && siteWords.includes(tokens[1]!) && local.includes('.')) return 'person'
  const [start = ''] = tokens
  const abbreviates = start.length >= 4 && siteWords.some((word) => word.length > 6 && word.startsWith(start))
  if (
    tokens.length >= 2 &&
    abbreviates &&
    !(isFirstName(start) && !siteWords.includes(tokens[1]!)) &&
    (start.length > 7 || siteWords.includes(tokens[1]!))
  )
    return 'role'
  if (tokens.length >= 2 && tokens.length <= 4) {
    if (isFirstName(tokens[0]!) && !ROLE_LOCALS.has(tokens[0]!) && !siteWords.includes(tokens[0]!))
      return 'person'
    if (tokens.some((token) => ROLE_LOCALS.has(token) || SMALL_WORDS.has(token))) return 'role'
    if (tokens.some((token) => /\d/.test(token))) return 'role'
    const [first = '', ...others] = tokens
    if (isFirstName(first) || isFirstName(tokens.at(-1)!)) return 'person'
    if (first.length === 1 && others[0]!.length >= 3) return 'person'
    return local.includes('.') && !siteWords.some((word) => tokens.includes(word)) ? 'person' : 'role'
  }
  return isFirstName(plain) ? 'person' : 'role'
}
