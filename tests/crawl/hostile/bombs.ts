import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Sending } from './outside-world.ts'

export type Bomb = (response: Sending) => void

const ZEROS = '<p>boum</p>\n'
const HTML_TYPE = 'Content-Type: text/html; charset=utf-8\r\n'
const START = '<!doctype html><html lang="fr"><title>Bombe</title><body>'
const SLOW_MS = 100

/** The answer as bytes on the wire, whatever HTTP says of them. */
export const raw =
  (...parts: (string | Uint8Array)[]): Bomb =>
  ({ socket }) => {
    for (const part of parts) socket.write(part)
    socket.end()
  }

/** A piece again and again until the other side hangs up. */
export const endless =
  (head: string, piece: string | Uint8Array): Bomb =>
  ({ socket }) => {
    socket.write(head)
    const more = (): void => {
      while (socket.writable) if (!socket.write(piece)) return void socket.once('drain', more)
    }
    more()
  }

/** A piece ten times a second until the other side hangs up. */
export const slow =
  (head: string, piece: string): Bomb =>
  ({ socket }) => {
    socket.write(head)
    const timer = setInterval(() => socket.write(piece), SLOW_MS)
    socket.once('close', () => clearInterval(timer))
  }

export const compressed =
  (encoding: string, body: Uint8Array, type = 'text/html; charset=utf-8'): Bomb =>
  ({ send }) =>
    send(body, { 'Content-Type': type, 'Content-Encoding': encoding })

export const html =
  (body: string): Bomb =>
  ({ send }) =>
    send(START + body, { 'Content-Type': 'text/html; charset=utf-8' })

const OK = `HTTP/1.1 200 OK\r\n${HTML_TYPE}`
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`
const LINES = 'X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(1_000)

/** Compressed bodies that become `megabytes` large. */
export const compressedBombs = (megabytes: number): Record<string, Bomb> => {
  const plain = Buffer.alloc(megabytes * 1_000_000, ZEROS)
  plain.write(START)
  const gzip = gzipSync(plain)
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })
  return {
    'a gzip bomb': compressed('gzip', gzip),
    'a brotli bomb': compressed('br', brotli),
    'a zstd bomb': compressed('zstd', zstdCompressSync(plain)),
    'a deflate bomb': compressed('deflate', deflateSync(plain)),
    'a gzip bomb in a gzip': compressed('gzip, gzip', gzipSync(gzip)),
    'a brotli bomb in a gzip in a zstd': compressed('br, gzip, zstd', zstdCompressSync(gzipSync(brotli))),
    'a gzip bomb of many members': compressed('gzip', Buffer.concat(Array.from({ length: 5 }, () => gzip))),
  }
}

/** Bodies without an end or an order, and what the crawl says of the page (null: it is read as far as it goes). */
export const wireBombs: Record<string, [Bomb, string[]]> = {
  'a body without end': [endless(`${OK}\r\n${START}`, ZEROS.repeat(5_000)), ['truncated']],
  'chunks without end': [endless(CHUNKED, `ea60\r\n${ZEROS.repeat(5_000)}\r\n`), ['truncated']],
  'chunks of one byte without end': [endless(CHUNKED, '1\r\na\r\n'.repeat(10_000)), ['truncated']],
  'a header of 10 MB': [
    raw(`${OK}X-A: `, Buffer.alloc(10_000_000, 'a'), '\r\n\r\nx'),
    ['too_large', 'unreachable'],
  ],
  'header lines without end': [endless(OK, LINES), ['too_large', 'unreachable']],
  'a header line without end': [endless(`${OK}X-A: `, Buffer.alloc(65_536, 'a')), ['too_large']],
  'a status line without end': [
    endless('HTTP/1.1 200 ', Buffer.alloc(65_536, 'a')),
    ['too_large', 'unreachable'],
  ],
  'ten thousand header lines': [raw(OK, LINES.repeat(10), '\r\nx'), ['too_large', 'unreachable']],
  'a length of 20 digits': [raw(`${OK}Content-Length: 99999999999999999999\r\n\r\nx`), ['unreachable']],
  'a length below zero': [raw(`${OK}Content-Length: -1\r\n\r\nx`), ['unreachable']],
  'no HTTP': [endless('SSH-2.0-OpenSSH\r\n', Buffer.alloc(65_536, 'x\r\n')), ['unreachable']],
  'nothing at all': [({ socket }) => socket.end(), ['unreachable']],
}

/** Answers that would take for ever. */
export const slowBombs: Record<string, Bomb> = {
  'a body ten bytes a second': slow(`${OK}\r\n${START}`, 'a'),
  'chunks ten bytes a second': slow(CHUNKED, '1\r\na\r\n'),
  'headers ten bytes a second': slow(OK, 'X'),
  'no answer': () => {},
  'interim answers without end': endless('', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(500)),
  'a chunk’s extension without end': endless(`${CHUNKED}5;`, Buffer.alloc(65_536, 'a')),
  'trailers without end': endless(`${CHUNKED}5\r\nhello\r\n0\r\n`, LINES),
}

/** Pages that are all there, but too much. */
export const hugePages = (scale: number): Record<string, Bomb> => ({
  'nested tags': html('<div><b><i>'.repeat(100_000 * scale)),
  'nested and closed tags': html('<div>'.repeat(100_000 * scale) + 'x' + '</div>'.repeat(100_000 * scale)),
  'attributes of one tag': html(
    `<p ${Array.from({ length: 500_000 * scale }, (_, n) => `a${n}=b`).join(' ')}>x`,
  ),
  'one text': html('mot '.repeat(2_500_000 * scale)),
  'one word': html('a'.repeat(10_000_000 * scale)),
  links: html(Array.from({ length: 100_000 * scale }, (_, n) => `<a href="/p${n}.html">${n}</a>`).join('')),
  'names of contact pages': html(
    Array.from({ length: 50_000 * scale }, (_, n) => `<a href="/contact-${n.toString(36)}">Contact</a>`).join(
      '',
    ),
  ),
  frames: html('<iframe src="/cadre"></iframe>'.repeat(1_000 * scale)),
  'JSON-LD nested': html(
    `<script type="application/ld+json">${'{"a":['.repeat(100_000 * scale)}${']}'.repeat(100_000 * scale)}</script>`,
  ),
})
