import type { Finding } from '#src/analysis/finding.ts'
import { withColon } from '#src/lib/i18n.ts'
import { evidenceText } from '#src/analysis/evidence-messages.ts'
import { categoryNames, isRuleId, ruleText } from '#src/analysis/messages.ts'
import type { Company } from '#src/companies/queries-edit.ts'
import type { Crawl, CrawledPage, Fact } from '#src/crawl/contacts/queries-facts.ts'
import { CompanyFrame, type Tab } from '#templates/companies/company-frame.tsx'
import { severityText } from '#templates/companies/company-rows.tsx'
import { severityColour } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { addSite } from '#templates/crawl/add-site.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import { LatestVisit } from '#templates/crawl/pages.tsx'
import type { PageContext } from '#templates/page.ts'
import { analysisMessages } from './messages.ts'
import { SecurityFacts, SeoFacts, TechnicalFacts } from './site-facts.tsx'

export type AnalysisView = {
  company: Company
  tab: Extract<Tab, 'technical' | 'seo' | 'security'>
  findings: Finding[]
  latest: Crawl | null
  read: Crawl | null
  home: CrawledPage | null
  technologies: Fact[]
}

export const AnalysisPage = ({ page, view }: { page: PageContext; view: AnalysisView }) => {
  const t = analysisMessages(page.locale)
  const { company, findings, latest, read } = view
  const facts = { technical: TechnicalFacts, seo: SeoFacts, security: SecurityFacts }
  const Facts = facts[view.tab]
  return (
    <CompanyFrame page={page} company={company} tab={view.tab}>
      <LatestVisit page={page} latest={latest} read={read} />
      {read === null ? (
        <EmptyState
          icon="search"
          title={latest === null ? t.unknownTitle : t.staleTitle}
          text={latest === null ? t.unknownText : t.staleText}
        >
          {addSite(page, company)}
        </EmptyState>
      ) : (
        <div class="row g-4">
          <div class="col-lg-7">
            {findings.length === 0 && <EmptyState icon="check" title={t.soundTitle} text={t.soundText} />}
            {findings.map((finding) => (
              <FindingCard page={page} finding={finding} />
            ))}
          </div>
          <div class="col-lg-5">
            <h2 class="h3">{t.facts}</h2>
            <Facts page={page} view={view} />
          </div>
        </div>
      )}
    </CompanyFrame>
  )
}

/** One weak point: what it means, what to do, what was seen where. */
export const FindingCard = ({ page, finding }: { page: PageContext; finding: Finding }) => {
  const { locale } = page
  const t = analysisMessages(locale)
  const text = isRuleId(finding.id)
    ? ruleText(locale, finding)
    : { title: String(finding.id), meaning: '', fix: '' }
  return (
    <article class="card mb-3">
      <div class="card-body">
        <div class="d-flex flex-wrap gap-2 align-items-center mb-2">
          <h3 class="m-0 text-break-all">{text.title}</h3>
          <span class={`badge bg-${severityColour(finding.severity)}-lt`}>
            {severityText(locale, finding.severity)}
          </span>
          <span class="text-secondary small">{categoryNames(locale)[finding.category]}</span>
        </div>
        {text.meaning && <p class="text-break-all">{text.meaning}</p>}
        {text.fix && (
          <p class="text-break-all">
            <strong>{withColon(locale, t.remedy)}</strong> {withCode(text.fix)}
          </p>
        )}
        <div class="text-secondary small text-break-all">
          {withColon(locale, t.evidence)} {evidenceText(locale, finding)}
          <br />
          {t.seenOn} <OutsideLink url={finding.pageUrl} />
        </div>
      </div>
    </article>
  )
}

/** What stands between backticks is typed as it is. */
const withCode = (text: string) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))
