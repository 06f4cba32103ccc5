import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { isHtmx } from '#src/auth/request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import type { Result } from '#src/lib/errors.ts'
import { viewBatch } from '#src/operations/view-batches.ts'
import { ImportListPage } from '#templates/companies/import-list.tsx'
import { importMessages } from '#templates/companies/import-messages.ts'
import { ImportPage, ImportPreview } from '#templates/companies/import-page.tsx'
import {
  chooseMapping,
  discardImport,
  previewRows,
  readMapping,
  receiveUpload,
  startImport,
  type MappingChoice,
} from './drafts.ts'
import { outOfBoundsText } from '#src/companies/budget-messages.ts'
import { readCrawlBudget } from '#src/companies/crawl-budget.ts'
import { importProblemText } from './messages.ts'
import {
  countImports,
  findImport,
  listImportViews,
  rejectedRows,
  type ImportView,
} from './queries-imports.ts'
import { deleteProfile, findProfile, listProfiles } from './queries-profiles.ts'
import { formValues, found, idParam, userIdOf } from '#src/companies/read-request.ts'
import { rejectedFile } from './rejected-file.ts'
import { undoImport } from './undo-import.ts'

const IMPORTS_PER_PAGE = 20
const MAX_PROFILE_NAME = 100
const REJECTED_SHOWN = 5
const AT_WORK: ImportView['phase'][] = ['checking', 'running']

const pageNumber = z.coerce.number().int().min(1).max(100_000).catch(1)
const rowId = z.coerce.number().int().positive().max(2_147_483_647)
const sheetName = z.string().min(1).max(300).optional().catch(undefined)

