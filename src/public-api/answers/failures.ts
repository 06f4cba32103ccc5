import { z } from 'zod'
import type { ApiAnswer, Scope } from '../endpoint.ts'

/** `{success: false, error}`: the failures of every endpoint but those with `plainErrors`. */
export const failureSchema = z.looseObject({ success: z.literal(false), error: z.string() })
/** `{error}` only. */
export const plainFailureSchema = z.looseObject({ error: z.string() })
/** 401: no token, or none that counts. */
export const unauthenticatedSchema = z.looseObject({ error: z.string(), message: z.string() })
/** 403: the token is not allowed this. */
export const forbiddenSchema = z.looseObject({
  error: z.string(),
  permission: z.string().optional(),
  message: z.string(),
})

/** The failure an endpoint answers itself. */
export const failure = <S extends ApiAnswer['status']>(status: S, error: string) => ({
  status,
  body: { success: false, error },
})

/** The permission of the existing product for each scope; those it did not have are named in its way. */
export const PERMISSIONS: Record<Scope, string> = {
  'companies:read': 'can_read_entreprises',
  'companies:write': 'can_write_entreprises',
  'companies:delete': 'can_delete_entreprises',
  'emails:read': 'can_read_emails',
  'statistics:read': 'can_read_statistics',
  'campaigns:read': 'can_read_campagnes',
  'audits:write': 'can_write_audits',
}
