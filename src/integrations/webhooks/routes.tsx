import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { seal } from '#src/lib/sealed-text.ts'
import { sleep } from '#src/lib/sleep.ts'
import { emptyForm, type FormState } from '#templates/page.ts'
import { webhookMessages, webhookProblemText } from '#templates/webhooks/messages.ts'
import { WebhookPage } from '#templates/webhooks/webhook-page.tsx'
import { WebhooksPage } from '#templates/webhooks/webhooks-page.tsx'
import { EVENT_TYPES } from './event-types.ts'
import { readWebhook, type WebhookProblems, type WebhookValues } from './make-webhook.ts'
import {
  deleteWebhook,
  findDelivery,
  findWebhook,
  insertPing,
  insertWebhook,
  listDeliveries,
  listWebhooks,
  replaceSecret,
  replayDelivery,
  replayFailed,
  switchWebhook,
  updateWebhook,
  type ListedWebhook,
} from './queries-log.ts'
import { newSecret } from './sign.ts'
import { SECRET_PURPOSE } from './webhook-secret.ts'

const DELIVERIES_SHOWN = 50
const MAX_PAGE = 10_000
const PING_WITHIN_MS = 5_000
const PING_LOOK_MS = 100
const HOUR_MS = 3_600_000
const stateParam = z.enum(['waiting', 'delivered', 'failed']).nullable().catch(null)
const pageParam = z.coerce.number().int().min(1).max(MAX_PAGE).catch(1)
const hoursField = z.coerce
  .number()
  .int()
  .min(1)
  .max(30 * 24)
  .catch(24)

type Parts = Pick<Deps, 'db' | 'config' | 'keys' | 'clock'>

