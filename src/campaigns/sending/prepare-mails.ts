import type { Deps } from '#src/deps.ts'
import type { SendingAccount } from '#src/mail/accounts/read-account.ts'
import { answerSubject } from '#src/mail/answer-subject.ts'
import { asciiDomain, composeMail, newMessageId } from '#src/mail/compose-mail.ts'
import { footerOf, type Origin } from '#src/mail/footer.ts'
import { originKey, readOrigins } from '#src/mail/queries-origins.ts'
import { plainText } from '#src/mail/plain-text.ts'
import { trackHtml } from '#src/mail/track-html.ts'
import { withTail } from '#src/mail/mail-tail.ts'
import { verpAddress } from '#src/mail/verp.ts'
import { honeypotTarget } from '#src/tracking/honeypot.ts'
import { messageLinks } from '#src/tracking/message-links.ts'
import { newMessageKey, type Mode } from '#src/tracking/token.ts'
import { readTrackingSettings, signingKeys, type TrackingSettings } from '#src/tracking/tracking-settings.ts'
import { checkDue } from '../planning/check-due.ts'
import { renderMessage, type RenderedMessage } from '../templates/render.ts'
import { readValues, valuesKey, type Values } from '../templates/values.ts'
import type { KnownCampaign, KnownCampaigns, Variant } from './known-campaigns.ts'
import type { Claimed, Prepared } from './ledger.ts'
import { findStale, findThreads, findWithdrawn, type ThreadMail } from './queries-claim.ts'
import type { Return } from './queries-commit.ts'

const PLACE = /\{\{\s*unsubscribe_url\s*\}\}/g
/** Pages are answered, and servers spoken with, while mails are made: so many milliseconds at a time. */
const AT_A_TIME_MS = 2

type Needs = Pick<Deps, 'db' | 'clock' | 'keys'> & {
  baseUrl: string
  campaigns: KnownCampaigns
}

/** What is the same for all mails of a batch. */
type Batch = {
  account: SendingAccount
  baseUrl: string
  tracking: TrackingSettings
  keys: ReturnType<typeof signingKeys>
  origins: Map<string, Origin>
  withdrawn: Set<string>
  threads: Map<number, ThreadMail>
  /** As text. */
  signature: string
  now: Date
}

/** Makes the mails of claimed rows: rendered, with footer, tracking and thread, as they go over the wire. In a constant
 *  number of queries, whatever the number of rows. What cannot be sent comes back with its reason. */
export const prepareMails = async (
  needs: Needs,
  account: SendingAccount,
  claimed: readonly Claimed[],
): Promise<{ mails: Prepared[]; returns: Return[] }> => {
  const { db, clock, keys, baseUrl } = needs
  const now = clock.now()
  const campaigns = await needs.campaigns([...new Set(claimed.map(({ campaignId }) => campaignId))])
  const mails: Prepared[] = []
  const returns: Return[] = []
  const isFollowUp = ({ campaignId, stepId }: Claimed): boolean =>
    (campaigns.get(campaignId)?.steps.find(({ id }) => id === stepId)?.position ?? 0) > 0
  const followUps = claimed.filter(isFollowUp).map(({ id }) => id)
  const ids = claimed.map(({ id }) => id)
  const [stopped, stale, threads, tracking, origins, withdrawn] = await Promise.all([
    checkDue(db, ids),
    findStale(db, ids, now),
    followUps.length > 0 ? findThreads(db, followUps) : new Map<number, ThreadMail>(),
    readTrackingSettings(db),
    readOrigins(db, claimed),
    findWithdrawn(
      db,
      claimed.map(({ address }) => address),
    ),
  ])
  const batch = {
    account,
    baseUrl,
    tracking,
    keys: signingKeys(keys.links, tracking),
    origins,
    withdrawn,
    threads,
    signature: account.signature.trim() === '' ? '' : `\n${plainText(account.signature)}`,
    now,
  }
  for (const [campaignId, rows] of Map.groupBy(claimed, (row) => row.campaignId)) {
    const campaign = campaigns.get(campaignId)
    const going = rows.filter(({ id }) => !stopped.has(id) && !stale.has(id))
    if (!campaign) {
      for (const { id } of rows) returns.push({ id, state: 'skipped', reason: 'campaign_deleted' })
      continue
    }
    const { sender, organisation } = account
    const hasSignature = account.signature.trim() !== ''
    const values = await readValues(db, going, {
      locale: campaign.locale,
      sender: { ...sender, organisation, hasSignature },
      now,
      variables: [...campaign.compiled.values()].flatMap((variant) => variant?.message.variables ?? []),
    })
    let since = performance.now()
    for (const row of going) {
      const made = prepareMail(batch, campaign, row, values.get(valuesKey(row)))
      if ('state' in made) returns.push(made)
      else mails.push(made)
      if (performance.now() - since < AT_A_TIME_MS) continue
      await new Promise(setImmediate)
      since = performance.now()
    }
  }
  for (const [id, reason] of stopped) returns.push({ id, state: 'skipped', reason })
  for (const id of stale) if (!stopped.has(id)) returns.push({ id, state: 'held', reason: 'stale' })
  return { mails, returns }
}

