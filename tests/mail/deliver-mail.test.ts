import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deliverMail, type Delivery } from '#src/mail/deliver-mail.ts'
import type { MailServer } from '#src/mail/mail-settings.ts'
import { freePort } from '#tests/support/free-port.ts'
import { startMailServer, type MailServerOptions } from '#tests/support/mail-server.ts'

const certificates = join(import.meta.dir, '../support/certificates')
const pem = (name: string) => ({
  cert: readFileSync(join(certificates, `${name}.pem`), 'utf8'),
  key: readFileSync(join(certificates, `${name}.key`), 'utf8'),
})
const message = Buffer.from('Subject: Bonjour\r\n\r\nVoici.\r\n')
const mail = {
  envelope: { from: 'moi@exemple.fr', to: ['anne@exemple.fr'], size: message.length },
  message,
  clientName: 'exemple.fr',
}
const yes = async () => true

const deliver = async (
  options: MailServerOptions,
  given: Partial<MailServer> = {},
  ask: () => Promise<boolean> = yes,
) => {
  const server = await startMailServer(options)
  try {
    const to: MailServer = {
      host: '127.0.0.1',
      port: server.port,
      tls: 'offered',
      username: null,
      password: '',
      ...given,
    }
    const delivery = await deliverMail(to, mail, ask)
    return { delivery, received: server.received }
  } finally {
    await server.stop()
  }
}

test('a mail that is taken is sent, with what the server answered', async () => {
  const { delivery, received } = await deliver({})
  expect(delivery).toEqual({ state: 'sent', reply: '250 2.0.0 Ok: queued as 4F2A' })
  expect(received).toEqual([
    {
      from: 'moi@exemple.fr',
      to: ['anne@exemple.fr'],
      raw: message.toString(),
      login: null,
      encrypted: false,
    },
  ])
})

test('a login is used where the server wants one, and a wrong one is told', async () => {
  const login = { username: 'moi', password: 'juste' }
  const { delivery, received } = await deliver({ login }, { ...login })
  expect([delivery.state, received[0]?.login]).toEqual(['sent', 'moi'])
  const wrong = await deliver({ login }, { username: 'moi', password: 'faux' })
  expect(wrong.delivery).toMatchObject({ state: 'failed', problem: 'auth' })
  expect(wrong.received).toEqual([])
  const without = await deliver({ login })
  expect(without.delivery).toMatchObject({ state: 'failed', problem: 'auth' })
})

test('a certificate that nobody vouches for ends the conversation before anything is said', async () => {
  const tls = pem('self.test')
  const { delivery, received } = await deliver({ tls })
  expect([delivery, received]).toMatchObject([{ state: 'failed', problem: 'tls' }, []])
  const plain = await deliver({ tls }, { tls: 'none' })
  expect(plain.delivery.state).toBe('sent')
  const none = await deliver({}, { tls: 'starttls' })
  expect(none.delivery).toMatchObject({ state: 'failed', problem: 'tls' })
})

test('what a server refuses has certainly not been sent, and is told by what was refused', async () => {
  const cases = [
    ['greeting', '554 5.7.1 Go away', 'protocol'],
    ['mail', '550 5.7.1 Not you', 'sender_refused'],
    ['rcpt', '550 5.1.1 No such user', 'recipient_refused'],
    ['rcpt', '451 4.7.1 Greylisted', 'busy'],
    ['data', '554 5.7.1 No', 'message_refused'],
    ['message', '554 5.7.1 Spam', 'message_refused'],
    ['message', '452 4.3.1 Full', 'busy'],
    ['greeting', 'drop', 'unreachable'],
    ['rcpt', 'drop', 'unreachable'],
  ] as const
  for (const [at, answer, problem] of cases) {
    const { delivery } = await deliver({ answers: { [at]: answer } })
    expect([at, answer, delivery.state, 'problem' in delivery && delivery.problem]).toEqual([
      at,
      answer,
      'failed',
      problem,
    ])
    if (answer !== 'drop') expect(delivery.reply).toContain(answer.slice(4))
  }
})

test('a connection that goes once the mail is handed over leaves it unknown', async () => {
  const { delivery } = await deliver({ answers: { message: 'drop' } })
  expect(delivery.state).toBe('unknown')
})

test('a server that takes long leaves it unknown for whoever waits, and its answer is told when it comes', async () => {
  const answer = Promise.withResolvers<string>()
  const server = await startMailServer({ answers: { message: () => answer.promise } })
  const to = { host: '127.0.0.1', port: server.port, tls: 'offered', username: null, password: '' } as const
  const late = Promise.withResolvers<Delivery>()
  const delivery = await deliverMail(to, mail, yes, { onLate: late.resolve, waitMs: 100 })
  expect(delivery.state).toBe('unknown')
  answer.resolve('250 2.0.0 Ok: queued as 4F2A')
  expect(await late.promise).toEqual({ state: 'sent', reply: '250 2.0.0 Ok: queued as 4F2A' })
  await server.stop()
})

test('a server that is not there is told as such', async () => {
  const { delivery } = await deliver({}, { port: freePort() })
  expect(delivery).toMatchObject({ state: 'failed', problem: 'unreachable' })
  const nowhere = await deliver({}, { host: 'no-such-host.invalid' })
  expect(nowhere.delivery).toMatchObject({ state: 'failed', problem: 'unreachable' })
})

test('what is asked right before handing over can keep the mail here', async () => {
  const { delivery, received } = await deliver({}, {}, async () => false)
  expect([delivery, received]).toMatchObject([{ state: 'failed', problem: 'stopped' }, []])
})

test('when it cannot be asked whether to hand over, nothing is, and that is told as what it is', async () => {
  const server = await startMailServer({})
  const away = async (): Promise<boolean> => {
    throw new Error('the database is away')
  }
  const to = { host: '127.0.0.1', port: server.port, tls: 'offered', username: null, password: '' } as const
  expect(await deliverMail(to, mail, away).catch((error: Error) => error.message)).toBe(
    'the database is away',
  )
  expect(server.received).toEqual([])
  await server.stop()
})
