import type { AudienceCount as Count } from '#src/campaigns/audience/queries-audience.ts'
import { EmptyState } from '#templates/components/empty-state.tsx'
import type { PageContext } from '#templates/page.ts'
import { audienceMessages } from './messages.ts'
import { leftAside } from './reason-messages.ts'

type Props = { page: PageContext; count: Count }

/** How many an audience reaches, and who is left aside and why. Stands in the form of the audience, whose fields its buttons
 *  send to show who that is; swapped whenever they change. */
export const AudienceCount = ({ page, count }: Props) => {
  const t = audienceMessages(page.locale)
  const { companies, reached, recipients } = count
  return (
    <div class="card sticky-lg-top" id="audience-count">
      <div class="card-body" aria-live="polite">
        {reached === 0 ? (
          <EmptyState icon="users" title={t.nobody} text={companies === 0 ? t.nobodyMatches : t.nobodyLeft} />
        ) : (
          <>
            <div class="h2 mb-0">{t.reached(recipients, reached)}</div>
            <p class="text-secondary mb-0">{t.outOf(companies)}</p>
          </>
        )}
        <noscript>
          <button class="btn mt-2" type="submit" name="recount" value="1">
            {t.count}
          </button>
        </noscript>
      </div>
      <Excluded page={page} count={count} />
      <Sample page={page} count={count} />
    </div>
  )
}

const Excluded = ({ page, count }: Props) => {
  const t = audienceMessages(page.locale)
  if (count.excluded.length === 0) return null
  return (
    <div class="card-body">
      <h3 class="h4">{t.leftAside}</h3>
      <ul class="list-unstyled mb-0">
        {count.excluded.map((left) => {
          const [number, why] = leftAside(page.locale, left)
          return (
            <li class="d-flex gap-2 justify-content-between align-items-start mb-1">
              <span>
                <strong>{number}</strong> <span class="text-secondary">{why}</span>
              </span>
              <button
                class="btn btn-sm flex-shrink-0"
                type="submit"
                formaction="/audience/excluded"
                formmethod="post"
                formtarget="_blank"
                formnovalidate
                name="reason"
                value={left.reason}
                aria-label={t.seeWhy(`${number} ${why}`)}
              >
                {t.see}
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const Sample = ({ page, count }: Props) => {
  if (count.sample.length === 0) return null
  return (
    <div class="card-body">
      <h3 class="h4">{audienceMessages(page.locale).sample}</h3>
      <ul class="list-unstyled mb-0">
        {count.sample.map(({ companyId, name, address, contactName }) => (
          <li class="mb-1 text-break">
            <a href={`/companies/${companyId}`}>
              <bdi data-foreign>{name}</bdi>
            </a>
            <div class="text-secondary">
              {contactName && (
                <>
                  <bdi data-foreign>{contactName}</bdi>,{' '}
                </>
              )}
              <bdi data-foreign>{address}</bdi>
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}
