import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'
import { calendarProblemText } from '../limits/messages.ts'
import type { AccountLack } from './read-account.ts'
import type { FieldProblem } from './read-form.ts'
import type { AccountTestCode, MailboxTestCode } from './try-account.ts'

/** What stands in the mail of a test. */
export const testMailTexts = catalogue({
  fr: {
    subject: 'Essai d’envoi depuis ProspectLab',
    text: (label: string) =>
      `Bonjour,\n\nce message vient du compte d’envoi « ${label} ». S’il est arrivé dans votre boîte de réception, et non parmi les indésirables, l’envoi fonctionne.\n\nRépondez-y : la réponse doit arriver dans la boîte que vous lisez.`,
  },
  en: {
    subject: 'Test message from ProspectLab',
    text: (label: string) =>
      `Hello,\n\nthis message comes from the sending account “${label}”. If it arrived in your inbox, and not among spam, sending works.\n\nAnswer it: the answer must arrive in the mailbox you read.`,
  },
})

const accountTests = catalogue({
  fr: {
    connected: 'La connexion et l’identification réussissent. Aucun message n’a été envoyé.',
    sent: 'Le serveur d’envoi a pris le message d’essai. Vérifiez qu’il arrive, et pas parmi les indésirables.',
    unreachable: 'Le serveur d’envoi ne répond pas. Vérifiez son nom et le port.',
    tls: 'La liaison chiffrée n’a pas pu être établie. Vérifiez le port et le type de sécurité : 465 va avec TLS, 587 avec STARTTLS.',
    no_tls: 'Le serveur n’offre pas de liaison chiffrée : le mot de passe n’a pas été envoyé.',
    auth: 'Le serveur refuse l’identifiant ou le mot de passe. Gmail et d’autres demandent un « mot de passe d’application ».',
    sender_refused: 'Le serveur refuse l’adresse d’expéditeur : elle doit appartenir au compte.',
    recipient_refused: 'Le serveur refuse l’adresse de destination.',
    message_refused: 'Le serveur refuse le message.',
    busy: 'Le serveur demande de revenir plus tard.',
    stopped: 'Rien n’a été envoyé.',
    protocol: 'Ce qui répond n’est pas un serveur d’envoi. Vérifiez le nom et le port.',
    lost: 'La liaison s’est rompue après la remise du message : il est peut-être parti. Regardez s’il arrive.',
  },
  en: {
    connected: 'Connecting and logging in work. No mail was sent.',
    sent: 'The mail server took the test message. See that it arrives, and not among spam.',
    unreachable: 'The mail server does not answer. Check its name and the port.',
    tls: 'No encrypted connection could be made. Check the port and the kind of security: 465 goes with TLS, 587 with STARTTLS.',
    no_tls: 'The server offers no encrypted connection: the password was not sent.',
    auth: 'The server refuses the user name or the password. Gmail and others ask for an “app password”.',
    sender_refused: 'The server refuses the sender’s address: it has to belong to the account.',
    recipient_refused: 'The server refuses the recipient’s address.',
    message_refused: 'The server refuses the message.',
    busy: 'The server asks to come back later.',
    stopped: 'Nothing was sent.',
    protocol: 'What answers is no mail server. Check the name and the port.',
    lost: 'The connection broke after the message was handed over: it may have gone out. See whether it arrives.',
  },
}) satisfies { texts: { fr: Record<AccountTestCode, string> } }

const mailboxTests = catalogue({
  fr: {
    readable: (count: string) => `La boîte s’ouvre (${count}). Rien n’y a été changé.`,
    unreachable: () => 'Le serveur de la boîte ne répond pas. Vérifiez son nom et le port.',
    tls: () =>
      'La liaison chiffrée n’a pas pu être établie. Vérifiez le port et le type de sécurité : 993 va avec TLS, 143 avec STARTTLS.',
    auth: () =>
      'Le serveur refuse l’identifiant ou le mot de passe de la boîte. Gmail et d’autres demandent un « mot de passe d’application ».',
    folder: () => 'Ce dossier n’existe pas dans la boîte.',
    move_folder: () =>
      'La boîte s’ouvre, mais le dossier où ranger les messages traités n’existe pas. Créez-le d’abord.',
    broken: () => 'La boîte n’a pas pu être lue.',
    sealed: () =>
      'Le mot de passe de la boîte ne peut plus être lu : il a été enregistré avec une autre SECRET_KEY. Saisissez-le de nouveau.',
  },
  en: {
    readable: (count: string) => `The mailbox opens (${count}). Nothing in it was changed.`,
    unreachable: () => 'The server of the mailbox does not answer. Check its name and the port.',
    tls: () =>
      'No encrypted connection could be made. Check the port and the kind of security: 993 goes with TLS, 143 with STARTTLS.',
    auth: () =>
      'The server refuses the user name or the password of the mailbox. Gmail and others ask for an “app password”.',
    folder: () => 'There is no such folder in the mailbox.',
    move_folder: () =>
      'The mailbox opens, but the folder to put processed messages into does not exist. Make it first.',
    broken: () => 'The mailbox could not be read.',
    sealed: () =>
      'The password of the mailbox cannot be read any more: it was stored under another SECRET_KEY. Type it again.',
  },
}) satisfies { texts: { fr: Record<MailboxTestCode, unknown> } }

