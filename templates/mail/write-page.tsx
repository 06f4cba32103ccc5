import type { Company } from '#src/companies/queries-edit.ts'
import type { Block } from '#src/mail/format-text.ts'
import type { Recipient } from '#src/mail/list-recipients.ts'
import type { MissingSettings } from '#src/mail/mail-settings.ts'
import type { SentMessage } from '#src/mail/queries-messages.ts'
import { formatDate, withColon } from '#src/lib/i18n.ts'
import { suppressionSourceText } from '#src/mail/messages.ts'
import { CompanyFrame } from '#templates/companies/company-frame.tsx'
import { Choice } from '#templates/components/choice.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { mailMessages } from './messages.ts'
import { Preview } from './preview.tsx'
import { SentMessages } from './sent-messages.tsx'

export type WriteView = {
  company: Company
  recipients: readonly Recipient[]
  missing: MissingSettings['missing']
  /** There are accounts, and none may send now. */
  stopped: boolean
  /** Who it may come from, the default first. */
  senders: readonly { value: string; label: string; address: string }[]
  messages: readonly SentMessage[]
  /** See SentMessages. */
  bucket: { raw: number; human: number } | null
  /** Of the mail this form will send, once. */
  token: string
  form: FormState
  problem: { text: string; said: string; state: 'refused' | 'failed' | 'unknown' } | null
  preview: readonly Block[] | null
}

type Props = { page: PageContext; view: WriteView }

/** Writing one mail to a company, and the mails it was sent before. */
export const WritePage = ({ page, view }: Props) => {
  const t = mailMessages(page.locale)
  const { company, missing, stopped, problem, preview } = view
  const mayWrite = company.deletedAt === null && missing.length === 0 && !stopped
  return (
    <CompanyFrame page={page} company={company} tab="contacts">
      <h2 class="h3">{t.writeTitle}</h2>
      {company.deletedAt && <p class="text-secondary">{t.deleted}</p>}
      {missing.length > 0 && <NotSetUp page={page} missing={missing} />}
      {stopped && (
        <div class="alert alert-warning" role="status">
          <div>
            <h3 class="alert-title">{t.stoppedTitle}</h3>
            <AccountsLink page={page} text={t.stoppedText} />
          </div>
        </div>
      )}
      {problem && (
        <div class="alert alert-danger text-break-all" role="alert">
          <div>
            <h3 class="alert-title">{problem.state === 'unknown' ? t.unknownTitle : t.problemTitle}</h3>
            <p class="mb-1">{problem.text}</p>
            {problem.said && (
              <p class="mb-0">
                {problem.state === 'refused' ? '' : `${t.serverSaid} `}
                <bdi data-foreign>{problem.said}</bdi>
              </p>
            )}
          </div>
        </div>
      )}
      {preview !== null && <Preview page={page} blocks={preview} />}
      {mayWrite && <WriteForm page={page} view={view} />}
      <SentMessages page={page} messages={view.messages} bucket={view.bucket} />
    </CompanyFrame>
  )
}

const NotSetUp = ({ page, missing }: { page: PageContext; missing: WriteView['missing'] }) => {
  const t = mailMessages(page.locale)
  return (
    <div class="alert alert-warning" role="status">
      <div>
        <h3 class="alert-title">{t.notSetUpTitle}</h3>
        <p class="mb-1">{t.notSetUpText}</p>
        <ul class="mb-0">
          {missing.map((name) => (
            <li>
              <code>{name}</code>
              {withColon(page.locale, '')} {t[`need_${name}`]}
            </li>
          ))}
        </ul>
        {missing.includes('MAIL_SERVER') && <AccountsLink page={page} text={t.orAccount} />}
      </div>
    </div>
  )
}

const AccountsLink = ({ page, text }: { page: PageContext; text: string }) => (
  <p class="mt-2 mb-0">
    {text} {page.user?.role === 'admin' && <a href="/settings/mail">{mailMessages(page.locale).accounts}</a>}
  </p>
)

