import { createHash, timingSafeEqual } from 'node:crypto'
import type { SpoolState } from './spool-state.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Whether the header carries this token, in constant time; never when there is none. */
export const isMetricsToken = (header: string | undefined, token: string | undefined): boolean => {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1]
  return given !== undefined && token !== undefined && timingSafeEqual(digest(given), digest(token))
}

const line = (type: 'gauge' | 'counter', name: string, help: string, value: number, labels = ''): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}${labels} ${value}\n`

/** Prometheus text of the spool and the process. */
export const metricsText = (spool: SpoolState, turnovers: number): string => {
  const shed = 'prospectlab_edge_shed_total'
  return [
    line('gauge', 'prospectlab_edge_spool_bytes', 'On disk, not yet in the database.', spool.bytes),
    line('gauge', 'prospectlab_edge_spool_max_bytes', 'SPOOL_MAX_MB.', spool.maxBytes),
    line(
      'gauge',
      'prospectlab_edge_spool_writable',
      'Whether the disk takes events.',
      spool.disk === 'ok' ? 1 : 0,
    ),
    line(
      'gauge',
      'prospectlab_edge_oldest_undelivered_seconds',
      'For how long the oldest event has been waiting.',
      Math.round(spool.oldestSeconds * 10) / 10,
    ),
    line(
      'gauge',
      'prospectlab_edge_delivery_failing',
      'Whether the last try to deliver failed.',
      spool.problem === null ? 0 : 1,
    ),
    line('counter', 'prospectlab_edge_events_total', 'Events made durable.', spool.stored),
    line('counter', 'prospectlab_edge_delivered_total', 'Events handed to the database.', spool.delivered),
    line('counter', 'prospectlab_edge_lost_total', 'Events neither disk nor database took.', spool.lost),
    line('counter', 'prospectlab_edge_torn_total', 'Unacknowledged writes cut off by a crash.', spool.torn),
    line('counter', 'prospectlab_edge_rejected_total', 'Events the database refused.', spool.rejected),
    line('counter', shed, 'Events given up because the spool is full.', spool.shedOpens, '{type="open"}'),
    `${shed}{type="click"} ${spool.shedClicks}\n`,
    line(
      'counter',
      'prospectlab_edge_turnovers_total',
      'How often all connections were ended because there were too many.',
      turnovers,
    ),
    line('gauge', 'process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
  ].join('')
}
