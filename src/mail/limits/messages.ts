import { capitalised, catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'
import type { SendCalendar } from '../accounts/schema.ts'
import type { CalendarProblem } from './calendar.ts'
import type { Limit } from './decide.ts'
import type { Forecast } from './forecast.ts'
import type { Suggestion } from './suggestions.ts'

// Numbers come as they are written; only 1 is one.
const mails = (count: string): string => `${count} ${count === '1' ? 'message' : 'messages'}`

const limitTexts = catalogue({
  fr: {
    paused: (reason: string) => `le compte d’envoi est en pause (${reason})`,
    inactive: () => 'le compte d’envoi est désactivé',
    account_calendar: () => 'les jours et heures d’envoi du compte',
    campaign_calendar: () => 'les jours et heures d’envoi de la campagne',
    gap: () => 'la pause entre deux messages',
    minute: (limit: string) => `${mails(limit)} par minute au plus`,
    hour: (limit: string) => `${mails(limit)} par heure au plus`,
    day: (limit: string) => `${mails(limit)} par jour au plus`,
    warmup: (limit: string) => `montée en charge : ${mails(limit)} aujourd’hui`,
    provider_minute: (limit: string, provider: string) =>
      `${mails(limit)} par minute au plus vers ${provider}`,
    provider_hour: (limit: string, provider: string) => `${mails(limit)} par heure au plus vers ${provider}`,
    provider_day: (limit: string, provider: string) => `${mails(limit)} par jour au plus vers ${provider}`,
    breaker: (reason: string) => `le serveur d’envoi ${reason}`,
    provider_breaker: (reason: string, provider: string) => `${provider} ${reason}`,
  },
  en: {
    paused: (reason: string) => `the sending account is paused (${reason})`,
    inactive: () => 'the sending account is switched off',
    account_calendar: () => 'the account’s days and hours of sending',
    campaign_calendar: () => 'the campaign’s days and hours of sending',
    gap: () => 'the pause between two messages',
    minute: (limit: string) => `at most ${mails(limit)} a minute`,
    hour: (limit: string) => `at most ${mails(limit)} an hour`,
    day: (limit: string) => `at most ${mails(limit)} a day`,
    warmup: (limit: string) => `warm-up: ${mails(limit)} today`,
    provider_minute: (limit: string, provider: string) => `at most ${mails(limit)} a minute to ${provider}`,
    provider_hour: (limit: string, provider: string) => `at most ${mails(limit)} an hour to ${provider}`,
    provider_day: (limit: string, provider: string) => `at most ${mails(limit)} a day to ${provider}`,
    breaker: (reason: string) => `the mail server ${reason}`,
    provider_breaker: (reason: string, provider: string) => `${provider} ${reason}`,
  },
})

/** What keeps mails back, for brackets or after a colon. */
export const limitText = (locale: Locale, { kind, of, provider, limit, reason }: Limit): string => {
  const t = limitTexts(locale)
  const most = formatNumber(locale, limit ?? 0)
  const who = providerName(locale, provider ?? '')
  switch (kind) {
    case 'paused':
      return t.paused(pauseReasonText(locale, reason ?? 'hand'))
    case 'inactive':
    case 'gap':
      return t[kind]()
    case 'calendar':
      return of === 'campaign' ? t.campaign_calendar() : t.account_calendar()
    case 'warmup':
      return t.warmup(most)
    case 'breaker': {
      const why = breakerText(locale, reason ?? 'busy')
      return of === 'provider' ? t.provider_breaker(why, who) : t.breaker(why)
    }
    case 'minute':
    case 'hour':
    case 'day':
      return of === 'provider' ? t[`provider_${kind}`](most, who) : t[kind](most)
  }
}

const breakerTexts = catalogue({
  fr: {
    busy: 'refuse provisoirement nos messages, un essai suivra',
    unreachable: 'ne répond pas, un essai suivra',
    bounces: 'a renvoyé trop de messages, l’envoi y est suspendu pour une heure',
  },
  en: {
    busy: 'puts off our messages, a trial will follow',
    unreachable: 'does not answer, a trial will follow',
    bounces: 'returned too many messages, nothing is sent there for an hour',
  },
})

/** Why nothing is sent to a provider for a while. */
export const breakerText = (locale: Locale, reason: string): string =>
  (breakerTexts(locale) as Record<string, string>)[reason] ?? reason

const pauseTexts = catalogue({
  fr: {
    hand: 'mis en pause à la main',
    bounces: 'trop de messages revenus',
    complaints: 'des destinataires ont signalé du spam',
    auth: 'connexion refusée par le serveur d’envoi',
    bounces_detail: (some: string, all: string) =>
      `${some} messages sur ${all} sont revenus ou ont été refusés, plus de 5 %. Vérifiez d’où viennent les adresses, puis reprenez.`,
    complaints_detail: (some: string, all: string) =>
      `${some} plaintes pour spam sur ${all} messages. Revoyez à qui vous écrivez et ce que vous écrivez avant de reprendre.`,
    auth_detail: (reply: string) =>
      `Le serveur d’envoi refuse le nom d’utilisateur ou le mot de passe. Corrigez-les, testez la connexion, puis reprenez.${reply}`,
    hand_detail: () => 'Rien ne part avant que quelqu’un ne reprenne.',
    said: (reply: string) => ` Sa réponse : ${reply}`,
  },
  en: {
    hand: 'paused by hand',
    bounces: 'too many messages came back',
    complaints: 'recipients reported spam',
    auth: 'login refused by the mail server',
    bounces_detail: (some: string, all: string) =>
      `${some} of ${all} messages came back or were refused, more than 5%. Check where the addresses come from, then resume.`,
    complaints_detail: (some: string, all: string) =>
      `${some} spam complaints about ${all} messages. Think again about whom you write to and what, before you resume.`,
    auth_detail: (reply: string) =>
      `The mail server refuses the user name or the password. Correct them, test the connection, then resume.${reply}`,
    hand_detail: () => 'Nothing is sent before somebody resumes.',
    said: (reply: string) => ` It answered: ${reply}`,
  },
})

/** Why an account stands still, in a few words. */
export const pauseReasonText = (locale: Locale, reason: string): string => {
  const t = pauseTexts(locale)
  return reason === 'bounces' || reason === 'complaints' || reason === 'auth' ? t[reason] : t.hand
}

/** The same in whole sentences with the numbers, or what the server said, and what to do. */
export const pauseText = (locale: Locale, pause: { reason: string; detail: string | null }): string => {
  const t = pauseTexts(locale)
  const detail = pause.detail ?? ''
  const [some = '', all = ''] = detail.split('/')
  switch (pause.reason) {
    case 'bounces':
      return t.bounces_detail(some, all)
    case 'complaints':
      return t.complaints_detail(some, all)
    case 'auth':
      return t.auth_detail(detail === '' ? '' : t.said(detail))
    default:
      return t.hand_detail()
  }
}

const calendarTexts = catalogue({
  fr: {
    no_days: 'Choisissez au moins un jour.',
    bad_from: 'Indiquez une heure de début, comme 09:00.',
    bad_to: 'Indiquez une heure de fin, comme 18:00.',
    to_before_from: 'L’heure de fin doit venir après l’heure de début.',
    bad_time_zone: 'Ce fuseau horaire n’existe pas.',
    none: 'aucun',
    fr: 'France',
    'fr-alsace-moselle': 'France, avec l’Alsace-Moselle',
  },
  en: {
    no_days: 'Choose at least one day.',
    bad_from: 'Give a time to begin, such as 09:00.',
    bad_to: 'Give a time to end, such as 18:00.',
    to_before_from: 'The end must come after the beginning.',
    bad_time_zone: 'There is no such time zone.',
    none: 'none',
    fr: 'France',
    'fr-alsace-moselle': 'France, with Alsace-Moselle',
  },
})

export const calendarProblemText = (locale: Locale, problem: CalendarProblem): string =>
  calendarTexts(locale)[problem]

export const holidaysText = (locale: Locale, holidays: SendCalendar['holidays']): string =>
  calendarTexts(locale)[holidays]

const suggestionTexts = catalogue({
  fr: {
    tomorrow: (part: string) => `demain ${part}`,
    monday: (part: string) => `lundi ${part}`,
    working_day: (part: string, day: string) => `${day} ${part}`,
    morning: 'matin',
    afternoon: 'après-midi',
  },
  en: {
    tomorrow: (part: string) => `tomorrow ${part}`,
    monday: (part: string) => `Monday ${part}`,
    working_day: (part: string, day: string) => `${day} ${part}`,
    morning: 'morning',
    afternoon: 'afternoon',
  },
})

/** A suggested beginning as a button says it: “Demain matin, 09:00”, “Jeudi 3 septembre matin, 09:00”. */
export const suggestionText = (locale: Locale, suggestion: Suggestion, timeZone: string): string => {
  const t = suggestionTexts(locale)
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone })
  const name = t[suggestion.day](t[suggestion.part], day.format(suggestion.at))
  return `${capitalised(locale, name)}, ${clock(locale, suggestion.at, timeZone)}`
}

