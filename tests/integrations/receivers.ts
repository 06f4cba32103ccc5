export type Received = { headers: Record<string, string>; body: string; at: number }
type Answer = (received: Received, count: number) => Response | Promise<Response>

/** A real receiver on the loopback network; answers 204 unless told otherwise. */
export const startReceiver = (answer: Answer = () => new Response(null, { status: 204 })) => {
  const received: Received[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const one = {
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
        at: Date.now(),
      }
      received.push(one)
      return answer(one, received.length)
    },
  })
  const typesReceived = () => received.map(({ body }) => JSON.parse(body).type as string)
  return {
    url: `http://127.0.0.1:${server.port}/hook`,
    received,
    typesReceived,
    stop: () => server.stop(true),
  }
}
