import { expect, test } from 'bun:test'
import { outcomeOf } from '#src/campaigns/sending/outcome.ts'
import type { Prepared } from '#src/campaigns/sending/ledger.ts'
import type { DeliveryProblem } from '#src/mail/deliver-mail.ts'

const at = new Date('2026-11-23T10:00:00Z')
const outcome = (problem: DeliveryProblem, reply: string, attempts = 0) =>
  outcomeOf({ row: { attempts }, hasNext: false } as Prepared, 1, { state: 'failed', problem, reply }, at)

test('who is gone is told from who is full, blocked or asked wrongly', () => {
  const cases: [string, boolean, string][] = [
    [
      '550 5.1.1 <a@b.fr>: Recipient address rejected: User unknown in virtual mailbox table',
      true,
      'recipient_refused',
    ],
    [
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
      true,
      'recipient_refused',
    ],
    [
      '550-5.1.1 The email account that you tried to reach does not exist. Please try 550 5.1.1 double-checking',
      true,
      'recipient_refused',
    ],
    ["554 delivery error: dd This user doesn't have a yahoo.com account", true, 'recipient_refused'],
    ['550 Requested action not taken: mailbox unavailable', true, 'recipient_refused'],
    ['550 5.2.1 The email account that you tried to reach is disabled', true, 'recipient_refused'],
    ['550 No such user here', true, 'recipient_refused'],
    [
      '550 Adresse d au moins un destinataire invalide. Invalid recipient. OFR204_418',
      true,
      'recipient_refused',
    ],
    // 550 alone, where a server was asked for nothing but this mailbox.
    ['550', true, 'recipient_refused'],
    ['550 5.0.0', true, 'recipient_refused'],
    ['550 Requested action not taken', true, 'recipient_refused'],
    [
      '550 <anne@x.fr>: Recipient address rejected: User unknown in local recipient table',
      true,
      'recipient_refused',
    ],
    ['550 Rejected', false, 'recipient_refused'],
    ['550 Administrative prohibition', false, 'recipient_refused'],
    ['554', false, 'recipient_refused'],
    ['550 5.7.1 Unable to relay', false, 'recipient_refused'],
    ['550 5.7.1 Recipient address rejected: your IP is on a blocklist', false, 'recipient_refused'],
    ['554 5.7.1 Service unavailable; Client host blocked using Spamhaus', false, 'recipient_refused'],
    ['550 relay not permitted for unknown user', false, 'recipient_refused'],
    ['552 5.2.2 Over quota', false, 'mailbox_full'],
    ['552 Mailbox is full', false, 'mailbox_full'],
    ['Invalid recipient "a b@c"', false, 'bad_recipient'],
  ]
  for (const [reply, hard, reason] of cases) {
    const { state, hardBounce, reason: found } = outcome('recipient_refused', reply)
    expect([reply, state, hardBounce, found]).toEqual([reply, 'failed', hard, reason])
  }
})

test('what is refused once the server has the mail is never held against the person', () => {
  for (const reply of [
    '550',
    '550 Requested action not taken',
    '550 5.7.1 spam',
    '554 rejected for policy reasons',
  ])
    expect([reply, outcome('message_refused', reply)]).toMatchObject([
      reply,
      { state: 'failed', hardBounce: false, reason: 'message_refused' },
    ])
})

test('what may pass is tried again, later every time, and has failed after a day and a half', () => {
  const waits: (number | string)[] = []
  for (let tries = 0; tries < 9; tries += 1) {
    const { state, dueAt } = outcome('busy', '451 4.7.1 Try later', tries)
    waits.push(dueAt ? (dueAt.getTime() - at.getTime()) / 60_000 : state)
  }
  expect(waits).toEqual([5, 15, 30, 60, 120, 240, 480, 960, 'failed'])
  expect(outcome('auth', '535 no', 99).state).toBe('planned')
  expect(outcome('message_refused', '552 too large').reason).toBe('too_large')
})
