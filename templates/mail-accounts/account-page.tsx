import { formatDate, formatNumber } from '#src/lib/i18n.ts'
import { accountTestText, lackText, mailboxTestText } from '#src/mail/accounts/messages.ts'
import type { AccountCheck } from '#src/mail/accounts/schema.ts'
import { holidaysText, pauseReasonText, pauseText } from '#src/mail/limits/messages.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { Badge } from '#templates/components/badge.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { AccountState, type ListedAccount } from './accounts-page.tsx'
import { DnsCard } from './dns-card.tsx'
import { accountFormMessages } from './form-messages.ts'
import { accountMessages } from './messages.ts'
import { nextSteps } from './next-steps.ts'
import { formatWeekday } from './weekday.ts'

const SECOND_MS = 1_000

type Props = { page: PageContext; account: ListedAccount }

/** One sending account: what it is, whether it works, and what to do next. */
export const AccountPage = ({ page, account, form }: Props & { form: FormState }) => {
  const t = accountMessages(page.locale)
  const { row } = account
  return (
    <SettingsFrame page={page} current="/settings/mail">
      <p>
        <a href="/settings/mail">{t.backToList}</a>
      </p>
      <div class="d-flex flex-wrap gap-2 align-items-center mb-3">
        <h2 class="mb-0 text-break-all">{row.label}</h2>
        <AccountState page={page} account={account} />
        {row.isDefault && <Badge colour="azure">{t.isDefault}</Badge>}
        {row.origin === 'environment' && <Badge colour="secondary">{t.fromEnvironment}</Badge>}
        <div class="d-flex flex-wrap gap-2 ms-md-auto">
          <Actions page={page} account={account} />
        </div>
      </div>
      <Trouble page={page} account={account} />
      <NextSteps page={page} account={account} />
      <div class="row row-cards">
        <div class="col-lg-7">
          <DnsCard page={page} row={row} />
        </div>
        <div class="col-lg-5">
          <ServerCard page={page} account={account} form={form} />
          <MailboxCard page={page} account={account} />
          <PaceCard page={page} account={account} />
        </div>
      </div>
    </SettingsFrame>
  )
}

type ButtonProps = { page: PageContext; action: string; label: string; confirm?: string; colour?: string }

const Button = ({ page, action, label, confirm, colour }: ButtonProps) => (
  <form method="post" action={action}>
    <CsrfField token={page.csrf} />
    <button type="submit" class={colour ? `btn btn-${colour}` : 'btn'} data-confirm={confirm}>
      {label}
    </button>
  </form>
)

const Actions = ({ page, account: { row } }: Props) => {
  const t = accountMessages(page.locale)
  const path = `/settings/mail/${row.id}`
  return (
    <>
      <a class="btn" href={`${path}/edit`}>
        {t.edit}
      </a>
      {row.pausedAt ? (
        <Button page={page} action={`${path}/resume`} label={t.resume} colour="primary" />
      ) : (
        <Button page={page} action={`${path}/pause`} label={t.pause} />
      )}
      {!row.isDefault && <Button page={page} action={`${path}/default`} label={t.makeDefault} />}
      <Button page={page} action={`${path}/delete`} label={t.delete} confirm={t.confirmDelete(row.label)} />
    </>
  )
}

const Trouble = ({ page, account: { row, lack } }: Props) => {
  const t = accountMessages(page.locale)
  const { pausedAt, pauseReason, pauseDetail } = row
  const reason = pauseReason ?? 'hand'
  return (
    <>
      {lack && (
        <div class="alert alert-danger" role="alert">
          {lackText(page.locale, lack)}
        </div>
      )}
      {pausedAt && (
        <div class="alert alert-warning d-block" role="status">
          <h3 class="alert-title">
            {t.pausedSince(formatDate(page.locale, pausedAt), pauseReasonText(page.locale, reason))}
          </h3>
          <p class="mb-0 text-break-all">{pauseText(page.locale, { reason, detail: pauseDetail })}</p>
        </div>
      )}
    </>
  )
}

const NextSteps = ({ page, account }: Props) => {
  const t = accountMessages(page.locale)
  const steps = nextSteps(account)
  if (steps.length === 0)
    return (
      <div class="alert alert-success" role="status">
        {t.allDone}
      </div>
    )
  return (
    <section class="card mb-3">
      <div class="card-body">
        <h3 class="card-title">{t.nextTitle}</h3>
        <ol class="mb-0">
          {steps.map((step) => (
            <li>{t[step]}</li>
          ))}
        </ol>
      </div>
    </section>
  )
}

