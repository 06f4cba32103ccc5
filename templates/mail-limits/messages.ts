import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

/** Texts of the page about an account's limits. */
export const limitMessages = catalogue({
  fr: {
    title: (label: string) => `Limites de « ${label} »`,
    back: 'Retour au compte d’envoi',
    intro:
      'Ce que ce compte peut envoyer, ce qu’il a déjà envoyé et ce qui le retient. Ces limites valent pour toutes les campagnes ensemble, et tiennent après un redémarrage.',
    used: 'Utilisé en ce moment',
    minute: 'la dernière minute',
    hour: 'la dernière heure',
    day: 'les dernières 24 heures',
    sent: 'Envoyés',
    unlimited: (used: string) => `${used}, sans limite`,
    of: (used: string, limit: string) => `${used} sur ${limit}`,
    gap: (seconds: string, jitter: string) =>
      `Entre deux messages : ${seconds} s${jitter === '0' ? '' : `, et jusqu’à ${jitter} s de plus au hasard`}.`,
    warmup: (day: number, limit: string) =>
      `Montée en charge : jour d’envoi n° ${day}, ${limit} messages au plus sur 24 heures.`,
    warmupUntil: (limit: string) => `Elle se termine à ${limit} par jour.`,
    opens: (date: string) => `Fermé pour l’instant : les envois reprennent le ${date}.`,
    never: 'Le calendrier de ce compte n’ouvre jamais : choisissez au moins un jour.',
    sending: 'Ce compte peut envoyer.',
    inactive: 'Ce compte est désactivé : il n’envoie rien.',
    pausedTitle: (reason: string) => `En pause : ${reason}`,
    pausedSince: (date: string) => `Depuis le ${date}.`,
    pause: 'Mettre en pause',
    resume: 'Reprendre l’envoi',
    paused: 'Le compte est en pause : rien ne part plus.',
    resumed: 'L’envoi reprend.',
    health: (days: number) => `Santé des ${days} derniers jours`,
    healthEmpty: 'Rien n’a encore été envoyé.',
    bounced: 'Retours d’erreur et refus',
    complained: 'Plaintes pour spam',
    healthRule:
      'Le compte se met en pause tout seul quand plus de 5 % des messages reviennent (à partir de 50), après plus de 3 plaintes, ou quand le serveur refuse la connexion.',
    providers: 'Limites par fournisseur de messagerie',
    providersIntro:
      'Un fournisseur reçoit les messages de beaucoup d’entreprises : on le reconnaît aux serveurs (MX) du domaine. Une limite évite d’y arriver en masse.',
    providersEmpty: 'Aucune limite par fournisseur',
    providersEmptyText:
      'Par exemple 30 par heure vers Orange, ou 20 par heure vers chaque autre fournisseur.',
    provider: 'Fournisseur',
    providerHint: 'Un nom de la liste, le domaine d’une entreprise, ou * pour chaque autre fournisseur.',
    perMinute: 'Par minute',
    perHour: 'Par heure',
    perDay: 'Par jour',
    numberHint: 'Vide : pas de limite. 0 : rien.',
    add: 'Ajouter ou remplacer une limite',
    save: 'Enregistrer la limite',
    saved: 'Limite enregistrée.',
    remove: 'Retirer',
    removeOf: (provider: string) => `Retirer la limite de ${provider}`,
    deleted: 'Limite retirée.',
    gone: 'Cela avait déjà changé : rien à faire.',
    tooMany: (most: number) => `Pas plus de ${most} limites par compte.`,
    breakers: 'Fournisseurs en ce moment',
    breakersIntro:
      'Après cinq échecs de suite, plus rien ne part vers un fournisseur pendant cinq minutes ; puis un seul message essaie.',
    breakersEmpty: 'Aucun envoi récent.',
    lately: (sent: number, bounced: number) =>
      `${formatNumber('fr', sent)} ${plural('fr', sent, 'envoyé', 'envoyés')} ces derniers jours, ${formatNumber('fr', bounced)} ${plural('fr', bounced, 'retour d’erreur', 'retours d’erreur')}`,
    server: 'Le serveur d’envoi du compte',
    open: 'Passe',
    shut: (date: string) => `Suspendu jusqu’au ${date}`,
    tryNow: 'Essayer maintenant',
    tried: 'Les envois reprennent vers ce fournisseur.',
    pauses: 'Pauses passées',
    until: (date: string) => `jusqu’au ${date}`,
    stillPaused: 'en cours',
    no_provider: 'Choisissez un fournisseur.',
    bad_provider: 'Ce n’est ni un fournisseur de la liste, ni un domaine.',
    no_limit: 'Indiquez au moins une limite.',
    bad_number: 'Un nombre entier de 0 à 1 000 000.',
  },
  en: {
    title: (label: string) => `Limits of “${label}”`,
    back: 'Back to the sending account',
    intro:
      'What this account may send, what it has sent already and what holds it back. These limits hold for all campaigns together, and after a restart.',
    used: 'Used at this moment',
    minute: 'the last minute',
    hour: 'the last hour',
    day: 'the last 24 hours',
    sent: 'Sent',
    unlimited: (used: string) => `${used}, no limit`,
    of: (used: string, limit: string) => `${used} of ${limit}`,
    gap: (seconds: string, jitter: string) =>
      `Between two messages: ${seconds} s${jitter === '0' ? '' : `, and by chance up to ${jitter} s more`}.`,
    warmup: (day: number, limit: string) =>
      `Warm-up: day of sending no. ${day}, at most ${limit} messages within 24 hours.`,
    warmupUntil: (limit: string) => `It ends at ${limit} a day.`,
    opens: (date: string) => `Closed for now: sending goes on at ${date}.`,
    never: 'The calendar of this account never opens: choose at least one day.',
    sending: 'This account may send.',
    inactive: 'This account is switched off: it sends nothing.',
    pausedTitle: (reason: string) => `Paused: ${reason}`,
    pausedSince: (date: string) => `Since ${date}.`,
    pause: 'Pause',
    resume: 'Resume sending',
    paused: 'The account is paused: nothing leaves any more.',
    resumed: 'Sending goes on.',
    health: (days: number) => `Health of the last ${days} days`,
    healthEmpty: 'Nothing was sent yet.',
    bounced: 'Came back or refused',
    complained: 'Spam complaints',
    healthRule:
      'The account pauses by itself when more than 5% of its messages come back (from 50 on), after more than 3 complaints, or when the server refuses the login.',
    providers: 'Limits per mail provider',
    providersIntro:
      'A provider takes in the mail of many companies; it is recognised by the servers (MX) of the domain. A limit avoids arriving there in bulk.',
    providersEmpty: 'No limit per provider',
    providersEmptyText: 'For instance 30 an hour to Orange, or 20 an hour to each other provider.',
    provider: 'Provider',
    providerHint: 'A name of the list, the domain of a company, or * for each other provider.',
    perMinute: 'Per minute',
    perHour: 'Per hour',
    perDay: 'Per day',
    numberHint: 'Empty: no limit. 0: nothing.',
    add: 'Add or replace a limit',
    save: 'Save the limit',
    saved: 'Limit saved.',
    remove: 'Remove',
    removeOf: (provider: string) => `Remove the limit of ${provider}`,
    deleted: 'Limit removed.',
    gone: 'That had changed already: nothing to do.',
    tooMany: (most: number) => `No more than ${most} limits per account.`,
    breakers: 'Providers at this moment',
    breakersIntro:
      'After five failures in a row nothing goes to a provider for five minutes; then a single message tries.',
    breakersEmpty: 'Nothing was sent lately.',
    lately: (sent: number, bounced: number) =>
      `${formatNumber('en', sent)} sent in the last days, ${formatNumber('en', bounced)} came back`,
    server: 'The mail server of the account',
    open: 'Passes',
    shut: (date: string) => `Held until ${date}`,
    tryNow: 'Try now',
    tried: 'Sending to this provider goes on.',
    pauses: 'Past pauses',
    until: (date: string) => `until ${date}`,
    stillPaused: 'still on',
    no_provider: 'Choose a provider.',
    bad_provider: 'This is neither a provider of the list nor a domain.',
    no_limit: 'Give at least one limit.',
    bad_number: 'A whole number from 0 to 1,000,000.',
  },
})

/** What is wrong with a field of the form of a provider's limit. */
export const limitProblemText = (
  locale: Locale,
  problem: 'no_provider' | 'bad_provider' | 'no_limit' | 'bad_number',
): string => limitMessages(locale)[problem]

/** Some of all, with the share. */
export const shareText = (locale: Locale, some: number, all: number): string => {
  if (all === 0 || some === 0) return formatNumber(locale, some)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  return `${formatNumber(locale, some)} (${percent.format(some / all)})`
}
