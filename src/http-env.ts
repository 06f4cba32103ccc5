import type { PageContext } from '#templates/page.ts'

/** What the middleware of app.ts leaves for every handler. */
export type AppEnv = {
  Variables: {
    page: PageContext
    /** The resolved client address (see auth/client-address.ts). */
    address: string
    /** Hash of the session id, null without a session. */
    sessionId: string | null
    /** Whether the browser spoke https, to us or to a trusted proxy. */
    https: boolean
    /** Set by auth/flash.ts, sent as a signed cookie with this answer and shown on the next page. */
    nextFlash?: NonNullable<PageContext['flash']>
  }
}

/** public: anyone allowed by the network rules · setup: the one-time link · token: bearer token ·
 *  session: any signed-in user · admin: signed-in administrators. */
export type Access = 'public' | 'setup' | 'token' | 'session' | 'admin'
