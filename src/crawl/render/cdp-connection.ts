import { StringDecoder } from 'node:string_decoder'
import type { Readable, Writable } from 'node:stream'

const MAX_MESSAGE = 48_000_000

// oxlint-disable-next-line typescript/no-explicit-any -- the protocol's answers are read field by field
export type CdpAnswer = Record<string, any>

/** One target of the browser (a page), or the browser itself. */
export type CdpSession = {
  /** Rejects when the browser refuses, or is gone. */
  send: (method: string, params?: Record<string, unknown>) => Promise<CdpAnswer>
  on: (method: string, handler: (params: CdpAnswer) => void) => void
}

export type CdpConnection = CdpSession & {
  session: (id: string) => CdpSession & { forget: () => void }
  /** Resolves when the browser's end of the pipe is closed. */
  closed: Promise<void>
}

type Waiting = { resolve: (answer: CdpAnswer) => void; reject: (error: Error) => void }
type Handlers = Map<string, (params: CdpAnswer) => void>

/** The Chrome DevTools Protocol over the pipes of `--remote-debugging-pipe`: JSON messages, each ended by a NUL. */
export const connectCdp = (write: Writable, read: Readable): CdpConnection => {
  const waiting = new Map<number, Waiting>()
  const handlers = new Map<string, Handlers>()
  const { promise: closed, resolve: tellClosed } = Promise.withResolvers<void>()
  let lastId = 0
  let open = true

  const shut = (): void => {
    open = false
    read.destroy()
    write.destroy()
    for (const { reject } of waiting.values()) reject(new Error('the browser is gone'))
    waiting.clear()
    tellClosed()
  }

  const receive = (text: string): void => {
    const message = JSON.parse(text) as CdpAnswer
    if (message.id === undefined)
      return handlers.get(message.sessionId ?? '')?.get(message.method)?.(message.params ?? {})
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error) asked?.reject(new Error(String(message.error.message).slice(0, 300)))
    else asked?.resolve(message.result ?? {})
  }

  const decoder = new StringDecoder('utf8')
  let parts: string[] = []
  let length = 0
  read.on('data', (chunk: Buffer) => {
    const pieces = decoder.write(chunk).split('\0')
    for (const [index, piece] of pieces.entries()) {
      parts.push(piece)
      length += piece.length
      if (length > MAX_MESSAGE) return shut()
      if (index === pieces.length - 1) break
      const text = parts.join('')
      parts = []
      length = 0
      receive(text)
    }
  })
  for (const stream of [read, write]) stream.on('error', shut).on('close', shut)
  read.on('end', shut)

  const sessionOf = (sessionId: string): CdpSession => {
    const own: Handlers = new Map()
    handlers.set(sessionId, own)
    return {
      send: (method, params = {}) =>
        new Promise((resolve, reject) => {
          if (!open) return reject(new Error('the browser is gone'))
          const id = ++lastId
          waiting.set(id, { resolve, reject })
          const target = sessionId === '' ? {} : { sessionId }
          write.write(`${JSON.stringify({ id, method, params, ...target })}\0`)
        }),
      on: (method, handler) => void own.set(method, handler),
    }
  }

  return {
    ...sessionOf(''),
    session: (id) => ({ ...sessionOf(id), forget: () => void handlers.delete(id) }),
    closed,
  }
}
