import { OFFICE_CALENDAR } from '../limits/calendar.ts'
import type { AccountRow } from './queries.ts'
import { signatureText } from './signature.ts'

const SECOND_MS = 1_000
const SUBMISSION_PORT = '587'
const IMAPS_PORT = '993'

/** What the form of an account shows before anything was typed; of a new one what most people need. Never a password. */
export const formOf = (row: AccountRow | null): { values: Record<string, string>; days: string[] } => {
  const calendar = row?.calendar ?? OFFICE_CALENDAR
  const text = (value: string | number | null | undefined, otherwise = ''): string =>
    value === null || value === undefined ? otherwise : String(value)
  const seconds = (ms: number | undefined): string => (ms ? String(ms / SECOND_MS) : '')
  const isWarmingUp = row?.warmupFirstDay !== null && row?.warmupFirstDay !== undefined
  return {
    values: {
      label: text(row?.label),
      brand: text(row?.brand),
      senderName: text(row?.senderName),
      senderAddress: text(row?.senderAddress),
      replyTo: text(row?.replyTo),
      signature: signatureText(row?.signature ?? ''),
      organisation: text(row?.organisation),
      contactLine: text(row?.contactLine),
      host: text(row?.host),
      port: text(row?.port, SUBMISSION_PORT),
      tls: text(row?.tls, 'starttls'),
      username: text(row?.username),
      verp: row?.verp ? '1' : '',
      dkimSelector: text(row?.dkimSelector),
      imapHost: text(row?.imapHost),
      imapPort: text(row?.imapPort, IMAPS_PORT),
      imapTls: text(row?.imapTls, 'implicit'),
      imapUsername: text(row?.imapUsername),
      imapFolder: text(row?.imapFolder, 'INBOX'),
      imapMoveTo: text(row?.imapMoveTo),
      perMinute: text(row?.perMinute),
      perHour: text(row?.perHour),
      perDay: text(row?.perDay),
      minGap: seconds(row?.minGapMs),
      gapJitter: seconds(row?.gapJitterMs),
      warmup: isWarmingUp ? '1' : '',
      warmupFirstDay: text(row?.warmupFirstDay),
      warmupStep: text(row?.warmupStep),
      hasCalendar: row?.calendar ? '1' : '',
      from: calendar.from,
      to: calendar.to,
      timeZone: calendar.timeZone,
      holidays: calendar.holidays,
    },
    days: calendar.days.map(String),
  }
}
