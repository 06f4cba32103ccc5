import type { Company } from '#src/companies/queries-edit.ts'
import type { ListedInbound } from '#src/mail/inbound/queries-inbox.ts'
import type { SentMessage } from '#src/mail/queries-messages.ts'
import { CompanyFrame } from '#templates/companies/company-frame.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { SentMessages } from '#templates/mail/sent-messages.tsx'
import type { PageContext } from '#templates/page.ts'
import { InboxRows } from './inbox-rows.tsx'
import { inboxMessages } from './messages.ts'

type Props = {
  page: PageContext
  company: Company
  received: readonly ListedInbound[]
  sent: readonly SentMessage[]
}

/** What was written to a company and what it answered. */
export const CompanyMailsPage = ({ page, company, received, sent }: Props) => {
  const t = inboxMessages(page.locale)
  return (
    <CompanyFrame page={page} company={company} tab="messages">
      <div class="d-flex flex-wrap gap-2 align-items-center justify-content-between mb-2">
        <h2 class="h3 mb-0">{t.receivedMails}</h2>
        {company.deletedAt === null && (
          <a class="btn btn-primary" href={`/companies/${company.id}/write`}>
            <Icon name="mail" /> {t.write}
          </a>
        )}
      </div>
      {received.length === 0 ? (
        <p class="text-secondary">{t.companyEmpty}</p>
      ) : (
        <InboxRows page={page} rows={received} withCompany={false} />
      )}
      <SentMessages page={page} messages={sent} bucket={null} />
    </CompanyFrame>
  )
}
