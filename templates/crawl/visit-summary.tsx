import type { Belonging } from '#src/crawl/contacts/belongs-to-company.ts'
import type { Crawl } from '#src/crawl/contacts/queries-facts.ts'
import { belongingTexts } from '#src/crawl/messages.ts'
import { formatDate, type Locale } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import type { PageContext } from '#templates/page.ts'
import { visible } from '#templates/html.ts'
import { verdictColours } from './belonging.tsx'
import { changeMessages } from './change-messages.ts'
import { changesInShort } from './changes.tsx'
import { siteMessages } from './site-messages.ts'

const MAX_VALUE = 80

/** The last visits of a company's site. */
export type Visit = { latest: Crawl | null; read: Crawl | null }
type SummaryProps = { page: PageContext; company: { id: number; deletedAt: Date | null }; visit: Visit }

/** In a few lines: whether the site is the company's, and what changed since the visit before. */
export const VisitSummary = ({ page, company, visit }: SummaryProps) => {
  const belongs = visit.read?.site?.belongs
  return (
    <>
      {belongs && <Verdict page={page} company={company} belongs={belongs} />}
      <Changes page={page} company={company} visit={visit} />
    </>
  )
}

const Verdict = (props: {
  page: PageContext
  company: { id: number; deletedAt: Date | null }
  belongs: Belonging
}) => {
  const { page, company, belongs } = props
  const [t, texts] = [siteMessages(page.locale), belongingTexts(page.locale)]
  return (
    <section class="mb-4">
      <h2 class="h3 mb-1">{t.verdict}</h2>
      <p class="mb-1 text-break-all">
        <Badge colour={verdictColours[belongs.verdict]}>{texts[belongs.verdict]}</Badge>{' '}
        <bdi>{evidenceSentence(page.locale, belongs)}</bdi>{' '}
        {belongs.evidence.length > 0 && <a href={`/companies/${company.id}/site`}>{t.details}</a>}
      </p>
      {belongs.verdict === 'doubtful' && company.deletedAt === null && (
        <a class="btn btn-sm" href={`/companies/${company.id}/edit#field-website`}>
          {t.correctSite}
        </a>
      )}
    </section>
  )
}

const evidenceSentence = (locale: Locale, { evidence }: Belonging): string => {
  const [t, texts] = [siteMessages(locale), belongingTexts(locale)]
  if (evidence.length === 0) return texts.nothing
  const list = (items: string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items)
  const agreeing = evidence.filter(({ agrees }) => agrees === true).map(({ field }) => texts[field])
  const differing = evidence
    .filter(({ agrees }) => agrees === false)
    .map(({ field, known, found }) => t.fieldDiffers(texts[field], cut(known), cut(found)))
  return [
    ...(agreeing.length > 0 ? [t.agreeing(list([...new Set(agreeing)]))] : []),
    ...(differing.length > 0 ? [t.differing(list(differing))] : []),
  ].join(' ')
}

const cut = (text: string): string => {
  const shown = visible(text)
  return shown.length > MAX_VALUE ? `${shown.slice(0, MAX_VALUE).toWellFormed()}…` : shown
}

/** Nothing after a first visit; a visit that failed changes nothing and says so. */
const Changes = ({ page, company, visit: { latest, read } }: SummaryProps) => {
  const { locale } = page
  const t = changeMessages(locale)
  const failed = latest?.state === 'failed' && read !== null ? latest : null
  if (!failed && !read?.changes) return null
  const short = read?.changes ? changesInShort(locale, read.changes) : ''
  return (
    <section class="mb-4">
      <h2 class="h3 mb-1">{t.title}</h2>
      {failed && <p class="mb-1">{t.failed(formatDate(locale, failed.finishedAt))}</p>}
      {read?.changes && (
        <p class="mb-1 text-break-all">
          <bdi>{short === '' ? t.nothing : short}</bdi>{' '}
          <span class="text-secondary">({formatDate(locale, read.finishedAt)})</span>{' '}
          {short !== '' && <a href={`/companies/${company.id}/contacts#changes`}>{t.see}</a>}
        </p>
      )}
    </section>
  )
}
