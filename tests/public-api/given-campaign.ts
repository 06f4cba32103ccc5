import type { Sql } from '#src/db/open.ts'
import { givenMessage } from './given-message.ts'

type Row = Record<string, unknown>

/** A campaign under this number with one step, straight in the tables; over unless told otherwise. */
export const givenCampaign = async (sql: Sql, id: number, values: Row = {}): Promise<void> => {
  const [account] = await sql<{ id: number }[]>`
    INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
    VALUES (${`agence-${id}`}, 'Agence', 'jean@agence.example', '127.0.0.1', 25, 'none') RETURNING id`
  const row = {
    id,
    name: `Sites lents ${id}`,
    state: 'completed',
    audience: '{}',
    recipients: '{}',
    ...values,
  }
  const columns = Object.keys(row)
  await sql.unsafe(
    `INSERT INTO campaigns (${columns.join(', ')}) OVERRIDING SYSTEM VALUE
     VALUES (${columns.map((_, place) => `$${place + 1}`).join(', ')})`,
    Object.values(row) as never[],
  )
  await sql`UPDATE campaigns SET account_ids = ARRAY[${account!.id}]::int[] WHERE id = ${id}`
  await givenStep(sql, id, 0)
}

const givenStep = async (sql: Sql, campaign: number, position: number): Promise<void> => {
  const [step] = await sql<{ id: number }[]>`
    INSERT INTO campaign_steps (campaign_id, position) VALUES (${campaign}, ${position}) RETURNING id`
  await sql`
    INSERT INTO campaign_variants (step_id, label, subject, html, template_id)
    VALUES (${step!.id}, 'A', 'Votre site', '<p>', 7)`
}

let mails = 0

/** A mail of a campaign: its row in the ledger, and what was sent of it. `state` is the ledger's. */
export const givenCampaignMail = async (
  sql: Sql,
  campaign: number,
  values: Row = {},
): Promise<number | null> => {
  const { state = 'sent', position = 0, contact_name = null, company_id = null, ...message } = values
  mails += 1
  const waits = state === 'planned' || state === 'held' || state === 'skipped'
  const kept = state === 'failed' || state === 'unknown' || state === 'sending' ? state : 'sent'
  const messageId = waits
    ? null
    : await givenMessage(sql, {
        ...message,
        company_id,
        campaign_id: campaign,
        state: kept === 'sending' ? 'waiting' : kept,
      })
  const find = () => sql<{ step: number; variant: number; account: number }[]>`
    SELECT s.id AS step, v.id AS variant, c.account_ids[1] AS account FROM campaign_steps s
    JOIN campaign_variants v ON v.step_id = s.id JOIN campaigns c ON c.id = s.campaign_id
    WHERE s.campaign_id = ${campaign} AND s.position = ${position as number}`
  if ((await find()).length === 0) await givenStep(sql, campaign, position as number)
  const [place] = await find()
  const row = {
    campaign_id: campaign,
    step_id: place!.step,
    variant_id: place!.variant,
    account_id: place!.account,
    company_id,
    contact_name,
    address: `claire${mails}@exemple.example`,
    provider: 'ovh',
    due_at: new Date().toISOString(),
    message_id: messageId,
    state,
  }
  await sql`INSERT INTO campaign_messages ${sql(row as Row)}`
  return messageId
}
