import { failed, ok, type Result } from '../errors.ts'
import { parseOutsideUrl, portOf } from '../address-vetting.ts'

const END = '\r\n\r\n'
// What concerns one connection only (RFC 9110 §7.6.1) or is meant for the proxy.
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'upgrade',
])

export type Head = { first: string; fields: [name: string, value: string][]; rest: Buffer }

/** The first line and the header lines of a message once they have all come, and the bytes after them. */
export const readHead = (bytes: Buffer): Head | null => {
  const end = bytes.indexOf(END)
  if (end < 0) return null
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { first, fields, rest: bytes.subarray(end + END.length) }
}

export const fieldOf = (head: Head, name: string): string | null =>
  head.fields.find(([field]) => field === name)?.[1] ?? null

/** The head as it goes on: without what was meant for this connection, and with the word that it is the last. */
export const lastHead = (first: string, head: Head): string => {
  const named = (fieldOf(head, 'connection') ?? '').toLowerCase().split(/\s*,\s*/)
  const kept = head.fields.filter(([name]) => !OF_THE_CONNECTION.has(name) && !named.includes(name))
  return `${[first, ...kept.map(([name, value]) => `${name}: ${value}`), 'connection: close'].join('\r\n')}${END}`
}

export type Asked =
  | { kind: 'tunnel'; host: string; port: number }
  | { kind: 'request'; host: string; port: number; first: string; bodyBytes: number }

/** What a client of the proxy asks for: a tunnel, or one http request in absolute form. */
export const readAsked = (head: Head): Result<Asked> => {
  const [, method = '', target = ''] = /^([A-Z]{1,16}) (\S{1,8192}) HTTP\/1\.[01]$/.exec(head.first) ?? []
  if (method === 'CONNECT') {
    const url = parseOutsideUrl(`http://${target}/`)
    const port = Number(/:(\d{1,5})$/.exec(target)?.[1])
    if (!url.ok || url.value.pathname !== '/' || !port) return failed('bad_request', 'No such tunnel.')
    return ok({ kind: 'tunnel', host: url.value.hostname, port })
  }
  const url = parseOutsideUrl(target)
  if (!method || !url.ok || url.value.protocol !== 'http:') return failed('bad_request', 'No such request.')
  const length = fieldOf(head, 'content-length') ?? '0'
  // A body of unknown length could hide a second request.
  if (fieldOf(head, 'transfer-encoding') !== null || !/^\d{1,12}$/.test(length))
    return failed('bad_request', 'A body needs its length.')
  const { hostname: host, pathname, search } = url.value
  const first = `${method} ${pathname}${search} HTTP/1.1`
  return ok({ kind: 'request', host, port: portOf(url.value), first, bodyBytes: Number(length) })
}
