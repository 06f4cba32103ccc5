import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { assetPath } from './assets/manifest.ts'
import { CsrfField } from './components/form.tsx'
import { Icon, type IconName } from './components/icon.tsx'
import { commonMessages } from './messages.ts'
import type { PageContext } from './page.ts'

type LayoutProps = {
  page: PageContext
  title: string
  /** What the tab of the browser says, when it is more than the heading. */
  documentTitle?: string
  children?: Child
  actions?: Child
  pretitle?: string
  /** What else belongs in the head of this page. */
  head?: Child
}

const htmxConfig = JSON.stringify({ includeIndicatorCSS: false, history: true })

const Document = ({ page, title, documentTitle = title, head, children }: LayoutProps) => (
  <>
    {raw('<!DOCTYPE html>')}
    <html lang={page.locale} data-theme={page.theme} data-bs-theme={page.theme === 'dark' ? 'dark' : 'light'}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={htmxConfig} />
        <title>{`${documentTitle} · ProspectLab`}</title>
        <link rel="icon" href={assetPath('favicon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assetPath('tabler.css')} />
        <link rel="stylesheet" href={assetPath('app.css')} />
        <script src={assetPath('theme.js')} />
        <script src={assetPath('htmx.js')} defer />
        <script src={assetPath('htmx-sse.js')} defer />
        <script src={assetPath('tabler.js')} defer />
        <script src={assetPath('app.js')} defer />
        {head}
      </head>
      {children}
    </html>
  </>
)

const navigation: {
  path: string
  icon: IconName
  label: 'dashboard' | 'companies' | 'campaigns' | 'imports' | 'inbox' | 'siteTest' | 'jobs' | 'settings'
}[] = [
  { path: '/', icon: 'home', label: 'dashboard' },
  { path: '/companies', icon: 'building', label: 'companies' },
  { path: '/campaigns', icon: 'mail', label: 'campaigns' },
  { path: '/inbox', icon: 'inbox', label: 'inbox' },
  { path: '/imports', icon: 'fileImport', label: 'imports' },
  { path: '/site-test', icon: 'world', label: 'siteTest' },
  { path: '/jobs', icon: 'briefcase', label: 'jobs' },
  { path: '/settings', icon: 'settings', label: 'settings' },
]

const isActive = (path: string, current: string): boolean => {
  // One of the settings, open to every user; what campaigns are made of.
  const place = current
    .replace(/^\/suppressions/, '/settings$&')
    .replace(/^\/(templates|segments)/, '/campaigns$&')
  return path === '/' ? place === '/' : place === path || place.startsWith(`${path}/`)
}

const Navigation = ({ page }: { page: PageContext }) => {
  const t = commonMessages(page.locale)
  return (
    <header class="navbar navbar-expand-lg d-print-none">
      <div class="container-xl">
        <button
          class="navbar-toggler"
          type="button"
          data-bs-toggle="collapse"
          data-bs-target="#navigation"
          aria-controls="navigation"
          aria-expanded="false"
          aria-label={t.openMenu}
        >
          <span class="navbar-toggler-icon" />
        </button>
        <a class="navbar-brand" href="/">
          {t.product}
        </a>
        <div class="navbar-nav flex-row order-lg-last">
          <div class="nav-item dropdown">
            <a
              href="#account-menu"
              class="nav-link"
              data-bs-toggle="dropdown"
              role="button"
              aria-expanded="false"
              aria-label={`${t.account} : ${page.user?.name || page.user?.email}`}
            >
              <Icon name="user" />
              <span class="d-none d-xxl-inline ms-1">{page.user?.name || page.user?.email}</span>
            </a>
            <div class="dropdown-menu dropdown-menu-end" id="account-menu">
              <a class="dropdown-item" href="/settings">
                {t.account}
              </a>
              <form method="post" action="/logout">
                <CsrfField token={page.csrf} />
                <button class="dropdown-item" type="submit">
                  <Icon name="logout" /> {t.signOut}
                </button>
              </form>
            </div>
          </div>
        </div>
        <nav class="collapse navbar-collapse" id="navigation" aria-label={t.mainNavigation}>
          <ul class="navbar-nav">
            {navigation.map(({ path, icon, label }) => (
              <li class={isActive(path, page.path) ? 'nav-item active' : 'nav-item'}>
                <a class="nav-link" href={path} aria-current={isActive(path, page.path) ? 'page' : undefined}>
                  <span class="nav-link-icon d-lg-none d-xxl-inline-block">
                    <Icon name={icon} />
                  </span>
                  <span class="nav-link-title">{t[label]}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </header>
  )
}

export const Flash = ({ page }: { page: PageContext }) =>
  page.flash && (
    <div class={`alert alert-${page.flash.kind}`} role={page.flash.kind === 'danger' ? 'alert' : 'status'}>
      {page.flash.text}
    </div>
  )

/** A page of the product: navigation, title row with its actions, content. */
export const Layout = (props: LayoutProps) => (
  <Document {...props}>
    <body hx-headers:inherited={JSON.stringify({ 'X-CSRF-Token': props.page.csrf })}>
      <a class="skip-link btn" href="#content">
        {commonMessages(props.page.locale).skipToContent}
      </a>
      <div class="page">
        <Navigation page={props.page} />
        <div class="page-wrapper">
          <div class="page-header d-print-none">
            <div class="container-xl">
              <div class="row g-2 align-items-center">
                <div class="col-12 col-md">
                  {props.pretitle && <div class="page-pretitle">{props.pretitle}</div>}
                  <h1 class="page-title text-break-all">{props.title}</h1>
                </div>
                {props.actions && (
                  <div class="col-12 col-md-auto ms-md-auto d-flex flex-wrap gap-2">{props.actions}</div>
                )}
              </div>
            </div>
          </div>
          <main class="page-body" id="content">
            <div class="container-xl">
              <Flash page={props.page} />
              {props.children}
            </div>
          </main>
        </div>
      </div>
    </body>
  </Document>
)

/** A page before sign-in: one card in the middle. */
export const CentredLayout = (props: LayoutProps) => (
  <Document {...props}>
    <body>
      <main class="page page-center" id="content">
        <div class="container container-tight py-4">
          <div class="text-center mb-4">
            <span class="navbar-brand navbar-brand-autodark">
              {commonMessages(props.page.locale).product}
            </span>
          </div>
          <Flash page={props.page} />
          <div class="card card-md">
            <div class="card-body">
              <h1 class="h2 text-center mb-4">{props.title}</h1>
              {props.children}
            </div>
          </div>
        </div>
      </main>
    </body>
  </Document>
)
