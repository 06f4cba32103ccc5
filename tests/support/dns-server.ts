import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { createServer, type AddressInfo } from 'node:net'

/** What a name server says of a name and type: records as people write them (`10 mx.test` for MX), or how it fails.
 *  silent: no answer at all. */
export type DnsAnswer = string[] | 'nxdomain' | 'servfail' | 'refused' | 'silent' | 'garbage'
/** `name TYPE` → answer. A name that occurs with another type has no data (NODATA), one that occurs nowhere is NXDOMAIN;
 *  a CNAME is followed within the zone. */
export type Zone = Record<string, DnsAnswer>

export type DnsServer = {
  port: number
  zone: Zone
  /** `name TYPE` of every question. */
  questions: string[]
  /** A resolver that asks only this server. */
  resolver: () => Resolver
  stop: () => void
}

const TYPES: Record<string, number> = { A: 1, NS: 2, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28 }
const RCODES: Record<string, number> = { servfail: 2, nxdomain: 3, refused: 5 }
const MAX_UDP = 512
const TRY_MS = 150

/** A name server on a loopback address, over UDP and, for what does not fit into 512 bytes, TCP. */
export const startDnsServer = async (zone: Zone): Promise<DnsServer> => {
  const questions: string[] = []
  const server = { zone }
  const answer = (question: Buffer): Buffer | null => {
    const { name, type } = readQuestion(question)
    questions.push(`${name} ${type}`)
    return answerOf(question, server.zone, name, type)
  }
  const udp = createSocket('udp4')
  udp.on('message', (question, from) => {
    const whole = answer(question)
    if (whole) udp.send(whole.length > MAX_UDP ? truncated(whole, question) : whole, from.port, from.address)
  })
  const tcp = createServer((socket) => {
    let waiting = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk])
      while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
        const end = 2 + waiting.readUInt16BE(0)
        const whole = answer(waiting.subarray(2, end))
        waiting = waiting.subarray(end)
        if (whole) socket.write(Buffer.concat([Buffer.from([whole.length >> 8, whole.length & 255]), whole]))
      }
    })
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  const { port } = tcp.address() as AddressInfo
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve))
  return Object.assign(server, {
    port,
    questions,
    resolver: () => {
      const resolver = new Resolver({ timeout: TRY_MS, tries: 1 })
      resolver.setServers([`127.0.0.1:${port}`])
      return resolver
    },
    stop: () => {
      udp.close()
      tcp.close()
    },
  })
}

const readQuestion = (question: Buffer): { name: string; type: string } => {
  const labels: string[] = []
  let at = 12
  while (question[at]) {
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]!))
    at += question[at]! + 1
  }
  const number = question.readUInt16BE(at + 1)
  const type = Object.keys(TYPES).find((one) => TYPES[one] === number) ?? String(number)
  return { name: labels.join('.').toLowerCase(), type }
}

const answerOf = (question: Buffer, zone: Zone, name: string, type: string): Buffer | null => {
  const records: Buffer[] = []
  let found: DnsAnswer | undefined
  let asked = name
  for (let hops = 0; hops < 8; hops++) {
    found = zone[`${asked} ${type}`]
    const alias = zone[`${asked} CNAME`]
    if (found !== undefined || !Array.isArray(alias) || type === 'CNAME') break
    records.push(recordOf(asked, 'CNAME', alias[0]!))
    asked = alias[0]!
  }
  if (found === 'silent') return null
  if (found === 'garbage') return Buffer.from('not an answer')
  const exists = Object.keys(zone).some(
    (key) => key.split(' ')[0] === asked || key.split(' ')[0]!.endsWith(`.${asked}`),
  )
  const code =
    typeof found === 'string' ? RCODES[found]! : found === undefined && !exists ? RCODES['nxdomain']! : 0
  if (Array.isArray(found)) records.push(...found.map((value) => recordOf(asked, type, value)))
  return Buffer.concat([headOf(question, code, records.length, false), ...records])
}

const headOf = (question: Buffer, code: number, answers: number, cut: boolean): Buffer => {
  let at = 12
  while (question[at]) at += question[at]! + 1
  const head = Buffer.from(question.subarray(0, at + 5))
  head.writeUInt16BE(0x8580 | (cut ? 0x0200 : 0) | code, 2)
  head.writeUInt16BE(answers, 6)
  head.writeUInt32BE(0, 8)
  return head
}

const truncated = (whole: Buffer, question: Buffer): Buffer => headOf(question, whole[3]! & 15, 0, true)

const nameOf = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label, 'latin1')])),
    Buffer.of(0),
  ])

const recordOf = (name: string, type: string, value: string): Buffer => {
  const data = dataOf(type, value)
  const head = Buffer.alloc(10)
  head.writeUInt16BE(TYPES[type]!, 0)
  head.writeUInt16BE(1, 2)
  head.writeUInt16BE(data.length, 8)
  return Buffer.concat([nameOf(name), head, data])
}

const dataOf = (type: string, value: string): Buffer => {
  if (type === 'A') return Buffer.from(value.split('.').map(Number))
  if (type === 'AAAA') return wordsOf(value)
  if (type === 'MX') {
    const [priority, exchange = ''] = value.split(' ')
    return Buffer.concat([Buffer.of(0, Number(priority)), nameOf(exchange)])
  }
  if (type === 'TXT') {
    const bytes = Buffer.from(value)
    const parts = Array.from({ length: Math.ceil(bytes.length / 255) || 1 }, (_, index) =>
      bytes.subarray(index * 255, index * 255 + 255),
    )
    return Buffer.concat(parts.flatMap((part) => [Buffer.of(part.length), part]))
  }
  return nameOf(value)
}

const wordsOf = (address: string): Buffer => {
  const [left = '', right] = address.split('::')
  const words = (text: string | undefined) =>
    text ? text.split(':').map((word) => Number.parseInt(word, 16)) : []
  const [before, after] = [words(left), words(right)]
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 255]))
}
