import { Hono } from 'hono'
import { listImportViews } from '#src/companies/import/queries-imports.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { countUnread } from '#src/mail/inbound/queries-inbox.ts'
import { switchedOffWebhooks } from '#src/integrations/webhooks/queries-log.ts'
import { DashboardPage } from '#templates/operations/dashboard.tsx'
import { bestProspects, countCompaniesBy } from './queries-dashboard.ts'
import { viewBatches } from './view-batches.ts'

const BATCHES_LOOKED_AT = 10
const IMPORTS_SHOWN = 5

/** /: where things stand, and what to do next. */
export const dashboardRoutes = ({ db }: Pick<Deps, 'db'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  app.get('/', async (c) => {
    const isAdmin = c.get('page').user?.role === 'admin'
    const [counts, prospects, imports, batches, unread, webhooksOff] = await Promise.all([
      countCompaniesBy(db),
      bestProspects(db),
      listImportViews(db, { limit: IMPORTS_SHOWN, offset: 0 }),
      viewBatches(db, { limit: BATCHES_LOOKED_AT, offset: 0 }),
      countUnread(db),
      isAdmin ? switchedOffWebhooks(db) : [],
    ])
    const running = batches.filter(({ state }) => state === 'running' || state === 'paused')
    return c.html(
      <DashboardPage
        page={c.get('page')}
        data={{
          ...counts,
          prospects,
          imports,
          batches: running,
          replies: unread.get('reply') ?? 0,
          webhooksOff,
        }}
      />,
    )
  })

  return app
}
