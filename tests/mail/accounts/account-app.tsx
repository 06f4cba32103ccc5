import type { DnsResolver } from '#src/mail/dns-check/ask.ts'
import { mailAccountRoutes } from '#src/mail/accounts/routes.tsx'
import type { TestDatabase } from '#tests/support/database.ts'
import { mailApp } from '../small-app.tsx'

/** The pages of the sending accounts, and those that write single mails. */
export const accountApp = (
  database: TestDatabase,
  environment: Record<string, string> = {},
  more: { resolver?: DnsResolver; campaigns?: () => number; locale?: 'fr' | 'en' } = {},
) => {
  const { resolver, campaigns = () => 0, locale = 'fr' } = more
  const app = mailApp(
    database,
    { BASE_URL: 'https://suivi.agence.fr', ...environment },
    {
      locale,
      more: (routes, deps) => {
        const above = { countCampaigns: () => Promise.resolve(campaigns()), ...(resolver && { resolver }) }
        routes.route('/settings/mail', mailAccountRoutes(deps, above))
      },
    },
  )
  return app
}

/** The form of an account, filled in as it is needed at least. */
export const filledIn = (changes: Record<string, string> = {}): Record<string, string> => ({
  label: 'Agence',
  senderName: 'Jeanne Durand',
  senderAddress: 'jeanne@agence.fr',
  host: 'smtp.agence.fr',
  port: '587',
  tls: 'starttls',
  username: 'jeanne@agence.fr',
  password: 'un mot de passe ',
  imapFolder: 'INBOX',
  imapPort: '993',
  imapTls: 'implicit',
  ...changes,
})
