import type { ViewedFact } from '#src/crawl/contacts/view-contacts.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { readableFact } from '#templates/companies/readable.ts'
import { CsrfField } from '#templates/components/form.tsx'
import { visible } from '#templates/html.ts'
import type { ContactsProps } from './contacts.tsx'
import { contactMessages } from './contact-messages.ts'

const CORRECTABLE = new Set<ViewedFact['kind']>(['email', 'phone', 'person', 'address'])

type ActionProps = { view: ContactsProps; fact: ViewedFact }

/** Confirm, reject, correct, merge, and the way back from each. */
export const FactActions = ({ view, fact }: ActionProps) => {
  const { page, company } = view
  if (company.deletedAt !== null || fact.kind === 'form') return null
  const t = contactMessages(page.locale)
  const isGuess = fact.kind === 'suggested_email'
  const isManual = fact.method === 'manual'
  const isRejected = fact.verdict === 'rejected'
  return (
    <div class="d-flex flex-wrap gap-1 mt-1 align-self-start fact-actions">
      {fact.verdict === null ? (
        <>
          <Decision view={view} fact={fact} verdict="confirmed" text={isGuess ? t.confirmGuess : t.confirm} />
          <Decision view={view} fact={fact} verdict="rejected" text={t.reject} />
        </>
      ) : isManual && !isRejected ? (
        <Action view={view} fact={fact} action="/remove" text={t.remove} />
      ) : (
        <Decision view={view} fact={fact} verdict="none" text={t.undo} />
      )}
      {CORRECTABLE.has(fact.kind) && !isRejected && <OpenLink view={view} fact={fact} mode="correct" />}
      {fact.correction !== null && !isManual && !isRejected && (
        <Action view={view} fact={fact} action="/restore" text={t.restore} />
      )}
      {fact.kind === 'person' && !isRejected && view.contacts.people.length > 1 && (
        <OpenLink view={view} fact={fact} mode="merge" />
      )}
    </div>
  )
}

const named = (locale: Locale, { kind, value }: ViewedFact): string =>
  visible(readableFact(locale, kind, value))

const Decision = ({ verdict, ...props }: ActionProps & { verdict: string; text: string }) => (
  <Action {...props} action="" fields={{ verdict }} />
)

/** A button that changes the fact: in place with scripts, by a whole page without. */
export const Action = (props: {
  view: ContactsProps
  fact: ViewedFact
  action: string
  text: string
  fields?: Record<string, string>
}) => {
  const { page, company } = props.view
  const path = `/companies/${company.id}/facts/${props.fact.id}${props.action}`
  const label = contactMessages(page.locale).of(props.text, named(page.locale, props.fact))
  return (
    <form method="post" action={path} hx-post={path}>
      <CsrfField token={page.csrf} />
      {Object.entries(props.fields ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class="btn btn-sm" type="submit" aria-label={label}>
        {props.text}
      </button>
    </form>
  )
}

const OpenLink = ({ view, fact, mode }: ActionProps & { mode: 'correct' | 'merge' }) => {
  const { page, company } = view
  const t = contactMessages(page.locale)
  const path = `/companies/${company.id}/contacts?${mode}=${fact.id}`
  return (
    <a
      class="btn btn-sm"
      href={`${path}#fact-${fact.id}`}
      hx-get={path}
      aria-label={t.of(t[mode], named(page.locale, fact))}
    >
      {t[mode]}
    </a>
  )
}
