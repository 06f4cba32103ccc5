// Run inside a network namespace of its own (`unshare -n`), where every address there is belongs to this process:
// answers names and pages as a hostile part of the Internet would, crawls it with the program as installed, and
// prints what was connected to. Usage: bun lone-internet.ts COMMAND…
import { $ } from 'bun'
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { PRIVATE_HOSTS, PRIVATE_NAMES, TRICKY_URLS } from '#tests/crawl/hostile/private-places.ts'

const PUBLIC = ['93.184.216.34', '93.184.216.35', '93.184.216.36', '93.184.216.37', '93.184.216.38']
const PORTS = [80, 443, 8080, 8443, 22, 25, 3306, 5432, 6379, 9200, 11211, 8888]
const MAX_TARGETS = 34
const TYPE_A = 1
const TYPE_AAAA = 28
const STATUSES = [301, 302, 303, 307, 308]

await $`ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo`.quiet()

const targets = [
  ...PRIVATE_HOSTS.map((host) => `http://${host}/`),
  ...Object.keys(PRIVATE_NAMES).map((name) => `http://${name}/`),
  ...TRICKY_URLS.map((url) => url.replaceAll(':P', ':80')),
  'http://rebind.test/',
]
const groups = Array.from({ length: Math.ceil(targets.length / MAX_TARGETS) }, (_, index) =>
  targets.slice(index * MAX_TARGETS, (index + 1) * MAX_TARGETS),
)
const drawn = 'dessin.fr'
const sites = [...groups.map((_, index) => `site-${'abcdef'[index]}.fr`), drawn]

let rebound = 0
const addressesOf = (name: string): string[] => {
  const site = sites.indexOf(name)
  if (site >= 0) return [PUBLIC[site]!]
  // The owner's other spellings of the name lead inside.
  if (name.startsWith('www.')) return ['127.0.0.1']
  if (name === 'rebind.test') return rebound++ % 2 === 0 ? [PUBLIC[0]!] : ['127.0.0.1']
  return PRIVATE_NAMES[name] ?? PRIVATE_NAMES[`${name}.`] ?? []
}

const bytesOf = (address: string): number[] | null => {
  const [host] = new URL(
    `http://${address.includes(':') ? `[${address.replace(/%.*/, '')}]` : address}`,
  ).host.split('%')
  if (!host!.startsWith('[')) return host!.split('.').map(Number)
  const [left = '', right] = host!.slice(1, -1).split('::')
  const words = (text: string | undefined) =>
    text ? text.split(':').map((word) => Number.parseInt(word, 16)) : []
  const [before, after] = [words(left), words(right)]
  const all = [...before, ...Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after]
  return all.flatMap((word) => [word >> 8, word & 255])
}

const answerName = (question: Buffer): Buffer => {
  let at = 12
  const labels: string[] = []
  while (question[at]) {
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]!))
    at += question[at]! + 1
  }
  const type = question.readUInt16BE(at + 1)
  const found = addressesOf(labels.join('.').toLowerCase())
    .filter((address) => !/[^\d.:a-f%lo]/i.test(address))
    .map((address) => bytesOf(address))
    .filter(
      (bytes) => bytes !== null && bytes.length === (type === TYPE_A ? 4 : type === TYPE_AAAA ? 16 : 0),
    ) as number[][]
  const header = Buffer.from(question.subarray(0, at + 5))
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(found.length, 6)
  header.writeUInt16BE(0, 8)
  header.writeUInt16BE(0, 10)
  const records = found.map((bytes) =>
    Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]),
  )
  return Buffer.concat([header, ...records])
}

const server = /^nameserver\s+(\S+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1] ?? '127.0.0.1'
const names = createSocket(server.includes(':') ? 'udp6' : 'udp4')
names.on('message', (question, from) => names.send(answerName(question), from.port, from.address))
await new Promise<void>((resolve) => names.bind(53, server, resolve))

