import type { Campaign } from '#src/campaigns/planning/queries-states.ts'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon, type IconName } from '#templates/components/icon.tsx'
import type { PageContext } from '#templates/page.ts'
import { resultMessages } from './messages.ts'

type ActionProps = {
  page: PageContext
  path: string
  icon: IconName
  text: string
  confirm?: string
  look?: string
}

/** Whether something of it may still be sent. */
export const isOpen = ({ state }: Campaign): boolean =>
  state === 'scheduled' || state === 'running' || state === 'paused'

/** What moves a campaign on or stops it at this moment; of one that has ended, what comes next. */
export const StateActions = ({ page, campaign }: { page: PageContext; campaign: Campaign }) => {
  const t = resultMessages(page.locale)
  const { id, state } = campaign
  const path = `/campaigns/${id}`
  if (!isOpen(campaign)) return <EndActions page={page} campaign={campaign} />
  return (
    <div class="d-flex flex-wrap gap-2 mb-3" id="state-actions">
      {state !== 'paused' && <Action page={page} path={`${path}/pause`} icon="pause" text={t.pause} />}
      {state === 'scheduled' && (
        <Action page={page} path={`${path}/unschedule`} icon="edit" text={t.unschedule} />
      )}
      {state === 'paused' && (
        <Action page={page} path={`${path}/resume`} icon="play" text={t.resume} look="btn btn-primary" />
      )}
      <Action page={page} path={`${path}/cancel`} icon="x" text={t.cancel} confirm={t.confirmCancel} />
    </div>
  )
}

const EndActions = ({ page, campaign }: { page: PageContext; campaign: Campaign }) => {
  const t = resultMessages(page.locale)
  const path = `/campaigns/${campaign.id}`
  return (
    <div class="d-flex flex-wrap gap-2 mb-3" id="state-actions">
      {campaign.kind === 'real' && (
        <Action page={page} path={`${path}/relaunch`} icon="refresh" text={t.relaunch} />
      )}
      <Action page={page} path={`${path}/delete`} icon="trash" text={t.delete} confirm={t.confirmDelete} />
    </div>
  )
}

/** What else can be done with it, whatever its state. */
export const CampaignActions = ({ page, campaign }: { page: PageContext; campaign: Campaign }) => {
  const t = resultMessages(page.locale)
  return (
    <div class="dropdown">
      <button class="btn dropdown-toggle" type="button" data-bs-toggle="dropdown" aria-expanded="false">
        {t.more}
      </button>
      <div class="dropdown-menu dropdown-menu-end">
        <Others page={page} campaign={campaign} />
      </div>
    </div>
  )
}

const Others = ({ page, campaign }: { page: PageContext; campaign: Campaign }) => {
  const t = resultMessages(page.locale)
  const path = `/campaigns/${campaign.id}`
  const isReal = campaign.kind === 'real'
  const item = 'dropdown-item'
  return (
    <>
      <a class={item} href={`${path}/export?format=csv`}>
        <Icon name="download" /> {t.csv}
      </a>
      <a class={item} href={`${path}/export?format=xlsx`}>
        <Icon name="download" /> {t.xlsx}
      </a>
      {isReal && <Action page={page} path={`${path}/report`} icon="mail" text={t.reportOne} look={item} />}
      {isReal && <Action page={page} path={`${path}/rehearse`} icon="play" text={t.rehearse} look={item} />}
      <Action page={page} path={`${path}/duplicate`} icon="plus" text={t.duplicate} look={item} />
    </>
  )
}

const Action = ({ page, path, icon, text, confirm, look = 'btn' }: ActionProps) => (
  <form method="post" action={path} class="m-0">
    <CsrfField token={page.csrf} />
    <button class={look} type="submit" data-confirm={confirm}>
      <Icon name={icon} /> {text}
    </button>
  </form>
)
