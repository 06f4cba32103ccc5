import { Hono } from 'hono'
import { accountRoutes } from './auth/account-routes.tsx'
import { setupRoutes, signInRoutes } from './auth/routes.tsx'
import { userRoutes } from './auth/user-routes.tsx'
import { csrfGuard, networkGuard, requireAdmin, requireSession, sessionLoader } from './auth/guards.ts'
import { groupRoutes } from './companies/group-routes.tsx'
import { importRoutes } from './companies/import/routes.tsx'
import { draftFor } from './campaigns/audience/draft-for.ts'
import { campaignCheckRoutes } from './campaigns/check-routes.tsx'
import { draftRoutes } from './campaigns/draft-routes.tsx'
import { campaignMessageRoutes } from './campaigns/message-routes.tsx'
import { campaignRoutes } from './campaigns/routes.tsx'
import { audienceRoutes } from './campaigns/audience/routes.tsx'
import { segmentRoutes } from './campaigns/audience/segment-routes.tsx'
import { reportRoutes } from './campaigns/reports/routes.tsx'
import { campaignResultRoutes } from './campaigns/results/routes.tsx'
import { templateFileRoutes } from './campaigns/templates/import-routes.tsx'
import { templateRoutes } from './campaigns/templates/routes.tsx'
import { companyRoutes } from './companies/routes.tsx'
import { companyCrawlRoutes } from './crawl/routes.tsx'
import { crawlSettingsRoutes, robotsRoutes } from './crawl/settings-routes.tsx'
import { trialRoutes } from './crawl/trial/routes.tsx'
import { webhookRoutes } from './integrations/webhooks/routes.tsx'
import { judgeSite } from './scoring/analysis-document.ts'
import { companyNeighbours } from './scoring/company-neighbours.ts'
import { scoreAgain } from './scoring/queries.ts'
import { companyAnalysisRoutes } from './analysis/routes.tsx'
import { assetRoutes } from './operations/assets-routes.ts'
import { dashboardRoutes } from './operations/dashboard-routes.tsx'
import { edgeRoutes } from './operations/edge-routes.ts'
import { healthRoutes, metricsRoutes } from './operations/health-routes.ts'
import { jobsRoutes } from './operations/jobs-routes.tsx'
import { answerError, answerNotFound } from './operations/error-pages.tsx'
import { securityHeaders } from './lib/security-headers.ts'
import { forwardedApi, serverPublicApi } from './integrations/server-public-api.ts'
import { tokenRoutes } from './integrations/tokens/routes.tsx'
import { companyMailRoutes, inboxRoutes } from './mail/inbound/routes.tsx'
import { countCampaignsOf } from './campaigns/planning/queries-accounts.ts'
import { mailAccountRoutes } from './mail/accounts/routes.tsx'
import { limitRoutes } from './mail/limits/routes.tsx'
import { mailRoutes } from './mail/routes.tsx'
import { suppressionRoutes } from './mail/suppression-routes.tsx'
import { answerOddHost } from './tracking/odd-host.ts'
import { openTracking } from './tracking/open-tracking.ts'
import { trackingSettingsRoutes } from './tracking/settings-routes.tsx'
import { trackingRoutes } from './tracking/routes.tsx'
import { privacyRoutes } from './privacy/routes.tsx'
import { publicApiDocsRoutes } from './public-api/docs-routes.tsx'
import { publicApiRoutes } from './public-api/routes.ts'
import type { Deps } from './deps.ts'
import type { Access, AppEnv } from './http-env.ts'

export type RouteInfo = { method: string; path: string; access: Access }

/** Every route of the server in one screenful. `routes` is the same table as data, for `prospectlab routes`
 *  and for the test that tries each of them without a session. */
