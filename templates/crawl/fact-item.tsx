import type { Child } from 'hono/jsx'
import type { ViewedFact } from '#src/crawl/contacts/view-contacts.ts'
import { emailReasonTexts } from '#src/crawl/messages.ts'
import { formatDate, formatNumber, quotationMarks, type Locale } from '#src/lib/i18n.ts'
import { emailKindText } from '#templates/companies/messages.ts'
import { readableFact, readablePhone } from '#templates/companies/readable.ts'
import { Badge } from '#templates/components/badge.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import { safeHref, visible } from '#templates/html.ts'
import type { PageContext } from '#templates/page.ts'
import type { ContactsProps } from './contacts.tsx'
import { contactMessages } from './contact-messages.ts'
import { FactActions } from './fact-actions.tsx'
import { CorrectForm } from './fact-forms.tsx'
import { highlight } from './highlight.ts'
import { crawlMessages, phoneTypeText } from './messages.ts'
import { methodText } from './method-messages.ts'
import { networkName } from './network-names.ts'

type ItemProps = { view: ContactsProps; fact: ViewedFact; children?: Child }

/** One fact: what it is, what a person decided, why it is believed, and what can be done about it. `wide`: there is
 *  room for the buttons beside it. */
export const FactItem = ({ view, fact, children, wide = false }: ItemProps & { wide?: boolean }) => {
  const { page, open } = view
  const details = detailsOf(page, fact, wide)
  const isOpen = open?.mode === 'correct' && open.factId === fact.id
  const isRejected = fact.verdict === 'rejected'
  return (
    <div class="py-2" id={`fact-${fact.id}`}>
      <div class={wide ? 'd-md-flex gap-3' : ''}>
        <div class="flex-fill">
          <div class="d-flex flex-wrap gap-2 align-items-baseline">
            <span class={isRejected ? 'text-decoration-line-through text-break-all' : 'text-break-all'}>
              <FactValue page={page} fact={fact} />
            </span>
            <FactBadges view={view} fact={fact} />
            {children}
          </div>
          {details && <div class="text-secondary small text-break-all">{details}</div>}
          <Why view={view} fact={fact} />
        </div>
        {!isOpen && <FactActions view={view} fact={fact} />}
      </div>
      {isOpen && <CorrectForm view={view} fact={fact} form={open.form} />}
    </div>
  )
}

/** A crawled text: neither its direction nor what it hides reaches the words around it. */
export const Crawled = ({ children }: { children: string }) => <bdi data-foreign>{visible(children)}</bdi>

const FactValue = ({ page, fact }: { page: PageContext; fact: ViewedFact }) => {
  const { kind, value } = fact
  if (kind === 'email' || kind === 'suggested_email')
    return (
      <a href={safeHref(`mailto:${value}`)}>
        <Crawled>{value}</Crawled>
      </a>
    )
  if (kind === 'phone') return <a href={safeHref(`tel:${value}`)}>{readablePhone(value)}</a>
  if (kind === 'social') return <OutsideLink url={value} />
  if (kind === 'form') return <OutsideLink url={fact.pageUrl} />
  return <Crawled>{readableFact(page.locale, kind, value)}</Crawled>
}

/** What a person decided about it, and whether it is still seen. */
export const FactBadges = ({ view, fact }: ItemProps) => {
  const { page, readAt } = view
  const t = contactMessages(page.locale)
  const isSeen = fact.method === 'manual' || readAt === null || fact.lastSeenAt >= readAt
  const isUnread = view.unread.has(fact.pageUrl)
  return (
    <>
      {fact.kind === 'suggested_email' && <Badge colour="yellow">{t.guessed}</Badge>}
      {fact.method === 'manual' && <Badge colour="blue">{t.manualBadge}</Badge>}
      {fact.verdict === 'confirmed' && fact.method !== 'manual' && (
        <Badge colour="green">{t.confirmedBadge}</Badge>
      )}
      {isCorrected(fact) && <Badge colour="azure">{t.correctedBadge}</Badge>}
      {!isSeen && (
        <Badge colour="secondary">
          {isUnread
            ? t.pageUnread(formatDate(page.locale, readAt))
            : t.notSeen(formatDate(page.locale, fact.lastSeenAt))}
        </Badge>
      )}
    </>
  )
}

const isCorrected = ({ correction, method }: ViewedFact): boolean =>
  correction !== null && method !== 'manual'

