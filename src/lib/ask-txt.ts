import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { parseAddress } from './networks.ts'

// Bun 1.4 gives the parts of a TXT record as records of their own, so that nobody can tell what belongs together.

const DNS_PORT = 53
const TYPE_TXT = 16
const CLASS_IN = 1
const HEAD_BYTES = 12
const NO_SUCH_NAME = 3
const MAX_NAME = 253
const MAX_LABEL = 63
const MAX_ANSWERS = 200
const MAX_BYTES = 65_535
const ASCII_END = 0x7f

type Reply = { code: number; cut: boolean; texts: string[] }

/** The TXT records of a name, the parts of each put together (RFC 7208 §3.3); empty when there are none, null when no
 *  server gave an answer.
 *  @param servers as dns.getServers() lists them: `1.1.1.1`, `127.0.0.1:5353`, `[::1]:53` */
export const askTxt = async (
  servers: readonly string[],
  name: string,
  { tryMs, tries }: { tryMs: number; tries: number },
): Promise<string[] | null> => {
  const query = queryFor(name)
  if (query === null) return []
  for (let round = 0; round < tries; round++)
    for (const server of servers) {
      const place = placeOf(server)
      if (!place) continue
      const short = await overUdp(place, query, tryMs)
      const reply = short?.cut ? await overTcp(place, query, tryMs) : short
      if (reply && (reply.code === 0 || reply.code === NO_SUCH_NAME)) return reply.texts
    }
  return null
}

/** The question, or null for what cannot be a name. */
const queryFor = (name: string): Buffer | null => {
  const labels = name.replace(/\.$/, '').split('.')
  const isName = name.length <= MAX_NAME && labels.every((one) => one !== '' && one.length <= MAX_LABEL)
  if (!isName || [...name].some((char) => char.charCodeAt(0) > ASCII_END)) return null
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt16BE(randomInt(0x10000), 0)
  head.writeUInt16BE(0x0100, 2)
  head.writeUInt16BE(1, 4)
  const parts = labels.flatMap((label) => [Buffer.of(label.length), Buffer.from(label, 'latin1')])
  return Buffer.concat([head, ...parts, Buffer.of(0, 0, TYPE_TXT, 0, CLASS_IN)])
}

type Place = { host: string; port: number }

const placeOf = (server: string): Place | null => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(server) ?? []
  const host = bracketed ?? plain ?? server
  return parseAddress(host) ? { host, port: port ? Number(port) : DNS_PORT } : null
}

const overUdp = ({ host, port }: Place, query: Buffer, withinMs: number): Promise<Reply | null> =>
  new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    const end = (reply: Reply | null) => {
      clearTimeout(timer)
      socket.removeAllListeners('message')
      socket.close()
      resolve(reply)
    }
    const timer = setTimeout(() => end(null), withinMs)
    socket.once('error', () => end(null))
    // What anybody else sends to this port is passed over: the server's own answer may still come.
    socket.on('message', (bytes, from) => {
      const reply = from.port === port ? readReply(bytes, query) : null
      if (reply) end(reply)
    })
    socket.send(query, port, host, (error) => error && end(null))
  })

const overTcp = ({ host, port }: Place, query: Buffer, withinMs: number): Promise<Reply | null> =>
  new Promise((resolve) => {
    const socket = connect({ host, port })
    let waiting = Buffer.alloc(0)
    const end = (reply: Reply | null) => {
      clearTimeout(timer)
      socket.removeAllListeners('data')
      socket.destroy()
      resolve(reply)
    }
    const timer = setTimeout(() => end(null), withinMs)
    socket.on('error', () => end(null))
    socket.on('close', () => end(null))
    socket.on('connect', () =>
      socket.write(Buffer.concat([Buffer.of(query.length >> 8, query.length & 255), query])),
    )
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk])
      if (waiting.length > MAX_BYTES + 2) return end(null)
      if (waiting.length < 2 || waiting.length < 2 + waiting.readUInt16BE(0)) return
      end(readReply(waiting.subarray(2, 2 + waiting.readUInt16BE(0)), query))
    })
  })

/** The answer to this very question; null for anything else. */
const readReply = (bytes: Buffer, query: Buffer): Reply | null => {
  try {
    const question = query.subarray(HEAD_BYTES)
    const isAnswer = bytes.readUInt16BE(0) === query.readUInt16BE(0) && (bytes[2]! & 0x80) !== 0
    const asked = bytes
      .subarray(HEAD_BYTES, HEAD_BYTES + question.length)
      .toString('latin1')
      .toLowerCase()
    if (!isAnswer || asked !== question.toString('latin1').toLowerCase()) return null
    const texts: string[] = []
    let at = HEAD_BYTES + question.length
    for (let left = Math.min(bytes.readUInt16BE(6), MAX_ANSWERS); left > 0; left--) {
      at = afterName(bytes, at)
      const type = bytes.readUInt16BE(at)
      const end = at + 10 + bytes.readUInt16BE(at + 8)
      if (end > bytes.length) throw new RangeError('a record longer than the answer')
      if (type === TYPE_TXT) texts.push(textOf(bytes.subarray(at + 10, end)))
      at = end
    }
    return { code: bytes[3]! & 15, cut: (bytes[2]! & 2) !== 0, texts }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const afterName = (bytes: Buffer, from: number): number => {
  let at = from
  for (;;) {
    const length = bytes.readUInt8(at)
    if (length === 0) return at + 1
    // A pointer to a name that stands elsewhere ends this one (RFC 1035 §4.1.4).
    if (length > MAX_LABEL) return at + 2
    at += 1 + length
  }
}

const textOf = (data: Buffer): string => {
  const parts: Buffer[] = []
  for (let at = 0; at < data.length; at += 1 + data[at]!)
    parts.push(data.subarray(at + 1, at + 1 + data[at]!))
  return Buffer.concat(parts).toString('utf8')
}
