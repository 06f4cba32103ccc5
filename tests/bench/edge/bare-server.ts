// The least that Bun can do: the same bytes for every request. BARE: {status, headers, body (base64)}, PORT.
const { status, headers, body } = JSON.parse(process.env.BARE ?? '{}') as {
  status: number
  headers: Record<string, string>
  body: string
}
const bytes = body === '' ? null : Buffer.from(body, 'base64')

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env.PORT),
  fetch: () => new Response(bytes, { status, headers }),
})
export {}
