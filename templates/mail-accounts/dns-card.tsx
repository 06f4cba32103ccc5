import type { AccountRow } from '#src/mail/accounts/queries.ts'
import type { DnsFinding, DnsRecord } from '#src/mail/dns-check/finding.ts'
import { dnsWhy } from '#src/mail/dns-check/messages.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import type { PageContext } from '#templates/page.ts'
import { DNS_PARTS, DNS_STATUSES } from './dns-status.ts'
import { accountMessages } from './messages.ts'

type Props = { page: PageContext; row: AccountRow }

/** What receivers look at before they believe a mail of the domain, and which records to add. */
export const DnsCard = ({ page, row }: Props) => {
  const t = accountMessages(page.locale)
  const { id, lastDns, lastDnsAt, senderAddress } = row
  const domain = lastDns?.domain ?? senderAddress.slice(senderAddress.lastIndexOf('@') + 1)
  return (
    <section class="card mb-3" id="dns">
      <div class="card-header d-flex flex-wrap gap-2">
        <h3 class="card-title">{t.dnsTitle}</h3>
        <form method="post" action={`/settings/mail/${id}/check-dns`} class="ms-auto">
          <CsrfField token={page.csrf} />
          <button type="submit" class={lastDns ? 'btn' : 'btn btn-primary'}>
            {t.checkDns}
          </button>
        </form>
      </div>
      <div class="card-body">
        <p class="text-secondary">{t.dnsText(domain)}</p>
        <p class="text-secondary small mb-0">
          {lastDnsAt ? t.checkedAt(formatDate(page.locale, lastDnsAt)) : t.neverChecked}
        </p>
      </div>
      {lastDns && (
        <ul class="list-group list-group-flush">
          {DNS_PARTS.map((part) => (
            <Part page={page} title={t[`part_${part}`]} finding={lastDns[part]} />
          ))}
        </ul>
      )}
    </section>
  )
}

const Part = ({ page, title, finding }: { page: PageContext; title: string; finding: DnsFinding }) => {
  const t = accountMessages(page.locale)
  const { colour, text } = DNS_STATUSES[finding.status]
  return (
    <li class="list-group-item">
      <div class="d-flex flex-wrap gap-2 align-items-center mb-1">
        <h4 class="mb-0 flex-fill">{title}</h4>
        <Badge colour={colour}>{t[text]}</Badge>
      </div>
      <p class="mb-2 text-break-all">{dnsWhy(page.locale, finding)}</p>
      {finding.found.length > 0 && (
        <div class="mb-2">
          <div class="text-secondary small">{t.foundNow}</div>
          {finding.found.map((record) => (
            <code class="d-block text-break-all" data-foreign>
              {record}
            </code>
          ))}
        </div>
      )}
      {finding.records.map((record) => (
        <RecordToAdd page={page} record={record} />
      ))}
    </li>
  )
}

const RecordToAdd = ({ page, record }: { page: PageContext; record: DnsRecord }) => {
  const t = accountMessages(page.locale)
  return (
    <div class="card card-sm mb-2">
      <div class="card-body">
        <strong>{record.replaces.length > 0 ? t.toReplace : t.toAdd}</strong>
        <dl class="row mb-0">
          <dt class="col-sm-3">{t.recordName}</dt>
          <dd class="col-sm-9">
            <code class="user-select-all text-break-all">{record.name}</code>
          </dd>
          <dt class="col-sm-3">{t.recordType}</dt>
          <dd class="col-sm-9">
            <code>{record.type}</code>
          </dd>
          <dt class="col-sm-3">{t.recordValue}</dt>
          <dd class="col-sm-9 mb-0">
            <code class="user-select-all text-break-all">{record.value}</code>
          </dd>
        </dl>
      </div>
    </div>
  )
}