/** /imports: the list, the upload, and the steps of one import: columns, check, import, undo. */
export const importRoutes = (deps: Deps): Hono<AppEnv> => {
  const { db, clock } = deps
  const app = new Hono<AppEnv>()

  const showList = async (c: Context<AppEnv>, problem: string | null, status: 200 | 413 | 422) => {
    const page = pageNumber.parse(c.req.query('page') ?? 1)
    const paging = { limit: IMPORTS_PER_PAGE, offset: (page - 1) * IMPORTS_PER_PAGE }
    const pages = Math.max(1, Math.ceil((await countImports(db)) / IMPORTS_PER_PAGE))
    return c.html(
      <ImportListPage
        page={c.get('page')}
        imports={await listImportViews(db, paging)}
        profiles={await listProfiles(db)}
        problem={problem}
        paging={{ page, pages }}
      />,
      status,
    )
  }

  app.get('/', (c) => showList(c, null, 200))

  app.post('/', async (c) => {
    const { locale } = c.get('page')
    const file = (await c.req.parseBody())['file']
    if (!(file instanceof File) || (file.size === 0 && file.name === ''))
      return showList(c, importProblemText(locale, 'no_file'), 422)
    const upload = { bytes: new Uint8Array(await file.arrayBuffer()), fileName: file.name }
    const received = await receiveUpload(deps, { ...upload, userId: userIdOf(c) })
    if (received.ok) return c.redirect(`/imports/${received.value}`, 303)
    const { code } = received.problem
    return showList(c, importProblemText(locale, code), code === 'too_large' ? 413 : 422)
  })

  app.get('/:id', async (c) => {
    const record = await present(c)
    const [batch, profile] = [
      record.batchId === null ? null : await viewBatch(db, record.batchId),
      record.profileId === null ? null : await findProfile(db, record.profileId),
    ]
    return c.html(
      <ImportPage
        page={c.get('page')}
        record={record}
        preview={previewRows(record)}
        profiles={await listProfiles(db)}
        profileName={profile?.name ?? null}
        batch={batch}
        editing={c.req.query('columns') !== undefined}
        rejected={await rejectedRows(db, record.id, { after: 0, limit: REJECTED_SHOWN })}
      />,
    )
  })

  const present = async (c: Context): Promise<ImportView> => found(await findImport(db, idParam(c)))

  /** Back to the import, with what was refused. */
  const back = (c: Context<AppEnv>, id: number, result: Result<unknown>) => {
    if (!result.ok) setFlash(c, 'warning', importProblemText(c.get('page').locale, result.problem.code))
    return c.redirect(`/imports/${id}`, 303)
  }

  app.post('/:id/mapping', async (c) => {
    const { id } = await present(c)
    const values = await formValues(c)
    const chosen = await chooseMapping(deps, id, readChoice(values))
    const isCheck = values['action'] === 'check'
    if (isHtmx(c) && !isCheck && chosen.ok) {
      const record = found(await findImport(db, id))
      return c.html(<ImportPreview page={c.get('page')} record={record} preview={previewRows(record)} />)
    }
    if (!chosen.ok || !isCheck) return back(c, id, chosen)
    return back(c, id, await startImport(deps, id, { kind: 'check', userId: userIdOf(c) }))
  })

  app.post('/:id/checks', async (c) => {
    const { id } = await present(c)
    return back(c, id, await startImport(deps, id, { kind: 'check', userId: userIdOf(c) }))
  })

  app.post('/:id/runs', async (c) => {
    const { id, phase } = await present(c)
    // The second of two clicks: the first has started it.
    if (phase === 'running' || phase === 'done') return c.redirect(`/imports/${id}`, 303)
    const values = await formValues(c)
    const read = readCrawlBudget(values)
    if (!read.ok) {
      setFlash(c, 'warning', outOfBoundsText(c.get('page').locale, read.problem.field))
      return c.redirect(`/imports/${id}`, 303)
    }
    const crawl = values['crawl'] === '1'
    const options = { kind: 'run', userId: userIdOf(c), crawl, crawlBudget: read.budget } as const
    return back(c, id, await startImport(deps, id, options))
  })

  app.post('/:id/undo', async (c) => {
    const { id } = await present(c)
    const undone = await undoImport(db, id, { at: clock.now(), userId: userIdOf(c) })
    if (!undone.ok) return back(c, id, undone)
    const { removed, restored, keptEdits } = undone.value
    setFlash(c, 'success', importMessages(c.get('page').locale).undoneText(removed, restored, keptEdits))
    return c.redirect(`/imports/${id}`, 303)
  })

  app.post('/:id/discard', async (c) => {
    const { id } = await present(c)
    const discarded = await discardImport(db, id)
    if (!discarded.ok) return back(c, id, discarded)
    setFlash(c, 'success', importMessages(c.get('page').locale).discarded)
    return c.redirect('/imports', 303)
  })

  // Asked again and again while an import is at work: its end shows the page anew.
  app.get('/:id/state', async (c) => {
    const { phase } = await present(c)
    if (!AT_WORK.includes(phase)) c.header('HX-Refresh', 'true')
    return c.body(null, 204)
  })

  app.get('/:id/rejected.csv', async (c) => {
    const record = await present(c)
    c.header('Content-Type', 'text/csv; charset=utf-8')
    c.header('Content-Disposition', `attachment; filename="import-${record.id}-rejected.csv"`)
    return c.body(rejectedFile(db, record, c.get('page').locale))
  })

  app.post('/profiles/:id/delete', async (c) => {
    await deleteProfile(db, idParam(c))
    return c.redirect('/imports', 303)
  })

  return app
}

/** `column-0=name&column-1=…`, the sheet, a profile to apply, a name to remember the columns by. */
const readChoice = (values: Record<string, string>): MappingChoice => {
  const fieldOfColumn = new Map<number, string>()
  for (const [name, field] of Object.entries(values)) {
    const column = /^column-(\d{1,3})$/.exec(name)?.[1]
    if (column !== undefined) fieldOfColumn.set(Number(column), field)
  }
  return {
    mapping: readMapping(fieldOfColumn),
    sheet: sheetName.parse(values['sheet']),
    profileId: rowId.safeParse(values['profile']).data ?? null,
    saveAs: (values['saveAs'] ?? '')
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, MAX_PROFILE_NAME)
      .toWellFormed(),
  }
}
