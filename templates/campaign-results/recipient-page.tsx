import type { KeptMail, RecipientRow } from '#src/campaigns/results/queries-recipients.ts'
import type { Campaign } from '#src/campaigns/planning/queries-states.ts'
import { formatDate, withColon } from '#src/lib/i18n.ts'
import type { MessageEvidence } from '#src/tracking/schema.ts'
import { providerName } from '#src/mail/limits/messages.ts'
import { Badge } from '#templates/components/badge.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { erasedWords } from '#templates/privacy/erased-words.ts'
import { codeText } from './code-messages.ts'
import { resultMessages } from './messages.ts'
import { dateOf } from './percent.ts'
import { ROW_COLOURS } from './recipients.tsx'
import { Decisions, HeldDecisions } from './unknown-ones.tsx'

/** One line of the timeline. `kind` is the name of its text. */
export type TimelineEntry = { at: string; text: string; detail: string | null; inboundId: number | null }

/** A mail to this recipient, and what was kept of it. `text`: its plain words. */
export type ShownMail = {
  row: RecipientRow
  reason: string | null
  timeline: TimelineEntry[]
  kept:
    | (Omit<KeptMail, 'html' | 'text' | 'evidence'> & {
        hasHtml: boolean
        text: string | null
        /** `label`: what it counts or names, for what does not say so itself. */
        evidence: (MessageEvidence & { label: string | null })[]
      })
    | null
}

type PageProps = { page: PageContext; campaign: Campaign; mails: readonly ShownMail[]; current: number }

/** One recipient of a campaign: each mail with what happened to it, as it was sent, and what it quotes. */
export const RecipientPage = ({ page, campaign, mails, current }: PageProps) => {
  const t = resultMessages(page.locale)
  const [first] = mails
  const row = first?.row
  return (
    <Layout page={page} title={row?.company ?? row?.address ?? ''} pretitle={campaign.name}>
      <p>
        <a href={`/campaigns/${campaign.id}#recipients`}>{t.backToCampaign}</a>
      </p>
      {row && (
        <p class="text-break-all">
          <bdi>{row.contactName ? `${row.contactName} · ${row.address}` : row.address}</bdi>
          {row.companyId !== null && row.company !== null && (
            <>
              {' · '}
              <a href={`/companies/${row.companyId}`}>{row.company}</a>
            </>
          )}
        </p>
      )}
      {mails.map((mail) => (
        <Mail page={page} campaignId={campaign.id} mail={mail} open={mail.row.id === current} />
      ))}
    </Layout>
  )
}

const Mail = (props: { page: PageContext; campaignId: number; mail: ShownMail; open: boolean }) => {
  const { page, campaignId, mail, open } = props
  const t = resultMessages(page.locale)
  const { row, reason } = mail
  return (
    <details class="card mb-3" id={`mail-${row.id}`} open={open}>
      <summary class="card-header d-block">
        <h2 class="card-title d-inline me-2">{`${t.step(row.step)} · ${row.variant}`}</h2>
        <Badge colour={ROW_COLOURS[row.state] ?? 'secondary'}>
          {codeText(page.locale, 'row', row.state)}
        </Badge>
      </summary>
      <div class="card-body">
        {reason !== null && <p>{reason}</p>}
        {row.state === 'held' && <HeldDecisions page={page} campaignId={campaignId} rowId={row.id} />}
        {row.state === 'unknown' && <Decisions page={page} campaignId={campaignId} rowId={row.id} />}
        <div class="row g-3">
          <div class="col-lg-5">
            <h3 class="h4">{t.timeline}</h3>
            <Timeline page={page} entries={mail.timeline} />
            <Facts page={page} mail={mail} />
          </div>
          <div class="col-lg-7">
            <AsSent page={page} campaignId={campaignId} mail={mail} />
          </div>
        </div>
      </div>
    </details>
  )
}

