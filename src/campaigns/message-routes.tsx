import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, found, idParam } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { POLICY_WITH_FRAME } from '#src/lib/security-headers.ts'
import { answerSubject, isSameThread } from '#src/mail/answer-subject.ts'
import { readAddress } from '#src/mail/mailbox.ts'
import { templateMessages } from '#templates/campaign-templates/messages.ts'
import { campaignMessages } from '#templates/campaigns/messages.ts'
import { MessagesPage } from '#templates/campaigns/messages-page.tsx'
import { VariantPage } from '#templates/campaigns/variant-page.tsx'
import { writingMessages } from '#templates/campaigns/writing-messages.ts'
import { emptyForm, type FormState } from '#templates/page.ts'
import { countAudience } from './audience/queries-audience.ts'
import { detectableRate, shareRecipients } from './planning/ab-sample.ts'
import { draftOf } from './planning/draft-of.ts'
import {
  isWritten,
  previewRecipient,
  previewVariant,
  shownSubjects,
  threadSubject,
  withEnd,
} from './planning/preview-variant.ts'
import {
  addFollowUp,
  addVariant,
  deleteStep,
  deleteVariant,
  findVariant,
  updateStep,
  updateVariant,
} from './planning/queries-drafts.ts'
import { listSteps, type Step, type Variant } from './planning/queries-plan.ts'
import { testVariant } from './planning/test-variant.ts'
import type { Campaign } from './planning/queries-states.ts'
import { quotesFindings } from './planning/quotes-findings.ts'
import { picturesByKey } from './results/queries-recipients.ts'
import { MAIL_POLICY, picturesOf, shownHtml } from './results/shown-mail.ts'
import { compileMessage } from './templates/compile.ts'
import { lintMessage } from './templates/lint.ts'
import { lintText, problemText } from './templates/problem-messages.ts'
import { findTemplate, listTemplates } from './templates/queries.ts'
import { isOfHouse } from './templates/queries-preview.ts'
import { findingHelp, sampleValues } from './templates/sample-values.ts'

const FIRST_DELAY = 3
const MAX_DELAY = 90
const MAX_STEPS = 10
const MAX_SUBJECT = 400
const MAX_BODY = 300_000
const MAX_ADDRESS = 320
/** What a click rate is like, to tell how far apart two versions must be. */
const USUAL_RATE = 0.05

const stepForm = z.object({
  delayDays: z.coerce.number().int().min(1).max(MAX_DELAY),
  condition: z.enum(['always', 'not_clicked', 'not_opened']).catch('always'),
})
const weight = z.coerce.number().int().min(1).max(100)

type Needs = Pick<Deps, 'db' | 'clock' | 'keys' | 'log' | 'config'>

