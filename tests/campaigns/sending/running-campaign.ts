import type { Db } from '#src/db/open.ts'
import { campaignMessages, campaigns, campaignSteps, campaignVariants } from '#src/campaigns/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'

export const HTML =
  '<html><body><p>Bonjour, votre site <a href="https://exemple.fr/">exemple.fr</a> mérite mieux.</p></body></html>'

/** An account that sends to a port of this machine without login. */
export const newAccount = async (
  db: Db,
  port: number,
  given: Partial<typeof mailAccounts.$inferInsert> = {},
) => {
  const name = `compte-${Math.random().toString(36).slice(2, 10)}`
  const [account] = await db
    .insert(mailAccounts)
    .values({
      slug: name,
      label: name,
      senderName: 'Jean Été',
      senderAddress: 'jean@agence.fr',
      organisation: 'Agence Été',
      contactLine: '1 rue des Lilas, 57000 Metz',
      host: '127.0.0.1',
      port,
      tls: 'none',
      ...given,
    })
    .returning()
  return account!
}

type Given = {
  campaign?: Partial<typeof campaigns.$inferInsert>
  subject?: string
  html?: string
  steps?: number
  /** With companies of their own. */
  companies?: boolean
}

/** A running campaign with the given addresses in its ledger, all of them due. */
export const newCampaign = async (db: Db, accountId: number, addresses: string[], given: Given = {}) => {
  const [campaign] = await db
    .insert(campaigns)
    .values({
      name: 'Essai',
      state: 'running',
      audience: {
        mode: 'picked',
        filter: '',
        segmentId: null,
        objective: null,
        groupIds: [],
        companyIds: [],
        excludedIds: [],
      },
      recipients: { perCompany: 1, roles: [], freeProviders: false, notContactedDays: null },
      accountIds: [accountId],
      startedAt: new Date(),
      plannedAt: new Date(),
      ...given.campaign,
    })
    .returning()
  const steps = await db
    .insert(campaignSteps)
    .values(
      Array.from({ length: given.steps ?? 1 }, (_, position) => ({
        campaignId: campaign!.id,
        position,
        delayDays: position,
      })),
    )
    .returning()
  const variants = await db
    .insert(campaignVariants)
    .values(
      steps.map(({ id }) => ({
        stepId: id,
        label: 'A',
        subject: given.subject ?? 'Votre site à l’été',
        html: given.html ?? HTML,
      })),
    )
    .returning()
  const rows = await addRows(
    db,
    { campaignId: campaign!.id, stepId: steps[0]!.id, variantId: variants[0]!.id, accountId },
    addresses,
    given.companies,
  )
  return { campaign: campaign!, steps, variants, rows }
}

const PER_INSERT = 2_000

const addRows = async (
  db: Db,
  of: { campaignId: number; stepId: number; variantId: number; accountId: number },
  addresses: string[],
  withCompanies = false,
) => {
  const made: (typeof campaignMessages.$inferSelect)[] = []
  for (let at = 0; at < addresses.length; at += PER_INSERT) {
    const some = addresses.slice(at, at + PER_INSERT)
    const owners = withCompanies
      ? await db
          .insert(companies)
          .values(some.map((address) => ({ name: `Société ${address}` })))
          .returning({ id: companies.id })
      : []
    made.push(
      ...(await db
        .insert(campaignMessages)
        .values(
          some.map((address, place) => ({
            ...of,
            address,
            companyId: owners[place]?.id ?? null,
            provider: address.slice(address.lastIndexOf('@') + 1),
            dueAt: new Date(Date.now() - 60_000),
          })),
        )
        .returning()),
    )
  }
  return made
}
