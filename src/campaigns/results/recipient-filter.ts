import { z } from 'zod'

/** What a list of recipients can be narrowed to; the names are those of the funnel. */
export const RECIPIENT_FILTERS = [
  'all',
  'waiting',
  'held',
  'sent',
  'opened',
  'clicked',
  'replied',
  'bounced',
  'unsubscribed',
  'complained',
  'failed',
  'unknown',
  'skipped',
] as const

export type RecipientFilter = (typeof RECIPIENT_FILTERS)[number]

const MAX_SEARCH = 200
const MAX_PAGE = 100_000

/** `?filter=…&q=…&page=…`; whatever is none of these is the default. */
export const recipientQuery = z.object({
  filter: z.enum(RECIPIENT_FILTERS).catch('all'),
  q: z
    .string()
    .catch('')
    .transform((text) => text.replaceAll('\u0000', '').toWellFormed().trim().slice(0, MAX_SEARCH)),
  page: z.coerce.number().int().min(1).max(MAX_PAGE).catch(1),
})

export type RecipientQuery = z.output<typeof recipientQuery>
