import type { StoredNumbers } from '#src/campaigns/results/queries-numbers.ts'
import type { LogEntry } from '#src/campaigns/results/queries-campaign.ts'
import type { Campaign } from '#src/campaigns/planning/queries-states.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { providerName } from '#src/mail/limits/messages.ts'
import { Badge } from '#templates/components/badge.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { CampaignActions, isOpen, StateActions } from './campaign-actions.tsx'
import { Chart } from './chart.tsx'
import { Funnel } from './funnel.tsx'
import { Leads } from './leads.tsx'
import { codeMessages, codeText } from './code-messages.ts'
import { resultMessages } from './messages.ts'
import { Parts } from './parts.tsx'
import { dateOf } from './percent.ts'
import { Recipients, type RecipientList } from './recipients.tsx'
import { HeldOnes, UnknownOnes } from './unknown-ones.tsx'

export type CampaignView = {
  campaign: Campaign
  stored: StoredNumbers
  /** Why it stands still, in words. */
  pauseText: string | null
}

type PageProps = { page: PageContext; view: CampaignView; list: RecipientList; log: readonly LogEntry[] }

/** A campaign that has started: what became of its mails, live, and everybody it writes to. */
export const CampaignPage = ({ page, view, list, log }: PageProps) => {
  const t = resultMessages(page.locale)
  const { campaign } = view
  return (
    <Layout
      page={page}
      title={campaign.name}
      pretitle={campaign.kind === 'rehearsal' ? t.rehearsal : t.campaigns}
      actions={<CampaignActions page={page} campaign={campaign} />}
    >
      <p>
        <a href="/campaigns">{t.campaigns}</a>
      </p>
      <div
        hx-sse:connect={`/campaigns/${campaign.id}/events`}
        hx-swap="innerMorph"
        hx-target="this"
        data-keep-focus
      >
        <LiveResults page={page} view={view} />
      </div>
      <Recipients
        page={page}
        campaignId={campaign.id}
        list={list}
        counts={view.stored.numbers.counts}
        live={isOpen(campaign)}
      />
      <Log page={page} log={log} />
    </Layout>
  )
}

/** The part of the page that keeps itself up to date. */
export const LiveResults = ({ page, view }: { page: PageContext; view: CampaignView }) => {
  const t = resultMessages(page.locale)
  const { campaign, stored } = view
  const { numbers } = stored
  return (
    <>
      <State page={page} view={view} />
      <StateActions page={page} campaign={campaign} />
      <UnknownOnes page={page} campaignId={campaign.id} count={numbers.counts.unknown} />
      <HeldOnes page={page} campaignId={campaign.id} count={numbers.counts.held} />
      <div class="row g-3">
        <div class="col-lg-7">
          <Funnel page={page} id={campaign.id} numbers={numbers} />
        </div>
        <div class="col-lg-5">
          <Leads page={page} id={campaign.id} leads={numbers.leads} />
        </div>
      </div>
      <Chart page={page} numbers={numbers} />
      <Parts page={page} id="by-variant" title={t.byVariant} parts={numbers.variants} />
      <Parts page={page} id="by-sector" title={t.bySector} hint={t.largestTen} parts={numbers.sectors} />
      <Parts
        page={page}
        id="by-provider"
        title={t.byProvider}
        hint={t.largestTen}
        parts={numbers.providers}
        nameOf={(provider) => providerName(page.locale, provider)}
      />
    </>
  )
}

const COLOURS: Record<string, string> = {
  draft: 'secondary',
  scheduled: 'azure',
  running: 'blue',
  paused: 'yellow',
  completed: 'green',
  completed_with_errors: 'orange',
  failed: 'red',
  cancelled: 'secondary',
}

const State = ({ page, view }: { page: PageContext; view: CampaignView }) => {
  const t = resultMessages(page.locale)
  const { campaign, stored, pauseText } = view
  const { state, scheduledAt, startedAt, finishedAt } = campaign
  const when =
    state === 'scheduled' && scheduledAt
      ? t.scheduledFor(formatDate(page.locale, scheduledAt))
      : finishedAt
        ? t.finishedAt(formatDate(page.locale, finishedAt))
        : startedAt
          ? t.startedAt(formatDate(page.locale, startedAt))
          : null
  const preparing = state === 'running' && campaign.plannedAt === null
  return (
    <div class="mb-3" id="state">
      {campaign.kind === 'rehearsal' && (
        <div class="alert alert-info" role="status">
          {t.rehearsalText}
        </div>
      )}
      <p class="mb-2">
        <Badge colour={COLOURS[state] ?? 'secondary'}>{codeText(page.locale, 'state', state)}</Badge>{' '}
        {preparing ? t.preparing : when}
      </p>
      {state === 'paused' && (
        <div class="alert alert-warning" role="status">
          {pauseText ?? t.pausedByHand}
        </div>
      )}
      <p class="text-secondary small mb-0">{t.countedAt(formatDate(page.locale, stored.countedAt))}</p>
    </div>
  )
}

const Log = ({ page, log }: { page: PageContext; log: readonly LogEntry[] }) => {
  const t = resultMessages(page.locale)
  return (
    <details class="mb-3" id="log">
      <summary>{t.history}</summary>
      <ul class="list-unstyled mt-2">
        {log.map(({ at, kind, userName, detail }) => (
          <li class="text-break-all">
            {[
              formatDate(page.locale, dateOf(at)),
              logText(page, kind),
              userName === null ? null : t.byUser(userName),
              typeof detail['reason'] === 'string' ? detail['reason'] : null,
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </li>
        ))}
      </ul>
    </details>
  )
}

const logText = (page: PageContext, kind: string): string => {
  const text = codeText(page.locale, 'log', kind)
  return text === kind ? codeMessages(page.locale).log_other : text
}
