import type { Child } from 'hono/jsx'
import { Icon, type IconName } from '#templates/components/icon.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { authMessages } from './messages.ts'

type Tab = {
  path: string
  icon: IconName
  label:
    | 'accountTab'
    | 'usersTab'
    | 'apiTab'
    | 'webhooksTab'
    | 'trackingTab'
    | 'mailTab'
    | 'suppressionsTab'
    | 'privacyTab'
    | 'reportsTab'
  adminOnly: boolean
}

const tabs: Tab[] = [
  { path: '/settings', icon: 'user', label: 'accountTab', adminOnly: false },
  { path: '/settings/users', icon: 'users', label: 'usersTab', adminOnly: true },
  { path: '/settings/api', icon: 'lock', label: 'apiTab', adminOnly: true },
  { path: '/settings/webhooks', icon: 'bell', label: 'webhooksTab', adminOnly: true },
  { path: '/settings/mail', icon: 'mail', label: 'mailTab', adminOnly: true },
  { path: '/settings/tracking', icon: 'shield', label: 'trackingTab', adminOnly: true },
  { path: '/suppressions', icon: 'mail', label: 'suppressionsTab', adminOnly: false },
  { path: '/settings/reports', icon: 'mail', label: 'reportsTab', adminOnly: true },
  { path: '/settings/privacy', icon: 'users', label: 'privacyTab', adminOnly: true },
]

/** A page of the settings: the tabs this reader may open, then the content. */
export const SettingsFrame = ({
  page,
  current,
  children,
}: {
  page: PageContext
  current: string
  children?: Child
}) => {
  const t = authMessages(page.locale)
  const shown = tabs.find((tab) => tab.path === current)
  const documentTitle = shown ? `${t[shown.label]} · ${t.settingsTitle}` : t.settingsTitle
  return (
    <Layout page={page} title={t.settingsTitle} documentTitle={documentTitle}>
      <nav aria-label={t.settingsTitle} class="mb-3">
        <ul class="nav nav-tabs">
          {tabs
            .filter((tab) => !tab.adminOnly || page.user?.role === 'admin')
            .map((tab) => (
              <li class="nav-item">
                <a
                  class={tab.path === current ? 'nav-link active' : 'nav-link'}
                  href={tab.path}
                  aria-current={tab.path === current ? 'page' : undefined}
                >
                  <Icon name={tab.icon} />
                  <span class="ms-2">{t[tab.label]}</span>
                </a>
              </li>
            ))}
        </ul>
      </nav>
      {children}
    </Layout>
  )
}
