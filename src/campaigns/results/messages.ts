import { catalogue, type Locale } from '#src/lib/i18n.ts'
import { codeText, eventText } from '#templates/campaign-results/code-messages.ts'
import { resultMessages } from '#templates/campaign-results/messages.ts'
import type { SeenEvent } from './queries-recipients.ts'

/** What the ledger itself says of a mail, in the reader's language. */
export const rowEventText = (locale: Locale, kind: 'sent' | 'delivered' | 'failed' | 'unknown'): string =>
  eventText(locale, kind)

/** What was seen of a mail, in the reader's language; people and machines apart. */
export const seenEventText = (locale: Locale, { kind, verdict }: SeenEvent): string =>
  kind === 'open' || kind === 'click'
    ? eventText(locale, `${kind}_${verdict ?? 'waiting'}`)
    : eventText(locale, kind)

/** Headers of the file of recipients. */
export const recipientColumns = catalogue({
  fr: {
    company: 'Entreprise',
    companyId: 'Numéro',
    sector: 'Secteur',
    email: 'E-mail',
    contact: 'Contact',
    step: 'Étape',
    variant: 'Variante',
    account: 'Compte d’envoi',
    provider: 'Messagerie',
    state: 'État',
    reason: 'Raison',
    reply: 'Réponse du serveur',
    sentAt: 'Envoyé le',
    opens: 'Ouvertures (personnes)',
    allOpens: 'Ouvertures (en tout)',
    clicks: 'Clics (personnes)',
    allClicks: 'Clics (en tout)',
    repliedAt: 'A répondu le',
    bouncedAt: 'Retour d’erreur le',
    bounceKind: 'Type de retour',
    unsubscribedAt: 'Désinscrit le',
    complainedAt: 'Plainte le',
  },
  en: {
    company: 'Company',
    companyId: 'Number',
    sector: 'Sector',
    email: 'E-mail',
    contact: 'Contact',
    step: 'Step',
    variant: 'Variant',
    account: 'Sending account',
    provider: 'Mail provider',
    state: 'State',
    reason: 'Reason',
    reply: 'Answer of the server',
    sentAt: 'Sent at',
    opens: 'Openings (people)',
    allOpens: 'Openings (all)',
    clicks: 'Clicks (people)',
    allClicks: 'Clicks (all)',
    repliedAt: 'Replied at',
    bouncedAt: 'Bounced at',
    bounceKind: 'Kind of bounce',
    unsubscribedAt: 'Unsubscribed at',
    complainedAt: 'Complaint at',
  },
})

/** The state of a ledger row, in the reader's language. */
export const rowStateText = (locale: Locale, state: string): string => codeText(locale, 'row', state)

/** What a person decided about a mail on the campaign's page; null for other codes. */
export const decisionText = (locale: Locale, code: string): string | null =>
  code === 'given_up' ? resultMessages(locale).given_up : null
