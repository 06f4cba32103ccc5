/** What a webhook can be told of: events whose source exists. Emitted by drizzle/objects/50_events_out.sql. */
export const EVENT_TYPES = [
  'message.opened',
  'message.clicked',
  'message.unsubscribed',
  'message.bounced',
  'message.replied',
  'company.status_changed',
  'analysis.finished',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/** Sent by hand to see whether a receiver answers; never tried again. */
export const PING = 'ping'

export const isEventType = (text: string): text is EventType => EVENT_TYPES.some((type) => type === text)
