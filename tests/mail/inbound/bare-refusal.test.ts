import { expect, test } from 'bun:test'
import { classifyInbound } from '#src/mail/inbound/classify-inbound.ts'

const bounce = (diagnostic: string, text: string, status = '5.0.0') => `Return-Path: <>
From: MAILER-DAEMON@mx.example
To: anne@agence.fr
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered to one or more recipients.

${text}
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; paul@client.fr
Action: failed
Status: ${status}
Diagnostic-Code: smtp; ${diagnostic}

--B--
`

test.each([
  // Postfix, Exim, sendmail, qmail.
  ['550', '<paul@client.fr>: host mx.client.fr said: 550 (in reply to RCPT TO command)', 'hard', 'refused'],
  [
    '550',
    '<paul@client.fr>: host mx.client.fr said: 550 (in reply to end of DATA command)',
    'soft',
    'content',
  ],
  ['550 Requested action not taken', 'SMTP error after RCPT TO:<paul@client.fr>:', 'hard', 'refused'],
  ['550 Requested action not taken', 'SMTP error after end of data:', 'soft', 'content'],
  ['550', '... while talking to mx.client.fr.:\n>>> DATA\n<<< 550', 'soft', 'content'],
  ['550', '>>> DATA\n<<< 550\n<<< 503 5.0.0 Need RCPT (recipient)', 'hard', 'refused'],
  ['550', 'Remote host said: 550\nGiving back; failed after I sent the message.', 'soft', 'content'],
  // Nobody says where.
  ['550', '<paul@client.fr>: 550', 'soft', 'refused'],
  ['550 5.0.0 Rejected', 'rejected', 'soft', 'refused'],
  // What is said goes before where it was said.
  [
    '550 User unknown',
    'host mx said: 550 User unknown (in reply to end of DATA command)',
    'hard',
    'user_unknown',
  ],
  ['550 spam', 'host mx said: 550 spam (in reply to RCPT TO command)', 'soft', 'blocked'],
])('a report of %j with %j is %s: %s', (diagnostic, text, kind, reason) => {
  const found = classifyInbound(Buffer.from(bounce(diagnostic, text)))
  expect([found.isBounce, found.kind as string, found.reason as string]).toEqual([true, kind, reason])
})

test('a status that speaks of the mailbox is enough', () => {
  expect(classifyInbound(Buffer.from(bounce('550', '550', '5.1.1')))).toMatchObject({
    kind: 'hard',
    status: '5.1.1',
  })
})
