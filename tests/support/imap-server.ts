import { createServer, type Socket } from 'node:net'

export type StoredMail = { uid: number; raw: Buffer; at: Date }

export type ImapServerOptions = {
  login?: { username: string; password: string }
  /** Tells of new mail by itself; true unless said. */
  idle?: boolean
  /** Whether MOVE is offered. */
  move?: boolean
  uidValidity?: number
}

export type ImapServer = {
  port: number
  /** By folder. */
  folders: Map<string, StoredMail[]>
  /** Puts a mail into a folder and tells who idles there. Returns its uid. */
  deliver: (raw: string | Buffer, at?: Date, folder?: string) => number
  /** Every command as it came, without its tag. */
  commands: string[]
  connections: () => number
  /** Closes every connection. */
  drop: () => void
  /** Closes the connection in the middle of the next answer to a FETCH. */
  dropDuringFetch: () => void
  setUidValidity: (value: number) => void
  stop: () => Promise<void>
}

/** A mailbox on loopback that speaks as much IMAP (RFC 3501, IDLE, MOVE, UIDPLUS) as reading mail takes. */
export const startImapServer = async (options: ImapServerOptions = {}): Promise<ImapServer> => {
  const state = {
    folders: new Map<string, StoredMail[]>([['INBOX', []]]),
    uidNext: 1,
    uidValidity: options.uidValidity ?? 1000,
    commands: [] as string[],
    dropNext: false,
    sessions: new Set<Session>(),
    options,
  }
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', () => {})
    converse(socket, state)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const drop = () => {
    for (const { socket } of state.sessions) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    folders: state.folders,
    deliver: (raw, at = new Date(), folder = 'INBOX') => {
      const uid = state.uidNext++
      const mails = state.folders.get(folder) ?? []
      state.folders.set(folder, mails)
      mails.push({ uid, raw: Buffer.isBuffer(raw) ? raw : Buffer.from(raw.replaceAll(/\r?\n/g, '\r\n')), at })
      for (const session of state.sessions)
        if (session.idling && session.folder === folder) tellCount(session, mails)
      return uid
    },
    commands: state.commands,
    connections: () => connections,
    drop,
    dropDuringFetch: () => void (state.dropNext = true),
    setUidValidity: (value) => void (state.uidValidity = value),
    stop: () =>
      new Promise((resolve) => {
        drop()
        server.close(() => resolve())
      }),
  }
}

type State = {
  folders: Map<string, StoredMail[]>
  uidNext: number
  uidValidity: number
  commands: string[]
  dropNext: boolean
  sessions: Set<Session>
  options: ImapServerOptions
}
/** `told`: how many mails its client knows of. */
type Session = { socket: Socket; folder: string; idling: string | null; loggedIn: boolean; told: number }

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A client is told of mails that it does not know of whenever it may be. */
const tellCount = (session: Session, mails: readonly StoredMail[]): void => {
  if (session.told === mails.length) return
  session.told = mails.length
  session.socket.write(`* ${mails.length} EXISTS\r\n`)
}

