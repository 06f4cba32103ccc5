import { createHash } from 'node:crypto'

/** The Content-Security-Policy of a page whose only style is this text, that runs no script and loads nothing. */
export const stylePolicy = (style: string): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
