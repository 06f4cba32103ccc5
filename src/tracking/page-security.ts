import { stylePolicy } from '#src/lib/style-policy.ts'

/** On every answer under /track. */
export const PLAIN_HEADERS: Record<string, string> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-store, no-cache, must-revalidate, private, max-age=0',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow',
}

/** On its pages, whose only style is this text and which run no script. */
export const pageHeaders = (style: string): Record<string, string> => ({
  ...PLAIN_HEADERS,
  'Content-Security-Policy': stylePolicy(style),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
})
