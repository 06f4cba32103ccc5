import type { Config } from '#src/config.ts'
import { parseOutsideUrl, portOf, vetHost, type Resolve } from '#src/lib/address-vetting.ts'
import { isInNetworks } from '#src/lib/networks.ts'
import { webhookNetworks } from './deliver.ts'
import { isEventType, type EventType } from './event-types.ts'

const MAX_NAME = 100
const MAX_URL = 2_000

/** Why a webhook cannot be made as asked; templates/webhooks/messages.ts says it to the reader. */
export type WebhookProblem =
  | 'name_missing'
  | 'name_long'
  | 'bad_url'
  | 'https_only'
  | 'refused_address'
  | 'dns'
  | 'no_events'
export type WebhookProblems = Partial<Record<'name' | 'url' | 'events', WebhookProblem>>
export type WebhookValues = { name: string; url: string; events: EventType[] }

/** Checks a submitted form. The address is vetted now, so that a mistake is told at once, and again at every sending. */
export const readWebhook = async (
  { name, url, events }: { name: string; url: string; events: string[] },
  parts: { config: Pick<Config, 'WEBHOOK_ALLOW_NETWORKS'>; resolve?: Resolve },
): Promise<{ ok: true; webhook: WebhookValues } | { ok: false; problems: WebhookProblems }> => {
  const webhook = {
    name: name.replace(/[\p{Cc}\s]+/gu, ' ').trim(),
    url: url.trim(),
    events: [...new Set(events.filter(isEventType))],
  }
  const problems: WebhookProblems = {}
  if (webhook.name === '') problems.name = 'name_missing'
  if (webhook.name.length > MAX_NAME) problems.name = 'name_long'
  if (webhook.events.length === 0) problems.events = 'no_events'
  const urlProblem = await problemOfUrl(webhook.url, parts)
  if (urlProblem) problems.url = urlProblem
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, webhook }
}

const problemOfUrl = async (
  text: string,
  { config, resolve }: { config: Pick<Config, 'WEBHOOK_ALLOW_NETWORKS'>; resolve?: Resolve },
): Promise<WebhookProblem | null> => {
  const url = parseOutsideUrl(text)
  if (!url.ok || text.length > MAX_URL) return 'bad_url'
  const allow = webhookNetworks(config)
  const vetted = await vetHost(url.value.hostname, portOf(url.value), { allow, ...(resolve && { resolve }) })
  if (!vetted.ok) return vetted.problem.code
  const isOwn = vetted.value.every((address) => isInNetworks(address, allow))
  return url.value.protocol === 'https:' || isOwn ? null : 'https_only'
}
