import { z } from 'zod'
import type { Sql } from '#src/db/open.ts'
import { sleep } from '#src/lib/sleep.ts'
import { plainFailureSchema } from '../../answers/failures.ts'
import { companySchema } from '../companies/company-shape.ts'
import { endpoint, type ApiAnswer, type ApiToken, type Endpoint } from '../../endpoint.ts'
import { flagParam, textParam } from '../../input/params.ts'
import { findCompany } from '../companies/queries-companies.ts'
import {
  askForAnalysis,
  findAnalysis,
  findSite,
  findSiteOf,
  type AnalysisRequest,
  type AskedLimits,
} from './queries-requests.ts'
import { readWebsite, siteKeysOf } from './site-keys.ts'
import { neverReport, reportSite, requestIdOf, requestStatus, tasksOf } from './site-report.ts'

/** The server takes requests up within a second; then the answer can name the company. */
const TAKEN_UP_WITHIN_MS = 3_000
const ASK_AGAIN_MS = 120
const MAX_WEBSITE = 2_000

const WRONG_WEBSITE = 'Paramètre « website » requis : l’adresse d’un site web.'
const UNKNOWN = 'Aucune entreprise connue pour ce site web.'
const UNKNOWN_TASK = 'Aucune analyse de ce token sous cet identifiant.'
const QUOTAS = {
  token_quota: 'Le nombre d’analyses par jour de ce token est atteint.',
  site_quota: 'Ce site a déjà été analysé plusieurs fois aujourd’hui : réessayez demain.',
}
const REFUSALS: Record<string, string> = {
  refused_address: 'Ce site mène à une adresse privée ou interdite : il ne sera pas analysé.',
  dns: 'Le nom de domaine de ce site n’existe pas.',
  not_a_site:
    'Cette adresse n’est pas celle du site d’une entreprise (réseau social, annuaire ou plateforme).',
  bad_url: 'L’adresse de ce site n’est pas valable.',
}

