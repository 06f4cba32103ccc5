import type { ExclusionReason } from '#src/campaigns/audience/audience.ts'
import type { Excluded } from '#src/campaigns/audience/queries-audience.ts'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { audienceMessages } from './messages.ts'
import { allLeftAside } from './reason-messages.ts'

/** The companies of an audience that are left aside for one reason; `capped`: there are more. */
export const ExcludedPage = (props: {
  page: PageContext
  reason: ExclusionReason
  excluded: Excluded[]
  capped: boolean
}) => {
  const { page, excluded } = props
  const t = audienceMessages(page.locale)
  return (
    <Layout page={page} title={t.excludedTitle(allLeftAside(page.locale, props.reason))}>
      <p class="text-secondary">{t.back}</p>
      <div class="card">
        {excluded.length === 0 ? (
          <EmptyState icon="check" title={t.excludedNone} text={t.back} />
        ) : (
          <>
            {props.capped && <div class="card-body">{t.excludedFirst(excluded.length)}</div>}
            <div class="table-responsive">
              <table class="table table-vcenter card-table">
                <thead>
                  <tr>
                    <th>{t.company}</th>
                    <th>{t.address}</th>
                  </tr>
                </thead>
                <tbody>
                  {excluded.map(({ companyId, name, address, contactName }) => (
                    <tr>
                      <td class="text-break-all">
                        <a href={`/companies/${companyId}`}>
                          <bdi data-foreign>{name}</bdi>
                        </a>
                      </td>
                      <td class="text-break-all">
                        <bdi data-foreign>{address}</bdi>
                        {contactName && (
                          <div class="text-secondary">
                            <bdi data-foreign>{contactName}</bdi>
                          </div>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </div>
    </Layout>
  )
}