type Test = { code: string; detail: string }

/** What a test of the mail server showed. */
export const accountTestText = (locale: Locale, { code }: Test): string => {
  const t: Record<string, string> = accountTests(locale)
  return t[code] ?? code
}

/** What a test of the mailbox showed. */
export const mailboxTestText = (locale: Locale, { code, detail }: Test): string => {
  const t = mailboxTests(locale)
  if (code !== 'readable') return code in t ? t[code as Exclude<MailboxTestCode, 'readable'>]() : code
  const count = Number(detail) || 0
  const [one, many] = locale === 'fr' ? ['message', 'messages'] : ['message', 'messages']
  return t.readable(`${formatNumber(locale, count)} ${plural(locale, count, one, many)}`)
}

const lackTexts = catalogue({
  fr: {
    environment: 'MAIL_SERVER n’est plus réglé : ce compte ne peut pas envoyer.',
    sealed:
      'Le mot de passe ne peut plus être lu : il a été enregistré avec une autre SECRET_KEY. Saisissez-le de nouveau.',
  },
  en: {
    environment: 'MAIL_SERVER is no longer set: this account cannot send.',
    sealed: 'The password cannot be read any more: it was stored under another SECRET_KEY. Type it again.',
  },
}) satisfies { texts: { fr: Record<AccountLack, string> } }

/** Why an account cannot send at all. */
export const lackText = (locale: Locale, lack: AccountLack): string => lackTexts(locale)[lack]

const fieldTexts = catalogue({
  fr: {
    missing: 'À remplir.',
    too_long: 'Trop long.',
    hides_footer:
      'Un élément n’y est pas refermé, ou un style y cache tout : vos mentions et le lien de désinscription, qui viennent après, ne se verraient pas.',
    bad_address: 'Ce n’est pas une adresse e-mail.',
    bad_text: 'Contient des caractères qui ne s’affichent pas.',
    bad_host: 'Ce n’est pas le nom d’un serveur, comme smtp.exemple.fr.',
    bad_port: 'Un nombre de 1 à 65535.',
    bad_selector: 'Un sélecteur DKIM n’a que des lettres, chiffres, tirets et points, comme s2024.',
    bad_number: 'Un nombre entier, au moins 1, ou rien.',
    bad_seconds: 'Un nombre de secondes de 0 à 86400.',
    hour_below_minute: 'Moins que par minute : la limite par minute ne servirait à rien.',
    day_below_hour: 'Moins que par heure : la limite par heure ne servirait à rien.',
    warmup_missing: 'Indiquez combien le premier jour.',
    warmup_step: 'Indiquez combien de plus chaque jour.',
    warmup_day:
      'La montée en charge a besoin d’une limite par jour, où elle s’arrête, d’au moins autant que le premier jour.',
    retype_password: 'Le serveur ou l’identifiant a changé : saisissez de nouveau le mot de passe.',
    username_missing: 'Un mot de passe est donné, mais pas d’identifiant.',
    same_folder: 'Un autre dossier que celui qui est lu.',
    verp_too_long:
      'L’adresse d’expéditeur est trop longue pour des adresses de retour individuelles (31 caractères au plus avant @).',
  },
  en: {
    missing: 'To be filled in.',
    too_long: 'Too long.',
    hides_footer:
      'An element in it is not closed, or a style in it hides everything: your details and the unsubscribe link, which come after it, would not be seen.',
    bad_address: 'This is not an e-mail address.',
    bad_text: 'Has characters that cannot be shown.',
    bad_host: 'This is not the name of a server, such as smtp.example.com.',
    bad_port: 'A number from 1 to 65535.',
    bad_selector: 'A DKIM selector has only letters, digits, hyphens and dots, such as s2024.',
    bad_number: 'A whole number, at least 1, or nothing.',
    bad_seconds: 'A number of seconds from 0 to 86400.',
    hour_below_minute: 'Less than per minute: the limit per minute would be of no use.',
    day_below_hour: 'Less than per hour: the limit per hour would be of no use.',
    warmup_missing: 'Say how many on the first day.',
    warmup_step: 'Say how many more each day.',
    warmup_day: 'A warm-up needs a limit per day, where it ends, of at least as many as on the first day.',
    retype_password: 'The server or the user name has changed: type the password again.',
    username_missing: 'There is a password but no user name.',
    same_folder: 'Another folder than the one that is read.',
    verp_too_long:
      'The sender’s address is too long for return addresses of their own (31 characters at most before @).',
  },
})

export type FieldCode = keyof (typeof fieldTexts)['texts']['fr']

/** What is wrong with a field of the form. */
export const fieldText = (locale: Locale, problem: FieldProblem): string =>
  problem.kind === 'calendar'
    ? calendarProblemText(locale, problem.problem)
    : fieldTexts(locale)[problem.code]
