/** What /healthz and /metrics tell of the spool. */
export type SpoolState = {
  /** On disk and not yet delivered, of every process that uses the folder. */
  bytes: number
  maxBytes: number
  shedding: 'none' | 'opens' | 'clicks'
  /** full: what is left is kept for unsubscribes. */
  disk: 'ok' | 'full' | 'failing'
  /** For how long the oldest event waits that this process is to deliver. */
  oldestSeconds: number
  /** Why delivering failed the last time; null while it works. */
  problem: string | null
  /** Since the start of this process. */
  stored: number
  delivered: number
  lost: number
  shedOpens: number
  shedClicks: number
  /** Lines cut off by a crash, found in what another process left behind. */
  torn: number
  /** Refused by the database for what is in them; kept in rejected.jsonl. */
  rejected: number
}
