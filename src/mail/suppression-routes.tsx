import { Hono, type Context } from 'hono'
import { domainToASCII } from 'node:url'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, found, idParam, userIdOf } from '#src/companies/read-request.ts'
import { findCompany } from '#src/companies/queries-edit.ts'
import type { Status } from '#src/companies/statuses.ts'
import { toCsv } from '#src/companies/write-table.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { storable } from '#src/tracking/hit.ts'
import {
  countSuppressions,
  findSuppressionById,
  listSuppressions,
  removeSuppression,
} from '#src/tracking/queries-suppressions.ts'
import { suppress, type SuppressionTarget } from '#src/tracking/suppress.ts'
import { suppressionMessages } from '#templates/mail/suppression-messages.ts'
import { RemoveSuppressionPage, SuppressionsPage } from '#templates/mail/suppressions.tsx'
import { readRecipient } from './mailbox.ts'
import { suppressionSourceText } from './messages.ts'

const PER_PAGE = 50
const MAX_PAGE = 100_000
const MAX_SEARCH = 200
const MAX_REASON = 500
const EXPORTED_AT_ONCE = 1_000

const UNSUBSCRIBED: Status = 'Désabonné'

const DOMAIN = /^@?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9])$/

/** An address, or a whole domain: `@exemple.fr`, `exemple.fr`, as people write them. */
const readTarget = (text: string): Exclude<SuppressionTarget, { companyId: number }> | null => {
  const domain = text.includes('@', 1)
    ? undefined
    : DOMAIN.exec(domainToASCII(text.trim().toLowerCase().replace(/^@/, '')))?.[1]
  if (domain !== undefined) return { domain }
  const read = readRecipient(text)
  return read.ok ? { address: read.value.address } : null
}

type Form = { values: Record<string, string>; errors: Record<string, string> }
const NOTHING: Form = { values: {}, errors: {} }

/** /suppressions: who must not be written to, since when and why. */
export const suppressionRoutes = ({ db, clock }: Pick<Deps, 'db' | 'clock'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  const show = async (c: Context<AppEnv>, form: Form) => {
    const search = storable(c.req.query('q') ?? '')
      .trim()
      .slice(0, MAX_SEARCH)
      .toWellFormed()
    const total = await countSuppressions(db, search)
    const pages = Math.max(1, Math.ceil(total / PER_PAGE))
    const asked = Number(c.req.query('page') ?? 1)
    const number = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), pages, MAX_PAGE) : 1
    const rows = await listSuppressions(db, { search, limit: PER_PAGE, offset: (number - 1) * PER_PAGE })
    const view = { rows, total, search, number, pages, form }
    const status = Object.keys(form.errors).length > 0 ? 422 : 200
    return c.html(<SuppressionsPage page={c.get('page')} view={view} />, status)
  }

  app.get('/', (c) => show(c, NOTHING))

  app.post('/', async (c) => {
    const t = suppressionMessages(c.get('page').locale)
    const values = await formValues(c)
    const target = readTarget(values['address'] ?? '')
    if (target === null) return show(c, { values, errors: { address: t.badAddress } })
    const reason = (values['reason'] ?? '').trim().slice(0, MAX_REASON)
    const entry = { ...target, reason, source: 'hand', createdBy: userIdOf(c) } as const
    const added = await suppress(db, entry, clock.now())
    const name = 'domain' in target ? `@${target.domain}` : target.address
    setFlash(c, added ? 'success' : 'warning', added ? t.added(name) : t.alreadyThere(name))
    return c.redirect('/suppressions', 303)
  })

  app.get('/export.csv', (c) => {
    const t = suppressionMessages(c.get('page').locale)
    const header = [t.address, t.scope, t.since, t.source, t.reason, t.addedBy]
    const csv = toCsv(
      { header, rows: exported(c.get('page').locale) },
      c.get('page').locale === 'fr' ? ';' : ',',
    )
    return c.body(csv, 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="suppressions.csv"',
      'Cache-Control': 'no-store',
    })
  })

  async function* exported(locale: Locale) {
    const t = suppressionMessages(locale)
    for (let offset = 0; ; offset += EXPORTED_AT_ONCE) {
      const rows = await listSuppressions(db, { search: '', limit: EXPORTED_AT_ONCE, offset })
      for (const { address, label, kind, scope, at, source, reason, addedBy } of rows)
        yield [
          kind === 'company' && label ? `${label} (${address})` : address,
          scope === 'campaign' ? t.scope_campaign : t.scope_all,
          at.toISOString(),
          suppressionSourceText(locale, source),
          reason,
          addedBy,
        ]
      if (rows.length < EXPORTED_AT_ONCE) return
    }
  }

  app.get('/:id/remove', async (c) => {
    const suppression = found(await findSuppressionById(db, idParam(c)))
    return c.html(<RemoveSuppressionPage page={c.get('page')} view={{ suppression, form: NOTHING }} />)
  })

  app.post('/:id/remove', async (c) => {
    const suppression = found(await findSuppressionById(db, idParam(c)))
    const t = suppressionMessages(c.get('page').locale)
    const values = await formValues(c)
    const reason = (values['reason'] ?? '').trim().slice(0, MAX_REASON)
    const errors: Record<string, string> = {}
    if (reason === '') errors['reason'] = t.reasonMissing
    if (suppression.source === 'complaint' && values['complaint'] !== '1')
      errors['complaint'] = t.complaintMissing
    if (Object.keys(errors).length > 0) {
      const view = { suppression, form: { values, errors } }
      return c.html(<RemoveSuppressionPage page={c.get('page')} view={view} />, 422)
    }
    const removal = { suppression, reason, removedBy: userIdOf(c), at: clock.now() }
    const companyId = await removeSuppression(db, removal)
    const isMarked = companyId !== null && (await findCompany(db, companyId))?.status === UNSUBSCRIBED
    const said = t.removed(suppression.label ?? suppression.address)
    setFlash(c, 'success', isMarked ? `${said} ${t.statusStays}` : said)
    return c.redirect('/suppressions', 303)
  })

  return app
}
