import { z } from 'zod'
import type { Sql } from '#src/db/open.ts'
import { failure, failureSchema } from '../../answers/failures.ts'
import { companyAnswer } from './company-shape.ts'
import { endpoint, type ApiAnswer, type ApiToken, type Endpoint } from '../../endpoint.ts'
import { pathId } from '../../input/params.ts'
import { findCompany } from './queries-companies.ts'
import { deleteCompany, listStatuses, setStatus } from './queries-statuses.ts'
import { STATUS_ROUTES } from './statuses.ts'

const MAX_NOTE = 5_000
const TAG = 'entreprises'
const UNKNOWN = failure(404, 'Entreprise introuvable.')

const params = z.object({ id: pathId })
const note = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => text?.replaceAll('\r\n', '\n').trim().slice(0, MAX_NOTE).toWellFormed() || null)
  .meta({
    type: 'string',
    maxLength: MAX_NOTE,
    description: 'Added to the notes of the company, on a line of its own.',
  })

/** The company, or what was changed of it where the token may not read companies. */
const changedAnswer = companyAnswer.or(
  z.looseObject({ success: z.literal(true), data: z.object({ id: z.int(), statut: z.string() }) }),
)

const changeStatus = async (
  sql: Sql,
  token: ApiToken,
  change: { companyId: number; statut: string; note: string | null },
): Promise<ApiAnswer> => {
  const { companyId: id, statut } = change
  const outcome = await setStatus(sql, { tokenId: token.id, ...change })
  if (outcome === 'status') {
    const body = { success: false, error: 'Statut invalide.', allowed: await listStatuses(sql) }
    return { status: 400, body }
  }
  if (outcome === 'ok' && !token.scopes.includes('companies:read'))
    return { status: 200, body: { success: true, data: { id, statut } } }
  const data = outcome === 'ok' ? await findCompany(sql, id) : null
  return data ? { status: 200, body: { success: true, data } } : UNKNOWN
}

const statusEndpoints = (['patch', 'post'] as const).map((method) =>
  endpoint({
    method,
    path: '/entreprises/:id/statut',
    scopes: ['companies:write'],
    cacheSeconds: 0,
    tag: TAG,
    summary:
      'Gives a company a status. Désabonné, Plainte spam and Ne pas contacter also put its addresses on the suppression list.',
    params,
    body: z.object({
      statut: z
        .string()
        .nullish()
        .catch(null)
        .transform((text) => text?.trim().normalize() ?? '')
        .meta({ type: 'string', description: 'One of /entreprises/statuses.' }),
      note,
    }),
    answers: {
      200: changedAnswer,
      400: failureSchema.extend({ allowed: z.array(z.string()) }),
      404: failureSchema,
    },
    handle: ({ sql, token, params: { id }, body }) =>
      changeStatus(sql, token, { companyId: id, statut: body.statut, note: body.note }),
  }),
)

const shortcutEndpoints = STATUS_ROUTES.map(({ path, statut }) =>
  endpoint({
    method: 'post',
    path: `/entreprises/:id/${path}`,
    scopes: ['companies:write'],
    cacheSeconds: 0,
    tag: TAG,
    summary: `Gives a company the status ${statut}.`,
    params,
    body: z.object({ note }),
    answers: { 200: changedAnswer, 404: failureSchema },
    handle: ({ sql, token, params: { id }, body }) =>
      changeStatus(sql, token, { companyId: id, statut, note: body.note }),
  }),
)

const deleteEndpoint = endpoint({
  method: 'delete',
  path: '/entreprises/:id',
  scopes: ['companies:delete'],
  cacheSeconds: 0,
  tag: TAG,
  summary: 'Puts a company into the bin, from where the product can take it back.',
  params,
  answers: {
    200: z.looseObject({ success: z.literal(true), deleted_id: z.int(), message: z.string() }),
    404: failureSchema,
  },
  handle: async ({ sql, token, params: { id } }) =>
    (await deleteCompany(sql, token.id, id))
      ? { status: 200, body: { success: true, deleted_id: id, message: 'Entreprise supprimée.' } }
      : UNKNOWN,
})

/** What a token may change about a company. */
export const companyChangeEndpoints: Endpoint[] = [...statusEndpoints, ...shortcutEndpoints, deleteEndpoint]
