import { X509Certificate, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const VALID_YEARS = 20
const COMMON_NAME = 'prospectlab embedded database'

/** The files of a self-signed certificate for this cluster that are still to be written; none when it has one.
 *  Clients encrypt with it (`sslmode=require`); the password (scram) is what tells who they are. */
export const provideCertificate = async (cluster: string): Promise<{ name: string; text: string }[]> => {
  const file = join(cluster, 'server.crt')
  if (existsSync(file) && existsSync(join(cluster, 'server.key'))) {
    if (new X509Certificate(readFileSync(file)).validToDate > new Date()) return []
  }
  const { certificate, key } = makeSelfSigned(new Date())
  return [
    { name: 'server.key', text: key },
    { name: 'server.crt', text: certificate },
  ]
}

/** A self-signed X.509 certificate (RFC 5280) on a fresh P-256 key, both as PEM. */
export const makeSelfSigned = (now: Date): { certificate: string; key: string } => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const until = new Date(now)
  until.setUTCFullYear(until.getUTCFullYear() + VALID_YEARS)
  const name = sequence(node(0x31, sequence(oid('550403'), node(0x0c, Buffer.from(COMMON_NAME)))))
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
  const serial = randomBytes(16)
  serial[0] = (serial.readUInt8(0) & 0x7f) | 0x01
  const body = sequence(
    node(0xa0, node(0x02, Buffer.from([2]))),
    node(0x02, serial),
    ecdsaWithSha256,
    name,
    sequence(time(now), time(until)),
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', body, privateKey)
  const der = sequence(body, ecdsaWithSha256, node(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

// DER (X.690): tag, length, content.
const node = (tag: number, content: Buffer): Buffer => {
  const length = content.length
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]): Buffer => node(0x30, Buffer.concat(parts))

const oid = (hex: string): Buffer => node(0x06, Buffer.from(hex, 'hex'))

// UTCTime up to 2049, GeneralizedTime after.
const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
  return date.getUTCFullYear() < 2050
    ? node(0x17, Buffer.from(digits.slice(2)))
    : node(0x18, Buffer.from(digits))
}
