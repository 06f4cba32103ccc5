import type { Child } from 'hono/jsx'
import { CsrfField } from '#templates/components/form.tsx'
import type { PageContext } from '#templates/page.ts'
import { resultMessages } from './messages.ts'

type Waiting = { page: PageContext; campaignId: number; count: number }
type Decided = { page: PageContext; campaignId: number; rowId: number | null }

/** Mails whose outcome nobody knows, and the decision that is a person's. */
export const UnknownOnes = ({ page, campaignId, count }: Waiting) => {
  const t = resultMessages(page.locale)
  const texts = { title: t.unknownTitle(count), text: t.unknownText, see: t.seeUnknown }
  if (count === 0) return null
  return (
    <Alert look="warning" what="unknown" campaignId={campaignId} texts={texts}>
      <Decisions page={page} campaignId={campaignId} rowId={null} />
    </Alert>
  )
}

/** Counting as sent or sending again, one ledger row or all of the campaign. */
export const Decisions = ({ page, campaignId, rowId }: Decided) => {
  const t = resultMessages(page.locale)
  const one = rowId !== null
  return (
    <Choices
      page={page}
      campaignId={campaignId}
      rowId={rowId}
      what="unknown"
      first={{ value: 'count', label: one ? t.countSentOne : t.countSent }}
      second={{ value: 'resend', label: one ? t.resendOne : t.resend, confirm: t.confirmResend }}
    />
  )
}

/** Mails that wait for something to be done, and what can be decided about them. */
export const HeldOnes = ({ page, campaignId, count }: Waiting) => {
  const t = resultMessages(page.locale)
  const texts = { title: t.heldTitle(count), text: t.heldText, see: t.seeHeld }
  if (count === 0) return null
  return (
    <Alert look="info" what="held" campaignId={campaignId} texts={texts}>
      <HeldDecisions page={page} campaignId={campaignId} rowId={null} />
    </Alert>
  )
}

/** Trying again or giving up, one ledger row or all that the campaign holds. */
export const HeldDecisions = ({ page, campaignId, rowId }: Decided) => {
  const t = resultMessages(page.locale)
  const one = rowId !== null
  return (
    <Choices
      page={page}
      campaignId={campaignId}
      rowId={rowId}
      what="held"
      first={{ value: 'release', label: one ? t.releaseOne : t.release }}
      second={{ value: 'skip', label: one ? t.skipOne : t.skip, confirm: t.confirmSkip }}
    />
  )
}

type What = 'unknown' | 'held'

const Alert = (props: {
  look: 'warning' | 'info'
  what: What
  campaignId: number
  texts: { title: string; text: string; see: string }
  children: Child
}) => (
  <div class={`alert alert-${props.look} d-block`} id={props.what} role="status">
    <h2 class="alert-title">{props.texts.title}</h2>
    <p>{props.texts.text}</p>
    <div class="d-flex flex-wrap gap-2">
      <a class="btn" href={`/campaigns/${props.campaignId}?filter=${props.what}#recipients`}>
        {props.texts.see}
      </a>
      {props.children}
    </div>
  </div>
)

const Choices = (
  props: Decided & {
    what: What
    first: { value: string; label: string }
    second: { value: string; label: string; confirm: string }
  },
) => {
  const { page, campaignId, rowId, what, first, second } = props
  const size = rowId === null ? 'btn' : 'btn btn-sm'
  return (
    <form
      method="post"
      action={`/campaigns/${campaignId}/${what}`}
      class="d-flex flex-wrap gap-2 m-0"
      id={`${what === 'unknown' ? 'decide' : 'held'}-${rowId ?? 'all'}`}
    >
      <CsrfField token={page.csrf} />
      {rowId !== null && <input type="hidden" name="ids" value={rowId} />}
      <button class={size} type="submit" name="do" value={first.value}>
        {first.label}
      </button>
      <button class={size} type="submit" name="do" value={second.value} data-confirm={second.confirm}>
        {second.label}
      </button>
    </form>
  )
}
