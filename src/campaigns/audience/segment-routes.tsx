import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { found, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { audienceMessages } from '#templates/campaign-audience/messages.ts'
import { SegmentCount, SegmentPage, SegmentsPage } from '#templates/campaign-audience/segments-page.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import { defaultRules, emptyAudience } from './audience.ts'
import { countAudience } from './queries-audience.ts'
import {
  campaignsWaitingFor,
  deleteSegment,
  findSegment,
  insertSegment,
  isSegmentNameTaken,
  listSegments,
  updateSegment,
} from './queries-segments.ts'
import { readAudience, type AudienceForm } from './read-audience.ts'
import { campaignName, type DraftFor } from './routes.tsx'
import { viewAudience } from './view-audience.ts'

const MAX_NAME = 100
const MAX_COPIES = 100

const names = z.object({
  name: z.string().trim().min(1).max(MAX_NAME),
  description: z.string().trim().max(500).catch(''),
})

/** /segments: audiences kept under a name. */
export const segmentRoutes = (deps: Pick<Deps, 'db' | 'clock'>, draftFor: DraftFor): Hono<AppEnv> => {
  const { db, clock } = deps
  const app = new Hono<AppEnv>()

  app.get('/', async (c) => c.html(<SegmentsPage page={c.get('page')} segments={await listSegments(db)} />))

  // What is filtered on screen can be kept: the address of a list names a filter.
  app.get('/new', (c) => {
    const read = readAudience(new URL(c.req.url).searchParams)
    return showForm(c, null, emptyForm, ofSegment({ ...read, problems: {} }))
  })

  app.get('/:id', async (c) => {
    const { id, name, description, audience } = found(await findSegment(db, idParam(c)))
    const form = { values: { name, description }, errors: {} }
    return showForm(c, id, form, { audience, rules: defaultRules, problems: {} })
  })

  app.get('/:id/count', async (c) => {
    const segment = found(await findSegment(db, idParam(c)))
    const count = await countAudience(db, segment.audience, defaultRules, null, clock.now())
    return c.html(<SegmentCount page={c.get('page')} count={count} />)
  })

  app.post('/', (c) => save(c, null))
  app.post('/:id', async (c) => save(c, found(await findSegment(db, idParam(c))).id))

  app.post('/:id/duplicate', async (c) => {
    const { name, description, audience } = found(await findSegment(db, idParam(c)))
    const copy = await freeName(audienceMessages(c.get('page').locale).copyOf(name))
    const id = await insertSegment(db, { name: copy, description, audience, createdBy: userIdOf(c) })
    setFlash(c, 'success', audienceMessages(c.get('page').locale).segmentDuplicated)
    return c.redirect(`/segments/${id}`, 303)
  })

  app.post('/:id/delete', async (c) => {
    const id = idParam(c)
    const t = audienceMessages(c.get('page').locale)
    const waiting = await campaignsWaitingFor(db, id)
    if (waiting.length > 0) {
      setFlash(c, 'warning', t.segmentInUse(waiting.join(', ')))
      return c.redirect('/segments', 303)
    }
    found((await deleteSegment(db, id)) || null)
    setFlash(c, 'success', t.segmentDeleted)
    return c.redirect('/segments', 303)
  })

  app.post('/:id/campaign', async (c) => {
    const { id: segmentId, name } = found(await findSegment(db, idParam(c)))
    const { locale } = c.get('page')
    const id = await draftFor({
      audience: { ...emptyAudience, mode: 'segment', segmentId },
      name: `${name}, ${campaignName(locale, clock.now())}`,
      locale,
      userId: userIdOf(c),
    })
    return c.redirect(`/campaigns/${id}`, 303)
  })

  const save = async (c: Context<AppEnv>, id: number | null) => {
    const form = await c.req.formData()
    const read = ofSegment(readAudience(form))
    const t = audienceMessages(c.get('page').locale)
    const values = { name: textOf(form, 'name'), description: textOf(form, 'description') }
    if (form.get('recount') === '1') return showForm(c, id, { values, errors: {} }, read)
    const named = names.safeParse(values)
    const errors: Record<string, string> = {}
    if (!named.success) errors['name'] = t.segmentNameRequired
    else if (await isSegmentNameTaken(db, named.data.name, id ?? 0)) errors['name'] = t.segmentNameTaken
    if (!named.success || Object.keys(errors).length > 0 || Object.keys(read.problems).length > 0)
      return showForm(c, id, { values, errors }, read, 422)
    const segment = { ...named.data, audience: read.audience }
    if (id === null) await insertSegment(db, { ...segment, createdBy: userIdOf(c) })
    else await updateSegment(db, id, segment)
    setFlash(c, 'success', t.segmentSaved)
    return c.redirect('/segments', 303)
  }

  const showForm = async (
    c: Context<AppEnv>,
    id: number | null,
    form: FormState,
    read: AudienceForm,
    status: 200 | 422 = 200,
  ) => {
    const count = await countAudience(db, read.audience, read.rules, null, clock.now())
    const view = await viewAudience(db, read)
    return c.html(<SegmentPage page={c.get('page')} id={id} form={form} view={view} count={count} />, status)
  }

  const freeName = async (wanted: string): Promise<string> => {
    const base = wanted.slice(0, MAX_NAME - 4)
    for (let number = 1; number < MAX_COPIES; number++) {
      const name = number === 1 ? base : `${base} ${number}`
      if (!(await isSegmentNameTaken(db, name))) return name
    }
    return `${base} ${clock.now().getTime() % 1_000}`
  }

  return app
}

/** No segment is made of another one. */
const ofSegment = (read: AudienceForm): AudienceForm =>
  read.audience.mode === 'segment'
    ? { ...read, audience: { ...read.audience, mode: 'filter', segmentId: null }, problems: {} }
    : read

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed() : ''
}
