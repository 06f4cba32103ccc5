import type { ListedAccount } from './accounts-page.tsx'
import { worstStatus } from './dns-status.ts'

export type NextStep =
  | 'stepTest'
  | 'stepTestFailed'
  | 'stepIdentity'
  | 'stepSenderName'
  | 'stepMailbox'
  | 'stepMailboxTest'
  | 'stepDns'
  | 'stepDnsFailed'
  | 'stepResume'

/** What an account still needs before a campaign can use it, in the order in which it is best done. */
export const nextSteps = ({ row, lack }: ListedAccount): NextStep[] => {
  const { lastTest, lastImapTest, imapHost, lastDns, pausedAt } = row
  const domain = lastDns === null ? null : worstStatus(lastDns)
  const wanted: [NextStep, boolean][] = [
    ['stepTest', lack === null && lastTest === null],
    ['stepTestFailed', lastTest?.ok === false],
    ['stepSenderName', row.senderName.trim() === ''],
    ['stepIdentity', row.organisation.trim() === '' || row.contactLine.trim() === ''],
    ['stepMailbox', imapHost === null],
    ['stepMailboxTest', imapHost !== null && lastImapTest?.ok !== true],
    ['stepDns', domain === null],
    ['stepDnsFailed', domain === 'failed'],
    ['stepResume', pausedAt !== null],
  ]
  return wanted.filter(([, isWanted]) => isWanted).map(([step]) => step)
}