/** /campaigns/:id/messages: what a draft says, and to whom its follow-ups go. */
export const campaignMessageRoutes = (deps: Needs): Hono<AppEnv> => {
  const { db } = deps
  const app = new Hono<AppEnv>()
  const draft = (c: Context<AppEnv>) => draftOf(db, idParam(c))
  const pathOf = ({ id }: Pick<Campaign, 'id'>) => `/campaigns/${id}/messages`

  const show = async (c: Context<AppEnv>, campaign: Campaign, form: FormState, refused: number | null) => {
    const steps = await listSteps(db, campaign.id)
    const compared = steps.some(({ variants }) => variants.length > 1)
    const recipients = compared
      ? (await countAudience(db, campaign.audience, campaign.recipients, campaign.id, deps.clock.now()))
          .recipients
      : 0
    const percent = new Intl.NumberFormat(c.get('page').locale, {
      style: 'percent',
      maximumFractionDigits: 1,
    })
    const samples = new Map(
      steps
        .filter(({ variants }) => variants.length > 1)
        .map((step) => [step.id, sampleOf(step, recipients, (rate) => percent.format(rate))]),
    )
    const complete = steps.every(({ position, variants }) =>
      variants.every((variant) => isWritten(position, variant)),
    )
    const subjects = await shownSubjects(deps, campaign, steps)
    const props = { page: c.get('page'), campaign, steps, subjects, samples, form, refused, complete }
    return c.html(<MessagesPage {...props} />, refused === null ? 200 : 422)
  }

  app.get('/:id/messages', async (c) => show(c, await draft(c), emptyForm, null))

  app.post('/:id/steps', async (c) => {
    const campaign = await draft(c)
    if ((await listSteps(db, campaign.id)).length < MAX_STEPS) await addFollowUp(db, campaign.id, FIRST_DELAY)
    return c.redirect(pathOf(campaign), 303)
  })

  app.post('/:id/steps/:step', async (c) => {
    const campaign = await draft(c)
    const stepId = idParam(c, 'step')
    const values = await formValues(c)
    const read = stepForm.safeParse(values)
    const t = campaignMessages(c.get('page').locale)
    if (!read.success) return show(c, campaign, { values, errors: { delayDays: t.delayRange } }, stepId)
    if (!(await updateStep(db, { campaignId: campaign.id, stepId }, read.data))) await draft(c)
    setFlash(c, 'success', t.saved)
    return c.redirect(pathOf(campaign), 303)
  })

  app.post('/:id/steps/:step/delete', async (c) => {
    const campaign = await draft(c)
    await deleteStep(db, campaign.id, idParam(c, 'step'))
    return c.redirect(pathOf(campaign), 303)
  })

  app.post('/:id/steps/:step/variants', async (c) => {
    const campaign = await draft(c)
    const variantId = await addVariant(db, campaign.id, idParam(c, 'step'))
    return c.redirect(variantId === null ? pathOf(campaign) : `${pathOf(campaign)}/${variantId}`, 303)
  })

  const showVariant = async (
    c: Context<AppEnv>,
    campaign: Campaign,
    { variant, step }: { variant: Variant; step: { id: number; position: number } },
    given: {
      form: FormState
      problems: string[]
      seenAs?: string
      testProblem?: string
      replaced?: { words: Words; by: 'template' | 'yours' }
    } = {
      form: emptyForm,
      problems: [],
    },
  ) => {
    const { testProblem = null, seenAs = c.req.query('for') } = given
    const page = c.get('page')
    const steps = await listSteps(db, campaign.id)
    const first = await previewRecipient(deps, campaign, seenAs)
    const follows = step.position > 0 ? await threadSubject(first, campaign, steps) : null
    const seen = isWritten(step.position, variant)
      ? await previewVariant(first, campaign, variant, follows)
      : null
    const leavesThread = (subject: string) =>
      follows === null || isSameThread(subject, follows)
        ? []
        : [{ level: 'warning' as const, text: writingMessages(page.locale).leavesThread }]
    const problems = seen?.ok === false ? seen.problems.map((one) => problemText(page.locale, one)) : []
    const preview = seen?.ok
      ? {
          company: seen.recipient,
          subject: seen.mail.subject,
          path: `${pathOf(campaign)}/${variant.id}/preview?for=${encodeURIComponent(seen.recipient)}`,
          notes: [
            ...leavesThread(seen.mail.subject),
            ...lintMessage(seen.mail, { locale: campaign.locale, imageSizes: new Map() })
              .filter(({ code }) => code !== 'image_gone' && (code !== 'unsubscribe_added' || !first.account))
              .map((issue) => ({ level: issue.level, text: lintText(page.locale, issue) })),
          ],
        }
      : null
    const isRefused = given.problems.length + Object.keys(given.form.errors).length > 0
    const status = isRefused || testProblem !== null ? 422 : 200
    c.header('Content-Security-Policy', POLICY_WITH_FRAME)
    return c.html(
      <VariantPage
        page={page}
        campaign={campaign}
        step={step}
        variant={variant}
        threadSubject={follows === null ? null : answerSubject(follows)}
        compared={(steps.find(({ id }) => id === step.id)?.variants.length ?? 1) > 1}
        templates={await listTemplates(db, campaign.locale)}
        form={given.form}
        problems={given.problems.length > 0 ? given.problems : problems}
        unsaved={isRefused}
        replaced={given.replaced ?? null}
        seen={given.form.values['seen'] ?? markOf(variant)}
        preview={preview}
        test={{
          recipient: first.recipient,
          choices: first.choices,
          to: given.form.values['to'] ?? page.user?.email ?? '',
          problem: testProblem,
        }}
        picker={{
          variables: sampleValues(first.values, campaign.locale),
          findingNames: findingHelp.names,
        }}
      />,
      status,
    )
  }

  const variantOf = async (c: Context<AppEnv>, campaign: Campaign) =>
    found(await findVariant(db, campaign.id, idParam(c, 'variant')))

  const sendOwnTest = async (
    c: Context<AppEnv>,
    campaign: Campaign,
    { variant, step }: { variant: Variant; step: { position: number } },
    { to, seenAs }: { to: string; seenAs: string },
  ): Promise<{ problem: string } | { said: string; sure: boolean }> => {
    const { locale, user } = c.get('page')
    const t = templateMessages(locale)
    const w = writingMessages(locale)
    const mailbox = readAddress(to.trim(), user?.name ?? '')
    if (!mailbox) return { problem: t.testBadAddress }
    // A test is not on the record as other mails are: no way to write to people past it.
    if (user?.role !== 'admin' && !(await isOfHouse(db, mailbox.address)))
      return { problem: t.testNotOfHouse }
    const given = { variant, position: step.position }
    const { recipient, outcome } = await testVariant(deps, campaign, given, { to: mailbox, seenAs })
    switch (outcome.state) {
      case 'no_account':
        return { problem: campaign.accountIds.length === 0 ? w.testAccount : t.test_no_account }
      case 'suppressed':
        return { problem: t.test_suppressed }
      case 'held':
        return { problem: w.testHeld(recipient) }
      case 'failed':
        return { problem: t.testFailed(outcome.reply) }
      case 'sent':
        return { said: t.testSent(mailbox.address), sure: true }
      case 'unknown':
        return { said: t.testUnknown, sure: false }
    }
  }

  app.get('/:id/messages/:variant', async (c) => {
    const campaign = await draft(c)
    return showVariant(c, campaign, await variantOf(c, campaign))
  })

  app.get('/:id/messages/:variant/preview', async (c) => {
    const campaign = await draft(c)
    const { variant, step } = await variantOf(c, campaign)
    // Its subject is not in the frame.
    const follows = step.position > 0 ? '…' : null
    const first = await previewRecipient(deps, campaign, c.req.query('for'))
    const seen = await previewVariant(first, campaign, variant, follows)
    const html = seen.ok ? await withEnd(db, first, seen.mail.html, campaign) : ''
    c.header('Content-Security-Policy', MAIL_POLICY)
    c.header('X-Frame-Options', 'SAMEORIGIN')
    return c.html(shownHtml(html, await picturesByKey(db, picturesOf(html))))
  })

  app.post('/:id/messages/:variant', async (c) => {
    const campaign = await draft(c)
    const own = await variantOf(c, campaign)
    const { locale } = c.get('page')
    const t = campaignMessages(locale)
    const w = writingMessages(locale)
    const values = await formValues(c)
    const words = wordsOf(values)
    const share = weight.safeParse(values['weight'] ?? own.variant.weight)
    const errors: Record<string, string> = share.success ? {} : { weight: w.weightRange }
    const isFollowUp = own.step.position > 0
    const compiled = await compileMessage({ ...words, locale: campaign.locale, isFollowUp })
    const problems = compiled.ok
      ? []
      : compiled.problems.map((one) => `${w[one.part]} – ${problemText(locale, one)}`)
    if (problems.length > 0 || !share.success)
      return showVariant(c, campaign, own, { form: { values, errors }, problems })
    const quotes = quotesFindings(words)
    const place = { campaignId: campaign.id, variantId: own.variant.id }
    // It may have been started from another page since: then this says so.
    if (!(await updateVariant(db, place, { ...words, quotes, weight: share.data }))) await draft(c)
    const seenAs = (values['for'] ?? '').slice(0, MAX_ADDRESS)
    const here = `${pathOf(campaign)}/${own.variant.id}${seenAs === '' ? '' : `?for=${encodeURIComponent(seenAs)}`}`
    const before = pick(own.variant)
    // Another tab, or somebody else, has saved it since this page was made: what they wrote is not lost unseen.
    if (
      ![undefined, markOf(before), markOf(words)].includes(values['seen']) &&
      markOf(before) !== markOf(words)
    ) {
      const changed = await variantOf(c, campaign)
      const replaced = { words: before, by: 'yours' } as const
      return showVariant(c, campaign, changed, { form: emptyForm, problems: [], seenAs, replaced })
    }
    if (values['do'] === 'test') {
      const changed = await variantOf(c, campaign)
      const told = await sendOwnTest(c, campaign, changed, { to: values['to'] ?? '', seenAs })
      if ('problem' in told) {
        const form = { values, errors: {} }
        return showVariant(c, campaign, changed, { form, problems: [], seenAs, testProblem: told.problem })
      }
      setFlash(c, told.sure ? 'success' : 'warning', told.said)
      return c.redirect(here, 303)
    }
    setFlash(c, 'success', t.saved)
    return c.redirect(values['do'] === 'stay' ? here : pathOf(campaign), 303)
  })

  app.post('/:id/messages/:variant/template', async (c) => {
    const campaign = await draft(c)
    const { variant, step } = await variantOf(c, campaign)
    const values = await formValues(c)
    const templateId = Number(values['templateId'])
    const template = Number.isInteger(templateId) ? await findTemplate(db, templateId) : null
    // What was typed and not saved comes along: it stays on the page, either way.
    const typed = values['html'] === undefined ? pick(variant) : wordsOf(values)
    const seenAs = (values['for'] ?? '').slice(0, MAX_ADDRESS)
    if (!template) {
      const problems = [writingMessages(c.get('page').locale).chooseTemplate]
      return showVariant(c, campaign, { variant, step }, { form: { values, errors: {} }, problems, seenAs })
    }
    const { html, text } = template
    // A follow-up stays in its thread: the subject of a template is that of a first message.
    const subject = step.position > 0 ? typed.subject : template.subject
    const words = { subject, html, text }
    const taken = { ...words, templateId, quotes: quotesFindings(words) }
    if (!(await updateVariant(db, { campaignId: campaign.id, variantId: variant.id }, taken))) await draft(c)
    if (`${typed.html}${typed.text}`.trim() !== '' && typed.html !== html) {
      const changed = await variantOf(c, campaign)
      return showVariant(c, campaign, changed, {
        form: emptyForm,
        problems: [],
        seenAs,
        replaced: { words: typed, by: 'template' },
      })
    }
    return c.redirect(`${pathOf(campaign)}/${variant.id}`, 303)
  })

  app.post('/:id/messages/:variant/delete', async (c) => {
    const campaign = await draft(c)
    await deleteVariant(db, campaign.id, idParam(c, 'variant'))
    return c.redirect(pathOf(campaign), 303)
  })

  return app
}

type Words = Pick<Variant, 'subject' | 'html' | 'text'>

const pick = ({ subject, html, text }: Variant): Words => ({ subject, html, text })

/** What tells one text of a message from another. */
const markOf = (words: Words): string => {
  const { subject, html, text } = words
  return Bun.hash(
    JSON.stringify([subject, html, text].map((part) => part.replaceAll('\r\n', '\n'))),
  ).toString(36)
}

const wordsOf = (values: Record<string, string>): Words => ({
  subject: (values['subject'] ?? '').trim().slice(0, MAX_SUBJECT),
  html: (values['html'] ?? '').slice(0, MAX_BODY),
  text: (values['text'] ?? '').trim() === '' ? '' : (values['text'] ?? '').slice(0, MAX_BODY),
})

const sampleOf = ({ variants }: Step, recipients: number, percent: (rate: number) => string) => {
  const shares = shareRecipients(variants, recipients)
  const smallest = Math.min(...shares.map((share) => share.recipients))
  const other = detectableRate(USUAL_RATE, smallest)
  return { shares, told: other === null ? null : { rate: percent(USUAL_RATE), other: percent(other) } }
}