const connected: string[] = []
const html = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
const NOTHING = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
const WORDS = '<!doctype html><html lang="fr"><title>Atelier</title><body><h1>Atelier</h1>'
const letters = (index: number): string => String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))
const REFERENCES = [
  '<img src="URLa.png">',
  '<link rel="icon" href="URLf.ico">',
  '<script src="URLa.js"></script>',
  '<iframe src="URL"></iframe>',
  '<link rel="stylesheet" href="URLa.css">',
  '<form action="URL"></form>',
  '<a href="URL">x</a>',
  '<a href="URLinterne/">x</a>',
]

const answerPage = (host: string, path: string): string => {
  const site = sites.indexOf(host)
  if (path === '/contact') return html(`${WORDS}<p>bonjour@${host}</p>`)
  if (host === drawn && path === '/adresse')
    return html(`Une page que seul un script écrit. `.repeat(20) + `Écrivez à dessin@${host}`)
  if (host === drawn && path === '/') {
    const urls = JSON.stringify(targets.filter((url) => URL.canParse(url)))
    return html(
      `${WORDS}<div id="root"></div><a href="/contact">Contact</a><script>fetch('/adresse').then((one) => one.text()).then((text) => { document.getElementById('root').textContent = text }); for (const url of ${urls}) { fetch(url, { mode: 'no-cors' }).catch(() => {}); new Image().src = url; document.body.append(Object.assign(document.createElement('iframe'), { src: url })) }</script>`,
    )
  }
  const group = groups[site]
  if (!group) return NOTHING
  if (path === '/robots.txt')
    return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nUser-agent: *\nDisallow: /x\n${group.map((url) => `Sitemap: ${url}s.xml\n`).join('')}Sitemap: http://www.${host}/s.xml\n`
  if (path === '/') {
    const references = group.map((url, index) =>
      REFERENCES[index % REFERENCES.length]!.replaceAll('URL', url.replace(/"/g, '')),
    )
    const links = group.map((_, index) => `<a href="/vers-${letters(index)}">x</a>`)
    return html(
      `${WORDS}<meta http-equiv="refresh" content="9; url=http://www.${host}/interne/">${references.join('')}${links.join('')}<a href="/contact">Contact</a>`,
    )
  }
  const index = group.findIndex((_, one) => path === `/vers-${letters(one)}`)
  if (index < 0) return NOTHING
  return `HTTP/1.1 ${STATUSES[index % 5]} Moved\r\nLocation: ${group[index]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '')
for (const port of PORTS) {
  const listener = createServer((socket) => {
    connected.push(`${plain(socket.localAddress ?? '')} ${port}`)
    socket.on('error', () => {})
    let head = ''
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (port === 443 || port === 8443) return void socket.destroy()
      if (!head.includes('\r\n\r\n')) return
      const host = /^host: *([^\r:]*)/im.exec(head)?.[1] ?? ''
      socket.end(answerPage(host.replace(/^www\./, ''), head.split(' ', 2)[1] ?? ''))
    })
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(port, '::', resolve)
  })
}

const command = process.argv.slice(2)
const crawl = async (url: string) => {
  const child = Bun.spawn([...command, 'crawl', url, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: process.env,
  })
  const [code, out, errors] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { url, code, out, errors: errors.slice(0, 2_000) }
}
const crawls = await Promise.all(sites.map((site) => crawl(`http://${site}/`)))
const starts = []
for (const url of [
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://metadata.google.internal/',
  'http://both.test/',
  'http://169.254.169.254/',
  'http://rebind.test/',
])
  starts.push(await crawl(url))
// That the listeners do count: one look at a private place of our own.
const before = connected.length
await fetch('http://10.0.0.5/').catch(() => null)
const counts = connected.length - before
process.stdout.write(
  JSON.stringify({ connected: connected.slice(0, before), counts, groups, crawls, starts }),
)
process.exit(0)