const ServerCard = ({ page, account: { row }, form }: Props & { form: FormState }) => {
  const t = accountMessages(page.locale)
  const path = `/settings/mail/${row.id}`
  return (
    <section class="card mb-3">
      <div class="card-body">
        <h3 class="card-title">{t.serverTitle}</h3>
        <dl class="mb-3">
          <dt>{t.sender}</dt>
          <dd class="text-break-all">
            {row.senderName} {`<${row.senderAddress}>`}
          </dd>
          {row.replyTo && (
            <>
              <dt>{t.replyTo}</dt>
              <dd class="text-break-all">{row.replyTo}</dd>
            </>
          )}
          <dt>{t.server}</dt>
          <dd class="text-break-all">{`${row.host}:${row.port}`}</dd>
          <dt>{t.security}</dt>
          <dd>{accountFormMessages(page.locale)[`tls_${row.tls}`]}</dd>
          <dt>{t.login}</dt>
          <dd class="text-break-all mb-0">{row.username ?? t.noLogin}</dd>
        </dl>
        {row.lastTest && (
          <Test page={page} test={row.lastTest} text={accountTestText(page.locale, row.lastTest)} />
        )}
        <div class="mb-3">
          <Button
            page={page}
            action={`${path}/test`}
            label={t.test}
            {...(row.lastTest ? {} : { colour: 'primary' })}
          />
        </div>
        <form method="post" action={`${path}/send-test`} novalidate>
          <CsrfField token={page.csrf} />
          <Field
            name="to"
            type="email"
            label={t.sendTestTo}
            form={form}
            value={page.user?.email ?? ''}
            required
          />
          <button type="submit" class="btn">
            {t.sendTest}
          </button>
        </form>
      </div>
    </section>
  )
}

const Test = ({ page, test, text }: { page: PageContext; test: AccountCheck; text: string }) => {
  const t = accountMessages(page.locale)
  // A number of mails is part of the sentence already.
  const said = test.code === 'readable' || test.code === 'connected' ? '' : test.detail
  return (
    <div class={test.ok ? 'alert alert-success d-block' : 'alert alert-danger d-block'} role="status">
      <p class="mb-1">{text}</p>
      {said && (
        <p class="mb-1 text-break-all">
          {t.serverSaid} <bdi data-foreign>{said}</bdi>
        </p>
      )}
      <p class="mb-0 small">{t.lastTest(formatDate(page.locale, new Date(test.at)))}</p>
    </div>
  )
}

const MailboxCard = ({ page, account: { row } }: Props) => {
  const t = accountMessages(page.locale)
  const path = `/settings/mail/${row.id}`
  return (
    <section class="card mb-3">
      <div class="card-body">
        <h3 class="card-title">{t.mailboxTitle}</h3>
        {row.imapHost === null ? (
          <>
            <p>{t.noMailbox}</p>
            <a class="btn" href={`${path}/edit`}>
              {t.addMailbox}
            </a>
          </>
        ) : (
          <>
            <p class="text-secondary">{t.mailboxText}</p>
            <dl class="mb-3">
              <dt>{t.server}</dt>
              <dd class="text-break-all">{`${row.imapHost}:${row.imapPort}`}</dd>
              <dt>{t.login}</dt>
              <dd class="text-break-all">{row.imapUsername}</dd>
              <dt>{t.folder}</dt>
              <dd class="text-break-all">{row.imapFolder}</dd>
              <dt>{t.moveTo}</dt>
              <dd class="text-break-all mb-0">{row.imapMoveTo ?? t.moveToNone}</dd>
            </dl>
            {row.lastImapTest && (
              <Test
                page={page}
                test={row.lastImapTest}
                text={mailboxTestText(page.locale, row.lastImapTest)}
              />
            )}
            <Button page={page} action={`${path}/test-mailbox`} label={t.testMailbox} />
          </>
        )}
      </div>
    </section>
  )
}

const PaceCard = ({ page, account: { row } }: Props) => {
  const t = accountMessages(page.locale)
  const number = (value: number) => formatNumber(page.locale, value)
  const { perMinute, perHour, perDay, minGapMs, gapJitterMs, warmupFirstDay, warmupStep, calendar } = row
  const limits = [
    perMinute === null ? null : t.perMinuteOf(number(perMinute)),
    perHour === null ? null : t.perHourOf(number(perHour)),
    perDay === null ? null : t.perDayOf(number(perDay)),
  ].filter((one) => one !== null)
  const seconds = (ms: number) => number(ms / SECOND_MS)
  return (
    <section class="card mb-3">
      <div class="card-body">
        <h3 class="card-title">{t.limitsTitle}</h3>
        {limits.length === 0 && <p class="text-secondary">{t.noLimits}</p>}
        <dl class="mb-3">
          {limits.length > 0 && (
            <>
              <dt>{t.limits}</dt>
              <dd>{limits.join(', ')}</dd>
            </>
          )}
          {minGapMs + gapJitterMs > 0 && (
            <>
              <dt>{t.gap}</dt>
              <dd>{t.gapOf(seconds(minGapMs), seconds(minGapMs + gapJitterMs))}</dd>
            </>
          )}
          {warmupFirstDay !== null && (
            <>
              <dt>{t.warmup}</dt>
              <dd>{t.warmupOf(number(warmupFirstDay), number(warmupStep ?? 0))}</dd>
            </>
          )}
          <dt>{t.calendar}</dt>
          <dd class="mb-0">
            {calendar
              ? t.calendarOf(
                  calendar.days.map((day) => formatWeekday(page.locale, day)).join(', '),
                  calendar.from,
                  calendar.to,
                  calendar.timeZone,
                )
              : t.always}
            {calendar && calendar.holidays !== 'none' && (
              <div class="text-secondary">{holidaysText(page.locale, calendar.holidays)}</div>
            )}
          </dd>
        </dl>
        <a href={`/settings/mail/${row.id}/limits`}>{t.providers}</a>
      </div>
    </section>
  )
}
