import type { Belonging } from '#src/crawl/contacts/belongs-to-company.ts'
import { belongingTexts } from '#src/crawl/messages.ts'
import { readablePhone } from '#templates/companies/readable.ts'
import { Badge } from '#templates/components/badge.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import type { PageContext } from '#templates/page.ts'

/** The surer, the greener. */
export const verdictColours = {
  proven: 'green',
  likely: 'lime',
  doubtful: 'orange',
  unchecked: 'secondary',
} as const

/** Whether the site is the company's, with everything that was compared. */
export const BelongingCard = ({ page, belongs }: { page: PageContext; belongs: Belonging }) => {
  const t = belongingTexts(page.locale)
  return (
    <section class="mb-4">
      <h2 class="h3">{t.title}</h2>
      <p>
        <Badge colour={verdictColours[belongs.verdict]}>{t[belongs.verdict]}</Badge>
        {belongs.evidence.length === 0 && <span class="text-secondary ms-2">{t.nothing}</span>}
      </p>
      {belongs.evidence.length > 0 && (
        <table class="table table-vcenter table-mobile-md">
          <thead>
            <tr>
              <th>{t.compared}</th>
              <th>{t.known}</th>
              <th>{t.found}</th>
              <th>{t.result}</th>
            </tr>
          </thead>
          <tbody>
            {belongs.evidence.map(({ field, known, found, agrees, pageUrl }) => (
              <tr>
                <td data-label={t.compared}>{t[field]}</td>
                <td data-label={t.known} class="text-break">
                  {shown(field, known)}
                </td>
                <td data-label={t.found}>
                  <div class="text-break">{shown(field, found)}</div>
                  <OutsideLink url={pageUrl} class="small" />
                </td>
                <td data-label={t.result}>{agrees === null ? t.near : agrees ? t.agrees : t.differs}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const shown = (field: Belonging['evidence'][number]['field'], value: string): string =>
  field === 'phone' ? value.split(', ').map(readablePhone).join(', ') : value
