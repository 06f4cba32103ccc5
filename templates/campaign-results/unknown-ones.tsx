import { CsrfField } from '#templates/components/form.tsx'
import type { PageContext } from '#templates/page.ts'
import { resultMessages } from './messages.ts'

/** Mails whose outcome nobody knows, and the decision that is a person's. */
export const UnknownOnes = (props: { page: PageContext; campaignId: number; count: number }) => {
  const { page, campaignId, count } = props
  const t = resultMessages(page.locale)
  if (count === 0) return null
  return (
    <div class="alert alert-warning d-block" id="unknown" role="status">
      <h2 class="alert-title">{t.unknownTitle(count)}</h2>
      <p>{t.unknownText}</p>
      <div class="d-flex flex-wrap gap-2">
        <a class="btn" href={`/campaigns/${campaignId}?filter=unknown#recipients`}>
          {t.seeUnknown}
        </a>
        <Decisions page={page} campaignId={campaignId} rowId={null} />
      </div>
    </div>
  )
}

/** The two decisions, about one ledger row or about all of the campaign. */
export const Decisions = (props: { page: PageContext; campaignId: number; rowId: number | null }) => {
  const { page, campaignId, rowId } = props
  const t = resultMessages(page.locale)
  const size = rowId === null ? 'btn' : 'btn btn-sm'
  return (
    <form
      method="post"
      action={`/campaigns/${campaignId}/unknown`}
      class="d-flex flex-wrap gap-2 m-0"
      id={`decide-${rowId ?? 'all'}`}
    >
      <CsrfField token={page.csrf} />
      {rowId !== null && <input type="hidden" name="ids" value={rowId} />}
      <button class={size} type="submit" name="do" value="count">
        {rowId === null ? t.countSent : t.countSentOne}
      </button>
      <button class={size} type="submit" name="do" value="resend" data-confirm={t.confirmResend}>
        {rowId === null ? t.resend : t.resendOne}
      </button>
    </form>
  )
}

/** Mails that wait for something to be done, and what can be decided about them. */
export const HeldOnes = (props: { page: PageContext; campaignId: number; count: number }) => {
  const { page, campaignId, count } = props
  const t = resultMessages(page.locale)
  if (count === 0) return null
  return (
    <div class="alert alert-info d-block" id="held" role="status">
      <h2 class="alert-title">{t.heldTitle(count)}</h2>
      <p>{t.heldText}</p>
      <div class="d-flex flex-wrap gap-2">
        <a class="btn" href={`/campaigns/${campaignId}?filter=held#recipients`}>
          {t.seeHeld}
        </a>
        <HeldDecisions page={page} campaignId={campaignId} rowId={null} />
      </div>
    </div>
  )
}

/** Trying again or giving up, one ledger row or all that the campaign holds. */
export const HeldDecisions = (props: { page: PageContext; campaignId: number; rowId: number | null }) => {
  const { page, campaignId, rowId } = props
  const t = resultMessages(page.locale)
  const size = rowId === null ? 'btn' : 'btn btn-sm'
  return (
    <form
      method="post"
      action={`/campaigns/${campaignId}/held`}
      class="d-flex flex-wrap gap-2 m-0"
      id={`held-${rowId ?? 'all'}`}
    >
      <CsrfField token={page.csrf} />
      {rowId !== null && <input type="hidden" name="ids" value={rowId} />}
      <button class={size} type="submit" name="do" value="release">
        {rowId === null ? t.release : t.releaseOne}
      </button>
      <button class={size} type="submit" name="do" value="skip" data-confirm={t.confirmSkip}>
        {rowId === null ? t.skip : t.skipOne}
      </button>
    </form>
  )
}
