import { formatWeekday } from './weekday.ts'
import type { SendCalendar } from '#src/mail/accounts/schema.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { Choice } from '#templates/components/choice.tsx'
import { FieldNotes } from '#templates/components/field-notes.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { accountFormMessages } from './form-messages.ts'
import { accountMessages } from './messages.ts'

export type AccountFormView = {
  /** Null for a new one. */
  account: { id: number; label: string } | null
  /** The account of MAIL_*: server and sender are set there. */
  isEnvironment: boolean
  hasPassword: boolean
  hasImapPassword: boolean
  days: readonly string[]
  holidays: { value: SendCalendar['holidays']; label: string }[]
  form: FormState
}

type Props = { page: PageContext; view: AccountFormView }

/** Everything that can be said of a sending account. */
export const AccountFormPage = ({ page, view }: Props) => {
  const t = accountMessages(page.locale)
  const { account, isEnvironment } = view
  const back = account ? `/settings/mail/${account.id}` : '/settings/mail'
  return (
    <SettingsFrame page={page} current="/settings/mail">
      <p>
        <a href={back}>{account ? t.backToAccount : t.backToList}</a>
      </p>
      <h2 class="text-break-all">{account ? t.editTitle(account.label) : t.newTitle}</h2>
      <form method="post" action={back} novalidate autocomplete="off">
        <CsrfField token={page.csrf} />
        <div class="row row-cards">
          <div class="col-lg-6">
            <IdentityCard page={page} view={view} />
            {!isEnvironment && <ServerCard page={page} view={view} />}
          </div>
          <div class="col-lg-6">
            <MailboxCard page={page} view={view} />
            <LimitsCard page={page} view={view} />
            <HoursCard page={page} view={view} />
          </div>
        </div>
        <div class="d-flex flex-wrap gap-2 justify-content-end mt-3">
          <button type="submit" class="btn btn-primary">
            {account ? t.save : t.create}
          </button>
        </div>
      </form>
    </SettingsFrame>
  )
}

const IdentityCard = ({ page, view: { form, isEnvironment } }: Props) => {
  const t = accountFormMessages(page.locale)
  const error = form.errors['signature']
  return (
    <section class="card mb-3">
      <div class="card-body">
        <h3 class="card-title">{t.identitySection}</h3>
        <Field name="label" label={t.label} form={form} hint={t.labelHint} required />
        {isEnvironment ? (
          <p class="text-secondary">{t.environmentHint}</p>
        ) : (
          <>
            <Field name="senderName" label={t.senderName} form={form} hint={t.senderNameHint} />
            <Field name="senderAddress" type="email" label={t.senderAddress} form={form} required />
          </>
        )}
        <Field name="replyTo" type="email" label={t.replyToField} form={form} hint={t.replyToHint} />
        <Field name="organisation" label={t.organisation} form={form} hint={t.organisationHint} />
        <Field name="contactLine" label={t.contactLine} form={form} hint={t.contactLineHint} />
        <div class="mb-3">
          <label class="form-label" for="field-signature">
            {t.signature}
          </label>
          <textarea
            id="field-signature"
            name="signature"
            rows={4}
            class={error ? 'form-control is-invalid' : 'form-control'}
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={error ? 'signature-error signature-hint' : 'signature-hint'}
          >
            {form.values['signature'] ?? ''}
          </textarea>
          <FieldNotes name="signature" error={error} hint={t.signatureHint} />
        </div>
        <Field name="brand" label={t.brand} form={form} hint={t.brandHint} />
      </div>
    </section>
  )
}

const ServerCard = ({ page, view: { form, hasPassword } }: Props) => {
  const t = accountFormMessages(page.locale)
  const kinds = ['starttls', 'implicit', 'none'] as const
  return (
    <section class="card mb-3">
      <div class="card-body">
        <h3 class="card-title">{t.serverSection}</h3>
        <p class="text-secondary">{t.serverHint}</p>
        <Field name="host" label={t.host} form={form} placeholder="smtp.exemple.fr" required />
        <div class="row">
          <div class="col-sm-5">
            <Field name="port" type="number" label={t.port} form={form} hint={t.portHint} required />
          </div>
          <div class="col-sm-7">
            <Choice
              name="tls"
              label={t.tls}
              form={form}
              value="starttls"
              options={kinds.map((value) => ({ value, label: t[`tls_${value}`] }))}
            />
          </div>
        </div>
        <Field name="username" label={t.username} form={form} hint={t.usernameHint} autocomplete="off" />
        <Field
          name="password"
          type="password"
          label={t.password}
          form={form}
          hint={hasPassword ? t.passwordKept : t.passwordHint}
          autocomplete="new-password"
        />
        <Field name="dkimSelector" label={t.dkimSelector} form={form} hint={t.dkimSelectorHint} />
        <Check name="verp" label={t.verp} hint={t.verpHint} form={form} />
      </div>
    </section>
  )
}

type CheckProps = { name: string; label: string; form: FormState; hint?: string }