const detailsOf = (page: PageContext, fact: ViewedFact, withPerson: boolean): string => {
  const text = (name: string) => (typeof fact.data[name] === 'string' ? visible(String(fact.data[name])) : '')
  if (fact.kind === 'email' || fact.kind === 'suggested_email')
    return [
      emailKindText(page.locale, text('kind') || null),
      // Somebody's decision about whose it is wins over what the site says.
      withPerson && fact.correction?.['personKey'] === undefined ? text('person') : '',
      worthOf(page, fact),
    ]
      .filter(Boolean)
      .join(' · ')
  if (fact.kind === 'phone')
    return [phoneTypeText(page.locale, text('type')), phoneTypeText(page.locale, text('kind'))]
      .filter(Boolean)
      .join(' · ')
  return fact.kind === 'social' ? networkName(text('network')) : ''
}

/** "Qualité 83/100 : au nom de domaine du site, …"; facts of older crawls have none. */
const worthOf = (page: PageContext, fact: ViewedFact): string => {
  const { quality, reasons } = fact.data
  if (typeof quality !== 'number' || !Array.isArray(reasons) || fact.value !== fact.said) return ''
  const texts = emailReasonTexts(page.locale) as Record<string, string>
  const why = reasons.map((reason) => texts[String(reason)]).filter(Boolean)
  return crawlMessages(page.locale).quality(quality, why.join(', '))
}

/** Where it was seen and how, folded away. */
export const Why = ({ view, fact }: ItemProps) => {
  const { locale } = view.page
  const t = contactMessages(locale)
  const { before, found, after } = highlight(fact.snippet, needlesOf(fact))
  const quotes = quotationMarks(locale)
  const date = (at: Date) => formatDate(locale, at)
  return (
    <details class="small" id={`why-${fact.id}`}>
      <summary class="text-secondary">{t.why}</summary>
      <div class="border-start ps-2 my-1">
        {fact.method === 'manual' ? (
          <div>{t.noSource}</div>
        ) : (
          <>
            {(before || found) && (
              <div class="text-break-all">
                {quotes.open}
                <Crawled>{before}</Crawled>
                {found && <mark>{found}</mark>}
                <Crawled>{after}</Crawled>
                {quotes.close}
              </div>
            )}
            <div>
              {t.seenOn} <OutsideLink url={fact.pageUrl} />
            </div>
            <div>{t.of(t.how, visible(methodText(locale, fact.method)))}</div>
            {fact.kind !== 'person' && <Confidence view={view} fact={fact} />}
            <div class="text-secondary">
              {t.of(t.firstSeen, date(fact.firstSeenAt))} · {t.of(t.lastSeen, date(fact.lastSeenAt))}
            </div>
          </>
        )}
        <Decided view={view} fact={fact} />
      </div>
    </details>
  )
}

/** How sure it is, as a bar. */
export const Confidence = ({ view, fact }: ItemProps) => {
  const { locale } = view.page
  const label = contactMessages(locale).confidence
  return (
    <div class="d-flex gap-2 align-items-center">
      <span class="text-nowrap">{contactMessages(locale).of(label, '').trimEnd()}</span>
      <progress
        class="fact-confidence"
        max="100"
        value={Math.round(fact.confidence * 100)}
        aria-label={label}
      />
      <span>{new Intl.NumberFormat(locale, { style: 'percent' }).format(fact.confidence)}</span>
    </div>
  )
}

const Decided = ({ view, fact }: ItemProps) => {
  const { locale } = view.page
  const t = contactMessages(locale)
  if (fact.judgedAt === null) return null
  const [name, date] = [fact.judgedByName ?? t.somebody, formatDate(locale, fact.judgedAt)]
  const isGuess = fact.verdict === 'confirmed' && fact.method.startsWith('pattern')
  return (
    <>
      <div>{isGuess ? t.confirmedGuess(name, date) : t.decidedBy(name, date)}</div>
      {isCorrected(fact) && (
        <div class="text-break-all">
          <Crawled>{t.siteSays(saidOf(locale, fact))}</Crawled>
        </div>
      )}
    </>
  )
}

const saidOf = (locale: Locale, { kind, said, saidData }: ViewedFact): string => {
  const role = kind === 'person' && typeof saidData['role'] === 'string' ? saidData['role'] : null
  return [readableFact(locale, kind, said), role].filter(Boolean).join(' · ')
}

/** As it may stand in the text of the page. */
const needlesOf = ({ kind, value, said, saidData }: ViewedFact): string[] => {
  const text = (name: string) => (typeof saidData[name] === 'string' ? [String(saidData[name])] : [])
  if (kind === 'phone') return [...text('raw'), said, value]
  if (kind === 'address') return [...text('street'), ...text('postalCode'), ...text('city')]
  if (kind === 'company_id') return [said.replace(/^[a-z]+:/, '')]
  return [value, said]
}

/** How many there are, in the reader's figures. */
export const countOf = (page: PageContext, facts: readonly unknown[]): string =>
  formatNumber(page.locale, facts.length)
