import type { Answer, FoundInbound } from '#src/mail/inbound/queries-inbox.ts'
import { formatDate, withColon } from '#src/lib/i18n.ts'
import { AdminLink } from '#templates/components/admin-link.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { FieldNotes } from '#templates/components/field-notes.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Layout } from '#templates/layout.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { KindBadge, reasonOf } from './inbox-rows.tsx'
import { inboxMessages } from './messages.ts'

export type MailView = {
  found: FoundInbound
  /** What they wrote themselves, and the mail they quote below it. */
  text: { own: string; quoted: string }
  /** The mail it is about, as text. */
  sentText: string | null
  answer: (Omit<Answer, 'text'> & { text: string }) | null
  /** Who would answer; null when nobody can. */
  answerFrom: string | null
  isSuppressed: boolean
  /** Of the answer that this form will send, once. */
  token: string
  form: FormState
  problem: { text: string; said: string; state: 'refused' | 'failed' | 'unknown' } | null
}

type Props = { page: PageContext; view: MailView }

/** A mail that came in, what it is about, and the form that answers it. */
export const InboundMailPage = ({ page, view }: Props) => {
  const t = inboxMessages(page.locale)
  const { mail, companyName, companyDeletedAt, about } = view.found
  const isWritten = mail.kind === 'reply' || mail.kind === 'autoreply'
  return (
    <Layout
      page={page}
      title={mail.subject || t.noSubject}
      pretitle={t.inbox}
      actions={
        <>
          {mail.companyId !== null && !companyDeletedAt && (
            <a class="btn" href={`/companies/${mail.companyId}/messages`}>
              <Icon name="building" /> {t.openCompany}
            </a>
          )}
          {about?.campaignId && (
            <a class="btn" href={`/campaigns/${about.campaignId}`}>
              {t.openCampaign}
            </a>
          )}
          <form method="post" action={`/inbox/${mail.id}/unread`}>
            <CsrfField token={page.csrf} />
            <button class="btn" type="submit">
              {t.markUnread}
            </button>
          </form>
        </>
      }
    >
      <div class="row row-cards">
        <div class="col-lg-7">
          <div class="card mb-3">
            <div class="card-body">
              <Facts page={page} view={view} companyName={companyName} />
              {isWritten && <Text page={page} text={view.text} />}
            </div>
          </div>
          {view.answer && <Answered page={page} answer={view.answer} />}
          {isWritten && <AnswerForm page={page} view={view} />}
        </div>
        <div class="col-lg-5">{about && <About page={page} view={view} />}</div>
      </div>
    </Layout>
  )
}

const Facts = ({ page, view, companyName }: Props & { companyName: string | null }) => {
  const t = inboxMessages(page.locale)
  const { mail } = view.found
  const reason = reasonOf(page, mail)
  const from = [mail.fromName, mail.fromAddress && `<${mail.fromAddress}>`].filter(Boolean).join(' ')
  return (
    <div class="mb-3">
      <div class="d-flex flex-wrap gap-2 align-items-center mb-2">
        <KindBadge page={page} kind={mail.kind} />
        <span class="text-secondary">
          <time datetime={mail.receivedAt.toISOString()}>{formatDate(page.locale, mail.receivedAt)}</time>
        </span>
      </div>
      <div class="text-break-all">
        {withColon(page.locale, t.from)} <bdi data-foreign>{from}</bdi>
      </div>
      <div class="text-break-all">
        {withColon(page.locale, t.sentTo)} <bdi data-foreign>{mail.recipient}</bdi>
        {companyName && <span class="text-secondary"> · {companyName}</span>}
      </div>
      {reason && <p class="mt-2 mb-0">{reason}</p>}
      {mail.diagnostic && mail.kind !== 'complaint' && (
        <p class="mt-2 mb-0 text-break-all">
          {t.serverSaid} <bdi data-foreign>{mail.diagnostic}</bdi>
        </p>
      )}
      {mail.moveProblem && <p class="mt-2 mb-0 text-secondary">{t.notMoved(mail.moveProblem)}</p>}
    </div>
  )
}

