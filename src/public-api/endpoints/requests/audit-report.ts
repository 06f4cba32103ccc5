import { z } from 'zod'
import { failure, failureSchema } from '../../answers/failures.ts'
import { endpoint, type Endpoint, type Scope } from '../../endpoint.ts'

const REPORTS = 'Les rapports d’audit en PDF ne sont pas encore disponibles dans cette version.'
const LANDINGS = 'Les variantes de pages d’atterrissage ne sont pas encore disponibles dans cette version.'

const taskParams = z.object({ taskId: z.string() })
const companyParams = z.object({ id: z.string() })
const runParams = z.object({ runId: z.string() })

type Later = {
  method: Endpoint['method']
  path: string
  scope: Scope
  summary: string
  error: string
  params?: z.ZodType
}

/** A documented route whose data a later version makes. */
const later = ({ method, path, scope, summary, error, params }: Later): Endpoint =>
  endpoint({
    method,
    path,
    scopes: [scope],
    cacheSeconds: 0,
    tag: path.includes('landing') ? 'landing-variants' : 'website-audit-report',
    summary: `${summary} Not in this version: always 501.`,
    ...(params && { params }),
    answers: { 501: failureSchema },
    handle: async () => failure(501, error),
  })

const report = (method: Endpoint['method'], path: string, summary: string, params?: z.ZodType) =>
  later({
    method,
    path: `/website-audit-report${path}`,
    scope: 'audits:write',
    error: REPORTS,
    summary,
    ...(params && { params }),
  })

/** What the existing product has and this version does not yet. */
export const laterEndpoints: Endpoint[] = [
  report('post', '', 'Asks for an audit report of a site by e-mail.'),
  report('post', '/complete', 'Asks for a complete audit report of a site by e-mail.'),
  report('get', '/complete/resume', 'Goes on with a complete report that waits.'),
  report('post', '/complete/resume', 'Goes on with a complete report that waits.'),
  report('get', '/:taskId', 'How far a report is.', taskParams),
  later({
    method: 'get',
    path: '/entreprises/:id/landing-variants',
    scope: 'companies:read',
    error: LANDINGS,
    params: companyParams,
    summary: 'Landing pages made for a company.',
  }),
  later({
    method: 'get',
    path: '/landing-variants/runs/:runId',
    scope: 'companies:read',
    error: LANDINGS,
    params: runParams,
    summary: 'One run of making landing pages.',
  }),
]
