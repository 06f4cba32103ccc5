import { catalogue, type Locale } from '#src/lib/i18n.ts'

/** Why a mail of a campaign was not sent, waits or is in doubt, by the codes that sending writes (ledger.ts). */
export const sendingReasons = catalogue({
  fr: {
    unreachable: 'le serveur d’envoi ne répond pas ; nouvel essai plus tard',
    tls: 'la liaison chiffrée avec le serveur d’envoi n’a pas pu être établie',
    no_tls: 'le serveur d’envoi n’offre pas de liaison chiffrée : le mot de passe n’a pas été envoyé',
    auth: 'le serveur d’envoi refuse l’identifiant ou le mot de passe du compte',
    sender_refused: 'le serveur d’envoi refuse l’adresse de l’expéditeur',
    recipient_refused: 'le serveur refuse cette adresse',
    message_refused: 'le serveur refuse ce message',
    busy: 'le serveur demande d’attendre ; nouvel essai plus tard',
    stopped: 'l’envoi a été interrompu avant la remise',
    protocol: 'le serveur ne se comporte pas comme un serveur d’envoi',
    mailbox_full: 'la boîte du destinataire est pleine',
    too_large: 'le message est trop lourd pour le serveur',
    too_late:
      'cette machine ou sa base n’a pas répondu un moment : le message n’est pas parti, il repart aussitôt',
    crash: 'le programme s’est arrêté pendant la remise : le message est peut-être parti',
    connection_lost: 'la liaison s’est rompue avant la réponse du serveur : le message est peut-être parti',
    resent: 'nouvel envoi décidé par une personne',
    counted_as_sent: 'compté comme envoyé par une personne',
    suppressed: 'cette adresse ne doit plus recevoir de message',
    missing_values: 'une valeur manque dans le message et rien ne la remplace',
    bad_message: 'le message ne peut pas être composé',
    bad_recipient: 'ce n’est pas une adresse e-mail',
    campaign_deleted: 'la campagne a été supprimée',
  },
  en: {
    unreachable: 'the mail server does not answer; tried again later',
    tls: 'no encrypted connection with the mail server could be made',
    no_tls: 'the mail server offers no encrypted connection: the password was not sent',
    auth: 'the mail server refuses the login or password of the account',
    sender_refused: 'the mail server refuses the sender’s address',
    recipient_refused: 'the server refuses this address',
    message_refused: 'the server refuses this message',
    busy: 'the server asks to wait; tried again later',
    stopped: 'sending was interrupted before the message was handed over',
    protocol: 'the server does not behave like a mail server',
    mailbox_full: 'the recipient’s mailbox is full',
    too_large: 'the message is too large for the server',
    too_late:
      'this machine or its database did not answer for a moment: the mail did not go out, and goes at once',
    crash: 'the program stopped while handing it over: the message may have gone out',
    connection_lost: 'the connection broke before the server answered: the message may have gone out',
    resent: 'sent again by a person’s decision',
    counted_as_sent: 'counted as sent by a person',
    suppressed: 'this address must not be written to any more',
    missing_values: 'a value is missing in the message and nothing stands in for it',
    bad_message: 'the message cannot be composed',
    bad_recipient: 'this is not an e-mail address',
    campaign_deleted: 'the campaign was deleted',
  },
})

/** The words for a code of sending; null when it is none of them. */
export const sendingReasonText = (locale: Locale, code: string): string | null => {
  const texts: Record<string, string> = sendingReasons(locale)
  return texts[code] ?? null
}
