import { expect, test } from 'bun:test'
import type { MailServer } from '#src/mail/mail-settings.ts'
import { connectLine, PATIENCE, type Line } from '#src/mail/smtp-line.ts'
import { startMailServer } from '#tests/support/mail-server.ts'

const message = Buffer.from('Subject: Bonjour\r\n\r\nVoici.\r\n')
const mail = {
  envelope: { from: 'moi@exemple.fr', to: ['anne@exemple.fr'], size: message.length },
  message,
}
const lineTo = async (port: number, envelopeMs: number): Promise<Line> => {
  const server: MailServer = { host: '127.0.0.1', port, tls: 'none', username: null, password: '' }
  const connected = await connectLine(server, 'exemple.fr', { ...PATIENCE, envelopeMs })
  if (!connected.ok) throw new Error(connected.reply)
  return connected.line
}

test('a mail that was given up as not sent is not handed over when the server asks for it after all', async () => {
  const late = Promise.withResolvers<string>()
  let asked = 0
  const usual = '354 Go ahead'
  const server = await startMailServer({
    answers: { data: () => ((asked += 1) === 1 ? late.promise : Promise.resolve(usual)) },
  })
  const line = await lineTo(server.port, 100)
  expect(await line.send(mail)).toMatchObject({ state: 'failed', problem: 'unreachable' })
  expect(line.isOpen()).toBe(false)
  late.resolve(usual)
  // A whole conversation later it would have come.
  const other = await lineTo(server.port, 5_000)
  expect(await other.send(mail)).toMatchObject({ state: 'sent' })
  expect(server.handedOver()).toBe(1)
  line.close()
  other.close()
  await server.stop()
})
