import { createServer, type Socket } from 'node:net'

/** A mail server that takes everything as fast as it can and remembers who got it: `bun tests/support/mail-sink.ts` prints
 *  its port; a line `dump` on its input is answered with one JSON line of how often each recipient was sent to. */
export type MailSink = {
  port: number
  /** How often each recipient was sent to. */
  received: Map<string, number>
  stop: () => Promise<void>
}

export const startMailSink = async (
  options: { answerMs?: number; onMail?: (recipient: string) => void } = {},
): Promise<MailSink> => {
  const { answerMs = 0, onMail } = options
  const received = new Map<string, number>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let [inData, rest, recipient] = [false, '', '']
    const say = (text: string): void => {
      if (answerMs === 0) socket.write(`${text}\r\n`)
      else setTimeout(() => socket.write(`${text}\r\n`), answerMs)
    }
    say('220 sink.test ESMTP')
    socket.on('data', (chunk: Buffer) => {
      let text = rest + chunk.toString('latin1')
      rest = ''
      for (;;) {
        const mark = inData ? '\r\n.\r\n' : '\r\n'
        const end = text.indexOf(mark)
        if (end < 0) {
          rest = inData ? text.slice(-4) : text
          return
        }
        const line = text.slice(0, inData ? 0 : end)
        text = text.slice(end + mark.length)
        if (inData) {
          inData = false
          received.set(recipient, (received.get(recipient) ?? 0) + 1)
          onMail?.(recipient)
          say('250 2.0.0 Ok: queued')
          continue
        }
        const verb = line.slice(0, 4).toUpperCase()
        if (verb === 'RCPT') recipient = /<([^>]*)>/.exec(line)?.[1] ?? ''
        inData = verb === 'DATA'
        if (verb === 'EHLO') say('250-sink.test\r\n250-PIPELINING\r\n250 8BITMIME')
        else say(inData ? '354 Go ahead' : verb === 'QUIT' ? '221 Bye' : '250 2.0.0 Ok')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** The same in a process of its own, so that it does not share a thread with what is measured. */
export const startSinkProcess = async (answerMs = 0) => {
  const child = Bun.spawn([process.execPath, import.meta.path, String(answerMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const reader = child.stdout.getReader()
  let text = ''
  const line = async (): Promise<string> => {
    while (!text.includes('\n')) {
      const { value, done } = await reader.read()
      if (done) throw new Error('the sink ended')
      text += new TextDecoder().decode(value)
    }
    const end = text.indexOf('\n')
    const found = text.slice(0, end)
    text = text.slice(end + 1)
    return found
  }
  const port = Number(await line())
  return {
    port,
    /** How often each recipient was sent to until now. */
    received: async (): Promise<Map<string, number>> => {
      child.stdin.write('dump\n')
      await child.stdin.flush()
      return new Map(JSON.parse(await line()) as [string, number][])
    },
    stop: async () => {
      child.kill()
      await child.exited
    },
  }
}

if (import.meta.main) {
  const sink = await startMailSink({ answerMs: Number(process.argv[2] ?? 0) })
  process.stdout.write(`${sink.port}\n`)
  for await (const line of console)
    if (line === 'dump') process.stdout.write(`${JSON.stringify([...sink.received])}\n`)
  process.exit(0)
}
