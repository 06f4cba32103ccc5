import { z } from 'zod'
import { endpoint, type Endpoint } from '../endpoint.ts'

const PREVIEW_LENGTH = 10

const tokenInfo = z.looseObject({
  success: z.literal(true),
  data: z.looseObject({
    id: z.int(),
    name: z.string(),
    token_preview: z.string(),
    app_url: z.string().nullable(),
    user_id: z.int().nullable(),
    permissions: z.looseObject({
      entreprises: z.boolean(),
      entreprises_delete: z.boolean(),
      emails: z.boolean(),
      statistics: z.boolean(),
      campagnes: z.boolean(),
    }),
    scopes: z.array(z.string()),
    last_used: z.iso.datetime().nullable(),
    date_creation: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
  }),
})

/** What a token is told about itself. */
export const tokenEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/token/info',
    scopes: [],
    cacheSeconds: 15,
    tag: 'token',
    summary: 'The token of this call: its name, its rights, its last use.',
    answers: { 200: tokenInfo },
    handle: async ({ token }) => {
      const may = (scope: (typeof token.scopes)[number]) => token.scopes.includes(scope)
      const data = {
        id: token.id,
        name: token.name,
        token_preview: `${token.preview.slice(0, PREVIEW_LENGTH)}…`,
        app_url: token.appUrl,
        user_id: token.userId,
        permissions: {
          entreprises: may('companies:read'),
          entreprises_write: may('companies:write'),
          entreprises_delete: may('companies:delete'),
          emails: may('emails:read'),
          statistics: may('statistics:read'),
          campagnes: may('campaigns:read'),
          audits: may('audits:write'),
        },
        scopes: token.scopes,
        last_used: token.lastUsedAt,
        date_creation: token.createdAt,
        expires_at: token.expiresAt,
      }
      return { status: 200, body: { success: true, data } }
    },
  }),
]
