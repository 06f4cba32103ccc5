import type { ListedInbound, ListedMailbox } from '#src/mail/inbound/queries-inbox.ts'
import { formatNumber } from '#src/lib/i18n.ts'
import { AdminLink } from '#templates/components/admin-link.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Pagination } from '#templates/components/pagination.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { InboxRows } from './inbox-rows.tsx'
import { inboxMessages } from './messages.ts'

export const VIEWS = ['replies', 'automatic', 'bounces', 'complaints', 'all'] as const
export type View = (typeof VIEWS)[number]

export type InboxView = {
  view: View
  unreadOnly: boolean
  search: string
  rows: readonly ListedInbound[]
  number: number
  pages: number
  unread: Record<View, number>
  mailboxes: readonly ListedMailbox[]
}

type Props = { page: PageContext; inbox: InboxView }

const ACCOUNTS = '/settings/mail'
const TROUBLES = ['auth', 'folder', 'tls', 'unreachable', 'broken', 'sealed'] as const

const pathOf = (inbox: InboxView, change: Partial<{ view: View; unread: boolean; page: number }>): string => {
  const query = new URLSearchParams()
  query.set('view', change.view ?? inbox.view)
  if (change.unread ?? inbox.unreadOnly) query.set('unread', '1')
  if (inbox.search !== '' && change.view === undefined) query.set('q', inbox.search)
  if (change.page !== undefined && change.page > 1) query.set('page', String(change.page))
  return `/inbox?${query}`
}

/** What came back about the mails that were sent. */
export const InboxPage = ({ page, inbox }: Props) => {
  const t = inboxMessages(page.locale)
  return (
    <Layout page={page} title={t.title}>
      <p class="text-secondary">{t.intro}</p>
      <Troubles page={page} mailboxes={inbox.mailboxes} />
      <div class="card">
        <div class="card-header">
          <nav class="w-100" aria-label={t.views}>
            <ul class="nav nav-tabs card-header-tabs">
              {VIEWS.map((view) => (
                <li class="nav-item">
                  <a
                    class={view === inbox.view ? 'nav-link active' : 'nav-link'}
                    href={pathOf(inbox, { view, unread: false })}
                    aria-current={view === inbox.view ? 'page' : undefined}
                  >
                    {t[view]}
                    {inbox.unread[view] > 0 && (
                      <span class="badge bg-blue-lt ms-2">
                        {t.unreadOf(formatNumber(page.locale, inbox.unread[view]))}
                      </span>
                    )}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </div>
        <Tools page={page} inbox={inbox} />
        <List page={page} inbox={inbox} />
      </div>
    </Layout>
  )
}

const Troubles = ({ page, mailboxes }: { page: PageContext; mailboxes: readonly ListedMailbox[] }) => {
  const t = inboxMessages(page.locale)
  return (
    <>
      {mailboxes.map(({ accountId, label, problem }) => {
        if (problem === null) return null
        const [code = '', ...detail] = problem.split(': ')
        const known = TROUBLES.find((one) => one === code)
        const said = detail.join(': ')
        return (
          <div class="alert alert-warning" role="status">
            <div>
              <AdminLink
                page={page}
                href={`${ACCOUNTS}/${accountId}`}
                class="text-break-all text-decoration-underline"
              >
                {t.mailboxTrouble(label)}
              </AdminLink>{' '}
              {known && t[`trouble_${known}`]}
              {said && (
                <div class="small text-break-all">
                  <bdi data-foreign>{said}</bdi>
                </div>
              )}
            </div>
          </div>
        )
      })}
    </>
  )
}

const Tools = ({ page, inbox }: Props) => {
  const t = inboxMessages(page.locale)
  return (
    <div class="card-body border-bottom py-3 d-flex flex-wrap gap-2">
      <form method="get" action="/inbox" class="d-flex flex-wrap gap-2 flex-fill" role="search">
        <input type="hidden" name="view" value={inbox.view} />
        {inbox.unreadOnly && <input type="hidden" name="unread" value="1" />}
        <input
          class="form-control w-auto flex-fill"
          type="search"
          name="q"
          value={inbox.search}
          aria-label={t.search}
          placeholder={t.search}
        />
        <button class="btn" type="submit">
          <Icon name="search" /> {t.searchButton}
        </button>
      </form>
      <a class="btn" href={pathOf(inbox, { unread: !inbox.unreadOnly })}>
        {inbox.unreadOnly ? t.everything : t.unreadOnly}
      </a>
      {inbox.unread[inbox.view] > 0 && (
        <form method="post" action="/inbox/read">
          <CsrfField token={page.csrf} />
          <input type="hidden" name="view" value={inbox.view} />
          <button class="btn" type="submit">
            <Icon name="check" /> {t.markAllRead}
          </button>
        </form>
      )}
    </div>
  )
}

const List = ({ page, inbox }: Props) => {
  const t = inboxMessages(page.locale)
  if (inbox.rows.length > 0)
    return (
      <>
        <InboxRows page={page} rows={inbox.rows} />
        {inbox.pages > 1 && (
          <div class="card-footer">
            <Pagination
              label={t.pages}
              page={inbox.number}
              pages={inbox.pages}
              pathOf={(number) => pathOf(inbox, { page: number })}
              texts={{ previous: t.previous, next: t.next, page: t.page(inbox.number, inbox.pages) }}
            />
          </div>
        )}
      </>
    )
  if (inbox.search !== '')
    return (
      <EmptyState icon="search" title={t.noneFoundTitle} text={t.noneFoundText}>
        <a class="btn" href="/inbox?view=all">
          {t.showAll}
        </a>
      </EmptyState>
    )
  if (inbox.mailboxes.length === 0)
    return (
      <EmptyState icon="mail" title={t.noMailboxTitle} text={t.noMailboxText}>
        <AdminLink page={page} class="btn btn-primary" href={ACCOUNTS}>
          {t.toAccounts}
        </AdminLink>
      </EmptyState>
    )
  return <EmptyState icon="mail" title={t.emptyTitle} text={t.emptyText} />
}
