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

const isOpen = ({ state }: Campaign): boolean =>
  state === 'scheduled' || state === 'running' || state === 'paused'

/** What moves a campaign on or stops it, at this moment. */
export const StateActions = ({ page, campaign }: { page: PageContext; campaign: Campaign }) => {
  const t = resultMessages(page.locale)
  const { id, state } = campaign
  const path = `/campaigns/${id}`
  if (!isOpen(campaign)) return null
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

/** What else can be done with it. */
export const CampaignActions = ({ page, campaign }: { page: PageContext; campaign: Campaign }) => {
  const t = resultMessages(page.locale)
  return (
    <div class="dropdown">
      <button class="btn dropdown-toggle" type="button" data-bs-toggle="dropdown" aria-expanded="false">
        {t.more}
      </button>
      <div class="dropdown-menu dropdown-menu-end">
        <Others page={page} campaign={campaign} open={isOpen(campaign)} />
      </div>
    </div>
  )
}

const Others = ({ page, campaign, open }: { page: PageContext; campaign: Campaign; open: boolean }) => {
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
      {isReal && !open && (
        <Action page={page} path={`${path}/relaunch`} icon="refresh" text={t.relaunch} look={item} />
      )}
      {!open && (
        <Action
          page={page}
          path={`${path}/delete`}
          icon="trash"
          text={t.delete}
          look={item}
          confirm={t.confirmDelete}
        />
      )}
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
