import type { Company } from '#src/companies/queries-edit.ts'
import type { Crawl } from '#src/crawl/contacts/queries-facts.ts'
import type { ContactsView, ViewedFact } from '#src/crawl/contacts/view-contacts.ts'
import { crawlErrorText } from '#src/crawl/messages.ts'
import { Contact } from '#templates/companies/company-rows.tsx'
import { CompanyFrame } from '#templates/companies/company-frame.tsx'
import { detailMessages } from '#templates/companies/detail-messages.ts'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { addSite } from './add-site.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import type { Suppression } from '#src/tracking/queries-suppressions.ts'
import { capitalised } from '#src/lib/i18n.ts'
import { WriteAction } from '#templates/mail/write-action.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { ChangesCard } from './changes.tsx'
import { contactMessages } from './contact-messages.ts'
import { countOf, FactItem } from './fact-item.tsx'
import { AddForm } from './fact-forms.tsx'
import { LatestVisit } from './pages.tsx'
import { PersonCard } from './person-card.tsx'

/** The one form open on the page, with what was typed into it. */
export type OpenForm =
  | { mode: 'correct' | 'merge'; factId: number; form: FormState }
  | { mode: 'add'; kind: 'email' | 'phone' | 'person'; form: FormState }

export type ContactsProps = {
  page: PageContext
  company: Company
  contacts: ContactsView
  latest: Crawl | null
  read: Crawl | null
  /** When the site was read last: what was not seen then is shown so. */
  readAt: Date | null
  /** Addresses of pages that the latest read could not open. */
  unread: ReadonlySet<string>
  open: OpenForm | null
  /** What was just done, for readers who do not see the page change. */
  done: string
  /** Why the chosen address must not be written to. */
  suppression: Suppression | null
}

export const ContactsPage = (view: ContactsProps) => (
  <CompanyFrame page={view.page} company={view.company} tab="contacts">
    <ContactsPanel {...view} />
  </CompanyFrame>
)

/** Everything below the tabs; htmx swaps it whole, since one decision can move facts between its parts. */
export const ContactsPanel = (view: ContactsProps) => {
  const { page, company, contacts, latest, read, open } = view
  const t = contactMessages(page.locale)
  const { people, emails, phones, forms, addresses, companyIds, socials, suggested, foreign, rejected } =
    contacts
  const general = [...emails, ...phones]
  const isEmpty = [
    people,
    general,
    forms,
    addresses,
    companyIds,
    socials,
    suggested,
    foreign,
    rejected,
  ].every((part) => part.length === 0)
  return (
    <div id="contacts" data-keep-focus hx-target:inherited="#contacts" hx-swap:inherited="outerMorph">
      <p class="visually-hidden" role="status">
        {view.done}
      </p>
      {!isEmpty && <LatestVisit page={page} latest={latest} read={read} />}
      <div class="row g-4 mb-4">
        <div class="col-lg-6">
          <h2 class="h3">{detailMessages(page.locale).whoToContact}</h2>
          <Contact locale={page.locale} row={company} />
          <WriteAction page={page} company={company} suppression={view.suppression} />
        </div>
        {read?.changes && (
          <div class="col-lg-6">
            <ChangesCard page={page} crawl={read} />
          </div>
        )}
      </div>
      {company.deletedAt === null && <AddLinks view={view} />}
      {open?.mode === 'add' && <AddForm view={view} form={open.form} kind={open.kind} />}
      {isEmpty && open === null && <NothingYet view={view} />}
      {people.length > 0 && (
        <section class="mb-4">
          <h2 class="h3">{t.people}</h2>
          <div class="row g-3">
            {people.map((group) => (
              <div class="col-lg-6">
                <PersonCard view={view} group={group} />
              </div>
            ))}
          </div>
        </section>
      )}
      <Part view={view} title={t.general} hint={t.generalHint} facts={general} />
      <Part view={view} title={t.forms} facts={forms} />
      <Part view={view} title={t.suggested} hint={t.suggestedHint} facts={suggested} />
      <Part view={view} title={t.addresses} facts={addresses} />
      <CompanyIds view={view} />
      <Part view={view} title={t.socials} facts={socials} />
      <Folded view={view} title={t.foreign(countOf(page, foreign))} hint={t.foreignHint} facts={foreign} />
      <Folded
        view={view}
        title={t.rejectedOnes(countOf(page, rejected))}
        hint={t.rejectedHint}
        facts={rejected}
      />
    </div>
  )
}

