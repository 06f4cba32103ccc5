// Run on a machine of tests/support/machines.ts: sends the bytes it is told to and prints what comes back, byte by
// byte as it was. One JSON question per line: {id, host, port, tls?, name?, send, waitMs?} → {id, answer, arrivals}.
import { connect as connectPlain, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { connect as connectTls } from 'node:tls'

export type RawQuestion = {
  host: string
  port: number
  /** The name asked for in the TLS handshake; without it the connection is plain. */
  name?: string
  send: string
  /** How long to read; less when the other side closes. */
  waitMs?: number
}
/** `arrivals`: when each piece came, in ms after the request was sent, and its text. */
export type RawAnswer = { answer: string; arrivals: { at: number; text: string }[] }

const ask = ({ host, port, name, send, waitMs = 4000 }: RawQuestion): Promise<RawAnswer> =>
  new Promise((resolve) => {
    const arrivals: RawAnswer['arrivals'] = []
    let began = performance.now()
    const socket: Socket =
      name === undefined
        ? connectPlain(port, host, () => begin())
        : connectTls({ host, port, servername: name, rejectUnauthorized: false }, () => begin())
    const begin = () => {
      began = performance.now()
      socket.write(Buffer.from(send, 'latin1'))
    }
    const timer = setTimeout(() => socket.destroy(), waitMs)
    socket.on('data', (chunk: Buffer) =>
      arrivals.push({ at: performance.now() - began, text: chunk.toString('latin1') }),
    )
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ answer: arrivals.map(({ text }) => text).join(''), arrivals })
    })
  })

if (import.meta.main)
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, ...question } = JSON.parse(line) as RawQuestion & { id: number }
    void ask(question).then((answer) => process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`))
  }
