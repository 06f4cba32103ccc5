import type { PersonFact } from '../site-record.ts'
import { patternOf } from './email-patterns.ts'
import { isRoleLocal } from './emails.ts'
import { fold, type PersonName, readName, readNames } from './names.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  flagsAt,
  IN_NAV,
  IN_QUOTE,
  IN_TEAM,
  type Line,
  type PageView,
  snippetAround,
  snippetOfLine,
} from './page-view.ts'
import type { PagePurpose } from './parsed-page.ts'
import { person } from './person-fact.ts'
import { parseNumber } from './phones.ts'
import { looseRole, readRole } from './roles.ts'

const FOREIGN = ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS | IN_QUOTE
const NEAR_LINES = 4
const MAX_PARENTHESES = 300
const MAX_COLONS = 400
const MAX_VERBS = 60
const MAX_MEMBERS = 60

const LEADS = new Set(['owner', 'director'])
const SIDE_BY_SIDE = /^(.{4,50}?)(?:\s*[,:|•(]\s*|\s+[–—-]\s+)(.{2,90})$/u
const EMAIL = /[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g
const PHONE = /(?:\+33|0033|0)[ .]?(?:\(0\))?[ .]?[1-9](?:[ .-]?\d{2}){4}(?!\d)/

/** People told by lines of text: name and role side by side, on neighbouring lines, in brackets, or a name with
 *  its own address or number. */
export function* peopleInLines(view: PageView, purpose: PagePurpose): Generator<PersonFact> {
  const { lines } = view
  const staffPage = purpose === 'team' || purpose === 'about' || purpose === 'contact'
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!
    if (line.flags & FOREIGN || line.text.length > 140 || line.text.length < 5) continue
    const pair = SIDE_BY_SIDE.exec(line.text)
    if (pair) {
      const found = personOf(pair[1]!, pair[2]!) ?? personOf(pair[2]!, pair[1]!)
      // An unlisted given name: only in front of a title that one person has.
      const leads =
        (staffPage || purpose === 'legal') &&
        LEADS.has(found?.roleKind ?? '') &&
        /^.{5,40}, \p{Ll}/u.test(line.text)
      if (found && found.names.every((name) => name.known || name.honorific || leads)) {
        const near = found.names.length === 1 ? waysNear(view, index, found.names[0]!) : {}
        for (const name of found.names)
          yield person(view, name, 'text', staffPage ? 0.85 : 0.75, snippetOfLine(view, index), {
            ...found,
            ...near,
          })
        continue
      }
      const reached = /@|\d\d/.test(pair[2]!) ? reachable(view, index, pair[1]!) : null
      if (reached) {
        yield reached
        continue
      }
    }
    const joined = purpose === 'team' || line.flags & IN_TEAM ? nameThenRole(line) : null
    if (joined) yield person(view, joined.name, 'text', 0.8, snippetOfLine(view, index), joined)
    else if (isHouseOf(view, index))
      for (const one of couple(line)) yield person(view, one, 'text', 0.7, snippetOfLine(view, index), {})
    yield* withNeighbour(view, index, staffPage)
  }
  yield* inParentheses(view)
  yield* afterColons(view)
  yield* soleTraders(view)
  yield* byVerbs(view)
  yield* listedMembers(view, purpose)
  yield* inTitles(view)
}

/** <span>Éric Vanelle</span> <em>co-directeur</em>: one line without a sign between. */
function nameThenRole(line: Line): { name: PersonName; role: string; roleKind: string } | null {
  if (line.text.length > 90) return null
  const tokens = line.text.split(' ')
  for (const count of [4, 3, 2]) {
    const rest = tokens.slice(count).join(' ')
    if (!/^\p{Ll}/u.test(rest)) continue
    const name = readName(tokens.slice(0, count).join(' '))
    const role = name?.known ? readRole(rest) : null
    if (name && role) return { name, ...role }
  }
  return null
}

const WELCOME = / (?:vous (?:accueill|souhait|propos|re[çc]oi)|sont heureux).*$/
const WHERE_THEY_ARE = /(?:^|\D)\d{5}(?:\D|$)|t[ée]l|\d{2}[ .]\d{2}[ .]\d{2}/i

/** A cell "Conseillers" and one "Erwann Guyot, Sabrina El Idrissi". */
function* listUnderRole(view: PageView, index: number): Generator<PersonFact> {
  const line = view.lines[index]!
  const parts = line.text.length <= 140 ? line.text.split(/, | et /) : []
  if (parts.length < 2 || parts.length > 12 || !readName(parts[0]!)?.known) return
  const names = parts.map(readName)
  const role = names.every((name) => name?.known) ? readRole(view.lines[index - 1]?.text ?? '') : null
  if (!role) return
  for (const name of names) yield person(view, name!, 'name-and-role', 0.8, snippetOfLine(view, index), role)
}

const VERBS =
  / (?:a (?:repris|fond[ée]|cr[ée][ée]|ouvert) |dirige |g[èe]re |vous (?:accueille|re[çc]oit)(?:nt)?\b|est (?:le |la |l['’]|votre |notre )?(?=g[ée]rant|dirigeant|fondat|propri[ée]taire|directeur|directrice|pr[ée]sident))/g

/** "Julie Meyer a repris la librairie en 2011." */
function* byVerbs(view: PageView): Generator<PersonFact> {
  let tried = 0
  for (const match of view.text.matchAll(VERBS)) {
    if (++tried > MAX_VERBS) return
    if (flagsAt(view, match.index) & FOREIGN) continue
    const before = /[^.!?\n:;,]{4,45}$/
      .exec(view.text.slice(Math.max(0, match.index - 46), match.index))?.[0]
      .trim()
    const names = readNames(before ?? '')
    if (names.length === 0 || names.some((name) => !name.known)) continue
    const said = view.text.slice(match.index + match[0].length, match.index + match[0].length + 60)
    const role = match[0].startsWith(' est') ? readRole(said.split(/[.,;\n(]| de | du /)[0]!) : null
    const snippet = snippetAround(view, match.index - 30, match.index + match[0].length)
    for (const name of names)
      yield person(
        view,
        name,
        'text',
        0.75,
        snippet,
        role ?? (/repris|dirige|g[èe]re|fond|cr[ée]/.test(match[0]) ? RUNS : {}),
      )
  }
}

const RUNS = { role: 'Dirigeant', roleKind: 'owner' }

const PRACTITIONER = /^(?:Dr\.?|Docteur|Ma[iî]tre|Me\.?)\s/

/** Bare names that stand together under a heading that announces the team, one a line or separated by commas, and
 *  practitioners by their title. */
function* listedMembers(view: PageView, purpose: PagePurpose): Generator<PersonFact> {
  const members: { name: PersonName; index: number }[] = []
  for (const [index, line] of view.lines.entries()) {
    if (line.flags & (FOREIGN | IN_NAV) || line.text.length > 160) continue
    const presented = (line.flags & IN_TEAM) !== 0 || purpose === 'team'
    if (!presented && !(purpose !== 'other' && PRACTITIONER.test(line.text))) continue
    const names = line.text.length <= 45 ? readNames(line.text) : []
    const listed = names.length > 0 ? names : namesInList(line.text)
    for (const name of listed) if (name.known) members.push({ name, index })
  }
  const alone = members.length === 1 && !members[0]!.name.honorific
  if (alone) return
  for (const { name, index } of members.slice(0, MAX_MEMBERS))
    yield person(view, name, 'team-list', 0.7, snippetOfLine(view, index), {})
}

/** "L’équipe : Anne Petit, Marc Roux et Zoé Blanc": all of it names, after a label at most. */
function namesInList(text: string): PersonName[] {
  const parts = text
    .replace(/^[^:]{0,40}:\s*/, '')
    .replace(/[.\s]+$/, '')
    .split(/\s*[,;·•/]\s*| et /)
  if (parts.length < 2 || parts.length > 15) return []
  const names = parts.map(readName)
  return names.every((name) => name?.known) ? (names as PersonName[]) : []
}

/** "Tanguy Riou Architecte" over a site called riou: a practice that bears its owner's name. */
function* inTitles(view: PageView): Generator<PersonFact> {
  const host = view.siteHost.replaceAll('-', '')
  for (const title of [...view.h1.slice(0, 2), ...(view.title ?? '').split(/ [-–|•] /)]) {
    if (title.length > 70) continue
    const tokens = title.split(/,? /)
    for (const count of [3, 2]) {
      const name = readName(tokens.slice(0, count).join(' '))
      const role = name?.known ? readRole(tokens.slice(count).join(' ')) : null
      if (!name || !role || !host.includes(fold(name.last).replace(/[^a-z]/g, ''))) continue
      yield person(view, name, 'title', 0.75, title, role)
      break
    }
  }
}

/** "Christiane et Roland Wagner" over their address, or welcoming: those who run a small house. */
function isHouseOf(view: PageView, index: number): boolean {
  const line = view.lines[index]!
  if (!/ (?:et|&) /.test(line.text.slice(0, 40)) || couple(line).length !== 2) return false
  return (
    WELCOME.test(line.text) ||
    view.lines.slice(index + 1, index + 4).some(({ text }) => WHERE_THEY_ARE.test(text))
  )
}

const couple = (line: Line): PersonName[] => {
  const names = readNames(line.text.replace(WELCOME, ''))
  return names.length === 2 ? names : []
}

function* withNeighbour(view: PageView, index: number, staffPage: boolean): Generator<PersonFact> {
  const { lines } = view
  const line = lines[index]!
  const names = namesOfLine(line)
  const [name] = names
  if (!name) {
    yield* listUnderRole(view, index)
    return
  }
  const next = lines[index + 1]
  const previous = lines[index - 1]
  const inTeam = name.known && (line.flags & IN_TEAM) !== 0 && next !== undefined
  const under = next && !(next.flags & IN_NAV) && next.tag !== 'nav' ? next.text : ''
  const titled = inTeam && readNames(under).length === 0 ? looseRole(under) : readRole(under)
  const role = titled ?? null
  const above = !role && previous && namesOfLine(lines[index - 2]).length === 0
  const before = above ? readRole(previous.text) : null
  const found = role ?? before
  // <p>Sono Location<br>Monsieur Éric Lacombe<br>Impasse …
  if (!found && name.honorific && name.known && staffPage && names.length === 1)
    yield person(view, name, 'text', 0.72, snippetOfLine(view, index), waysNear(view, index, name))
  if (!found) {
    const reached = names.length === 1 && waysUnder(view, index, name)
    if (reached) yield reached
    return
  }
  if ((found === role ? next!.flags : previous!.flags) & FOREIGN) return
  if (quotesNearby(lines, index)) return
  // A given name that no list holds: only under a clear title where people are presented.
  const presented =
    (staffPage && /^h[2-6]$/.test(line.tag)) || ((line.flags & IN_TEAM) !== 0 && found.roleKind !== 'other')
  if (!name.known && !name.honorific && !presented) return
  const confidence = (name.known ? 0.85 : 0.65) - (found === before ? 0.1 : 0)
  const near = names.length === 1 ? waysNear(view, index, name) : {}
  for (const one of names)
    yield person(view, one, 'name-and-role', confidence, snippetOfLine(view, index), { ...found, ...near })
}

const namesOfLine = (line: Line | undefined): PersonName[] =>
  line && line.text.length <= 60 ? readNames(line.text) : []

function personOf(
  nameText: string,
  roleText: string,
): { names: PersonName[]; role: string; roleKind: string } | null {
  const names = readNames(nameText)
  const role = names.length > 0 && readRole(roleText.replace(/\)$/, '').split(/[|•]| [–-] /)[0]!)
  if (role) return { names, ...role }
  // "artisan fleuriste depuis 1989, meilleure apprentie de France"
  const short = roleText.split(/,| depuis | en \d{4}/)[0]!
  const first = names.length > 0 && short !== roleText ? readRole(short) : null
  return first ? { names, ...first } : null
}

/** A name on its own line and a mobile number or an address made of it on the next one. */
function waysUnder(view: PageView, index: number, name: PersonName): PersonFact | null {
  const next = view.lines[index + 1]
  if (!name.known || !next || next.text.length > 80 || next.flags & FOREIGN) return null
  const email = (next.text.match(EMAIL) ?? []).find((one) => patternOf(one.split('@')[0]!, name.name))
  const phone = mobileIn(next.text)
  if (!email && !phone) return null
  return person(view, name, 'text', 0.7, snippetOfLine(view, index), {
    email: email?.toLowerCase() ?? null,
    phone,
  })
}

/** "Julie Meyer - 06 70 11 22 33": no role, but a way to reach that person alone. */
function reachable(view: PageView, index: number, nameText: string): PersonFact | null {
  const name = readName(nameText)
  const line = view.lines[index]!
  if (!name?.known) return null
  const email = (line.text.match(EMAIL) ?? []).find((one) => patternOf(one.split('@')[0]!, name.name))
  const mobile = mobileIn(line.text)
  if (!email && !mobile) return null
  return person(view, name, 'text', 0.72, snippetOfLine(view, index), {
    email: email?.toLowerCase() ?? null,
    phone: mobile,
  })
}

/** The address and mobile number that stand under a name, up to the next name or heading. */
function waysNear(
  view: PageView,
  index: number,
  name: PersonName,
): { email: string | null; phone: string | null } {
  let email: string | null = null
  let phone: string | null = null
  for (let at = index; at <= index + NEAR_LINES && at < view.lines.length; at++) {
    const line = view.lines[at]!
    if (at > index && (namesOfLine(line).length > 0 || /^h[1-6]$/.test(line.tag)) && !readRole(line.text))
      break
    email ??=
      (line.text.match(EMAIL) ?? []).find(
        (one) => patternOf(one.split('@')[0]!, name.name) || !isRoleLocal(one.split('@')[0]!),
      ) ?? null
    phone ??= mobileIn(line.text)
  }
  return { email: email?.toLowerCase() ?? null, phone }
}

function mobileIn(text: string): string | null {
  const raw = PHONE.exec(text)?.[0]
  const number = raw ? parseNumber(raw) : null
  return number?.getType() === 'MOBILE' ? number.number : null
}

/** "Vos interlocuteurs : Luc Martin (gérant) et Ana Sousa (comptable)". */
function* inParentheses(view: PageView): Generator<PersonFact> {
  const { text } = view
  let tried = 0
  for (let at = text.indexOf(' ('); at >= 0; at = text.indexOf(' (', at + 2)) {
    const close = text.indexOf(')', at)
    if (close < 0 || ++tried > MAX_PARENTHESES) return
    const inner = text.slice(at + 2, close)
    if (inner.length < 3 || inner.length > 60 || inner.includes('\n')) continue
    const before = text.slice(Math.max(0, at - 50), at)
    const tokens = before.slice(before.lastIndexOf('\n') + 1).split(' ')
    if (!/^\p{Lu}/u.test(tokens.at(-1)!)) continue
    const role = flagsAt(view, at) & FOREIGN ? null : readRole(inner)
    const name =
      role && [4, 3, 2].map((count) => readName(tokens.slice(-count).join(' '))).find((one) => one?.known)
    if (role && name)
      yield person(view, name, 'text', 0.8, snippetAround(view, at - name.name.length, close), role)
  }
}

/** "… . Trésorière : Lætitia Puy. Conseillers : Erwann Guyot, Sabrina El Idrissi": titles inside a text. */
function* afterColons(view: PageView): Generator<PersonFact> {
  const { text } = view
  let tried = 0
  for (let at = text.indexOf(':'); at >= 0 && ++tried <= MAX_COLONS; at = text.indexOf(':', at + 1)) {
    const from = /\s/.test(text[at + 1] ?? '') ? at + 2 : at + 1
    if (!/\p{Lu}/u.test(text[from] ?? '')) continue
    // The name first: it is told at a glance, a title is not.
    const names: PersonName[] = []
    for (const part of text
      .slice(from, from + 160)
      .split(/[.;(–|\n]/)[0]!
      .split(/,| et /)) {
      const name = readName(part)
      if (!name?.known) break
      names.push(name)
    }
    if (names.length === 0 || flagsAt(view, at) & FOREIGN) continue
    const label = /[^.;:\n|•–(),]{3,60}$/u.exec(text.slice(Math.max(0, at - 61), at))?.[0].trim() ?? ''
    const role = readRole(label)
    if (!role) continue
    for (const name of names)
      yield person(
        view,
        name,
        'text',
        0.82,
        snippetAround(view, at - label.length, at + name.name.length),
        role,
      )
  }
}

const SOLE_TRADER =
  /(?:,? (?:EI|E\.I\.)(?=[\s,.–-]|$)|,? (?:entrepreneu(?:r|se) individuel(?:le)?|auto-?entrepreneu(?:r|se)|micro-?entrepreneu(?:r|se)))/g

/** "Tom Esteves EI, 19 boulevard Carnot": the law has sole traders write so after their names. */
function* soleTraders(view: PageView): Generator<PersonFact> {
  let tried = 0
  for (const match of view.text.matchAll(SOLE_TRADER)) {
    if (++tried > 20 || flagsAt(view, match.index) & FOREIGN) continue
    const before = view.text.slice(Math.max(0, match.index - 50), match.index)
    const tokens = before.slice(before.lastIndexOf('\n') + 1).split(' ')
    const name = [4, 3, 2].map((count) => readName(tokens.slice(-count).join(' '))).find((one) => one?.known)
    if (!name) continue
    yield person(view, name, 'legal-notice', 0.88, snippetAround(view, match.index - 20, match.index + 20), {
      role: 'Entrepreneur individuel',
      roleKind: 'owner',
    })
  }
}

/** « … » or stars around: a customer signs with name and trade too. */
function quotesNearby(lines: Line[], index: number): boolean {
  for (let near = Math.max(0, index - 2); near <= Math.min(lines.length - 1, index + 2); near++) {
    if (/^[«"“”]|[»"”]\s*$|★|⭐/.test(lines[near]!.text)) return true
  }
  return false
}
