/** How many mails of a campaign, or of a part of it, came how far. Every number is one of mails, not of events. */
export type Counts = {
  /** Rows of the ledger. */
  planned: number
  /** Those that wait: planned, held, claimed, sending. */
  waiting: number
  held: number
  /** A mail server has them. */
  sent: number
  /** Sent, and nothing came back that says otherwise. */
  delivered: number
  /** Of these, those with a sign that they arrived (a receipt, an answer, an opening by a person). */
  confirmed: number
  bounced: number
  failed: number
  skipped: number
  unknown: number
  replied: number
  unsubscribed: number
  complained: number
  /** Opened by a person; and those that only machines opened. */
  openedByPeople: number
  openedByMachines: number
  clickedByPeople: number
  clickedByMachines: number
}

/** Hits of one kind: all of them, those of people, and those of people that are kept with nobody. */
export type Hits = { all: number; people: number; nobody: number }

/** One part of a campaign: a template or variant, a sector, a provider. `key` null: not known. */
export type Part = { key: string | null; label: string | null; counts: Counts }

/** So many in the hour or day that begins at `at` (ISO 8601 UTC). */
export type Point = { at: string; sent: number; opens: number; clicks: number; replies: number }

/** A company that shows interest: its ledger row, and why. */
export type Lead = {
  id: number
  companyId: number | null
  company: string | null
  address: string
  contactName: string | null
  replied: boolean
  clicks: number
  opens: number
  lastAt: string
}

/** All that the page of a campaign shows in numbers. */
export type Numbers = {
  counts: Counts
  opens: Hits
  clicks: Hits
  variants: Part[]
  sectors: Part[]
  providers: Part[]
  unit: 'hour' | 'day'
  points: Point[]
  leads: Lead[]
}
