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
  primary?: boolean
}

/** What can be done with a campaign at this moment. */
export const CampaignActions = ({ page, campaign }: { page: PageContext; campaign: Campaign }) => {
  const t = resultMessages(page.locale)
  const { id, state } = campaign
  const path = `/campaigns/${id}`
  const open = state === 'scheduled' || state === 'running' || state === 'paused'
  return (
    <>
      {(state === 'running' || state === 'scheduled') && (
        <Action page={page} path={`${path}/pause`} icon="pause" text={t.pause} />
      )}
      {state === 'paused' && (
        <Action page={page} path={`${path}/resume`} icon="play" text={t.resume} primary />
      )}
      {open && (
        <Action page={page} path={`${path}/cancel`} icon="x" text={t.cancel} confirm={t.confirmCancel} />
      )}
      {!open && campaign.kind === 'real' && (
        <Action page={page} path={`${path}/relaunch`} icon="refresh" text={t.relaunch} />
      )}
      <Action page={page} path={`${path}/duplicate`} icon="plus" text={t.duplicate} />
      {campaign.kind === 'real' && (
        <Action page={page} path={`${path}/rehearsal`} icon="play" text={t.rehearse} />
      )}
      <Action page={page} path={`${path}/report`} icon="mail" text={t.reportOne} />
      <a class="btn" href={`${path}/export?format=csv`}>
        <Icon name="download" /> {t.csv}
      </a>
      <a class="btn" href={`${path}/export?format=xlsx`}>
        <Icon name="download" /> {t.xlsx}
      </a>
    </>
  )
}

const Action = ({ page, path, icon, text, confirm, primary }: ActionProps) => (
  <form method="post" action={path} class="m-0">
    <CsrfField token={page.csrf} />
    <button class={primary ? 'btn btn-primary' : 'btn'} type="submit" data-confirm={confirm}>
      <Icon name={icon} /> {text}
    </button>
  </form>
)
