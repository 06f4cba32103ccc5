import type { Hono } from 'hono'
import type { AppEnv } from '#src/http-env.ts'

type Sent = {
  form?: Record<string, string>
  headers?: Record<string, string>
  method?: string
  body?: BodyInit
}

/** A browser without a screen: keeps cookies, comes from an address, knows the form token of the last page. */
export type Browser = {
  get: (path: string, headers?: Record<string, string>) => Promise<Response>
  /** Sends a form with the token of the last page read (or the one in `form`). */
  post: (path: string, form?: Record<string, string>, headers?: Record<string, string>) => Promise<Response>
  request: (path: string, sent: Sent) => Promise<Response>
  signIn: (email: string, password: string) => Promise<Response>
  cookies: Map<string, string>
  token: () => string
}

/** What Bun.serve gives to fetch: where the request comes from. */
export const cameFrom = (address: string) => ({
  server: { requestIP: () => ({ address, family: 'IPv4', port: 40_000 }) },
})

export const TEST_HOST = 'prospectlab.test'

/** `browserOf(app)`: requests with cookies, as a browser on the local network makes them. */
export const browserOf = (
  app: Hono<AppEnv>,
  { address = '127.0.0.1' }: { address?: string } = {},
): Browser => {
  const cookies = new Map<string, string>()
  let token = ''

  const request = async (path: string, { form, headers = {}, method, body }: Sent): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const sentBody = form ? new URLSearchParams(form) : body
    const response = await app.request(
      `http://${TEST_HOST}${path}`,
      {
        method: method ?? (sentBody ? 'POST' : 'GET'),
        headers: { host: TEST_HOST, accept: 'text/html', ...(cookie ? { cookie } : {}), ...headers },
        ...(sentBody ? { body: sentBody } : {}),
      },
      cameFrom(address),
    )
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      if (attributes.includes('Max-Age=0')) cookies.delete(name)
      else cookies.set(name, pair.slice(pair.indexOf('=') + 1))
    }
    if (response.headers.get('content-type')?.startsWith('text/html'))
      token = /name="csrf" value="([^"]+)"/.exec(await response.clone().text())?.[1] ?? token
    return response
  }
  const browser: Browser = {
    cookies,
    token: () => token,
    request,
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, form = {}, headers = {}) =>
      request(path, {
        form: { csrf: token, ...form },
        headers: { origin: `http://${TEST_HOST}`, ...headers },
      }),
    signIn: async (email, password) => {
      await browser.get('/login')
      return browser.post('/login', { email, password })
    },
  }
  return browser
}
