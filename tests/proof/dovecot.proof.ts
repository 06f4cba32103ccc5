// The mailbox of an account on a real Dovecot, with IDLE, folders and flags as they are in the field.
import { afterAll, expect } from 'bun:test'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deriveKeys } from '#src/lib/keys.ts'
import { seal } from '#src/lib/sealed-text.ts'
import { systemClock } from '#src/lib/clock.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import type { InboundEvent } from '#src/mail/inbound/apply-inbound.ts'
import { startReadingMailboxes } from '#src/mail/inbound/start-reading.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { freePort } from '#tests/support/free-port.ts'
import { testWith } from '#tests/support/tool.ts'
import { until } from '#tests/support/until.ts'
import { bounceOf } from '#tests/support/bounce.ts'

const MINUTE = 60_000
const work = mkdtempSync('/tmp/prospectlab-dovecot-')
chmodSync(work, 0o755)
const { db, sql, beforeClose } = await testDatabase()
const keys = deriveKeys('0'.repeat(64))
const problems: unknown[] = []
const log = { info() {}, debug() {}, warn: (...said: unknown[]) => problems.push(said), error() {} } as never

afterAll(() => rmSync(work, { recursive: true, force: true }))

const maildir = join(work, 'mail')
let delivered = 0
/** As a mail server hands a mail to Dovecot: written aside, then moved in. */
const deliver = (raw: string): void => {
  delivered += 1
  const name = `${Date.now()}.${delivered}.host`
  writeFileSync(join(maildir, 'new', name), raw.replaceAll('\n', '\r\n'), { mode: 0o600 })
  Bun.spawnSync(['chown', '-R', 'mail:mail', maildir])
}

const startDovecot = async (): Promise<number> => {
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, part), { recursive: true })
  Bun.spawnSync(['chown', '-R', 'mail:mail', maildir])
  const port = await freePort()
  const config = join(work, 'dovecot.conf')
  writeFileSync(
    config,
    `protocols = imap
listen = 127.0.0.1
base_dir = ${work}/run
log_path = ${work}/dovecot.log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${maildir}
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${maildir}
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
namespace inbox {
  inbox = yes
  mailbox Traites {
    auto = create
  }
}
`,
  )
  const child = Bun.spawn(['dovecot', '-F', '-c', config], { stdio: ['ignore', 'inherit', 'inherit'] })
  beforeClose(async () => {
    child.kill()
    await child.exited
  })
  await until('Dovecot answers', async () => {
    const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } }).catch(() => null)
    socket?.end()
    return socket !== null
  })
  return port
}

const sendMail = async (accountId: number, recipient: string): Promise<string> => {
  const token = newMessageKey()
  const messageId = `<${token}@agence.fr>`
  const sentAt = new Date(Date.now() - MINUTE)
  await db.insert(messages).values({
    token,
    recipient,
    subject: 'Votre site',
    opens: 'off',
    clicks: 'off',
    state: 'sent',
    messageId,
    accountId,
    sentAt,
  })
  return messageId
}

const replyTo = (messageId: string): string => `From: Paul <paul@client.fr>
To: anne@agence.fr
Subject: Re: Votre site
Message-ID: <reply-${messageId.slice(1)}
In-Reply-To: ${messageId}

Bonjour, appelez-moi jeudi.
`
const OTHER = 'From: news@example.com\nSubject: News\nMessage-ID: <news@example.com>\n\nHello\n'

testWith('dovecot')(
  'a mailbox on Dovecot: what is ours is applied and moved, also what comes while it is watched; the rest stays unread',
  async () => {
    const port = await startDovecot()
    const [account] = await db
      .insert(mailAccounts)
      .values({
        slug: 'a',
        label: 'Agence',
        senderAddress: 'anne@agence.fr',
        host: '127.0.0.1',
        port: 25,
        tls: 'none',
        imapHost: '127.0.0.1',
        imapPort: port,
        imapTls: 'none',
        imapUsername: 'anne',
        imapPassword: seal(keys.storedPasswords, 'mail_accounts.imap_password', 'secret'),
        imapMoveTo: 'Traites',
      })
      .returning()
    const first = await sendMail(account!.id, 'perdu@client.fr')
    const second = await sendMail(account!.id, 'paul@client.fr')
    deliver(OTHER)
    deliver(bounceOf('perdu@client.fr', first))
    const events: InboundEvent[] = []
    // So long between two looks that only IDLE can tell of the second mail.
    const times = { lookMs: 50, pollMs: 10 * MINUTE, againMs: 50, againAtMostMs: 200, leaseMs: 10_000 }
    const stop = startReadingMailboxes(
      { db, keys, clock: systemClock, log },
      async (_, event) => void events.push(event),
      times,
    )
    await until('the bounce is read', () => events.length === 1)
    deliver(replyTo(second))
    await until('the reply is told by the server', () => events.length === 2, 30_000)
    await until('both were moved', () => filesIn('.Traites') === 2 && leftNames().length === 1)
    await stop()
    expect(problems).toEqual([])
    expect([...(await sql`SELECT kind, recipient FROM inbound_mails ORDER BY id`)]).toEqual([
      { kind: 'hard', recipient: 'perdu@client.fr' },
      { kind: 'reply', recipient: 'paul@client.fr' },
    ])
    expect(leftNames().filter((name) => /:2,.*S/.test(name))).toEqual([])
  },
  2 * MINUTE,
)

const leftNames = (): string[] => [...readdirSync(join(maildir, 'cur')), ...readdirSync(join(maildir, 'new'))]

const filesIn = (folder: string): number =>
  ['cur', 'new'].flatMap((part) => readdirSync(join(maildir, folder, part))).length
