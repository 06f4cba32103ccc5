/** Paths of the server that the Internet must not reach, as they are. */
export const PRIVATE = ['/', '/login', '/setup', '/companies', '/companies/1', '/imports', '/jobs', '/jobs/events', '/settings',
  '/settings/users', '/site-test', '/assets/app.css', '/metrics', '/healthz', '/edge', '/edge/hits', '/edge/api', '/api',
  '/api/companies', '/api/tokens', '/api/publicx', '/api/public', '/track', '/trackx', '/.env', '/.git/config', '/favicon.ico'] // prettier-ignore

/** The same behind spellings that two programs may read in two ways. */
export const TRICKS = ['/track/..;/companies', '/track/%2e%2e/companies', '/track/.%2e/companies', '/track/%2E%2E/login',
  '/track/..%2fcompanies', '/track/..%5ccompanies', '/track/..\\companies', '/track\\..\\companies', '//companies', '//login',
  '/track//../companies', '/./companies', '/track/../companies', '/track/./../login', '/api/public/../../login',
  '/api/public/%2e%2e/%2e%2e/login', '/api/public/..%2f..%2flogin', '/api/public/..\\..\\login', '/api/public//../../companies',
  '/%63ompanies', '/comp%61nies', '/companies;/track/', '/companies?/track/', '/companies#/track/', '/companies%00/track/',
  '/companies%2f..%2ftrack/', '/login/..;/track/', '/track/pixel/../../login', '/track/pixel/%2e%2e%2f%2e%2e%2flogin',
  '/TRACK/../login', '/track%2f..%2flogin', '/track/%252e%252e/login', '/track/..%c0%afcompanies', '/track/.;/../login',
  '/%2e/login', '/%2e%2e/login', '/../login', '/..;/login', '/track/%09../login', '/edge%2fhits', '/%65dge/hits', '//edge/hits',
  '/track/..//edge/hits', '/metrics/', '//metrics', '/%6detrics', '/track/../metrics', '/healthz/'] // prettier-ignore

/** What a client may say of itself. */
export const CLAIMS: Record<string, string>[] = [
  {},
  { 'X-Forwarded-For': '192.168.77.50' },
  { 'X-Forwarded-For': '127.0.0.1, 10.44.0.1' },
  { 'X-Real-IP': '127.0.0.1', Forwarded: 'for=127.0.0.1;proto=https' },
  {
    'X-Original-URL': '/companies',
    'X-Rewrite-URL': '/companies',
    'X-Forwarded-Host': 'localhost',
    'X-Forwarded-Prefix': '/',
  },
]

/** Requests by other names, by none, by old protocols, and with another one hidden in them. */
export const oddRequests = (domain: string): string[] => {
  const inside = `GET /companies HTTP/1.1\r\nHost: ${domain}\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n`
  return [
    'GET /companies HTTP/1.0\r\n\r\n',
    'GET /login HTTP/1.0\r\nHost: localhost\r\n\r\n',
    'GET /companies\r\n\r\n',
    'GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'GET /login HTTP/1.1\r\nHost: app.internal:5000\r\nConnection: close\r\n\r\n',
    'GET /login HTTP/1.1\r\nHost: 127.0.0.1:5080\r\nConnection: close\r\n\r\n',
    `GET /login HTTP/1.1\r\nHost: ${domain}\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    `GET http://10.44.0.2:5000/login HTTP/1.1\r\nHost: ${domain}\r\nConnection: close\r\n\r\n`,
    `GET https://${domain}/companies HTTP/1.1\r\nHost: ${domain}\r\nConnection: close\r\n\r\n`,
    'CONNECT 10.44.0.2:5000 HTTP/1.1\r\nHost: 10.44.0.2:5000\r\n\r\n',
    `POST /track/unsubscribe/x HTTP/1.1\r\nHost: ${domain}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inside}`,
    `POST /track/unsubscribe/x HTTP/1.1\r\nHost: ${domain}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n${inside}\r\n0\r\n\r\n`,
    `POST /track/unsubscribe/x HTTP/1.1\r\nHost: ${domain}\r\nContent-Length: 0\r\nContent-Length: ${inside.length}\r\n\r\n${inside}`,
    `POST /track/unsubscribe/x HTTP/1.1\r\nHost: ${domain}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inside}`,
    `POST /track/unsubscribe/x HTTP/1.1\r\nHost: ${domain}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inside}`,
    `GET /track/pixel/x HTTP/1.1\r\nHost: ${domain}\r\nContent-Length: ${inside.length}\r\n\r\n${inside}`,
    `GET /track/pixel/x HTTP/1.1\r\nHost: ${domain}\r\nConnection: X-Forwarded-For, close\r\n\r\n${inside}`,
    `GET /track/pixel/x HTTP/1.1\r\nHost: ${domain}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n${inside}`,
    `GET /track/pixel/x HTTP/1.1\r\nHost: ${domain}\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n${inside}`,
  ]
}
