import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { isHtmx, localPath } from '#src/auth/request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AddPage, EditPage } from '#templates/companies/company-form.tsx'
import { FavouriteButton } from '#templates/companies/company-rows.tsx'
import { detailMessages } from '#templates/companies/detail-messages.ts'
import { problemText } from '#templates/companies/form-messages.ts'
import { HistoryPage } from '#templates/companies/history.tsx'
import { MergePage } from '#templates/companies/merge-page.tsx'
import { OverviewPage } from '#templates/companies/overview.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import { addCompany, type Double } from './add-company.ts'
import { companyFromUrl, readCompanyForm, type FieldProblem, type FormProblems } from './company-form.ts'
import { readFilter } from './company-filter.ts'
import { deleteCompanies } from './delete-companies.ts'
import { editCompany, readNotes, readTags, setPageField, type PageField } from './edit-company.ts'
import { mergeCompanies, undoMerge } from './merge-companies.ts'
import type { Neighbours } from './neighbours.ts'
import { findSiblings, listChanges } from './queries-detail.ts'
import { findCompany, type Company } from './queries-edit.ts'
import { groupIdsOf, listGroups, setGroupsOf } from './queries-groups.ts'
import { findCompanies } from './queries-list.ts'
import { formIds, formValues, found, idParam, userIdOf } from './read-request.ts'
import { isStage, isStatus } from './statuses.ts'

const MERGE_CANDIDATES = 20
const rowId = z.coerce.number().int().positive().max(2_147_483_647)