const converse = (socket: Socket, state: State): void => {
  const session: Session = { socket, folder: '', idling: null, loggedIn: false, told: 0 }
  state.sessions.add(session)
  socket.on('close', () => state.sessions.delete(session))
  const say = (line: string): void => void socket.write(`${line}\r\n`)
  const capabilities = `IMAP4rev1 UIDPLUS${state.options.idle === false ? '' : ' IDLE'}${state.options.move === false ? '' : ' MOVE'} AUTH=PLAIN SASL-IR`
  let pending = ''
  /** A command that waits for the rest of itself: its literal, or a login. */
  let literal: { head: string; size: number } | null = null
  let authTag: string | null = null
  say(`* OK [CAPABILITY ${capabilities}] mailbox.test ready`)

  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1')
    for (;;) {
      if (literal) {
        if (pending.length < literal.size) return
        pending = `${literal.head}"${pending.slice(0, literal.size)}"${pending.slice(literal.size)}`
        literal = null
      }
      const end = pending.indexOf('\r\n')
      if (end < 0) return
      const line = pending.slice(0, end)
      const open = /\{(\d+)(\+?)\}$/.exec(line)
      if (open) {
        pending = pending.slice(end + 2)
        literal = { head: line.slice(0, open.index), size: Number(open[1]) }
        if (open[2] === '') say('+ go on')
        continue
      }
      pending = pending.slice(end + 2)
      take(line)
    }
  })

  const take = (line: string): void => {
    if (session.idling !== null && /^done$/i.test(line)) {
      say(`${session.idling} OK idle done`)
      session.idling = null
      return
    }
    if (authTag !== null) {
      const tag = authTag
      authTag = null
      return authenticate(tag, line)
    }
    const [, tag = '', rest = ''] = /^(\S+) (.*)$/.exec(line) ?? []
    const words = rest.split(' ')
    const verb = (words[0]?.toUpperCase() === 'UID' ? `UID ${words[1]}` : (words[0] ?? '')).toUpperCase()
    state.commands.push(/^(LOGIN|AUTHENTICATE)/.test(verb) ? verb : rest)
    run(tag, verb, rest)
  }

  const authenticate = (tag: string, given: string): void => {
    const [, user = '', password = ''] = Buffer.from(given, 'base64').toString('utf8').split('\0')
    logIn(tag, user, password)
  }
  const logIn = (tag: string, user: string, password: string): void => {
    const { login } = state.options
    if (login && (user !== login.username || password !== login.password))
      return say(`${tag} NO [AUTHENTICATIONFAILED] Invalid credentials`)
    session.loggedIn = true
    say(`${tag} OK [CAPABILITY ${capabilities}] logged in`)
  }

  const run = (tag: string, verb: string, rest: string): void => {
    const done = (text = 'done'): void => say(`${tag} OK ${text}`)
    const strings = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((found) => found[1] ?? '')
    const mails = state.folders.get(session.folder) ?? []
    if (verb === 'CAPABILITY') {
      say(`* CAPABILITY ${capabilities}`)
      return done()
    }
    if (verb === 'LOGIN') {
      const [, user = '', password = ''] = rest.split(' ').map((word) => word.replaceAll('"', ''))
      return logIn(tag, user, password)
    }
    if (verb === 'AUTHENTICATE') {
      const given = rest.split(' ')[2]
      if (given !== undefined) return authenticate(tag, given)
      authTag = tag
      return say('+ ')
    }
    if (verb === 'LOGOUT') {
      say('* BYE see you')
      done()
      return void socket.end()
    }
    if (!session.loggedIn) return say(`${tag} NO log in first`)
    if (verb === 'LIST' || verb === 'LSUB') {
      const wanted = strings.at(-1) ?? rest.split(' ').at(-1) ?? ''
      for (const name of state.folders.keys())
        if (wanted === '*' || wanted === name) say(`* ${verb} (\\HasNoChildren) "/" "${name}"`)
      if (wanted === '') say(`* ${verb} (\\Noselect) "/" ""`)
      return done()
    }
    if (verb === 'SELECT' || verb === 'EXAMINE') {
      const name = strings[0] ?? rest.split(' ')[1] ?? ''
      const folder = state.folders.get(name)
      if (!folder) return say(`${tag} NO [NONEXISTENT] Mailbox does not exist`)
      session.folder = name
      say('* FLAGS (\\Seen)')
      session.told = folder.length
      say(`* ${folder.length} EXISTS`)
      say('* 0 RECENT')
      say(`* OK [UIDVALIDITY ${state.uidValidity}] valid`)
      say(`* OK [UIDNEXT ${state.uidNext}] next`)
      return done(`[READ-WRITE] selected`)
    }
    if (verb === 'CREATE') {
      state.folders.set(strings[0] ?? rest.split(' ')[1] ?? '', [])
      return done()
    }
    if (verb === 'IDLE') {
      session.idling = tag
      say('+ idling')
      return tellCount(session, mails)
    }
    if (verb === 'NOOP' || verb === 'STATUS') {
      if (session.folder !== '') tellCount(session, mails)
      return done()
    }
    if (verb === 'UID SEARCH') {
      const found = mails.filter(chosenBy(rest)).map(({ uid }) => uid)
      say(`* SEARCH${found.map((uid) => ` ${uid}`).join('')}`)
      return done()
    }
    if (verb === 'UID FETCH') {
      const wanted = uidSet(rest.split(' ')[2] ?? '')
      const part = /BODY(?:\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?/i.exec(rest)
      for (const [index, { uid, raw, at }] of mails.entries()) {
        if (!wanted(uid)) continue
        const body =
          part?.[2] === undefined ? raw : raw.subarray(Number(part[1]), Number(part[1]) + Number(part[2]))
        const date = `${String(at.getUTCDate()).padStart(2, ' ')}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${at.toISOString().slice(11, 19)} +0000`
        const name = part?.[2] === undefined ? 'BODY[]' : `BODY[]<${part[1]}>`
        socket.write(`* ${index + 1} FETCH (UID ${uid} INTERNALDATE "${date}" ${name} {${body.length}}\r\n`)
        if (state.dropNext) {
          state.dropNext = false
          return void socket.destroy()
        }
        socket.write(body)
        socket.write(')\r\n')
      }
      return done()
    }
    if (verb === 'UID MOVE') {
      const wanted = uidSet(rest.split(' ')[2] ?? '')
      const to = state.folders.get(strings.at(-1) ?? rest.split(' ')[3] ?? '')
      if (!to) return say(`${tag} NO [TRYCREATE] Mailbox does not exist`)
      for (const mail of mails.filter(({ uid }) => wanted(uid))) {
        say(`* ${mails.indexOf(mail) + 1} EXPUNGE`)
        mails.splice(mails.indexOf(mail), 1)
        session.told -= 1
        to.push({ ...mail, uid: state.uidNext++ })
      }
      return done()
    }
    if (verb === 'NAMESPACE') {
      say('* NAMESPACE (("" "/")) NIL NIL')
      return done()
    }
    if (verb === 'ID' || verb === 'ENABLE') return done()
    say(`${tag} BAD unknown command`)
  }
}

const uidSet = (text: string): ((uid: number) => boolean) => {
  const parts = text.split(',')
  const single = new Set(parts.filter((part) => !part.includes(':')).map(Number))
  const ranges = parts.flatMap((part) => {
    const [from = '0', to] = part.split(':')
    return to === undefined ? [] : [[Number(from), to === '*' ? Infinity : Number(to)] as const]
  })
  return (uid) => single.has(uid) || ranges.some(([from, to]) => uid >= from && uid <= to)
}

const chosenBy = (rest: string): ((mail: StoredMail) => boolean) => {
  const uids = /\bUID (\S+)$/i.exec(rest.replace(/^UID SEARCH/i, ''))?.[1]
  const since = /\bSINCE "?([\w-]+)"?/i.exec(rest)?.[1]
  return ({ uid, at }) =>
    (uids === undefined || uidSet(uids)(uid)) &&
    (since === undefined || at.getTime() >= Date.parse(`${since.replaceAll('-', ' ')} UTC`))
}
