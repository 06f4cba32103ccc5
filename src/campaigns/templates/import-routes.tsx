import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { found, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { ImportTemplatesPage } from '#templates/campaign-templates/import-page.tsx'
import { templateMessages } from '#templates/campaign-templates/messages.ts'
import { MAX_IMAGE_BYTES, readUpload } from './images.ts'
import { importTemplates, MAX_IMPORT_BYTES, type ImportedTemplate } from './import-templates.ts'
import { deleteImage, findImages, insertImage } from './queries.ts'

const KEY = /^[\w-]{16,64}$/
const BACK = /^\/templates\/(?:new|[0-9]{1,10})$/

/** What comes into /templates from files: templates of other installations, and pictures. */
export const templateFileRoutes = ({ db }: Pick<Deps, 'db'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  type Shown = { problem?: string; pasted?: string; report?: readonly ImportedTemplate[] }
  const showImport = (c: Context<AppEnv>, { problem, pasted = '', report }: Shown = {}) =>
    c.html(
      <ImportTemplatesPage
        page={c.get('page')}
        problem={problem ?? null}
        pasted={pasted}
        report={report ?? null}
      />,
      problem === undefined ? 200 : 422,
    )

  app.get('/import', (c) => showImport(c))

  app.post('/import', async (c) => {
    const t = templateMessages(c.get('page').locale)
    const body = await c.req.parseBody()
    const { file, text } = body
    const pasted = typeof text === 'string' ? text.trim() : ''
    const hasFile = file instanceof File && file.size > 0
    if (!hasFile && pasted === '') return showImport(c, { problem: t.importEmpty })
    if ((hasFile ? file.size : pasted.length) > MAX_IMPORT_BYTES)
      return showImport(c, { problem: t.import_too_large })
    const read = await importTemplates(db, hasFile ? await file.text() : pasted, userIdOf(c))
    if (read.ok) return showImport(c, { report: read.value })
    return showImport(c, {
      problem: t[`import_${read.problem.code as 'not_templates' | 'too_many'}`],
      pasted,
    })
  })

  app.post('/images', async (c) => {
    const t = templateMessages(c.get('page').locale)
    const { file, back } = await c.req.parseBody()
    const path = backOf(back)
    if (!(file instanceof File) || file.size === 0) return refuse(c, path, t.noFile)
    if (file.size > MAX_IMAGE_BYTES) return refuse(c, path, t.image_too_large)
    const read = readUpload(file.name, new Uint8Array(await file.arrayBuffer()))
    if (!read.ok)
      return refuse(c, path, t[read.problem.code as 'image_too_large' | 'not_an_image' | 'image_too_wide'])
    await insertImage(db, { ...read.value, createdBy: userIdOf(c) })
    setFlash(c, 'success', t.uploaded)
    return c.redirect(`${path}#images`, 303)
  })

  app.get('/images/:key', async (c) => {
    const [image] = await findImages(db, [keyOf(c)])
    const { bytes, contentType } = found(image)
    // As it was stored under a random name, it never changes.
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': contentType,
      'Cache-Control': 'private, max-age=31536000, immutable',
    })
  })

  app.post('/images/:key/delete', async (c) => {
    const { back } = await c.req.parseBody()
    await deleteImage(db, keyOf(c))
    setFlash(c, 'success', templateMessages(c.get('page').locale).imageGone)
    return c.redirect(`${backOf(back)}#images`, 303)
  })

  return app
}

const keyOf = (c: Context): string => found(KEY.test(c.req.param('key') ?? '') ? c.req.param('key') : null)

/** Only pages that show pictures. */
const backOf = (path: unknown): string =>
  typeof path === 'string' && BACK.test(path) ? path : '/templates/new'

const refuse = (c: Context<AppEnv>, path: string, text: string) => {
  setFlash(c, 'danger', text)
  return c.redirect(`${path}#images`, 303)
}