const clock = (locale: Locale, at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(
    at,
  )

const forecastTexts = catalogue({
  fr: {
    nothing: 'Aucun message à envoyer.',
    ends: (when: string) => `Se termine ${when}`,
    limited: (end: string, account: string, limit: string) =>
      `${end}, limité par le compte « ${account} » (${limit}).`,
    free: (end: string) => `${end}.`,
    never: (account: string, limit: string) => `Ne se terminera pas : compte « ${account} », ${limit}.`,
    unending: 'Ne se terminera pas dans les deux ans.',
    days: (days: number) => plural('fr', days, `${days} jour d’envoi`, `${days} jours d’envoi`),
  },
  en: {
    nothing: 'No message to send.',
    ends: (when: string) => `Ends ${when}`,
    limited: (end: string, account: string, limit: string) =>
      `${end}, limited by the account “${account}” (${limit}).`,
    free: (end: string) => `${end}.`,
    never: (account: string, limit: string) => `Will not end: account “${account}”, ${limit}.`,
    unending: 'Will not end within two years.',
    days: (days: number) => plural('en', days, `${days} day of sending`, `${days} days of sending`),
  },
})

/** “Se termine jeudi 3 septembre à 15:40, limité par le compte « Agence » (300 messages par jour au plus).” */
export const forecastText = (locale: Locale, found: Forecast, timeZone: string): string => {
  const t = forecastTexts(locale)
  if (found.accounts.length === 0) return t.nothing
  const { endsAt, limitedBy } = found
  if (endsAt === null) return limitedBy ? t.never(limitedBy.label, limitText(locale, limitedBy)) : t.unending
  const when = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  })
  const end = t.ends(when.format(endsAt))
  return limitedBy ? t.limited(end, limitedBy.label, limitText(locale, limitedBy)) : t.free(end)
}

