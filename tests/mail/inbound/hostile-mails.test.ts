import { expect, test } from 'bun:test'
import { classifyInbound } from '#src/mail/inbound/classify-inbound.ts'
import { ownMails } from './own-mails.ts'

/** Far more than any takes; a pattern that runs away takes minutes. */
const WITHIN_MS = 2_000
const dsn = ownMails('bounces.txt')[0]!.raw

const timed = (raw: Buffer) => {
  const start = performance.now()
  const found = classifyInbound(raw)
  expect(performance.now() - start).toBeLessThan(WITHIN_MS)
  return found
}
const daemon = (body: string, head = '') =>
  Buffer.from(`From: MAILER-DAEMON@x.example\nSubject: failure notice\n${head}\n${body}`)

test('a bounce of 50 MB is told by its first parts', () => {
  const end = dsn.lastIndexOf('\n--')
  const big = Buffer.concat([
    dsn.subarray(0, end),
    Buffer.alloc(50 * 1024 * 1024, 'QUJD\n'),
    dsn.subarray(end),
  ])
  expect(timed(big)).toMatchObject({ kind: 'hard', recipient: 'paul.durand@dupont-plomberie.fr' })
  const text = Buffer.concat([
    daemon('<a@b.example>: 550 user unknown\n\n'),
    Buffer.alloc(50 * 1024 * 1024, 'x'),
  ])
  expect(timed(text)).toMatchObject({ isBounce: true, recipient: 'a@b.example' })
})

test('a bounce cut anywhere is still read, and never throws', () => {
  let bounces = 0
  for (let end = 0; end < dsn.length; end += 7) if (timed(dsn.subarray(0, end)).isBounce) bounces++
  expect(bounces).toBeGreaterThan(150)
})

test('texts made to hang a reader do not', () => {
  const n = 200_000
  const many = (text: string) => text.repeat(Math.ceil(n / text.length))
  const bodies = [
    'a',
    'mail not ',
    '@',
    'a@',
    'a@b.',
    '<',
    '=?utf-8?Q?',
    'generated from a ',
    '550 5.1.1 ',
    'user ',
    'recipient is ',
    'message message not ',
    '-',
    '> ',
    ': ',
    'From: a\n',
    'Final-Recipient: rfc822; a@b.example\nAction: failed\n',
    ' \t',
    '\n',
    'a-b.c+d@e-f.',
    '()',
    '"',
  ]
  for (const piece of bodies) {
    timed(daemon(many(piece)))
    timed(daemon(`<a@b.example>: 550 user unknown\n\n${many(piece)}`))
    timed(
      Buffer.from(
        `Subject: ${many(piece).replaceAll('\n', ' ')}\nFrom: ${many(piece).replaceAll('\n', ' ')}\nTo: ${many(piece).replaceAll('\n', ' ')}\n\nx`,
      ),
    )
    timed(daemon(many(piece), 'Content-Type: text/html\n'))
    timed(daemon(many(piece), 'Content-Transfer-Encoding: quoted-printable\n'))
  }
}, 60_000)

test('parts within parts, boundaries without end and odd bytes are survived', () => {
  const nested = Array.from(
    { length: 300 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`,
  ).join('')
  timed(Buffer.from(`From: a@b.example\n${nested}`))
  timed(daemon('--b\nX: y\n\n'.repeat(50_000), 'Content-Type: multipart/mixed; boundary=b\n'))
  timed(daemon('--bb\n'.repeat(100_000), 'Content-Type: multipart/mixed; boundary=b\n'))
  let seed = 7
  for (let round = 0; round < 300; round++) {
    const raw = Buffer.from(dsn)
    for (let n = 0; n < 40; n++) {
      seed = (seed * 48_271) % 2_147_483_647
      raw[seed % raw.length] = seed % 256
    }
    timed(raw)
  }
  for (const raw of ['', '\n', '\0\0\0', '\r\r\r', ':\n\n', 'From: <>\n\n', '--\n'])
    expect(timed(Buffer.from(raw)).kind).toBe('none')
})

test('line ends, marks and character sets of every kind are read', () => {
  const text = dsn.toString()
  const forms = [
    Buffer.from(text.replaceAll('\n', '\r\n')),
    Buffer.from(text.replaceAll('\n', '\r')),
    Buffer.from(`\uFEFF${text}`),
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    Buffer.from(`From MAILER-DAEMON Tue Feb  3 09:12:01 2026\n${text}`),
    Buffer.from(`\n\n${text}`),
  ]
  for (const raw of forms)
    expect(timed(raw)).toMatchObject({ kind: 'hard', recipient: 'paul.durand@dupont-plomberie.fr' })
  const coded = (charset: string, bytes: Buffer) =>
    Buffer.concat([
      Buffer.from(
        `From: postmaster@x.example\nSubject: =?utf-8?Q?Non_remis?=\nContent-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: base64\n\n`,
      ),
      Buffer.from(bytes.toString('base64')),
    ])
  const words = 'Votre message n’a pas pu être remis à :\n\nanne@exemple.fr\n\nUtilisateur inconnu'
  for (const [charset, bytes] of [
    ['utf-8', Buffer.from(words)],
    ['"UTF-8"', Buffer.from(words)],
    ['nonsense-42', Buffer.from(words)],
    ['utf-16le', Buffer.from(words, 'utf16le')],
    ['iso-8859-1', Buffer.from(words.replace('’', "'"), 'latin1')],
    ['utf-8', Buffer.from(words.replace('’', "'"), 'latin1')],
  ] as const)
    expect(timed(coded(charset, bytes))).toMatchObject({ kind: 'hard', recipient: 'anne@exemple.fr' })
})
