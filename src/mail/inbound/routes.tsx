import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { findCompany } from '#src/companies/queries-edit.ts'
import { formValues, found, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { formatNumber } from '#src/lib/i18n.ts'
import { storable } from '#src/tracking/hit.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { CompanyMailsPage } from '#templates/inbox/company-mails.tsx'
import { InboxPage, VIEWS, type InboxView, type View } from '#templates/inbox/inbox-page.tsx'
import { InboundMailPage, type MailView } from '#templates/inbox/mail-page.tsx'
import { inboxMessages } from '#templates/inbox/messages.ts'
import { isTooLong } from '../format-text.ts'
import { sendProblemText } from '../messages.ts'
import { listSentMessages } from '../queries-messages.ts'
import { suppressionOf, type SendProblem } from '../send-message.ts'
import { answerMail, answeringAs } from './answer-mail.ts'
import { ownWords } from './asks-to-stop.ts'
import {
  countInbox,
  countUnread,
  findAnswer,
  findInbound,
  listInbox,
  listMailboxes,
  listOfCompany,
  markAllRead,
  markRead,
  markUnread,
  setAnswer,
  type FoundInbound,
  type InboundKindStored,
} from './queries-inbox.ts'

const PER_PAGE = 50
const SHOWN_OF_COMPANY = 50
const MAX_PAGE = 100_000
const MAX_SEARCH = 200
const KEY = /^[\w-]{22}$/

const KINDS: Record<View, readonly InboundKindStored[]> = {
  replies: ['reply'],
  automatic: ['autoreply'],
  bounces: ['hard', 'soft'],
  complaints: ['complaint'],
  all: ['reply', 'autoreply', 'hard', 'soft', 'complaint'],
}

type Needs = Pick<Deps, 'db' | 'config' | 'keys' | 'clock' | 'log'>

/** /inbox: what came back about the mails that were sent, and answers to it. */
export const inboxRoutes = (deps: Needs): Hono<AppEnv> => {
  const { db, clock } = deps
  const app = new Hono<AppEnv>()

  app.get('/', async (c) => {
    const view = viewOf(c.req.query('view'))
    const unreadOnly = c.req.query('unread') === '1'
    const search = storable(c.req.query('q') ?? '')
      .trim()
      .slice(0, MAX_SEARCH)
      .toWellFormed()
    const filter = { kinds: KINDS[view], unreadOnly, search }
    const pages = Math.max(1, Math.ceil((await countInbox(db, filter)) / PER_PAGE))
    const asked = Number(c.req.query('page') ?? 1)
    const number = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), pages, MAX_PAGE) : 1
    const rows = await listInbox(db, filter, { limit: PER_PAGE, offset: (number - 1) * PER_PAGE })
    const unread = unreadByView(await countUnread(db))
    const mailboxes = await listMailboxes(db)
    const inbox: InboxView = { view, unreadOnly, search, rows, number, pages, unread, mailboxes }
    return c.html(<InboxPage page={c.get('page')} inbox={inbox} />)
  })

  app.post('/read', async (c) => {
    const view = viewOf((await formValues(c))['view'])
    const count = await markAllRead(db, KINDS[view], { userId: userIdOf(c), at: clock.now() })
    const { locale } = c.get('page')
    setFlash(c, 'success', inboxMessages(locale).markedAll(formatNumber(locale, count)))
    return c.redirect(`/inbox?view=${view}`, 303)
  })

  const show = async (c: Context<AppEnv>, one: FoundInbound, given: Partial<MailView> = {}) => {
    const view = { ...(await viewMail(deps, one)), ...given }
    const isRefused = view.problem !== null || Object.keys(view.form.errors).length > 0
    return c.html(<InboundMailPage page={c.get('page')} view={view} />, isRefused ? 422 : 200)
  }

  app.get('/:id', async (c) => {
    const one = found(await findInbound(db, idParam(c)))
    await markRead(db, one.mail.id, { userId: userIdOf(c), at: clock.now() })
    return show(c, one)
  })

  app.post('/:id/unread', async (c) => {
    const { mail } = found(await findInbound(db, idParam(c)))
    await markUnread(db, mail.id)
    return c.redirect('/inbox', 303)
  })

  app.post('/:id/answer', async (c) => {
    const one = found(await findInbound(db, idParam(c)))
    found(one.mail.kind === 'reply' || one.mail.kind === 'autoreply' ? one : null)
    const { locale } = c.get('page')
    const t = inboxMessages(locale)
    const values = await formValues(c)
    const text = (values['text'] ?? '').trim()
    const errors: Record<string, string> = {}
    if (text === '') errors['text'] = t.textMissing
    else if (isTooLong(text)) errors['text'] = t.textTooLong
    const as = await answeringAs(deps, one)
    if (Object.keys(errors).length > 0 || as === null) return show(c, one, { form: { values, errors } })
    const token = KEY.test(values['token'] ?? '') ? values['token']! : newMessageKey()
    const outcome = await answerMail(deps, one, as, { text, token, createdBy: userIdOf(c), locale })
    if (!outcome.ok && outcome.problem.code !== 'already') {
      const problem = outcome.problem as SendProblem
      if (problem.state === 'unknown') await setAnswer(db, one.mail.id, token)
      const said = problem.reply
      return show(c, one, {
        form: { values, errors: {} },
        problem: { text: sendProblemText(locale, problem), said, state: problem.state },
      })
    }
    await setAnswer(db, one.mail.id, token)
    if (outcome.ok) setFlash(c, 'success', t.sent(one.mail.fromAddress ?? ''))
    else setFlash(c, 'warning', t.already)
    return c.redirect(`/inbox/${one.mail.id}`, 303)
  })

  return app
}

/** /companies/:id/messages: what was written to a company and what it answered. */
export const companyMailRoutes = ({ db }: Pick<Deps, 'db'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()
  app.get('/:id/messages', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    const received = await listOfCompany(db, company.id, SHOWN_OF_COMPANY)
    const sent = await listSentMessages(db, company.id, SHOWN_OF_COMPANY)
    return c.html(<CompanyMailsPage page={c.get('page')} company={company} received={received} sent={sent} />)
  })
  return app
}

const viewOf = (text: string | undefined): View => VIEWS.find((view) => view === text) ?? 'replies'

const unreadByView = (unread: Map<InboundKindStored, number>): Record<View, number> => {
  const of = (view: View) => KINDS[view].reduce((sum, kind) => sum + (unread.get(kind) ?? 0), 0)
  return {
    replies: of('replies'),
    automatic: of('automatic'),
    bounces: of('bounces'),
    complaints: of('complaints'),
    all: of('all'),
  }
}

const viewMail = async (deps: Needs, one: FoundInbound): Promise<MailView> => {
  const { mail, about } = one
  const text = unzipped(mail.text) ?? ''
  const own = ownWords(text)
  const answer = await findAnswer(deps.db, mail.answerId)
  const as = await answeringAs(deps, one)
  const to = mail.fromAddress ?? ''
  return {
    found: one,
    text: { own, quoted: text.slice(text.indexOf(own) + own.length).trim() },
    sentText: unzipped(about?.text ?? null),
    answer: answer && { ...answer, text: unzipped(answer.text) ?? '' },
    answerFrom: as?.settings.sender.address ?? null,
    isSuppressed: to !== '' && (await suppressionOf(deps, { name: '', address: to })) !== null,
    token: newMessageKey(),
    form: { values: {}, errors: {} },
    problem: null,
  }
}

const unzipped = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(bytes)))