const AddLinks = ({ view: { page, company } }: { view: ContactsProps }) => {
  const t = contactMessages(page.locale)
  return (
    <div class="d-flex flex-wrap gap-2 align-items-center mb-4">
      <span class="text-secondary">{t.add}</span>
      {(['email', 'phone', 'person'] as const).map((kind) => {
        const path = `/companies/${company.id}/contacts?add=${kind}`
        return (
          <a class="btn btn-sm" href={path} hx-get={path} aria-label={t[`addTitle_${kind}`]}>
            {t[`add_${kind}`]}
          </a>
        )
      })}
    </div>
  )
}

type PartProps = { view: ContactsProps; title: string; hint?: string; facts: readonly ViewedFact[] }

const Part = ({ view, title, hint, facts }: PartProps) =>
  facts.length > 0 ? (
    <section class="mb-4">
      <h2 class="h3 mb-1">{title}</h2>
      {hint && <p class="text-secondary mb-1">{hint}</p>}
      <FactList view={view} facts={facts} />
    </section>
  ) : null

const Folded = ({ view, title, hint, facts }: PartProps) => {
  const { open } = view
  const isOpen = open?.mode === 'correct' && facts.some(({ id }) => id === open.factId)
  return facts.length > 0 ? (
    <details class="mb-4" open={isOpen}>
      <summary class="h3">{title}</summary>
      <p class="text-secondary mb-1">{hint}</p>
      <FactList view={view} facts={facts} />
    </details>
  ) : null
}

const FactList = ({ view, facts }: { view: ContactsProps; facts: readonly ViewedFact[] }) => (
  <>
    {facts.map((fact) => (
      <div class="border-bottom">
        <FactItem view={view} fact={fact} wide />
      </div>
    ))}
  </>
)

const CompanyIds = ({ view }: { view: ContactsProps }) => {
  const t = contactMessages(view.page.locale)
  const { companyIds } = view.contacts
  return companyIds.length > 0 ? (
    <section class="mb-4">
      <h2 class="h3 mb-1">{t.companyIds}</h2>
      {companyIds.map((fact) => (
        <div class="border-bottom">
          <FactItem view={view} fact={fact} wide>
            {fact.check.checksum !== null && (
              <span class="text-secondary small">{fact.check.checksum ? t.checksumOk : t.checksumBad}</span>
            )}
            {fact.check.record !== null && (
              <span class="text-secondary small">
                {fact.check.record === 'same' ? t.recordSame : t.recordDiffers}
              </span>
            )}
          </FactItem>
        </div>
      ))}
    </section>
  ) : null
}

/** Why there is nothing, and what to do next. */
const NothingYet = ({ view: { page, company, latest } }: { view: ContactsProps }) => {
  const t = contactMessages(page.locale)
  const visit = (
    <form method="post" action={`/companies/${company.id}/crawls`}>
      <CsrfField token={page.csrf} />
      <button class="btn btn-primary" type="submit">
        {t.visit}
      </button>
    </form>
  )
  const edit = (text: string) => (
    <a class="btn" href={`/companies/${company.id}/edit`}>
      {text}
    </a>
  )
  const isPending = company.crawlState === 'queued' || company.crawlState === 'running'
  const act = company.deletedAt === null
  if (company.website === null)
    return (
      <EmptyState icon="mail" title={t.noSiteTitle} text={t.noSiteText}>
        {addSite(page, company)}
      </EmptyState>
    )
  if (isPending) return <EmptyState icon="clock" title={t.pendingTitle} text={t.pendingText} />
  if (latest === null)
    return (
      <EmptyState icon="mail" title={t.neverTitle} text={t.neverText}>
        {act && visit}
      </EmptyState>
    )
  if (latest.state === 'failed')
    return (
      <EmptyState
        icon="alertTriangle"
        title={t.failedTitle}
        text={capitalised(page.locale, t.failedText(crawlErrorText(page.locale, latest.errorCode ?? '')))}
      >
        {act && (
          <div class="d-flex flex-wrap gap-2 justify-content-center">
            {visit}
            {edit(t.correctSite)}
          </div>
        )}
      </EmptyState>
    )
  return <EmptyState icon="mail" title={t.emptyTitle} text={t.emptyText} />
}
