import { expect, test } from 'bun:test'
import { simpleParser } from 'mailparser'
import { composeMail } from '#src/mail/compose-mail.ts'
import { base64Lines, encodeText } from '#src/mail/transfer-encoding.ts'
import { readVerp, verpAddress } from '#src/mail/verp.ts'
import { newMessageKey } from '#src/tracking/token.ts'

const mail = {
  from: { name: 'Jean "l’Été"', address: 'jean@agence.fr' },
  to: { name: 'Zoé\r\nBcc: x@y.fr', address: 'accueil@hôtel.fr' },
  subject: `${'très long '.repeat(30)}\r\nBcc: x@y.fr`,
  html: '<p>Été &amp; hiver</p>',
  text: 'Été\n.\n..point\nfin d’une ligne   \n=3D',
  messageId: '<1@agence.fr>',
  unsubscribeUrl: `https://suivi.agence.fr/track/unsubscribe/${'a'.repeat(200)}`,
  at: new Date('2026-11-23T10:00:00Z'),
}
const linesOf = (message: Buffer) => message.toString('latin1').split('\r\n')

test('what is composed is what is read again, in short lines of ASCII', async () => {
  const { envelope, message } = composeMail(mail)
  const read = await simpleParser(message)
  expect(envelope).toEqual({ from: 'jean@agence.fr', to: ['accueil@xn--htel-vqa.fr'], size: message.length })
  expect([read.html, read.text, read.date?.toISOString()]).toEqual([
    mail.html,
    mail.text,
    mail.at.toISOString(),
  ])
  expect(read.from?.value[0]?.name).toBe(mail.from.name)
  expect(read.subject).toBe(`${'très long '.repeat(30)} Bcc: x@y.fr`)
  expect(message.toString('latin1')).not.toMatch(/^Bcc/m)
  const long = linesOf(message).filter((line) => line.length > 78 && !line.startsWith('List-Unsubscribe'))
  expect(long).toEqual([])
  // oxlint-disable-next-line no-control-regex -- what SMTP without extensions takes
  expect(message.toString('latin1')).toMatch(/^[\x09\x0d\x0a\x20-\x7e]*$/)
})

test('a follow-up names the whole thread, with its first and its last mails when it is long', async () => {
  const references = Array.from({ length: 60 }, (_, n) => `<${n}@agence.fr>`)
  const { message } = composeMail({ ...mail, inReplyTo: '<59@agence.fr>', references })
  const read = await simpleParser(message)
  expect([read.inReplyTo, read.references?.length, read.references?.[0], read.references?.at(-1)]).toEqual([
    '<59@agence.fr>',
    21,
    '<0@agence.fr>',
    '<59@agence.fr>',
  ])
})

test('pictures travel with the mail', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(5_000))
  const image = { cid: 'logo', type: 'image/png', fileName: 'a"\r\n.png', body: base64Lines(bytes) }
  const { message } = composeMail({ ...mail, html: '<img src="cid:logo">', images: [image] })
  const read = await simpleParser(message, { skipImageLinks: true })
  const [picture] = read.attachments
  expect([picture?.cid, picture?.contentType, picture?.related]).toEqual(['logo', 'image/png', true])
  expect(Buffer.compare(picture!.content, Buffer.from(bytes))).toBe(0)
})

test('any text comes back as it was', async () => {
  const letters = ['a', 'b', ' ', '.', '=', '\t', '\n', 'é', '🎉', '\r\n', 'x'.repeat(80)]
  for (let round = 0; round < 300; round += 1) {
    const text = Array.from({ length: 60 }, () => letters[Math.floor(Math.random() * letters.length)]).join(
      '',
    )
    const { encoding, body } = encodeText(text)
    const lines = linesOf(body)
    expect(lines.filter((line) => line.length > 76 || /[ \t]$/.test(line) || line.startsWith('.'))).toEqual(
      [],
    )
    const bytes =
      encoding === 'base64'
        ? Buffer.from(body.toString('latin1'), 'base64')
        : Buffer.from(
            body
              .toString('latin1')
              .replaceAll('=\r\n', '')
              .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
                String.fromCharCode(Number.parseInt(hex, 16)),
              ),
            'latin1',
          )
    const plain = (value: string) => value.replaceAll('\r\n', '\n').replace(/\n$/, '')
    expect(plain(bytes.toString())).toBe(plain(text))
  }
  expect(encodeText('Ελληνικό κείμενο με πολλά γράμματα που δεν είναι λατινικά').encoding).toBe('base64')
})

test('an envelope sender of one mail is found again, whatever becomes of its letters', () => {
  const token = newMessageKey()
  const address = verpAddress({ name: '', address: 'jean@agence.fr' }, token)
  expect(address).toMatch(/^jean\+[0-9a-f]{32}@agence\.fr$/)
  expect([readVerp(address), readVerp(address.toUpperCase()), readVerp('jean+a@agence.fr')]).toEqual([
    token,
    token,
    null,
  ])
  const long = { name: '', address: `${'j'.repeat(40)}@agence.fr` }
  expect(verpAddress(long, token)).toBe(long.address)
})
