import type { Company } from '#src/companies/queries-edit.ts'
import type { Belonging } from '#src/crawl/contacts/belongs-to-company.ts'
import { emailReasonTexts } from '#src/crawl/messages.ts'
import type { Fact, FactKind } from '#src/crawl/contacts/queries-facts.ts'
import { Contact } from '#templates/companies/company-rows.tsx'
import { CompanyFrame } from '#templates/companies/company-frame.tsx'
import { detailMessages } from '#templates/companies/detail-messages.ts'
import { emailKindText } from '#templates/companies/messages.ts'
import { readableCompanyId, readablePhone } from '#templates/companies/readable.ts'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { readableUrl, safeHref } from '#templates/html.ts'
import type { PageContext } from '#templates/page.ts'
import { BelongingCard } from './belonging.tsx'
import { crawlMessages, phoneTypeText } from './messages.ts'

const shown = [
  'email',
  'phone',
  'person',
  'address',
  'company_id',
  'social',
  'suggested_email',
] as const satisfies FactKind[]

export const ContactsPage = (props: {
  page: PageContext
  company: Company
  facts: Fact[]
  belongs: Belonging | null
}) => {
  const { page, company, facts, belongs } = props
  const t = crawlMessages(page.locale)
  return (
    <CompanyFrame page={page} company={company} tab="contacts">
      <h2 class="h3">{detailMessages(page.locale).whoToContact}</h2>
      <div class="mb-4">
        <Contact locale={page.locale} row={company} />
      </div>
      {belongs && <BelongingCard page={page} belongs={belongs} />}
      {facts.length === 0 && <EmptyState icon="mail" title={t.nothingTitle} text={t.nothingText} />}
      {shown.map((kind) => {
        const group = facts.filter((fact) => fact.kind === kind)
        return group.length > 0 && <FactGroup page={page} company={company} title={t[kind]} facts={group} />
      })}
    </CompanyFrame>
  )
}

const FactGroup = (props: { page: PageContext; company: Company; title: string; facts: Fact[] }) => {
  const t = crawlMessages(props.page.locale)
  return (
    <section class="mb-4">
      <h2 class="h3">{props.title}</h2>
      <table class="table table-vcenter table-mobile-md facts">
        <thead>
          <tr>
            <th>{t.value}</th>
            <th>{t.seenOn}</th>
            <th>{t.confidence}</th>
            <th>{t.verdict}</th>
          </tr>
        </thead>
        <tbody>
          {props.facts.map((fact) => (
            <FactRow page={props.page} company={props.company} fact={fact} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** One fact with where it was seen; htmx swaps it when its verdict changes. */
export const FactRow = ({
  page,
  company,
  fact,
}: {
  page: PageContext
  company: { id: number; deletedAt: Date | null }
  fact: Fact
}) => {
  const t = crawlMessages(page.locale)
  const details = detailsOf(page, fact)
  return (
    <tr id={`fact-${fact.id}`}>
      <td data-label={t.value}>
        <div
          class={
            fact.verdict === 'rejected' ? 'text-decoration-line-through text-break-all' : 'text-break-all'
          }
        >
          <FactValue fact={fact} />
        </div>
        {details && <div class="text-secondary small text-break-all">{details}</div>}
      </td>
      <td data-label={t.seenOn}>
        <a
          class="text-break-all"
          href={safeHref(fact.pageUrl)}
          rel="noopener noreferrer nofollow"
          target="_blank"
        >
          {readableUrl(fact.pageUrl)}
        </a>
        {fact.snippet && <div class="text-secondary small text-break-all">« {fact.snippet} »</div>}
      </td>
      <td data-label={t.confidence}>
        <progress max="100" value={Math.round(fact.confidence * 100)} aria-label={t.confidence} />
        <span class="small">
          {new Intl.NumberFormat(page.locale, { style: 'percent' }).format(fact.confidence)}
        </span>
      </td>
      <td data-label={t.verdict}>
        {company.deletedAt === null && <Verdict page={page} company={company} fact={fact} />}
      </td>
    </tr>
  )
}

const FactValue = ({ fact }: { fact: Fact }) => {
  if (fact.kind === 'email' || fact.kind === 'suggested_email')
    return <a href={safeHref(`mailto:${fact.value}`)}>{fact.value}</a>
  if (fact.kind === 'phone') return <a href={safeHref(`tel:${fact.value}`)}>{readablePhone(fact.value)}</a>
  if (fact.kind === 'social')
    return (
      <a href={safeHref(fact.value)} rel="noopener noreferrer nofollow" target="_blank">
        {readableUrl(fact.value)}
      </a>
    )
  if (fact.kind === 'company_id') return <>{readableCompanyId(fact.value)}</>
  return <>{fact.value}</>
}

const detailsOf = (page: PageContext, fact: Fact): string => {
  const text = (name: string) => (typeof fact.data[name] === 'string' ? String(fact.data[name]) : '')
  if (fact.kind === 'email' || fact.kind === 'suggested_email')
    return [emailKindText(page.locale, text('kind') || null), text('person'), worthOf(page, fact)]
      .filter(Boolean)
      .join(' · ')
  if (fact.kind === 'phone')
    return [phoneTypeText(page.locale, text('type')), phoneTypeText(page.locale, text('kind')), text('raw')]
      .filter(Boolean)
      .join(' · ')
  if (fact.kind === 'person') return [text('role'), text('email'), text('phone')].filter(Boolean).join(' · ')
  if (fact.kind === 'social') return text('network')
  return ''
}

/** "Qualité 83/100 : au nom de domaine du site, …"; facts of older crawls have none. */
const worthOf = (page: PageContext, fact: Fact): string => {
  const { quality, reasons } = fact.data
  if (typeof quality !== 'number' || !Array.isArray(reasons)) return ''
  const texts = emailReasonTexts(page.locale) as Record<string, string>
  const why = reasons.map((reason) => texts[String(reason)]).filter(Boolean)
  return crawlMessages(page.locale).quality(quality, why.join(', '))
}

const Verdict = ({ page, company, fact }: { page: PageContext; company: { id: number }; fact: Fact }) => {
  const t = crawlMessages(page.locale)
  const path = `/companies/${company.id}/facts/${fact.id}`
  return (
    <form
      class="d-flex flex-wrap gap-1 align-items-center"
      method="post"
      action={path}
      hx-post={path}
      hx-target={`#fact-${fact.id}`}
      hx-swap="outerHTML"
    >
      <CsrfField token={page.csrf} />
      {fact.verdict === null ? (
        <>
          <button class="btn btn-sm" name="verdict" value="confirmed" aria-label={t.confirmFact(fact.value)}>
            {t.confirm}
          </button>
          <button class="btn btn-sm" name="verdict" value="rejected" aria-label={t.rejectFact(fact.value)}>
            {t.reject}
          </button>
        </>
      ) : (
        <>
          <span>{fact.verdict === 'confirmed' ? t.confirmed : t.rejected}</span>
          <button class="btn btn-sm" name="verdict" value="none" aria-label={t.takeBackFact(fact.value)}>
            {t.takeBack}
          </button>
        </>
      )}
    </form>
  )
}