/** Adding a company, and everything on the page of one. */
export const companyPageRoutes = (deps: Deps, neighbours: Neighbours): Hono<AppEnv> => {
  const { db, clock } = deps
  const app = new Hono<AppEnv>()
  const flash = (
    c: Context<AppEnv>,
    text: (t: ReturnType<typeof detailMessages>) => string,
    kind: 'success' | 'warning' = 'success',
  ) => setFlash(c, kind, text(detailMessages(c.get('page').locale)))
  const refused = (
    c: Context<AppEnv>,
    values: Record<string, string>,
    problems: FormProblems | { url: FieldProblem },
  ): FormState => ({
    values,
    errors: Object.fromEntries(
      Object.entries(problems).map(([field, code]) => [field, problemText(c.get('page').locale, code)]),
    ),
  })

  app.get('/new', (c) => c.html(<AddPage page={c.get('page')} form={emptyForm} byUrl={false} doubles={[]} />))

  app.post('/new', async (c) => {
    const values = await formValues(c)
    const byUrl = values['mode'] === 'url'
    const again = (form: FormState, doubles: Double[]) =>
      c.html(<AddPage page={c.get('page')} form={form} byUrl={byUrl} doubles={doubles} />, 422)
    const read = byUrl ? companyFromUrl(values['url'] ?? '') : readCompanyForm(values)
    if (!read.ok) return again(refused(c, values, read.problems), [])
    const added = await addCompany(db, read.company, {
      userId: userIdOf(c),
      anyway: values['anyway'] === '1',
    })
    if ('doubles' in added) return again({ values, errors: {} }, added.doubles)
    const { id } = added
    if (read.company.website && (byUrl || values['crawl'] === '1'))
      await neighbours.requestCrawl(db, { id, name: read.company.name }, userIdOf(c))
    else await neighbours.scoreAgain(db, [id])
    flash(c, (t) => t.added)
    return c.redirect(`/companies/${id}`, 303)
  })

  app.get('/:id', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    const member = new Set(await groupIdsOf(db, company.id))
    const groups = (await listGroups(db)).map(({ id, name }) => ({ id, name, member: member.has(id) }))
    const siblings = await findSiblings(db, company)
    const visit = await neighbours.visitOf(db, company.id)
    const suppression = await neighbours.suppressionOf(db, company)
    const shown = { company, siblings, groups, visit, suppression }
    return c.html(<OverviewPage page={c.get('page')} {...shown} />)
  })

  app.get('/:id/history', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    return c.html(
      <HistoryPage page={c.get('page')} company={company} changes={await listChanges(db, company.id)} />,
    )
  })

  app.get('/:id/edit', async (c) =>
    c.html(<EditPage page={c.get('page')} company={await present(idParam(c))} form={emptyForm} />),
  )

  app.post('/:id/edit', async (c) => {
    const company = await present(idParam(c))
    const values = await formValues(c)
    const read = readCompanyForm(values)
    if (!read.ok)
      return c.html(
        <EditPage page={c.get('page')} company={company} form={refused(c, values, read.problems)} />,
        422,
      )
    const changed = found(await editCompany(db, company.id, read.company, userIdOf(c)))
    if (changed.length > 0) await neighbours.scoreAgain(db, [company.id])
    flash(c, (t) => (changed.length > 0 ? t.saved : t.unchanged))
    return c.redirect(`/companies/${company.id}`, 303)
  })

  app.post('/:id/follow-up', async (c) => {
    const company = await present(idParam(c))
    const values = await formValues(c)
    const fields: PageField[] = [
      { tags: readTags(values['tags'] ?? '') },
      { notes: readNotes(values['notes'] ?? '') },
    ]
    if (isStatus(values['status'] ?? '')) fields.push({ status: values['status']! })
    if (isStage(values['stage'] ?? '')) fields.push({ stage: values['stage']! })
    for (const field of fields) await setPageField(db, company.id, field, userIdOf(c))
    await setGroupsOf(db, company.id, await formIds(c, 'groups'))
    if (values['status'] !== company.status) await neighbours.scoreAgain(db, [company.id])
    flash(c, (t) => t.saved)
    return c.redirect(`/companies/${company.id}`, 303)
  })

  app.post('/:id/favourite', async (c) => {
    const company = await present(idParam(c))
    const favourite = (await formValues(c))['favourite'] === '1'
    await setPageField(db, company.id, { favourite }, userIdOf(c))
    const { id, name } = company
    if (isHtmx(c)) return c.html(<FavouriteButton page={c.get('page')} company={{ id, name, favourite }} />)
    return c.redirect(backPath(c, company), 303)
  })

  app.post('/:id/delete', async (c) => {
    const company = await present(idParam(c))
    const deletion = await deleteCompanies(
      db,
      { ids: [company.id] },
      { at: clock.now(), userId: userIdOf(c) },
    )
    return c.redirect(`/companies?deleted=${deletion.at.getTime()}`, 303)
  })

  app.get('/:id/merge', async (c) => {
    const company = await present(idParam(c))
    const q = c.req.query('q')
    // Without a word searched: what shares the site or the name.
    const filter = readFilter(new URLSearchParams({ q: q ?? company.siteKey ?? company.name }))
    const { rows } = await findCompanies(db, filter, {
      sort: 'name',
      direction: 'asc',
      limit: MERGE_CANDIDATES,
      offset: 0,
    })
    const others = rows.filter(({ id }) => id !== company.id)
    return c.html(<MergePage page={c.get('page')} company={company} query={filter.q} found={others} />)
  })

  app.post('/:id/merge', async (c) => {
    const company = await present(idParam(c))
    const other = found(await findCompany(db, found(rowId.safeParse((await formValues(c))['other']).data)))
    const merge = { keepId: company.id, otherId: other.id, userId: userIdOf(c), at: clock.now() }
    const merged = await mergeCompanies(db, merge, neighbours.records)
    if (!merged.ok) {
      flash(c, (t) => (merged.problem.code === 'same_company' ? t.mergeSame : t.mergeGone), 'warning')
      return c.redirect(`/companies/${company.id}/merge`, 303)
    }
    await neighbours.scoreAgain(db, [company.id])
    flash(c, (t) => t.merged(other.name))
    return c.redirect(`/companies/${company.id}/history`, 303)
  })

  app.post('/:id/unmerge', async (c) => {
    const companyId = idParam(c)
    const changeId = found(rowId.safeParse((await formValues(c))['change']).data)
    const { otherId } = await undoMerge(db, { companyId, changeId, userId: userIdOf(c) }, neighbours.records)
    await neighbours.scoreAgain(db, [companyId, otherId])
    flash(c, (t) => t.unmerged)
    return c.redirect(`/companies/${companyId}/history`, 303)
  })

  /** A company that can be changed: a deleted one cannot. */
  const present = async (id: number): Promise<Company> => {
    const company = found(await findCompany(db, id))
    return found(company.deletedAt === null ? company : null)
  }

  return app
}

/** The page on which the button was pressed, else the company's own. */
const backPath = (c: Context, company: Company): string => {
  const referer = c.req.header('referer') ?? ''
  if (!URL.canParse(referer)) return `/companies/${company.id}`
  const { pathname, search } = new URL(referer)
  return localPath(`${pathname}${search}`)
}