/** On how many days a campaign sends. */
export const sendingDaysText = (locale: Locale, { perDay }: Pick<Forecast, 'perDay'>): string =>
  forecastTexts(locale).days(perDay.length)

const providerNames: Record<string, string> = {
  google: 'Google (Gmail)',
  microsoft: 'Microsoft (Outlook, Hotmail)',
  yahoo: 'Yahoo',
  apple: 'Apple (iCloud)',
  orange: 'Orange',
  free: 'Free',
  sfr: 'SFR',
  bouygues: 'Bouygues Telecom',
  laposte: 'La Poste',
  ovh: 'OVHcloud',
  ionos: 'IONOS',
  gmx: 'GMX',
  gandi: 'Gandi',
  infomaniak: 'Infomaniak',
  o2switch: 'o2switch',
  lws: 'LWS',
  planethoster: 'PlanetHoster',
  godaddy: 'GoDaddy',
  mailru: 'Mail.ru',
  qq: 'QQ',
  improvmx: 'ImprovMX',
  trendmicro: 'Trend Micro',
  spamexperts: 'SpamExperts',
  vade: 'Vade Secure',
}

const eachOther = catalogue({ fr: { name: 'chaque autre fournisseur' }, en: { name: 'each other provider' } })

/** How a provider (provider.ts) is called; domains as they are. */
export const providerName = (locale: Locale, provider: string): string => {
  if (provider === '*') return eachOther(locale).name
  return providerNames[provider] ?? (provider.includes('.') ? provider : capitalised(locale, provider))
}
