import type { AccountLack } from '#src/mail/accounts/read-account.ts'
import type { AccountRow } from '#src/mail/accounts/queries.ts'
import { DNS_STATUSES, worstStatus } from './dns-status.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { Icon } from '#templates/components/icon.tsx'
import type { PageContext } from '#templates/page.ts'
import { accountMessages } from './messages.ts'

export type ListedAccount = { row: AccountRow; lack: AccountLack | null }

type Props = { page: PageContext; accounts: readonly ListedAccount[] }

/** All sending accounts. */
export const AccountsPage = ({ page, accounts }: Props) => {
  const t = accountMessages(page.locale)
  const add = (
    <a class="btn btn-primary" href="/settings/mail/new">
      <Icon name="plus" /> {t.add}
    </a>
  )
  return (
    <SettingsFrame page={page} current="/settings/mail">
      <div class="d-flex flex-wrap gap-2 align-items-center mb-3">
        <p class="text-secondary mb-0 flex-fill">{t.intro}</p>
        {accounts.length > 0 && add}
      </div>
      <div class="card">
        {accounts.length === 0 ? (
          <EmptyState icon="mail" title={t.emptyTitle} text={t.emptyText}>
            {add}
          </EmptyState>
        ) : (
          <table class="table table-vcenter card-table table-mobile-md">
            <thead>
              <tr>
                <th>{t.account}</th>
                <th>{t.state}</th>
                <th>{t.checks}</th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <Row page={page} account={account} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </SettingsFrame>
  )
}

const Row = ({ page, account }: { page: PageContext; account: ListedAccount }) => {
  const t = accountMessages(page.locale)
  const { row } = account
  const { id, label, senderAddress, brand, isDefault, origin, lastTest, lastDns } = row
  const dns = lastDns === null ? null : worstStatus(lastDns)
  return (
    <tr>
      <td data-label={t.account}>
        <div>
          <a class="text-break-all" href={`/settings/mail/${id}`}>
            {label}
          </a>
          <div class="text-secondary small text-break-all">{senderAddress}</div>
          {brand && <div class="text-secondary small text-break-all">{brand}</div>}
        </div>
      </td>
      <td data-label={t.state}>
        <div class="d-flex flex-wrap gap-1">
          <AccountState page={page} account={account} />
          {isDefault && <Badge colour="azure">{t.isDefault}</Badge>}
          {origin === 'environment' && <Badge colour="secondary">{t.fromEnvironment}</Badge>}
        </div>
      </td>
      <td data-label={t.checks}>
        <div class="d-flex flex-wrap gap-1">
          {lastTest ? (
            <Badge colour={lastTest.ok ? 'green' : 'red'}>{lastTest.ok ? t.testedOk : t.testedBad}</Badge>
          ) : (
            <Badge colour="secondary">{t.untested}</Badge>
          )}
          {dns ? (
            <Badge colour={DNS_STATUSES[dns].colour}>{t[DNS_STATUSES[dns].domain]}</Badge>
          ) : (
            <Badge colour="secondary">{t.dnsNever}</Badge>
          )}
        </div>
      </td>
    </tr>
  )
}

/** Switched on, paused, or why it cannot send; whether it works is said by its checks. */
export const AccountState = ({
  page,
  account: { row, lack },
}: {
  page: PageContext
  account: ListedAccount
}) => {
  const t = accountMessages(page.locale)
  if (lack) return <Badge colour="red">{t.unusable}</Badge>
  if (row.pausedAt) return <Badge colour="orange">{t.paused}</Badge>
  return row.active ? <Badge colour="green">{t.active}</Badge> : <Badge colour="secondary">{t.off}</Badge>
}
