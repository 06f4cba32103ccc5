import { SCOPES, type Scope } from '#src/public-api/endpoint.ts'

/** The permissions of the existing product, as its columns are called, with what each is here. */
const SCOPES_OF: Record<string, Scope> = {
  can_read_entreprises: 'companies:read',
  can_read_emails: 'emails:read',
  can_read_statistics: 'statistics:read',
  can_read_campagnes: 'campaigns:read',
  can_delete_entreprises: 'companies:delete',
}
/** What the existing product let everybody do who may read companies: change statuses, ask for analyses. */
const WRITES: readonly Scope[] = ['companies:write', 'audits:write']

export const OLD_PERMISSIONS = Object.entries(SCOPES_OF).map(([name, scope]) => ({ name, scope }))

/** The scopes of a token of the existing product. Deleting needs reading there, as here; writing has a right of its own
 *  now, which is given along with reading only when `withWrites` says so. */
export const scopesOfPermissions = (permissions: readonly string[], withWrites: boolean): Scope[] => {
  const scopes = new Set(permissions.flatMap((name) => SCOPES_OF[name] ?? []))
  if (!scopes.has('companies:read')) scopes.delete('companies:delete')
  if (withWrites && scopes.has('companies:read')) for (const scope of WRITES) scopes.add(scope)
  return SCOPES.filter((scope) => scopes.has(scope))
}
