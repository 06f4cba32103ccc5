import { catalogue, type Locale } from '#src/lib/i18n.ts'

/** Why a mail is held or was skipped, a campaign stands still or ended, by the codes that planning writes. */
export const planningReasons = catalogue({
  fr: {
    cancelled: 'la campagne a été annulée',
    replied: 'le prospect a répondu',
    bounced: 'le message précédent est revenu',
    unsubscribed: 'le destinataire s’est désabonné',
    complained: 'le destinataire s’est plaint',
    status: 'le statut de l’entreprise a changé : quelqu’un s’en occupe, ou c’est terminé',
    meeting: 'un rendez-vous ou une proposition est en cours avec l’entreprise',
    company_deleted: 'l’entreprise a été supprimée',
    clicked: 'le destinataire a cliqué',
    opened: 'le destinataire a ouvert le message',
    stale: 'le constat cité est trop ancien : le site est visité à nouveau avant l’envoi',
    stale_failed: 'le constat cité est trop ancien et le site n’a pas pu être relu',
    released: 'envoi décidé malgré un constat ancien',
    no_account: 'plus aucun compte d’envoi ne peut l’envoyer',
    no_message: 'elle n’a pas de message',
    preflight: 'la vérification avant départ a refusé le démarrage à l’heure prévue',
  },
  en: {
    cancelled: 'the campaign was cancelled',
    replied: 'the prospect has replied',
    bounced: 'the message before came back',
    unsubscribed: 'the recipient has unsubscribed',
    complained: 'the recipient has complained',
    status: 'the status of the company has changed: somebody takes care of it, or it is over',
    meeting: 'there is a meeting or a proposal with the company',
    company_deleted: 'the company was deleted',
    clicked: 'the recipient has clicked',
    opened: 'the recipient has opened the message',
    stale: 'what it quotes is too old: the site is visited again before it is sent',
    stale_failed: 'what it quotes is too old and the site could not be read again',
    released: 'sent by decision although what it quotes is old',
    no_account: 'no sending account is left to send it',
    no_message: 'it has no message',
    preflight: 'the checks before the start refused it when its time had come',
  },
})

/** The words for a code of planning; null when it is none of them. */
export const planningReasonText = (locale: Locale, code: string): string | null => {
  const texts: Record<string, string> = planningReasons(locale)
  return texts[code] ?? null
}