/** /settings/webhooks: where other programs are told what happens, and what became of it. */
export const webhookRoutes = ({ db, config, keys, clock }: Parts): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  const showList = async (
    c: Context<AppEnv>,
    form: FormState,
    chosen: readonly string[],
    status: 200 | 422,
  ) =>
    c.html(
      <WebhooksPage
        page={c.get('page')}
        webhooks={await listWebhooks(db)}
        eventTypes={EVENT_TYPES}
        form={form}
        chosen={chosen}
      />,
      status,
    )

  type Shown = { secret?: string; form?: FormState; chosen?: readonly string[] }
  const showOne = async (c: Context<AppEnv>, id: number, { secret, form, chosen }: Shown = {}) => {
    const webhook = await present(id)
    const state = stateParam.parse(c.req.query('state') ?? null)
    const number = pageParam.parse(c.req.query('page'))
    const total = state
      ? webhook.counts[state]
      : Object.values(webhook.counts).reduce((sum, one) => sum + one, 0)
    const pages = Math.max(1, Math.ceil(total / DELIVERIES_SHOWN))
    const shown = { state, limit: DELIVERIES_SHOWN, offset: (number - 1) * DELIVERIES_SHOWN }
    return c.html(
      <WebhookPage
        page={c.get('page')}
        webhook={webhook}
        eventTypes={EVENT_TYPES}
        deliveries={await listDeliveries(db, id, shown)}
        log={{ state, page: number, pages }}
        secret={secret ?? null}
        form={form ?? emptyForm}
        chosen={chosen ?? webhook.events}
      />,
      form ? 422 : 200,
    )
  }

  const present = async (id: number): Promise<ListedWebhook> => {
    const webhook = await findWebhook(db, id)
    if (webhook) return webhook
    throw new AppError('not_found', 'There is no such webhook.', { status: 404 })
  }

  const idOf = async (c: Context): Promise<number> => (await present(idParam(c))).id

  const submitted = async (c: Context<AppEnv>) => {
    const { name = '', url = '' } = await formValues(c)
    const body = await c.req.parseBody({ all: true })
    const events = [body['events'] ?? []].flat().filter((one) => typeof one === 'string')
    const read = await readWebhook({ name, url, events }, { config })
    const errors = read.ok ? {} : textsOf(c, read.problems)
    return { read, chosen: events, form: { values: { name, url }, errors } }
  }

  const back = (c: Context<AppEnv>, id: number, kind: 'success' | 'warning' | 'danger', text: string) => {
    setFlash(c, kind, text)
    return c.redirect(`/settings/webhooks/${id}`, 303)
  }

  const makeSecret = () => {
    const secret = newSecret()
    return { secret, sealed: seal(keys.storedPasswords, SECRET_PURPOSE, secret) }
  }

  app.get('/', (c) => showList(c, emptyForm, EVENT_TYPES, 200))

  app.post('/', async (c) => {
    const { read, chosen, form } = await submitted(c)
    if (!read.ok) return showList(c, form, chosen, 422)
    const { secret, sealed } = makeSecret()
    const id = await insertWebhook(db, { ...read.webhook, secret: sealed, createdBy: userIdOf(c) })
    return showOne(c, id, { secret })
  })

  app.get('/:id', (c) => showOne(c, idParam(c)))

  app.post('/:id', async (c) => {
    const id = await idOf(c)
    const { read, chosen, form } = await submitted(c)
    if (!read.ok) return showOne(c, id, { form, chosen })
    const webhook: WebhookValues = read.webhook
    await updateWebhook(db, id, webhook)
    return back(c, id, 'success', webhookMessages(c.get('page').locale).saved)
  })

  app.post('/:id/secret', async (c) => {
    const id = await idOf(c)
    const { secret, sealed } = makeSecret()
    await replaceSecret(db, id, sealed)
    return showOne(c, id, { secret })
  })

  app.post('/:id/test', async (c) => {
    const t = webhookMessages(c.get('page').locale)
    const webhook = await present(idParam(c))
    if (!webhook.active) return back(c, webhook.id, 'warning', t.enableFirst)
    const tried = await waitForEnd(db, await insertPing(db, webhook, clock.now()))
    if (tried?.state === 'delivered')
      return back(c, webhook.id, 'success', t.pingArrived(tried.statusCode ?? 0))
    if (tried?.state === 'failed') return back(c, webhook.id, 'danger', t.pingFailed(tried.statusCode))
    return back(c, webhook.id, 'warning', t.pingWaits)
  })

  app.post('/:id/enable', async (c) => {
    const id = await idOf(c)
    await switchWebhook(db, id, true)
    return back(c, id, 'success', webhookMessages(c.get('page').locale).enabled)
  })

  app.post('/:id/disable', async (c) => {
    const id = await idOf(c)
    await switchWebhook(db, id, false)
    return back(c, id, 'success', webhookMessages(c.get('page').locale).disabled)
  })

  app.post('/:id/delete', async (c) => {
    const { id, name } = await present(idParam(c))
    await deleteWebhook(db, id)
    setFlash(c, 'success', webhookMessages(c.get('page').locale).deleted(name))
    return c.redirect('/settings/webhooks', 303)
  })

  app.post('/:id/replay', async (c) => {
    const t = webhookMessages(c.get('page').locale)
    const { id, active } = await present(idParam(c))
    if (!active) return back(c, id, 'warning', t.enableFirst)
    const values = await formValues(c)
    const delivery = z.uuid().safeParse(values['delivery'])
    if (delivery.success) {
      const done = await replayDelivery(db, id, delivery.data)
      return back(c, id, done ? 'success' : 'warning', done ? t.replayed(1) : t.notReplayed)
    }
    const since = new Date(clock.now().getTime() - hoursField.parse(values['hours']) * HOUR_MS)
    const count = await replayFailed(db, id, since)
    return back(c, id, count > 0 ? 'success' : 'warning', count > 0 ? t.replayed(count) : t.noneFailed)
  })

  return app
}

const textsOf = (c: Context<AppEnv>, problems: WebhookProblems): Record<string, string> =>
  Object.fromEntries(
    Object.entries(problems).map(([field, problem]) => [
      field,
      webhookProblemText(c.get('page').locale, problem),
    ]),
  )

const waitForEnd = async (db: Deps['db'], id: string) => {
  const deadline = performance.now() + PING_WITHIN_MS
  for (;;) {
    const delivery = await findDelivery(db, id)
    if (delivery?.state !== 'waiting' || performance.now() > deadline) return delivery
    await sleep(PING_LOOK_MS)
  }
}
