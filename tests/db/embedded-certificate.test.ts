import { expect, test } from 'bun:test'
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { makeSelfSigned } from '#src/db/embedded-certificate.ts'

test('a self-signed certificate is valid X.509, signed with its own key, for twenty years', () => {
  // Beyond 2049 a date takes another form; both are in this one.
  const now = new Date('2031-05-06T07:08:09.123Z')
  const { certificate, key } = makeSelfSigned(now)
  const parsed = new X509Certificate(certificate)
  expect(parsed.verify(parsed.publicKey)).toBe(true)
  expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true)
  expect(parsed.validFromDate.toISOString()).toBe('2031-05-06T07:08:09.000Z')
  expect(parsed.validToDate.toISOString()).toBe('2051-05-06T07:08:09.000Z')
})

test('no two certificates have the same serial number', () => {
  const serials = Array.from(
    { length: 20 },
    () => new X509Certificate(makeSelfSigned(new Date()).certificate).serialNumber,
  )
  expect(new Set(serials).size).toBe(20)
})