const WriteForm = ({ page, view }: Props) => {
  const t = mailMessages(page.locale)
  const { company, form, token, senders } = view
  const [first, ...others] = senders
  const modes = (['off', 'aggregate', 'individual'] as const).map((value) => ({
    value,
    label: t[`mode_${value}`],
  }))
  const textError = form.errors['text']
  return (
    <form method="post" action={`/companies/${company.id}/write`}>
      <CsrfField token={page.csrf} />
      <input type="hidden" name="token" value={token} />
      {others.length === 0 ? (
        <p class="text-secondary">{t.from(first?.address ?? '')}</p>
      ) : (
        <Choice
          name="account"
          label={t.account}
          form={form}
          value={first?.value ?? ''}
          options={senders.map(({ value, label, address }) => ({ value, label: `${label} (${address})` }))}
        />
      )}
      <Recipients page={page} view={view} />
      <Field name="subject" label={t.subject} form={form} required autocomplete="off" />
      <div class="mb-3">
        <label class="form-label required" for="field-text">
          {t.text}
        </label>
        <textarea
          id="field-text"
          name="text"
          rows={12}
          required
          class={textError ? 'form-control is-invalid' : 'form-control'}
          aria-invalid={textError ? 'true' : undefined}
          aria-describedby={textError ? 'text-error text-hint' : 'text-hint'}
        >
          {form.values['text'] ?? ''}
        </textarea>
        {textError && (
          <div id="text-error" class="invalid-feedback">
            {textError}
          </div>
        )}
        <div id="text-hint" class="form-hint">
          {t.textHint}
        </div>
      </div>
      <Choice
        name="language"
        label={t.language}
        form={form}
        value={page.locale}
        options={(['fr', 'en'] as const).map((value) => ({ value, label: t[value] }))}
        hint={t.languageHint}
      />
      <fieldset>
        <legend class="form-label">{t.tracking}</legend>
        <div class="row">
          <div class="col-sm-6">
            <Choice name="opens" label={t.opens} form={form} value="aggregate" options={modes} />
          </div>
          <div class="col-sm-6">
            <Choice name="clicks" label={t.clicks} form={form} value="individual" options={modes} />
          </div>
        </div>
        <p class="form-hint">{t.trackingHint}</p>
      </fieldset>
      <div class="d-flex flex-wrap gap-2 mt-3">
        <button class="btn" type="submit" name="do" value="preview">
          {t.preview}
        </button>
        <button class="btn btn-primary" type="submit" name="do" value="send" data-busy={t.sending}>
          <Icon name="mail" /> {t.send}
        </button>
        <a class="btn" href={`/companies/${company.id}`}>
          {t.back}
        </a>
      </div>
    </form>
  )
}

const Recipients = ({ page, view }: Props) => {
  const t = mailMessages(page.locale)
  const { recipients, form } = view
  const wanted = form.values['to'] ?? ''
  const isKnown = recipients.some(({ address }) => address === wanted)
  const usable = recipients.find(({ guessed, suppression }) => !guessed && !suppression)
  const chosen = isKnown
    ? wanted
    : form.values['other'] || wanted === 'other'
      ? 'other'
      : (usable?.address ?? 'other')
  const other = form.values['other'] ?? (isKnown || wanted === 'other' ? '' : wanted)
  const hasGuess = recipients.some(({ guessed }) => guessed)
  return (
    <fieldset class="mb-3">
      <legend class="form-label required">{t.to}</legend>
      {recipients.length === 0 && <p class="text-secondary">{t.noRecipient}</p>}
      {recipients.map((recipient) => (
        <Choosable page={page} recipient={recipient} checked={recipient.address === chosen} />
      ))}
      <label class="form-check">
        <input
          id="to-other"
          class="form-check-input"
          type="radio"
          name="to"
          value="other"
          checked={chosen === 'other'}
        />
        <span class="form-check-label">{t.otherAddress}</span>
      </label>
      {form.errors['to'] && (
        <div class="text-danger small" role="alert">
          {form.errors['to']}
        </div>
      )}
      <div class="ms-4">
        <input
          class={form.errors['other'] ? 'form-control is-invalid' : 'form-control'}
          name="other"
          value={other}
          aria-label={t.otherAddress}
          aria-invalid={form.errors['other'] ? 'true' : undefined}
          aria-describedby={form.errors['other'] ? 'other-error' : undefined}
          placeholder="anne@exemple.fr"
          data-chooses="to-other"
          autocomplete="off"
        />
        {form.errors['other'] && (
          <div id="other-error" class="invalid-feedback">
            {form.errors['other']}
          </div>
        )}
      </div>
      {hasGuess && (
        <div class="mt-2">
          <label class="form-check mb-0">
            <input
              class={form.errors['confirmed'] ? 'form-check-input is-invalid' : 'form-check-input'}
              type="checkbox"
              name="confirmed"
              value="1"
              checked={form.values['confirmed'] === '1'}
              aria-describedby="confirmed-hint"
            />
            <span class="form-check-label">{t.confirmGuessed}</span>
          </label>
          {form.errors['confirmed'] && (
            <div class="text-danger small" role="alert">
              {form.errors['confirmed']}
            </div>
          )}
          <div id="confirmed-hint" class="form-hint">
            {t.guessedHint}
          </div>
        </div>
      )}
    </fieldset>
  )
}

const Choosable = (props: { page: PageContext; recipient: Recipient; checked: boolean }) => {
  const { page, recipient, checked } = props
  const t = mailMessages(page.locale)
  const { address, person, guessed, suppression } = recipient
  return (
    <label class="form-check">
      <input
        class="form-check-input"
        type="radio"
        name="to"
        value={address}
        checked={checked}
        disabled={suppression !== null}
      />
      <span class="form-check-label text-break-all">
        <bdi data-foreign>{address}</bdi>
        {person && <span class="text-secondary"> · {person}</span>}
        {guessed && <span class="badge bg-yellow-lt ms-2">{t.guessed}</span>}
        {suppression && (
          <span class="d-block text-secondary small">
            {t.suppressedSince}{' '}
            {t.since(
              formatDate(page.locale, suppression.at),
              suppressionSourceText(page.locale, suppression.source),
            )}
            {suppression.reason && ` – ${suppression.reason}`}
          </span>
        )}
      </span>
    </label>
  )
}
