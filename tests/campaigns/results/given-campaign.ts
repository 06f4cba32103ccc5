import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { campaignMessages, campaigns, campaignSteps, campaignVariants } from '#src/campaigns/schema.ts'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { messageLinks, messages, trackingEvents } from '#src/tracking/schema.ts'

const EVERYBODY = {
  mode: 'filter' as const,
  filter: '',
  segmentId: null,
  objective: null,
  groupIds: [],
  companyIds: [],
  excludedIds: [],
}
const ANYBODY = { perCompany: 1, roles: [], freeProviders: false, notContactedDays: null }

type Row = Partial<typeof campaignMessages.$inferInsert>

/** A campaign straight in the tables: one account, `steps` steps of one variant each. */
export const givenCampaign = async (
  db: Db,
  given: Partial<typeof campaigns.$inferInsert> & { steps?: number } = {},
) => {
  const { steps: count = 1, ...values } = given
  const [account] = await db
    .insert(mailAccounts)
    .values({
      slug: `a-${randomBytes(4).toString('hex')}`,
      label: 'Agence',
      senderAddress: 'jean@agence.example',
      host: '127.0.0.1',
      port: 25,
      tls: 'none',
    })
    .returning()
  const [campaign] = await db
    .insert(campaigns)
    .values({
      name: 'Sites lents',
      state: 'running',
      audience: EVERYBODY,
      recipients: ANYBODY,
      accountIds: [account!.id],
      startedAt: new Date(),
      plannedAt: new Date(),
      ...values,
    })
    .returning()
  const steps: { id: number; variantId: number }[] = []
  for (let position = 0; position < count; position++) {
    const [step] = await db
      .insert(campaignSteps)
      .values({ campaignId: campaign!.id, position, delayDays: position * 3 })
      .returning()
    const [variant] = await db
      .insert(campaignVariants)
      .values({ stepId: step!.id, label: 'A', subject: `Objet ${position + 1}`, html: '<p>Bonjour</p>' })
      .returning()
    steps.push({ id: step!.id, variantId: variant!.id })
  }
  return { campaign: campaign!, account: account!, steps }
}

export type GivenCampaign = Awaited<ReturnType<typeof givenCampaign>>

let mails = 0

/** A row of the ledger; one that was sent has its mail with it. */
export const givenRow = async (
  db: Db,
  { campaign, account, steps }: GivenCampaign,
  given: Row & {
    step?: number
    company?: Partial<typeof companies.$inferInsert>
    html?: string
    links?: string[]
  } = {},
) => {
  const { step: place = 0, company, html = '<p>Bonjour</p>', links = [], ...values } = given
  mails += 1
  const step = steps[place]!
  const address = values.address ?? `anne${mails}@garage${mails}.example`
  let companyId = values.companyId ?? null
  if (companyId === null) {
    const [made] = await db
      .insert(companies)
      .values({ name: `Garage ${mails}`, ...company })
      .returning()
    companyId = made!.id
  }
  const state = values.state ?? 'sent'
  const isSent = !['planned', 'held', 'claimed', 'skipped', 'failed'].includes(state)
  let messageId: number | null = null
  if (isSent) {
    const [message] = await db
      .insert(messages)
      .values({
        token: randomBytes(16).toString('base64url'),
        companyId,
        campaignId: campaign.id,
        recipient: address,
        subject: 'Votre site',
        html: Bun.gzipSync(html),
        text: Bun.gzipSync('Bonjour'),
        opens: 'individual',
        clicks: 'individual',
        state: state === 'unknown' ? 'unknown' : 'sent',
        evidence: [
          { id: 'findings_count', evidence: '17', pageUrl: null, foundAt: null },
          { id: 'speed.slow', evidence: 'Le site met 6 s à s’afficher', pageUrl: null, foundAt: null },
        ],
        sentAt: new Date(),
      })
      .returning()
    messageId = message!.id
    if (links.length > 0)
      await db
        .insert(messageLinks)
        .values(links.map((target, position) => ({ messageId: message!.id, position, target })))
  }
  const [row] = await db
    .insert(campaignMessages)
    .values({
      campaignId: campaign.id,
      stepId: step.id,
      variantId: step.variantId,
      companyId,
      accountId: account.id,
      address,
      provider: 'ovh',
      dueAt: new Date(),
      messageId,
      ...(isSent && state !== 'unknown' ? { sentAt: new Date() } : {}),
      ...values,
      state,
    })
    .returning()
  return row!
}

/** A hit of a ledger row's mail, judged. */
export const givenHit = async (
  db: Db,
  campaignId: number,
  messageId: number | null,
  type: 'open' | 'click' | 'unsubscribe',
  verdict: 'human' | 'machine' | null = 'human',
) => {
  await db.insert(trackingEvents).values({
    eventId: Bun.randomUUIDv7(),
    at: new Date(),
    type,
    messageId,
    campaignId,
    verdict,
    facts: { method: 'GET' },
    judgedAt: verdict === null ? null : new Date(),
  })
}

/** The state of a ledger row now. */
export const stateOf = async (db: Db, id: number): Promise<string | undefined> =>
  (await db.select().from(campaignMessages).where(eq(campaignMessages.id, id)))[0]?.state