const Check = ({ name, label, form, hint }: CheckProps) => {
  const error = form.errors[name]
  const help = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ')
  return (
    <div class="mb-3">
      <label class="form-check mb-0">
        <input
          class={error ? 'form-check-input is-invalid' : 'form-check-input'}
          type="checkbox"
          name={name}
          value="1"
          checked={form.values[name] === '1'}
          aria-describedby={help || undefined}
        />
        <span class="form-check-label">{label}</span>
      </label>
      {error && (
        <div id={`${name}-error`} class="invalid-feedback d-block">
          {error}
        </div>
      )}
      {hint && (
        <div id={`${name}-hint`} class="form-hint">
          {hint}
        </div>
      )}
    </div>
  )
}

const MailboxCard = ({ page, view: { form, hasImapPassword, isEnvironment } }: Props) => {
  const t = accountFormMessages(page.locale)
  const kinds = ['implicit', 'starttls', 'none'] as const
  return (
    <section class="card mb-3">
      <div class="card-body">
        <h3 class="card-title">{t.mailboxSection}</h3>
        <p class="text-secondary">{t.mailboxHint}</p>
        <Field name="imapHost" label={t.imapHost} form={form} placeholder="imap.exemple.fr" />
        <div class="row">
          <div class="col-sm-5">
            <Field name="imapPort" type="number" label={t.imapPort} form={form} hint={t.imapPortHint} />
          </div>
          <div class="col-sm-7">
            <Choice
              name="imapTls"
              label={t.imapTls}
              form={form}
              value="implicit"
              options={kinds.map((value) => ({ value, label: t[`tls_${value}`] }))}
            />
          </div>
        </div>
        <Field name="imapUsername" label={t.imapUsername} form={form} autocomplete="off" />
        <Field
          name="imapPassword"
          type="password"
          label={t.imapPassword}
          form={form}
          hint={hasImapPassword ? t.passwordKept : t.passwordHint}
          autocomplete="new-password"
        />
        <Field name="imapFolder" label={t.imapFolder} form={form} />
        <Field name="imapMoveTo" label={t.imapMoveTo} form={form} hint={t.imapMoveToHint} />
        {isEnvironment && (
          <>
            <Field name="dkimSelector" label={t.dkimSelector} form={form} hint={t.dkimSelectorHint} />
            <Check name="verp" label={t.verp} hint={t.verpHint} form={form} />
          </>
        )}
      </div>
    </section>
  )
}

const LimitsCard = ({ page, view: { form } }: Props) => {
  const t = accountFormMessages(page.locale)
  return (
    <section class="card mb-3" id="pace">
      <div class="card-body">
        <h3 class="card-title">{t.limitsSection}</h3>
        <p class="text-secondary">
          {t.limitsHint} {t.limitsAdvice}
        </p>
        <div class="row">
          {(['perMinute', 'perHour', 'perDay'] as const).map((name) => (
            <div class="col-sm-4">
              <Field name={name} type="number" label={t[name]} form={form} />
            </div>
          ))}
        </div>
        <div class="row">
          {(['minGap', 'gapJitter'] as const).map((name) => (
            <div class="col-sm-6">
              <Field name={name} type="number" label={t[name]} form={form} />
            </div>
          ))}
        </div>
        <Check name="warmup" label={t.warmupOn} hint={t.warmupHint} form={form} />
        <div class="row">
          {(['warmupFirstDay', 'warmupStep'] as const).map((name) => (
            <div class="col-sm-6">
              <Field name={name} type="number" label={t[name]} form={form} />
            </div>
          ))}
        </div>
      </div>
    </section>
  )
}

const HoursCard = ({ page, view: { form, days, holidays } }: Props) => {
  const t = accountFormMessages(page.locale)
  const error = form.errors['days']
  return (
    <section class="card mb-3">
      <div class="card-body">
        <h3 class="card-title">{t.calendarSection}</h3>
        <Check name="hasCalendar" label={t.calendarOn} form={form} />
        <fieldset class="mb-3" aria-describedby={error ? 'days-error' : undefined}>
          <legend class="form-label">{t.days}</legend>
          {[1, 2, 3, 4, 5, 6, 7].map((day) => (
            <label class="form-check form-check-inline">
              <input
                class={error ? 'form-check-input is-invalid' : 'form-check-input'}
                type="checkbox"
                name="days"
                value={String(day)}
                checked={days.includes(String(day))}
              />
              <span class="form-check-label">{formatWeekday(page.locale, day)}</span>
            </label>
          ))}
          {error && (
            <div id="days-error" class="invalid-feedback d-block">
              {error}
            </div>
          )}
        </fieldset>
        <div class="row">
          <div class="col-6">
            <Field name="from" type="time" label={t.from} form={form} />
          </div>
          <div class="col-6">
            <Field name="to" type="time" label={t.to} form={form} />
          </div>
        </div>
        <Field name="timeZone" label={t.timeZone} form={form} hint={t.timeZoneHint} />
        <Choice name="holidays" label={t.holidays} form={form} value="fr" options={holidays} />
      </div>
    </section>
  )
}
