import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, found, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { POLICY_WITH_FRAME } from '#src/lib/security-headers.ts'
import { readAddress } from '#src/mail/mailbox.ts'
import { TemplatePage, type TemplateView } from '#templates/campaign-templates/edit-page.tsx'
import { TemplatesPage } from '#templates/campaign-templates/list-page.tsx'
import { templateMessages } from '#templates/campaign-templates/messages.ts'
import {
  PREVIEW_POLICY,
  PreviewDocument,
  type PreviewedMail,
} from '#templates/campaign-templates/preview-document.tsx'
import { checkLinks } from './check-links.ts'
import { countMissing } from './count-missing.ts'
import { withLocalImages } from './images.ts'
import { linksOf, lintMessage } from './lint.ts'
import { placedProblemText } from './problem-messages.ts'
import {
  deleteTemplate,
  findTemplate,
  insertTemplate,
  listImages,
  listTemplates,
  restoreStarter,
  updateTemplate,
  type MailTemplate,
} from './queries.ts'
import { isOfHouse, listPreviewCompanies, listSampleRecipients } from './queries-preview.ts'
import { emptyTemplate, errorsOf, readTemplateForm, sourceOf } from './read-form.ts'
import { findingHelp, sampleValues } from './sample-values.ts'
import { sendTest } from './send-test.ts'
import { showMessage } from './show-message.ts'

const IMAGES_SHOWN = 60
const SAMPLE_RECIPIENTS = 200
const MAX_ID = 2_147_483_647
const companyParam = z.coerce.number().int().positive().max(MAX_ID).nullable().catch(null)
const viewParam = z.enum(['desktop', 'phone', 'dark', 'asText']).catch('desktop')
// What cannot be stored cannot be found either.
const searchParam = z
  .string()
  .transform((text) =>
    text
      .replaceAll(/\p{Cc}+/gu, ' ')
      .toWellFormed()
      .trim()
      .slice(0, 100),
  )
  .catch('')

type Parts = Pick<Deps, 'db' | 'keys' | 'clock' | 'log' | 'config'>
type Given = Partial<Pick<TemplateView, 'form' | 'checked' | 'testProblem'>>

