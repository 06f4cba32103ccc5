import type { Crawl } from '#src/crawl/contacts/queries-facts.ts'
import type { CrawlChanges } from '#src/crawl/schema.ts'
import { formatDate, formatNumber, type Locale } from '#src/lib/i18n.ts'
import { emailKindText } from '#templates/companies/messages.ts'
import { readableFact, readablePhone } from '#templates/companies/readable.ts'
import type { PageContext } from '#templates/page.ts'
import { visible } from '#templates/html.ts'
import { changeLabel, changeMessages, featureText } from './change-messages.ts'
import { contactMessages } from './contact-messages.ts'
import { Crawled } from './fact-item.tsx'
import { phoneTypeText } from './messages.ts'

const SHORT_PARTS = 5
const LISTED = 40
const MAX_VALUE = 120
const CONTACTS = ['email', 'phone', 'person'] as const

type Part = 'added' | 'removed' | 'changed'

/** Everything that differs from the visit before, with the day it was seen. */
export const ChangesCard = ({ page, crawl }: { page: PageContext; crawl: Crawl }) => {
  const { locale } = page
  const t = changeMessages(locale)
  const { changes } = crawl
  if (!changes) return null
  const parts = (['added', 'removed', 'changed'] as const).filter((part) => changes[part].length > 0)
  return (
    <section id="changes">
      <h2 class="h3 mb-1">{t.title}</h2>
      <p class="text-secondary mb-1">{t.at(formatDate(locale, crawl.finishedAt))}</p>
      {parts.length === 0 && <p>{t.nothing}</p>}
      {parts.map((part) => (
        <ChangedFacts locale={locale} part={part} changes={changes} />
      ))}
    </section>
  )
}

const ChangedFacts = ({ locale, part, changes }: { locale: Locale; part: Part; changes: CrawlChanges }) => {
  const t = changeMessages(locale)
  const all = changes[part]
  return (
    <>
      <strong>{t[part]}</strong>
      <ul class="mb-2">
        {all.slice(0, LISTED).map((change) => (
          <li class="text-break-all">
            <span class="text-secondary">{changeLabel(locale, 'kind', change.kind)}</span>{' '}
            {change.kind !== 'title' && <Crawled>{valueText(locale, change)}</Crawled>}
            {isChanged(change) && <Crawled>{` ${fieldChange(locale, change)}`}</Crawled>}
          </li>
        ))}
        {all.length > LISTED && <li>{t.more(formatNumber(locale, all.length - LISTED))}</li>}
      </ul>
    </>
  )
}

/** "+2 contacts, WordPress 6.4 → 6.7, 1 téléphone disparu"; empty when nothing changed. */
export const changesInShort = (locale: Locale, changes: CrawlChanges): string => {
  const t = changeMessages(locale)
  const isContact = ({ kind }: { kind: string }) => (CONTACTS as readonly string[]).includes(kind)
  const found = changes.added.filter(isContact).length
  const versions = changes.changed.filter(({ kind, field }) => kind === 'technology' && field === 'version')
  const parts = [
    ...(found > 0 ? [t.contacts(found)] : []),
    ...versions.map((change) => visible(`${cut(change.value)} ${beforeAfter(locale, change)}`)),
    ...CONTACTS.flatMap((kind) => {
      const gone = changes.removed.filter((change) => change.kind === kind).length
      return gone > 0 ? [t[kind](gone)] : []
    }),
    ...(changes.changed.some(({ kind }) => kind === 'title') ? [t.newTitle] : []),
    ...(changes.changed.some(({ value }) => value === 'last_post') ? [t.newPost] : []),
  ]
  const told = (change: { kind: string; value: string; field?: string }) =>
    change.kind === 'title' || change.value === 'last_post' || change.field === 'version'
  const others =
    changes.added.filter((change) => !isContact(change)).length +
    changes.removed.filter((change) => !isContact(change)).length +
    changes.changed.filter((change) => !told(change)).length +
    Math.max(0, parts.length - SHORT_PARTS)
  return [...parts.slice(0, SHORT_PARTS), ...(others > 0 ? [t.others(others)] : [])].join(', ')
}

const valueText = (locale: Locale, { kind, value }: { kind: string; value: string }): string => {
  if (kind === 'feature') return featureText(locale, value)
  return cut(readableFact(locale, kind, value))
}

type Changed = CrawlChanges['changed'][number]

const isChanged = (change: { kind: string; value: string }): change is Changed => 'field' in change

const fieldChange = (locale: Locale, change: Changed): string =>
  change.kind === 'title' || change.kind === 'technology'
    ? beforeAfter(locale, change)
    : `(${contactMessages(locale).of(changeLabel(locale, 'field', change.field), beforeAfter(locale, change))})`

const beforeAfter = (locale: Locale, { kind, field, before, after }: Changed): string => {
  const text = (value: unknown) => {
    if (typeof value !== 'string' || value === '') return changeMessages(locale).unknown
    if (field === 'kind')
      return kind === 'email' ? emailKindText(locale, value) : phoneTypeText(locale, value)
    if (field === 'type') return phoneTypeText(locale, value)
    return field === 'phone' ? readablePhone(value) : cut(value)
  }
  return `${text(before)} → ${text(after)}`
}

const cut = (text: string): string =>
  text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE).toWellFormed()}…` : text
