/** Requests in hand from here on are counted by address; one waits for a single fdatasync, so that it takes a flood, or
 *  clients that dawdle with their bodies. */
const CROWDED = 500
/** Of one address while it is crowded. */
const MAX_OF_ADDRESS = 100
const MAX_PENDING = 2000

type Pending = { pendingRequests: number }

/** Lets a request in unless too many are in hand: of all, or, when there are many, of its client. `addressOf` sees
 *  behind trusted proxies, so that the proxy is not taken for everybody. */
export const limitCrowd = <S extends Pending>(addressOf: (request: Request, server: S) => string | null) => {
  const inHand = new Map<string, number>()

  const leave = (address: string): void => {
    const left = (inHand.get(address) ?? 1) - 1
    if (left > 0) inHand.set(address, left)
    else inHand.delete(address)
  }

  return (
    request: Request,
    server: S,
    serve: (request: Request, server: S) => Response | Promise<Response>,
  ): Response | Promise<Response> => {
    if (server.pendingRequests <= CROWDED) return serve(request, server)
    if (server.pendingRequests > MAX_PENDING) return busy()
    const address = addressOf(request, server) ?? ''
    const count = inHand.get(address) ?? 0
    if (count >= MAX_OF_ADDRESS) return busy()
    inHand.set(address, count + 1)
    return Promise.resolve(serve(request, server)).finally(() => leave(address))
  }
}

const busy = (): Response =>
  new Response('Too many requests at once\n', {
    status: 503,
    headers: {
      'Retry-After': '1',
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      Connection: 'close',
    },
  })
