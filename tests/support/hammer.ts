import type { Socket } from 'bun'

const HEAD_END = '\r\n\r\n'

/** What came back: enough to tell a redirect from a page. */
export type Answer = { status: number; location: string | null; ms: number }

/** One request, and what to do with its answer. Without `body` it is a GET. */
export type Shot = { path: string; body?: string; headers?: string; answered: (answer: Answer) => void }

type Options = {
  connections: number
  /** The next request, asked for as soon as a connection is free; null ends that connection. */
  next: () => Shot | null
}

/** Asks a server of this machine as fast as it answers, one request at a time on each of its connections (far cheaper
 *  than fetch, so that the server is what is measured). A connection that breaks is not made again: its request stays
 *  unanswered. Resolves when all have ended; counts the requests that were sent. */
export const hammer = async (base: string, { connections, next }: Options): Promise<{ sent: number }> => {
  const { hostname, port } = new URL(base)
  let sent = 0
  await Promise.all(
    Array.from({ length: connections }, () => {
      const ended = Promise.withResolvers<void>()
      let shot: Shot | null = null
      let came = ''
      let began = 0
      const send = (socket: Socket) => {
        shot = next()
        if (shot === null) return void socket.end()
        sent += 1
        came = ''
        began = performance.now()
        socket.write(requestOf(shot, `${hostname}:${port}`))
      }
      Bun.connect({
        hostname,
        port: Number(port),
        socket: {
          binaryType: 'buffer',
          open: send,
          data: (socket, data) => {
            came += data.toString('latin1')
            const answer = whole(came)
            if (answer === null || shot === null) return
            shot.answered({ ...answer, ms: performance.now() - began })
            send(socket)
          },
          close: () => ended.resolve(),
          error: () => ended.resolve(),
          connectError: () => ended.resolve(),
        },
      }).catch(() => ended.resolve())
      return ended.promise
    }),
  )
  return { sent }
}

const requestOf = ({ path, body, headers = '' }: Shot, host: string): string =>
  body === undefined
    ? `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`
    : `POST ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`

/** The answer, once its head and body are there; null before. */
const whole = (text: string): { status: number; location: string | null } | null => {
  const end = text.indexOf(HEAD_END)
  if (end < 0) return null
  const head = text.slice(0, end)
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  if (text.length < end + HEAD_END.length + length) return null
  return { status: Number(head.slice(9, 12)), location: /\r\nlocation: *(.*)/i.exec(head)?.[1] ?? null }
}