export const createApp = (deps: Deps): { app: Hono<AppEnv>; routes: RouteInfo[] } => {
  const app = new Hono<AppEnv>()
  const routes: RouteInfo[] = []

  const guards = {
    session: [requireSession],
    admin: [requireSession, requireAdmin],
    public: [],
    setup: [],
    token: [],
  }
  const mount = (path: string, access: Access, part: Hono<AppEnv>) => {
    const guarded = new Hono<AppEnv>()
    for (const route of part.routes) {
      if (route.method !== 'ALL') {
        const full = `${path}${route.path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
        for (const guard of guards[access]) guarded.on(route.method, route.path, guard)
        if (!routes.some((known) => known.method === route.method && known.path === full))
          routes.push({ method: route.method, path: full, access })
      }
    }
    guarded.route('/', part)
    app.route(path, guarded)
  }

  app.use(securityHeaders)
  app.use(async (c, next) => answerOddHost(c.req.raw) ?? next())
  mount('/healthz', 'public', healthRoutes(deps))
  mount('/metrics', 'token', metricsRoutes(deps))
  mount('/track', 'public', trackingRoutes(deps.tracking ?? openTracking(deps)))
  mount('/api/public', 'public', publicApiDocsRoutes())
  mount('/api/public', 'token', publicApiRoutes(serverPublicApi(deps)))
  app.use(networkGuard(deps))
  mount('/edge', 'token', edgeRoutes(deps, forwardedApi(deps)))
  mount('/assets', 'public', assetRoutes())
  app.use(sessionLoader(deps))
  app.use(csrfGuard(deps))

  mount('/', 'public', signInRoutes(deps))
  mount('/setup', 'setup', setupRoutes(deps))
  mount('/', 'session', dashboardRoutes(deps))
  mount('/', 'session', accountRoutes(deps))
  mount('/settings/users', 'admin', userRoutes(deps))
  mount('/settings/api', 'admin', tokenRoutes(deps))
  mount('/settings/webhooks', 'admin', webhookRoutes(deps))
  mount('/settings/reports', 'admin', reportRoutes(deps))
  mount('/companies', 'session', companyRoutes(deps, companyNeighbours(deps)))
  mount(
    '/companies',
    'session',
    companyCrawlRoutes(deps, (companyId) => scoreAgain(deps.db, companyId)),
  )
  mount('/companies', 'session', crawlSettingsRoutes(deps))
  mount('/companies', 'admin', robotsRoutes(deps))
  mount('/companies', 'session', companyAnalysisRoutes(deps))
  mount('/companies', 'session', mailRoutes(deps))
  mount('/companies', 'session', companyMailRoutes(deps))
  mount('/inbox', 'session', inboxRoutes(deps))
  mount('/suppressions', 'session', suppressionRoutes(deps))
  mount(
    '/settings/mail',
    'admin',
    mailAccountRoutes(deps, { countCampaigns: (id) => countCampaignsOf(deps.db, id) }),
  )
  mount('/settings/mail', 'admin', limitRoutes(deps))
  mount('/settings/tracking', 'admin', trackingSettingsRoutes(deps))
  mount('/settings/privacy', 'admin', privacyRoutes(deps))
  mount('/templates', 'session', templateFileRoutes(deps))
  mount('/templates', 'session', templateRoutes(deps))
  mount('/groups', 'session', groupRoutes(deps))
  mount('/audience', 'session', audienceRoutes(deps, draftFor(deps.db)))
  mount('/segments', 'session', segmentRoutes(deps, draftFor(deps.db)))
  mount('/imports', 'session', importRoutes(deps))
  mount('/site-test', 'session', trialRoutes(deps, judgeSite(deps)))
  mount('/jobs', 'session', jobsRoutes(deps))

  mount('/campaigns', 'session', campaignRoutes(deps, draftFor(deps.db)))
  mount('/campaigns', 'session', draftRoutes(deps))
  mount('/campaigns', 'session', campaignMessageRoutes(deps))
  mount('/campaigns', 'session', campaignCheckRoutes(deps))
  // After those of drafts: /campaigns/:id is anything that they do not take.
  mount(
    '/campaigns',
    'session',
    campaignResultRoutes(deps, (id) => `/campaigns/${id}/audience`),
  )

  app.notFound(answerNotFound)
  app.onError(answerError(deps))
  return { app, routes }
}
