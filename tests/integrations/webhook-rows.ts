import { deriveKeys } from '#src/lib/keys.ts'
import { seal } from '#src/lib/sealed-text.ts'
import { newSecret } from '#src/integrations/webhooks/sign.ts'
import { EVENT_TYPES } from '#src/integrations/webhooks/event-types.ts'
import { SECRET_PURPOSE } from '#src/integrations/webhooks/webhook-secret.ts'
import { silentLog } from '#src/lib/log.ts'
import type { SendingParts } from '#src/integrations/webhooks/send-deliveries.ts'
import type { TestDatabase } from '#tests/support/database.ts'

export const webhookKeys = deriveKeys('a secret for tests only')

export const sendingParts = (
  { db, sql }: Pick<TestDatabase, 'db' | 'sql'>,
  allow = ['127.0.0.0/8'],
): SendingParts => ({
  db,
  sql,
  log: silentLog,
  clock: { now: () => new Date() },
  keys: webhookKeys,
  config: { WEBHOOK_ALLOW_NETWORKS: allow },
})

/** A webhook as the page makes them. */
export const insertWebhook = async (
  { sql }: Pick<TestDatabase, 'sql'>,
  url: string,
  events: readonly string[] = EVENT_TYPES,
) => {
  const secret = newSecret()
  const [row] =
    await sql`INSERT INTO webhooks (name, url, events, secret) VALUES ('essai', ${url}, ${[...events]}::text[],
    ${seal(webhookKeys.storedPasswords, SECRET_PURPOSE, secret)}) RETURNING id`
  return { id: row!.id as number, secret }
}

/** An event as the triggers note them. */
export const emit = async (
  { sql }: Pick<TestDatabase, 'sql'>,
  type: string,
  data: Record<string, unknown> = {},
): Promise<string> => {
  const eventId = crypto.randomUUID()
  await sql`SELECT emit_webhook_event(${type}, ${eventId}, now(), ${JSON.stringify(data)}::text::jsonb)`
  return eventId
}
