import type { ListedToken } from '#src/integrations/tokens/queries.ts'
import type { Scope } from '#src/public-api/endpoint.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { apiTokenMessages } from './messages.ts'
import { CreateToken, ImportToken } from './token-forms.tsx'
import { TokenRow } from './token-rows.tsx'

type Props = {
  page: PageContext
  tokens: ListedToken[]
  now: Date
  scopes: readonly Scope[]
  permissions: { name: string; scope: Scope }[]
  createForm: FormState
  importForm: FormState
  /** A token that was just made: the only time it is shown. */
  made: { name: string; text: string; oldUntil: Date | null } | null
}

/** The keys of other programs: list, make, replace, revoke, take over. */
export const TokensPage = ({ page, tokens, now, made, ...forms }: Props) => {
  const t = apiTokenMessages(page.locale)
  return (
    <SettingsFrame page={page} current="/settings/api">
      {made && (
        <div class="alert alert-success" role="status">
          <h2 class="alert-title">{t.shownTitle(made.name)}</h2>
          <p class="mb-2">{t.shownText}</p>
          <code class="fs-3 user-select-all text-break">{made.text}</code>
          {made.oldUntil && <p class="mt-2 mb-0">{t.shownOverlap(formatDate(page.locale, made.oldUntil))}</p>}
        </div>
      )}
      <p>
        {t.intro}{' '}
        <a href="/api/public/docs" target="_blank" rel="noopener">
          {t.docs}
        </a>
      </p>
      <div class="row row-cards">
        <div class="col-lg-8">
          <div class="card">
            {tokens.length === 0 ? (
              <div class="card-body text-secondary">{t.none}</div>
            ) : (
              <table class="table table-vcenter card-table table-mobile-lg">
                <thead>
                  <tr>
                    <th class="w-25">{t.name}</th>
                    <th>{t.rights}</th>
                    <th>{t.state}</th>
                    <th>{t.lastUse}</th>
                    <th>{t.actions}</th>
                  </tr>
                </thead>
                <tbody>
                  {tokens.map((token) => (
                    <TokenRow page={page} token={token} now={now} />
                  ))}
                </tbody>
              </table>
            )}
          </div>
        </div>
        <div class="col-lg-4">
          <CreateToken page={page} form={forms.createForm} scopes={forms.scopes} />
          <ImportToken page={page} form={forms.importForm} permissions={forms.permissions} />
        </div>
      </div>
    </SettingsFrame>
  )
}
