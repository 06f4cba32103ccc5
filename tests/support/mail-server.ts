import { createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** One mail as it came in: the envelope as the client gave it, the mail as it stood on the wire. */
export type Received = { from: string; to: string[]; raw: string; login: string | null; encrypted: boolean }

export type MailServerOptions = {
  /** Any free one when not given. */
  port?: number
  /** Offers STARTTLS with this certificate. */
  tls?: { cert: string; key: string }
  /** The only login it takes; mails without one are refused. */
  login?: { username: string; password: string }
  /** Answers instead of the usual ones, by what is answered; 'drop' closes the connection. */
  answers?: Partial<
    Record<
      'greeting' | 'mail' | 'rcpt' | 'data' | 'message' | 'message-partly',
      string | (() => Promise<string>)
    >
  >
}

export type MailServer = {
  port: number
  received: Received[]
  connections: () => number
  /** Mails that came in whole, answered or not. */
  handedOver: () => number
  stop: () => Promise<void>
}

/** A mail server on loopback that really speaks SMTP (RFC 5321, AUTH PLAIN/LOGIN, STARTTLS), and misbehaves when told. */
export const startMailServer = async (options: MailServerOptions = {}): Promise<MailServer> => {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let handedOver = 0
  const server: Server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    const taken = () => void (handedOver += 1)
    converse(socket, { ...options, taken }, received, true)
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received,
    connections: () => connections,
    handedOver: () => handedOver,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

const converse = (
  socket: Socket,
  { tls, login, answers = {}, taken }: MailServerOptions & { taken: () => void },
  received: Received[],
  greets: boolean,
): void => {
  const encrypted = !greets
  let pending = ''
  let mail: Received | null = null
  let user: string | null = null
  let loginStep: 'none' | 'username' | 'password' = 'none'
  let inData = false
  let busy = Promise.resolve()

  const say = (text: string): void => void socket.write(`${text}\r\n`)
  /** The usual answer, unless another one was ordered. */
  const answer = async (
    to: keyof NonNullable<MailServerOptions['answers']>,
    usual: string,
  ): Promise<boolean> => {
    const ordered = answers[to]
    const text = typeof ordered === 'function' ? await ordered() : (ordered ?? usual)
    if (text === 'drop') socket.destroy()
    else say(text)
    return text === usual
  }
  const logIn = (name: string, password: string): void => {
    if (login && name === login.username && password === login.password) {
      user = name
      say('235 2.7.0 Welcome')
    } else say('535 5.7.8 Username and password not accepted')
  }

  const upgrade = (): void => {
    say('220 2.0.0 Ready')
    socket.removeAllListeners('data')
    const secure = new TLSSocket(socket, { isServer: true, ...tls })
    secure.on('error', () => {})
    converse(secure, { ...(login ? { login } : {}), answers, taken }, received, false)
  }

  const command = async (line: string): Promise<void> => {
    if (loginStep === 'username') {
      user = text64(line)
      loginStep = 'password'
      return say('334 UGFzc3dvcmQ6')
    }
    if (loginStep === 'password') {
      loginStep = 'none'
      const name = user ?? ''
      user = null
      return logIn(name, text64(line))
    }
    const verb = line.split(/[ :]/)[0]?.toUpperCase()
    if (verb === 'EHLO')
      return say(
        [
          '250-mail.test',
          ...(tls ? ['250-STARTTLS'] : []),
          ...(login ? ['250-AUTH PLAIN LOGIN'] : []),
          '250 8BITMIME',
        ].join('\r\n'),
      )
    if (verb === 'STARTTLS' && tls) return upgrade()
    if (verb === 'AUTH') {
      const [, method, given] = line.split(' ')
      if (method === 'PLAIN' && given) {
        const [, name = '', password = ''] = text64(given).split('\0')
        return logIn(name, password)
      }
      loginStep = 'username'
      return say('334 VXNlcm5hbWU6')
    }
    if (verb === 'MAIL') {
      if (login && user === null) return say('530 5.7.0 Authentication required')
      if (await answer('mail', '250 2.1.0 Ok'))
        mail = { from: bracketed(line), to: [], raw: '', login: user, encrypted }
      return
    }
    if (verb === 'RCPT') {
      if (await answer('rcpt', '250 2.1.5 Ok')) mail?.to.push(bracketed(line))
      return
    }
    if (verb === 'DATA') {
      inData = await answer('data', '354 Go ahead')
      if (inData && answers['message-partly']) await answer('message-partly', '')
      return
    }
    if (verb === 'QUIT') {
      say('221 2.0.0 Bye')
      return void socket.end()
    }
    say(verb === 'RSET' || verb === 'NOOP' ? '250 Ok' : '502 5.5.1 Not known')
  }

  const read = async (): Promise<void> => {
    for (;;) {
      const end = inData ? pending.indexOf('\r\n.\r\n') : pending.indexOf('\r\n')
      if (end < 0) return
      const text = pending.slice(0, end)
      pending = pending.slice(end + (inData ? 5 : 2))
      if (!inData) {
        await command(text)
        continue
      }
      inData = false
      const whole = mail && { ...mail, raw: `${text.replaceAll('\r\n..', '\r\n.')}\r\n` }
      const ordered = answers.message
      taken()
      if (whole && (ordered === undefined || ordered === 'drop')) received.push(whole)
      await answer('message', '250 2.0.0 Ok: queued as 4F2A')
    }
  }
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1')
    busy = busy.then(read)
  })
  if (greets) void answer('greeting', '220 mail.test ESMTP')
}

const text64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8')
const bracketed = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? ''