const Timeline = ({ page, entries }: { page: PageContext; entries: readonly TimelineEntry[] }) => {
  const t = resultMessages(page.locale)
  return (
    <ol class="list-unstyled">
      {entries.map(({ at, text, detail, inboundId }) => (
        <li class="mb-2">
          <div class="text-secondary small">{formatDate(page.locale, dateOf(at))}</div>
          <div>{text}</div>
          {detail !== null && (
            <div class="text-secondary small text-break-all">
              <bdi data-foreign>{detail}</bdi>
            </div>
          )}
          {inboundId !== null && <a href={`/inbox/${inboundId}`}>{t.readReply}</a>}
        </li>
      ))}
    </ol>
  )
}

const Facts = ({ page, mail }: { page: PageContext; mail: ShownMail }) => {
  const t = resultMessages(page.locale)
  const { row, kept } = mail
  const facts = [
    [t.account, row.account],
    [t.provider, providerName(page.locale, row.provider)],
    [t.headerId, kept?.headerId ?? null],
    [t.serverReply, row.reply ?? kept?.smtpReply ?? null],
  ] as const
  return (
    <dl class="mb-0">
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd class="text-break-all">
              <bdi data-foreign>{value}</bdi>
            </dd>
          </>
        ))}
    </dl>
  )
}

const AsSent = ({ page, campaignId, mail }: { page: PageContext; campaignId: number; mail: ShownMail }) => {
  const t = resultMessages(page.locale)
  const { kept, row } = mail
  if (!kept) return <p class="text-secondary">{t.notSentYet}</p>
  return (
    <>
      <h3 class="h4">{t.asSent}</h3>
      <p class="text-break-all">
        {`${withColon(page.locale, t.subject)} `}
        <strong>
          <bdi data-foreign>{erasedWords(page.locale, kept.subject)}</bdi>
        </strong>
      </p>
      {kept.hasHtml ? (
        <>
          <iframe
            class="mail-frame border rounded"
            src={`/campaigns/${campaignId}/recipients/${row.id}/mail`}
            sandbox=""
            title={t.asSent}
            loading="lazy"
          />
          <p class="form-hint">{t.asSentHint}</p>
        </>
      ) : (
        <p class="text-secondary">{t.bodyForgotten}</p>
      )}
      {kept.text !== null && (
        <details class="mb-3">
          <summary>{t.asText}</summary>
          <pre class="mail-text mt-2" data-foreign tabindex={0}>
            {kept.text}
          </pre>
        </details>
      )}
      <Evidence page={page} kept={kept} />
      <Links page={page} links={kept.links} />
    </>
  )
}

const Evidence = ({ page, kept }: { page: PageContext; kept: NonNullable<ShownMail['kept']> }) => {
  const t = resultMessages(page.locale)
  const { evidence } = kept
  return (
    <section class="mb-3">
      <h3 class="h4">{t.evidence}</h3>
      {evidence.length === 0 ? (
        <p class="text-secondary">{t.noEvidence}</p>
      ) : (
        <>
          <p class="text-secondary">{t.evidenceHint}</p>
          <ul>
            {evidence.map((one) => (
              <li class="text-break-all">
                {one.label !== null && t.labelled(one.label)}
                <bdi data-foreign>{one.evidence}</bdi>
                {one.foundAt !== null && ` (${t.seenOn(formatDate(page.locale, dateOf(one.foundAt)))})`}
                {one.pageUrl !== null && (
                  <>
                    {' – '}
                    <OutsideLink url={one.pageUrl} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const Links = ({ page, links }: { page: PageContext; links: readonly KeptMail['links'][number][] }) => {
  const shown = links.filter(({ honeypot }) => !honeypot)
  if (shown.length === 0) return null
  return (
    <section>
      <h3 class="h4">{resultMessages(page.locale).links}</h3>
      <ul class="mb-0">
        {shown.map(({ target }) => (
          <li>
            <OutsideLink url={target} />
          </li>
        ))}
      </ul>
    </section>
  )
}
