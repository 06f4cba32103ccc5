import type { SentMessage } from '#src/mail/queries-messages.ts'
import { formatDate, formatNumber } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import type { PageContext } from '#templates/page.ts'
import { erasedWords } from '#templates/privacy/erased-words.ts'
import { mailMessages } from './messages.ts'

const COLOURS = { waiting: 'azure', sent: 'green', failed: 'red', unknown: 'orange' } as const

/** The mails of a company with what became of them: always both numbers, people's and all. */
export const SentMessages = ({
  page,
  messages,
  bucket,
}: {
  page: PageContext
  messages: readonly SentMessage[]
  /** Openings of single mails that are counted with nobody; null when none of these are. */
  bucket: { raw: number; human: number } | null
}) => {
  const t = mailMessages(page.locale)
  return (
    <section class="mt-4" id="sent">
      <h2 class="h3">{t.sentMessages}</h2>
      {messages.length === 0 ? (
        <p class="text-secondary">{t.nothingSent}</p>
      ) : (
        <table class="table table-vcenter table-mobile-md">
          <thead>
            <tr>
              <th>{t.date}</th>
              <th>{t.recipient}</th>
              <th>{t.state}</th>
              <th>{t.humanOpens}</th>
              <th>{t.humanClicks}</th>
            </tr>
          </thead>
          <tbody>
            {messages.map((message) => (
              <Row page={page} message={message} />
            ))}
          </tbody>
        </table>
      )}
      {bucket && (
        <p class="text-secondary">
          {t.bucket(formatNumber(page.locale, bucket.human), formatNumber(page.locale, bucket.raw))}
        </p>
      )}
    </section>
  )
}

const Row = ({ page, message }: { page: PageContext; message: SentMessage }) => {
  const t = mailMessages(page.locale)
  return (
    <tr>
      <td data-label={t.date} class="text-nowrap">
        {formatDate(page.locale, message.sentAt ?? message.createdAt)}
      </td>
      <td data-label={t.recipient} class="text-break-all w-33">
        <bdi>{message.recipient}</bdi>
        <div class="text-secondary small">{erasedWords(page.locale, message.subject)}</div>
      </td>
      <td data-label={t.state}>
        <Badge colour={COLOURS[message.state]}>{t[`state_${message.state}`]}</Badge>
        {message.unsubscribedAt && (
          <div>
            <Badge colour="red">{t.unsubscribed(formatDate(page.locale, message.unsubscribedAt))}</Badge>
          </div>
        )}
        {message.state !== 'sent' && message.smtpReply && (
          <div class="text-secondary small text-break-all">
            <bdi data-foreign>{message.smtpReply}</bdi>
          </div>
        )}
      </td>
      <td data-label={t.humanOpens}>
        <Hits page={page} mode={message.opens} human={message.humanOpens} raw={message.rawOpens} />
      </td>
      <td data-label={t.humanClicks}>
        <Hits page={page} mode={message.clicks} human={message.humanClicks} raw={message.rawClicks} />
      </td>
    </tr>
  )
}

const Hits = (props: { page: PageContext; mode: SentMessage['opens']; human: number; raw: number }) => {
  const { page, mode, human, raw } = props
  const t = mailMessages(page.locale)
  if (mode !== 'individual') return <span class="text-secondary">{mode === 'off' ? t.off : t.counted}</span>
  return <>{`${formatNumber(page.locale, human)} / ${formatNumber(page.locale, raw)}`}</>
}