/** /templates: letters to begin a campaign with. */
export const templateRoutes = (deps: Parts): Hono<AppEnv> => {
  const { db, clock, config } = deps
  const app = new Hono<AppEnv>()

  const show = async (c: Context<AppEnv>, template: MailTemplate | null, given: Given = {}) => {
    const page = c.get('page')
    const values = given.form?.values ?? { ...(template ?? emptyTemplate(page.locale)) }
    const source = sourceOf(values)
    const search = searchParam.parse(given.form?.values['search'] ?? c.req.query('search') ?? '')
    const companies = await listPreviewCompanies(db, search)
    const chosen = companyParam.parse(given.form?.values['company'] || c.req.query('company') || null)
    const companyId = chosen ?? (search === '' ? null : (companies[0]?.companyId ?? null))
    const shown = await showMessage(db, source, { companyId, now: clock.now() })
    const listed = shown.company && !companies.some((one) => one.companyId === shown.company?.companyId)
    const path = template ? `/templates/${template.id}/preview` : '/templates/preview'
    const form = given.form ?? { values: textValues(values), errors: {} }
    const view: TemplateView = {
      template,
      form,
      madeText: shown.ok && source.text.trim() === '' ? shown.mail.text : null,
      preview: {
        path,
        companyId: shown.company?.companyId ?? null,
        companies: listed && shown.company ? [shown.company, ...companies] : companies,
        search,
      },
      picker: { variables: sampleValues(shown.values, source.locale), findingNames: findingHelp.names },
      images: await listImages(db, IMAGES_SHOWN),
      checked: null,
      testTo: page.user?.email ?? '',
      testProblem: null,
      ...given,
    }
    c.header('Content-Security-Policy', POLICY_WITH_FRAME)
    const refused = Object.keys(form.errors).length > 0 || view.testProblem
    return c.html(<TemplatePage page={page} view={view} />, refused ? 422 : 200)
  }

  const preview = async (c: Context<AppEnv>, values: Record<string, unknown>) => {
    const { locale } = c.get('page')
    const source = sourceOf(values)
    const companyId = companyParam.parse(values['company'] || null)
    const shown = await showMessage(db, source, { companyId, now: clock.now() })
    const { sender } = shown
    const mail: PreviewedMail = {
      from: sender ? `${sender.name} <${sender.address}>` : '',
      to: shown.company?.address || 'contact@garage-exemple.fr',
      subject: shown.ok ? shown.mail.subject : '',
      html: shown.ok ? withLocalImages(shown.mail.html) : '',
      text: shown.ok ? shown.mail.text : '',
      problems: shown.ok
        ? lintMessage(shown.mail, { locale: source.locale, imageSizes: new Map() })
            .filter(({ code }) => code === 'missing')
            .map(({ detail }) => templateMessages(locale).emptyHereFor(detail))
        : shown.problems.map((problem) => placedProblemText(locale, problem)),
    }
    c.header('Content-Security-Policy', PREVIEW_POLICY)
    c.header('X-Frame-Options', 'SAMEORIGIN')
    const view = viewParam.parse(values['view'])
    return c.html(<PreviewDocument page={c.get('page')} view={view} mail={mail} />)
  }

  const present = async (c: Context): Promise<MailTemplate> => found(await findTemplate(db, idParam(c)))

  app.get('/', async (c) => {
    const page = c.get('page')
    const wanted = c.req.query('language')
    const language = wanted === 'fr' || wanted === 'en' ? wanted : wanted === 'all' ? null : page.locale
    const templates = await listTemplates(db, language ?? undefined)
    return c.html(<TemplatesPage page={page} templates={templates} language={language} />)
  })

  app.get('/new', (c) => show(c, null))

  app.post('/', async (c) => {
    const { locale } = c.get('page')
    const values = await formValues(c)
    const read = await readTemplateForm(values, locale)
    if (values['do'] === 'search') return show(c, null, { form: { values, errors: {} } })
    if (!read.ok) return show(c, null, { form: { values, errors: read.errors } })
    const id = await insertTemplate(db, read.template, userIdOf(c))
    setFlash(c, 'success', templateMessages(locale).created)
    return c.redirect(`/templates/${id}`, 303)
  })

  app.get('/preview', (c) => preview(c, { ...emptyTemplate(c.get('page').locale), ...c.req.query() }))
  app.post('/preview', async (c) => preview(c, await formValues(c)))
  app.get('/export', async (c) => {
    const templates = await listTemplates(db)
    const exported = templates.map(
      ({
        id: _id,
        starter: _starter,
        createdBy: _by,
        createdAt: _at,
        updatedAt: _last,
        deletedAt: _gone,
        ...words
      }) => words,
    )
    c.header('Content-Disposition', 'attachment; filename="prospectlab-templates.json"')
    return c.json({ templates: exported })
  })

  app.get('/:id', async (c) => show(c, await present(c)))

  app.post('/:id', async (c) => {
    const template = await present(c)
    const { locale } = c.get('page')
    const values = await formValues(c)
    if (values['do'] === 'search') return show(c, template, { form: { values, errors: {} } })
    const read = await readTemplateForm(values, locale)
    if (!read.ok) return show(c, template, { form: { values, errors: read.errors } })
    await updateTemplate(db, template.id, read.template)
    setFlash(c, 'success', templateMessages(locale).saved)
    return c.redirect(backTo(template.id, values), 303)
  })

  app.get('/:id/preview', async (c) => preview(c, { ...(await present(c)), ...c.req.query() }))
  app.post('/:id/preview', async (c) => {
    await present(c)
    return preview(c, await formValues(c))
  })

  app.post('/:id/check', async (c) => {
    const template = await present(c)
    const { locale } = c.get('page')
    const values = await formValues(c)
    const read = await readTemplateForm(values, locale)
    if (!read.ok) return show(c, template, { form: { values, errors: read.errors } })
    await updateTemplate(db, template.id, read.template)
    const companyId = companyParam.parse(values['company'] || null)
    const now = clock.now()
    const shown = await showMessage(db, read.template, { companyId, now })
    if (!shown.ok) return show(c, template, { form: { values, errors: errorsOf(shown.problems, locale) } })
    const imageSizes = new Map((await listImages(db, MAX_ID)).map(({ key, size }) => [key, size]))
    const recipients = await listSampleRecipients(db, SAMPLE_RECIPIENTS)
    const checked = {
      name: shown.company?.name ?? templateMessages(locale).sample,
      issues: [
        ...(await checkLinks(linksOf(shown.mail.html), config)),
        ...lintMessage(shown.mail, { locale: read.template.locale, imageSizes }),
      ].toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)),
      missing: await countMissing(db, shown.message, [recipients], { sender: shown.sender, now }),
    }
    return show(c, { ...template, ...read.template }, { form: { values, errors: {} }, checked })
  })

  app.post('/:id/test', async (c) => {
    const template = await present(c)
    const t = templateMessages(c.get('page').locale)
    const values = await formValues(c)
    const to = readAddress((values['to'] ?? '').trim(), c.get('page').user?.name ?? '')
    if (!to) return show(c, template, { testProblem: t.testBadAddress })
    // A test is not on the record as other mails are: no way to write to people past it.
    if (c.get('page').user?.role !== 'admin' && !(await isOfHouse(db, to.address)))
      return show(c, template, { testProblem: t.testNotOfHouse })
    const companyId = companyParam.parse(values['company'] || null)
    const shown = await showMessage(db, template, { companyId, now: clock.now() })
    if (!shown.ok) return show(c, template, { testProblem: t.testFirst })
    const outcome = await sendTest(deps, shown.mail, { to, locale: template.locale })
    if (outcome.state === 'no_account' || outcome.state === 'suppressed')
      return show(c, template, { testProblem: t[`test_${outcome.state}`] })
    if (outcome.state === 'failed') return show(c, template, { testProblem: t.testFailed(outcome.reply) })
    setFlash(
      c,
      outcome.state === 'sent' ? 'success' : 'warning',
      outcome.state === 'sent' ? t.testSent(to.address) : t.testUnknown,
    )
    return c.redirect(backTo(template.id, values), 303)
  })

  app.post('/:id/duplicate', async (c) => {
    const template = await present(c)
    const t = templateMessages(c.get('page').locale)
    const { category, description, locale, subject, html, text } = template
    const copy = { name: t.copyOf(template.name), category, description, locale, subject, html, text }
    const id = await insertTemplate(db, copy, userIdOf(c))
    setFlash(c, 'success', t.duplicated)
    return c.redirect(`/templates/${id}`, 303)
  })

  app.post('/:id/restore', async (c) => {
    const template = await present(c)
    found((await restoreStarter(db, template)) ? template : null)
    setFlash(c, 'success', templateMessages(c.get('page').locale).restored)
    return c.redirect(`/templates/${template.id}`, 303)
  })

  app.post('/:id/delete', async (c) => {
    const template = await present(c)
    await deleteTemplate(db, template.id)
    setFlash(c, 'success', templateMessages(c.get('page').locale).deleted(template.name))
    return c.redirect('/templates', 303)
  })

  return app
}

const LEVELS = ['problem', 'warning', 'note']

const backTo = (id: number, values: Record<string, string>): string => {
  const company = companyParam.parse(values['company'] || null)
  return company === null ? `/templates/${id}` : `/templates/${id}?company=${company}`
}

const textValues = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
