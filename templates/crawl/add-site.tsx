import type { Company } from '#src/companies/queries-edit.ts'
import type { PageContext } from '#templates/page.ts'
import { contactMessages } from './contact-messages.ts'

/** The way on from where a site would be told of, for a company that has none. */
export const addSite = (page: PageContext, company: Company) =>
  company.website === null && company.deletedAt === null ? (
    <a class="btn" href={`/companies/${company.id}/edit`}>
      {contactMessages(page.locale).addSite}
    </a>
  ) : null