const Text = ({ page, text }: { page: PageContext; text: MailView['text'] }) => {
  const t = inboxMessages(page.locale)
  return (
    <>
      <div class="border rounded p-3 mail-text" data-foreign dir="auto">
        {text.own || t.noText}
      </div>
      {text.quoted && (
        <details class="mt-2">
          <summary class="text-secondary">{t.quoted}</summary>
          <div class="border rounded p-3 mt-2 mail-text text-secondary" data-foreign dir="auto">
            {text.quoted}
          </div>
        </details>
      )}
    </>
  )
}

const About = ({ page, view }: Props) => {
  const t = inboxMessages(page.locale)
  const { about } = view.found
  if (!about) return null
  return (
    <section class="card" aria-label={t.aboutTitle}>
      <div class="card-body">
        <h2 class="card-title">{t.aboutTitle}</h2>
        <p class="text-break-all">
          {t.about(about.subject, about.sentAt ? formatDate(page.locale, about.sentAt) : '–')}
        </p>
        {view.sentText && <div class="border rounded p-3 mail-text text-secondary">{view.sentText}</div>}
      </div>
    </section>
  )
}

const Answered = ({ page, answer }: { page: PageContext; answer: NonNullable<MailView['answer']> }) => {
  const t = inboxMessages(page.locale)
  return (
    <section class="card mb-3" aria-label={t.answered}>
      <div class="card-body">
        <h2 class="card-title">{t.yourAnswer(formatDate(page.locale, answer.createdAt))}</h2>
        <p class="text-secondary">{t[`answerState_${answer.state}`]}</p>
        <div class="border rounded p-3 mail-text">{answer.text}</div>
      </div>
    </section>
  )
}

const AnswerForm = ({ page, view }: Props) => {
  const t = inboxMessages(page.locale)
  const { form, problem, found, answerFrom } = view
  const error = form.errors['text']
  return (
    <section class="card" aria-label={t.answerTitle}>
      <div class="card-body">
        <h2 class="card-title">{t.answerTitle}</h2>
        {problem && (
          <div class="alert alert-danger text-break-all" role="alert">
            <div>
              <h3 class="alert-title">{problem.state === 'unknown' ? t.unknownTitle : t.problemTitle}</h3>
              <p class="mb-1">{problem.text}</p>
              {problem.said && <bdi data-foreign>{problem.said}</bdi>}
            </div>
          </div>
        )}
        {view.isSuppressed ? (
          <p class="text-secondary mb-0">{t.suppressed}</p>
        ) : answerFrom === null ? (
          <p class="mb-0">
            <AdminLink page={page} href="/settings/mail">
              {t.cannotAnswer}
            </AdminLink>
          </p>
        ) : (
          <form method="post" action={`/inbox/${found.mail.id}/answer`}>
            <CsrfField token={page.csrf} />
            <input type="hidden" name="token" value={view.token} />
            <p class="text-secondary text-break-all">{t.answerFrom(answerFrom)}</p>
            <div class="mb-3">
              <label class="form-label required" for="field-text">
                {t.answerText}
              </label>
              <textarea
                id="field-text"
                name="text"
                rows={9}
                required
                class={error ? 'form-control is-invalid' : 'form-control'}
                aria-invalid={error ? 'true' : undefined}
                aria-describedby={error ? 'text-error text-hint' : 'text-hint'}
              >
                {form.values['text'] ?? ''}
              </textarea>
              <FieldNotes name="text" error={error} hint={t.answerHint} />
            </div>
            <button class="btn btn-primary" type="submit" data-busy={t.sending}>
              <Icon name="mail" /> {t.send}
            </button>
          </form>
        )}
      </div>
    </section>
  )
}
