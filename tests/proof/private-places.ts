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