// A switch or a number may come as JSON or as the text of a form.
const asText = z
  .unknown()
  .optional()
  .transform((value) => (['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined))
const flag = asText.pipe(flagParam()).meta({ type: 'boolean' })
const limit = (description: string) =>
  asText
    .transform((text) => (/^\s*\d{1,9}\s*$/.test(text ?? '') ? Number(text) : null))
    .meta({ type: 'integer', description })

const moduleSchema = z.looseObject({
  status: z.enum(['done', 'never']),
  latest: z.looseObject({}).nullable(),
})
const report = z.looseObject({
  success: z.literal(true),
  website: z.string(),
  entreprise_id: z.int().nullable(),
  entreprise: companySchema.nullable().meta({ description: 'Null for a token that may not read companies.' }),
  status: z.enum(['never', 'waiting', 'running', 'done', 'failed', 'refused']).meta({
    description:
      'Of the last analysis this token asked for; without one, whether the site has been analysed.',
  }),
  scraping: moduleSchema.extend({
    items: z.array(z.looseObject({})).optional(),
    count: z.int().optional(),
  }),
  technical: moduleSchema,
  seo: moduleSchema,
  screenshots: moduleSchema,
  osint: moduleSchema,
  pentest: moduleSchema,
})
const task = z.string().nullable()
const accepted = z.looseObject({
  success: z.literal(true),
  website: z.string(),
  entreprise_id: z.int().nullable(),
  launched: z.boolean(),
  tasks: z.looseObject({
    scraping_task_id: task,
    technical_task_id: task,
    seo_task_id: task,
    screenshot_task_id: task,
    osint_task_id: task,
    pentest_task_id: task,
  }),
  message: z.string(),
})

const failure = (status: ApiAnswer['status'], error: string): ApiAnswer => ({ status, body: { error } })

type Reported = {
  website: string
  companyId: number | null
  request: AnalysisRequest | null
  full: boolean
}

const answerReport = async (
  sql: Sql,
  { scopes }: ApiToken,
  { website, companyId, request, full }: Reported,
) => {
  const modules = companyId === null ? neverReport() : await reportSite(sql, companyId, { full })
  const refusal = request?.reason ? { reason: request.reason, error: REFUSALS[request.reason] } : {}
  return {
    success: true,
    website,
    entreprise_id: companyId,
    entreprise:
      companyId === null || !scopes.includes('companies:read') ? null : await findCompany(sql, companyId),
    status: request ? requestStatus(request) : modules.scraping.status,
    ...(request && {
      request: {
        id: request.id,
        created_at: request.createdAt.toISOString(),
        finished_at: request.finishedAt?.toISOString() ?? null,
        tasks: tasksOf(request.id),
        ...refusal,
      },
    }),
    ...modules,
  }
}

/** The request once the server has taken it up, or as it is after three seconds. */
const waitForTakeUp = async (sql: Sql, tokenId: number, id: string): Promise<AnalysisRequest | null> => {
  const deadline = performance.now() + TAKEN_UP_WITHIN_MS
  for (;;) {
    const request = await findAnalysis(sql, tokenId, { id })
    if (!request || request.state !== 'waiting' || performance.now() > deadline) return request
    await sleep(ASK_AGAIN_MS)
  }
}

const message = (request: AnalysisRequest | null): string =>
  request?.state === 'launched'
    ? 'Analyse lancée. Suivez son avancement avec GET /api/public/website-analysis.'
    : request?.state === 'done' || request?.state === 'failed'
      ? 'Analyse terminée. Lisez-la avec GET /api/public/website-analysis.'
      : 'Demande enregistrée : l’analyse sera lancée dès que le serveur la prendra en charge.'

export const websiteAnalysisEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/website-analysis',
    scopes: ['companies:read'],
    cacheSeconds: 0,
    plainErrors: true,
    tag: 'website-analysis',
    summary: 'What is known of a site, and how far the analysis is that this token asked for.',
    query: z.object({
      website: textParam(MAX_WEBSITE),
      task_id: textParam().meta({ description: 'Instead of the website: a task id of this token.' }),
      full: flagParam(),
    }),
    answers: { 200: report, 400: plainFailureSchema, 404: plainFailureSchema },
    handle: async ({ sql, token, query: { website, task_id: taskId, full } }) => {
      if (taskId && !website) {
        const id = requestIdOf(taskId)
        const request = id && (await findAnalysis(sql, token.id, { id }))
        if (!request) return failure(404, UNKNOWN_TASK)
        const site = request.companyId === null ? null : await findSiteOf(sql, request.companyId)
        const companyId = site?.companyId ?? null
        const body = await answerReport(sql, token, {
          website: site?.website ?? request.website,
          companyId,
          request,
          full,
        })
        return { status: 200, body }
      }
      const url = readWebsite(website)
      if (!url) return failure(400, WRONG_WEBSITE)
      const request = await findAnalysis(sql, token.id, { website: url.href })
      const site =
        (await findSite(sql, siteKeysOf(url))) ??
        (request?.companyId ? await findSiteOf(sql, request.companyId) : null)
      if (!site && !request) return failure(404, UNKNOWN)
      const companyId = site?.companyId ?? null
      const body = await answerReport(sql, token, {
        website: site?.website ?? url.href,
        companyId,
        request,
        full,
      })
      return { status: 200, body }
    },
  }),
  endpoint({
    method: 'post',
    path: '/website-analysis',
    scopes: ['audits:write'],
    cacheSeconds: 0,
    plainErrors: true,
    tag: 'website-analysis',
    summary:
      'Analyses a site, unless it has been (then its report is answered, without `force`). `max_workers`, `enable_nmap` and `use_lighthouse` are accepted and change nothing: sites are read politely, one page at a time, and never probed without their owner’s recorded authorisation.',
    body: z.looseObject({
      website: z.unknown().optional().meta({ type: 'string' }),
      force: flag,
      full: flag,
      max_depth: limit('Clicks from the home page; 2 when missing, 5 at most.'),
      max_pages: limit('30 when missing, 60 at most.'),
      max_time: limit('Seconds; 180 when missing, 600 at most.'),
    }),
    answers: {
      200: report,
      202: accepted,
      400: plainFailureSchema,
      429: plainFailureSchema,
    },
    handle: async ({ sql, token, body }) => {
      const url = readWebsite(body.website)
      if (!url) return failure(400, WRONG_WEBSITE)
      const known = await findSite(sql, siteKeysOf(url))
      if (known && !body.force) {
        const { companyId, website } = known
        const made = await answerReport(sql, token, { website, companyId, request: null, full: body.full })
        if (made.status === 'done') return { status: 200, body: made }
      }
      const limits: AskedLimits = { pages: body.max_pages, seconds: body.max_time, depth: body.max_depth }
      const asked = await askForAnalysis(sql, token.id, { website: url.href, limits, force: body.force })
      if (!('id' in asked)) return failure(429, QUOTAS[asked.outcome])
      const request = await waitForTakeUp(sql, token.id, asked.id)
      if (request?.state === 'refused')
        return failure(400, REFUSALS[request.reason ?? ''] ?? REFUSALS['bad_url']!)
      const companyId = request?.companyId ?? known?.companyId ?? null
      if (request?.state === 'known' && companyId !== null) {
        const website = (await findSiteOf(sql, companyId))?.website ?? url.href
        const made = await answerReport(sql, token, { website, companyId, request: null, full: body.full })
        return { status: 200, body: made }
      }
      return {
        status: 202,
        body: {
          success: true,
          website: url.href,
          entreprise_id: companyId,
          launched: request !== null && request.state !== 'waiting',
          tasks: tasksOf(asked.id),
          message: message(request),
        },
      }
    },
  }),
]
