import { catalogue, type Locale } from '#src/lib/i18n.ts'
import type { SendProblem } from './send-message.ts'

/** What stands in mails themselves, in the language of their recipient. */
export const mailTexts = catalogue({
  fr: { unsubscribe: 'Ne plus recevoir ces messages' },
  en: { unsubscribe: 'Unsubscribe' },
})

const texts = catalogue({
  fr: {
    bad_recipient: () => 'Ce n’est pas une adresse e-mail.',
    bad_subject: () => 'L’objet est vide, trop long ou contient des caractères qui ne s’affichent pas.',
    empty_message: () => 'Le message est vide.',
    too_large: () => 'Le message est trop long.',
    suppressed: () => 'Cette adresse ne doit plus recevoir de message.',
    outcome_not_stored: () =>
      'Le message est parti, mais la base de données n’a pas pu l’enregistrer. Ne l’envoyez pas une seconde fois.',
    unreachable: (where: string) =>
      `Le serveur d’envoi ${where} ne répond pas. Vérifiez MAIL_SERVER et MAIL_PORT, et que ce serveur peut le joindre.`,
    tls: (where: string) =>
      `La liaison chiffrée avec ${where} n’a pas pu être établie. Vérifiez son certificat, MAIL_PORT et MAIL_USE_TLS.`,
    no_tls: (where: string) =>
      `${where} n’offre pas de liaison chiffrée : le mot de passe n’a pas été envoyé. Avec MAIL_USE_TLS=false il le serait en clair.`,
    auth: (where: string) => `${where} refuse la connexion. Vérifiez MAIL_USERNAME et MAIL_PASSWORD.`,
    sender_refused: (where: string) => `${where} refuse l’expéditeur. Vérifiez MAIL_DEFAULT_SENDER.`,
    recipient_refused: (where: string) => `${where} refuse cette adresse : elle n’existe sans doute pas.`,
    message_refused: (where: string) => `${where} refuse ce message.`,
    busy: (where: string) => `${where} ne prend pas de message pour l’instant. Réessayez plus tard.`,
    stopped: () => 'Le destinataire vient de se désinscrire : rien n’a été envoyé.',
    protocol: (where: string) =>
      `${where} ne se comporte pas comme un serveur d’envoi. Vérifiez MAIL_SERVER et MAIL_PORT.`,
  },
  en: {
    bad_recipient: () => 'This is not an e-mail address.',
    bad_subject: () => 'The subject is empty, too long or has characters that cannot be shown.',
    empty_message: () => 'The message is empty.',
    too_large: () => 'The message is too long.',
    suppressed: () => 'This address must not be written to any more.',
    outcome_not_stored: () =>
      'The message has gone out, but the database could not note it. Do not send it a second time.',
    unreachable: (where: string) =>
      `The mail server ${where} does not answer. Check MAIL_SERVER and MAIL_PORT, and that this machine can reach it.`,
    tls: (where: string) =>
      `No encrypted connection with ${where} could be made. Check its certificate, MAIL_PORT and MAIL_USE_TLS.`,
    no_tls: (where: string) =>
      `${where} offers no encrypted connection: the password was not sent. With MAIL_USE_TLS=false it would be, in clear.`,
    auth: (where: string) => `${where} refuses the login. Check MAIL_USERNAME and MAIL_PASSWORD.`,
    sender_refused: (where: string) => `${where} refuses the sender. Check MAIL_DEFAULT_SENDER.`,
    recipient_refused: (where: string) => `${where} refuses this address: it most likely does not exist.`,
    message_refused: (where: string) => `${where} refuses this message.`,
    busy: (where: string) => `${where} takes no message for now. Try again later.`,
    stopped: () => 'The recipient has just unsubscribed: nothing was sent.',
    protocol: (where: string) =>
      `${where} does not behave like a mail server. Check MAIL_SERVER and MAIL_PORT.`,
  },
})

const unknownTexts = catalogue({
  fr: {
    text: 'La liaison avec le serveur d’envoi s’est rompue après la remise du message et avant la réponse : il est peut-être parti. Vérifiez avant de l’envoyer de nouveau.',
  },
  en: {
    text: 'The connection with the mail server broke after the message was handed over and before the answer: it may have gone out. Check before you send it again.',
  },
})

/** What happened, where, and what to do, in one or two sentences; what the server answered is shown beside it. */
export const sendProblemText = (locale: Locale, { code, state, where }: SendProblem): string =>
  state === 'unknown' ? unknownTexts(locale).text : texts(locale)[code](where)

const suppressionTexts = catalogue({
  fr: {
    page: 'désinscription par la page du message',
    'one-click': 'désinscription depuis la messagerie',
    hand: 'ajout à la main',
    api: 'demande reçue par l’API',
    complaint: 'plainte pour spam',
    bounce: 'adresse qui n’existe pas',
    reply: 'demande reçue en réponse',
    status: 'statut de l’entreprise',
    erasure: 'données effacées à sa demande',
    import: 'liste reprise d’un autre outil',
    other: 'autre origine',
  },
  en: {
    page: 'unsubscribed on the message’s page',
    'one-click': 'unsubscribed in the mail program',
    hand: 'added by hand',
    api: 'asked for through the API',
    complaint: 'spam complaint',
    bounce: 'address that does not exist',
    reply: 'asked for in a reply',
    status: 'status of the company',
    erasure: 'data erased on request',
    import: 'list taken over from another tool',
    other: 'another origin',
  },
})

/** Where a suppression came from. */
export const suppressionSourceText = (locale: Locale, source: string): string => {
  const t = suppressionTexts(locale)
  return source in t ? t[source as keyof typeof t] : t.other
}
