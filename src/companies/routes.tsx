import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { isHtmx } from '#src/auth/request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { BinPage } from '#templates/companies/bin-page.tsx'
import { detailMessages } from '#templates/companies/detail-messages.ts'
import { formMessages } from '#templates/companies/form-messages.ts'
import { CompaniesPage, ListResults } from '#templates/companies/list-page.tsx'
import { levelText } from '#templates/companies/messages.ts'
import { weaknessText } from '#templates/companies/company-rows.tsx'
import { companyPageRoutes } from './company-routes.tsx'
import { filterPath, readFilter } from './company-filter.ts'
import { deleteCompanies, restoreCompanies } from './delete-companies.ts'
import { readTag } from './edit-company.ts'
import { exportCompanies, exportType, type ExportFormat } from './export-companies.ts'
import { listCompanies } from './list-companies.ts'
import type { Neighbours } from './neighbours.ts'
import { countDeletedAt, groupSelection, listDeleted, setStatusOf, tagSelection } from './queries-edit.ts'
import { listImports } from './queries-detail.ts'
import { groupExists, listGroups } from './queries-groups.ts'
import type { Selection } from './queries-list.ts'
import { formValues, readSelection, userIdOf } from './read-request.ts'
import { isStatus } from './statuses.ts'

const BIN_SHOWN = 100
const MAX_MS = 8_640_000_000_000_000

const exportFormat = z.enum(['csv', 'xlsx']).catch('csv')
const deletionTime = z.coerce.number().int().min(0).max(MAX_MS)
const rowId = z.coerce.number().int().positive().max(2_147_483_647)

/** /companies: the list with its search, filters, bulk actions and exports, and the page of each company. */
export const companyRoutes = (deps: Deps, neighbours: Neighbours): Hono<AppEnv> => {
  const { db, clock } = deps
  const app = new Hono<AppEnv>()

  app.get('/', async (c) => {
    const params = new URL(c.req.url).searchParams
    const page = c.get('page')
    const list = await listCompanies(db, params)
    const options = { groups: await listGroups(db), imports: await listImports(db) }
    c.header('Vary', 'HX-Request')
    if (isHtmx(c) && c.req.header('hx-history-restore-request') === undefined) {
      c.header('HX-Push-Url', list.path)
      return c.html(<ListResults page={page} list={list} options={options} />)
    }
    const deletion = await deletionToUndo(params)
    return c.html(<CompaniesPage page={page} list={list} options={options} deletion={deletion} />)
  })

  const deletionToUndo = async (params: URLSearchParams) => {
    const at = deletionTime.safeParse(params.get('deleted') ?? undefined)
    if (!at.success) return null
    const count = await countDeletedAt(db, new Date(at.data))
    return count > 0 ? { at: at.data, count } : null
  }

  app.get('/deleted', async (c) => {
    const companies = await listDeleted(db, { limit: BIN_SHOWN, offset: 0 })
    return c.html(<BinPage page={c.get('page')} companies={companies} />)
  })

  app.post('/restore', async (c) => {
    const values = await formValues(c)
    const at = deletionTime.safeParse(values['deletedAt'])
    const id = rowId.safeParse(values['id'])
    const which = at.success ? { at: new Date(at.data) } : id.success ? { id: id.data } : null
    const ids = which ? await restoreCompanies(db, which, userIdOf(c)) : []
    const t = detailMessages(c.get('page').locale)
    setFlash(
      c,
      ids.length > 0 ? 'success' : 'warning',
      ids.length > 0 ? t.restoredCount(ids.length) : t.nothingRestored,
    )
    return c.redirect(ids.length === 1 ? `/companies/${ids[0]}` : '/companies', 303)
  })

  const sendFile = (c: Context<AppEnv>, selection: Selection, format: ExportFormat) => {
    const { locale } = c.get('page')
    const day = clock.now().toISOString().slice(0, 10)
    c.header('Content-Type', exportType[format])
    c.header('Content-Disposition', `attachment; filename="prospectlab-${day}.${format}"`)
    const render = {
      level: (code: string) => levelText(locale, code),
      weakness: (id: string) => weaknessText(locale, id),
    }
    return c.body(exportCompanies(db, selection, { format, locale, render }))
  }

  // The whole result of a filter as a link, without a selection.
  app.get('/export', (c) => {
    const params = new URL(c.req.url).searchParams
    return sendFile(c, { filter: readFilter(params) }, exportFormat.parse(params.get('format')))
  })

  app.post('/export', async (c) => {
    const values = await formValues(c)
    const selection = (await readSelection(c)) ?? {
      filter: readFilter(new URLSearchParams(values['filter'])),
    }
    return sendFile(c, selection, exportFormat.parse(values['format']))
  })

  app.post('/bulk', async (c) => {
    const values = await formValues(c)
    const selection = await readSelection(c)
    const { locale } = c.get('page')
    const list = filterPath(readFilter(new URLSearchParams(values['filter'])))
    if (!selection) {
      setFlash(c, 'warning', detailMessages(locale).nothingSelected)
      return c.redirect(list, 303)
    }
    if (values['action'] === 'delete') {
      const deletion = await deleteCompanies(db, selection, { at: clock.now(), userId: userIdOf(c) })
      const mark = `deleted=${deletion.at.getTime()}`
      return c.redirect(`${list}${list.includes('?') ? '&' : '?'}${mark}`, 303)
    }
    const changed = await changeSelection(c, selection, values)
    if (changed !== null) setFlash(c, 'success', detailMessages(locale).changedCount(changed))
    return c.redirect(list, 303)
  })

  /** How many changed; null when the form was not complete (the flash says what is missing). */
  const changeSelection = async (
    c: Context<AppEnv>,
    selection: Selection,
    values: Record<string, string>,
  ): Promise<number | null> => {
    const t = formMessages(c.get('page').locale)
    const action = values['action']
    if (action === 'status' && isStatus(values['newStatus'] ?? '')) {
      const change = { status: values['newStatus']!, userId: userIdOf(c) }
      const ids = await setStatusOf(db, selection, change)
      await neighbours.scoreAgain(db, ids)
      return ids.length
    }
    if (action === 'add-tag' || action === 'remove-tag') {
      const tag = readTag(values['newTag'] ?? '')
      if (tag) return tagSelection(db, selection, tag, action === 'add-tag')
      setFlash(c, 'warning', t.tagRequired)
      return null
    }
    if (action === 'add-group' || action === 'remove-group') {
      const group = rowId.safeParse(values['newGroup'])
      if (group.success && (await groupExists(db, group.data)))
        return groupSelection(db, selection, group.data, action === 'add-group')
      setFlash(c, 'warning', t.groupGone)
      return null
    }
    return 0
  }

  app.route('/', companyPageRoutes(deps, neighbours))
  return app
}