const prepareMail = (
  batch: Batch,
  campaign: KnownCampaign,
  row: Claimed,
  values: Values | undefined,
): Prepared | Return => {
  const { id } = row
  const variant = campaign.compiled.get(row.variantId)
  if (!variant || !values) return { id, state: 'held', reason: 'bad_message' }
  const rendered = renderOrNull(variant, values)
  if (!rendered) return { id, state: 'held', reason: 'bad_message' }
  if (rendered.missing.length > 0)
    return { id, state: 'held', reason: 'missing_values', reply: rendered.missing.join(', ') }
  if (!variant.message.followsThread) return composed(batch, campaign, row, { rendered, variant })
  const thread = batch.threads.get(id)
  if (!thread) return { id, state: 'held', reason: 'missing_values', reply: 'subject' }
  const subject = answerSubject(thread.subject)
  return composed(batch, campaign, row, { rendered: { ...rendered, subject }, variant })
}

const renderOrNull = (variant: NonNullable<Variant>, values: Values): RenderedMessage | null => {
  try {
    return renderMessage(variant.message, values)
  } catch {
    return null
  }
}

const composed = (
  batch: Batch,
  campaign: KnownCampaign,
  row: Claimed,
  { rendered, variant }: { rendered: RenderedMessage; variant: NonNullable<Variant> },
): Prepared => {
  const { account, baseUrl, tracking, now } = batch
  const { locale } = campaign
  const token = newMessageKey()
  const counted = (mode: Mode): Mode =>
    mode === 'individual' && batch.withdrawn.has(row.address.toLowerCase()) ? 'aggregate' : mode
  const opens = counted(campaign.opens ?? tracking.opens)
  const clicks = counted(campaign.clicks ?? tracking.clicks)
  const links = messageLinks(
    batch.keys,
    baseUrl,
    { token, campaignId: campaign.id, locale, opens, clicks },
    now,
  )
  const origin = batch.origins.get(originKey(row)) ?? { how: 'hand', at: null }
  const footer = footerOf(account, { origin, locale, unsubscribeUrl: links.unsubscribeUrl })
  const tracked = trackHtml(withTail(rendered.html, account.signature, footer.html), {
    links,
    locale,
    honeypotTarget: tracking.honeypot && clicks !== 'off' ? honeypotTarget(baseUrl) : null,
    hasUnsubscribe: true,
  })
  const text = `${rendered.text.replace(PLACE, () => links.unsubscribeUrl)}${batch.signature}\n${footer.text}\n`
  const thread = batch.threads.get(row.id)
  const messageId = newMessageId(account.sender)
  const envelopeFrom = account.verp ? asciiDomain(verpAddress(account.sender, token)) : null
  const to = { name: row.contactName ?? '', address: row.address }
  const { envelope, message } = composeMail({
    from: account.sender,
    to,
    replyTo: account.replyTo,
    subject: rendered.subject,
    html: tracked.html,
    text,
    messageId,
    unsubscribeUrl: links.unsubscribeUrl,
    at: now,
    inReplyTo: thread?.messageId ?? null,
    references: thread?.references ?? [],
    images: variant.images,
    ...(envelopeFrom === null ? {} : { envelopeFrom }),
  })
  const position = campaign.steps.find(({ id }) => id === row.stepId)?.position ?? 0
  return {
    row,
    calendar: campaign.calendar,
    hasNext: campaign.steps.some((step) => step.position > position),
    envelope,
    message,
    kept: {
      token,
      recipient: row.address,
      subject: rendered.subject,
      html: packed(tracked.html),
      text: packed(text),
      locale,
      opens,
      clicks,
      messageId,
      envelopeFrom,
      inReplyTo: thread?.messageId ?? null,
      references: thread ? thread.references.join(' ') : null,
      evidence: rendered.evidence,
      links: tracked.links,
    },
  }
}

const packed = (text: string): string => Buffer.from(Bun.gzipSync(text, { level: 1 })).toString('base64')
