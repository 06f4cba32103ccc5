import { connect, createServer, type Socket } from 'node:net'
import { freePort } from '#tests/support/free-port.ts'

/** A door in front of a database: cut, it refuses every connection and ends those that are open. */
export const relay = (target: URL) => {
  const port = freePort()
  const sockets = new Set<Socket>()
  let open = true
  let asked = 0
  const server = createServer((client) => {
    if (!open) return void client.destroy()
    const upstream = connect(Number(target.port), target.hostname)
    client.on('data', ({ length }) => (asked += length))
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.pipe(other)
      socket.on('error', () => other.destroy())
      socket.on('close', () => (sockets.delete(socket), other.destroy()))
    }
  })
  server.listen(port, '127.0.0.1')
  const through = new URL(target)
  through.port = String(port)
  const endAll = () => sockets.forEach((socket) => socket.destroy())
  return {
    url: through.href,
    /** Bytes that were sent to the database. */
    asked: () => asked,
    cut: () => {
      open = false
      endAll()
    },
    mend: () => void (open = true),
    close: () => {
      endAll()
      server.close()
    },
  }
}
