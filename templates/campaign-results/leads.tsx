import type { Lead } from '#src/campaigns/results/numbers.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import type { PageContext } from '#templates/page.ts'
import { resultMessages } from './messages.ts'
import { dateOf } from './percent.ts'

/** Who to call first, and why. */
export const Leads = ({ page, id, leads }: { page: PageContext; id: number; leads: readonly Lead[] }) => {
  const t = resultMessages(page.locale)
  return (
    <section class="card mb-3" id="leads">
      <div class="card-header">
        <h2 class="card-title">{t.leadsTitle}</h2>
      </div>
      {leads.length === 0 ? (
        <p class="card-body text-secondary mb-0">{t.leadsEmpty}</p>
      ) : (
        <ul class="list-group list-group-flush">
          {leads.map((lead) => (
            <li class="list-group-item">
              <div class="d-flex flex-wrap gap-2 align-items-center">
                <strong class="text-break-all">
                  {lead.companyId !== null && lead.company !== null ? (
                    <a href={`/companies/${lead.companyId}`}>{lead.company}</a>
                  ) : (
                    lead.address
                  )}
                </strong>
                {lead.replied && <Badge colour="green">{t.leadReplied}</Badge>}
                {lead.clicks > 0 && <Badge colour="orange">{t.leadClicks(lead.clicks)}</Badge>}
                {lead.opens > 0 && <Badge colour="blue">{t.leadOpens(lead.opens)}</Badge>}
              </div>
              <div class="text-secondary small text-break-all">
                <a href={`/campaigns/${id}/recipients/${lead.id}`}>
                  <bdi>{lead.contactName ? `${lead.contactName} · ${lead.address}` : lead.address}</bdi>
                </a>
                {` · ${formatDate(page.locale, dateOf(lead.lastAt))}`}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
