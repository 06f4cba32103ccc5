import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

type Values = Record<string, string>

// Why a page did not answer, by the code of lib/safe-fetch.
const whyNot: Record<Locale, Record<string, string>> = {
  fr: {
    dns: ' (ce nom n’existe pas)',
    timeout: ' (pas de réponse à temps)',
    refused_address: ' (ce nom mène à une adresse privée)',
  },
  en: {
    dns: ' (this name does not exist)',
    timeout: ' (no answer in time)',
    refused_address: ' (this name leads to a private address)',
  },
}

/** What is checked before a campaign starts, and each answer, by its code. */
const checks = catalogue({
  fr: {
    recipients: 'Destinataires',
    messages: 'Messages',
    conditions: 'Conditions des relances',
    accounts: 'Compte d’envoi',
    identity: 'Identité de l’expéditeur',
    base_url: 'Adresse publique',
    reachable: 'Page de désinscription',
    spf: 'SPF',
    dkim: 'DKIM',
    recipients_some: ({ count = '0' }: Values) =>
      `${formatNumber('fr', Number(count))} ${plural('fr', Number(count), 'destinataire', 'destinataires')} pour le premier message.`,
    recipients_none: 'Personne ne recevrait cette campagne. Revoyez le public.',
    messages_fine: 'Tous les messages sont prêts.',
    messages_none: 'La campagne n’a pas de message.',
    messages_bad: ({ which = '' }: Values) =>
      `À terminer ou à corriger : message ${which}. Sa page dit ce qui ne va pas.`,
    conditions_not_opened: ({ step = '' }: Values) =>
      `Le message ${step} dépend des ouvertures, qui ne sont pas suivies par destinataire. Changez la condition ou le suivi.`,
    conditions_not_clicked: ({ step = '' }: Values) =>
      `Le message ${step} dépend des clics, qui ne sont pas suivis par destinataire. Changez la condition ou le suivi.`,
    accounts_none: 'Aucun compte d’envoi n’est choisi.',
    accounts_inactive: 'Le compte est désactivé.',
    accounts_paused: 'Le compte est en pause : ses messages attendront.',
    accounts_ready: 'Le compte est prêt.',
    accounts_unlimited:
      'Le compte n’a aucune limite : tout partirait aussi vite que possible, ce que les messageries prennent pour du spam. Conseillé pour commencer : 2 messages par minute, 20 par heure et 50 par jour ; pour une adresse neuve, une montée en charge de 10 le premier jour et 5 de plus chaque jour.',
    identity_fine: 'Expéditeur, raison sociale et coordonnées figurent dans chaque message.',
    identity_sender: 'Donnez le nom de l’expéditeur dans le compte d’envoi.',
    identity_organisation: 'Donnez le nom de votre entreprise dans le compte d’envoi : la loi le demande.',
    identity_contact:
      'Donnez une adresse postale ou une ligne de contact dans le compte d’envoi : la loi le demande.',
    base_url_fine: ({ url = '' }: Values) => `Les liens mènent à ${url}.`,
    base_url_missing:
      'Cette installation n’a pas d’adresse publique : les liens de désinscription ne mèneraient nulle part. Qui l’a installée règle BASE_URL, puis la redémarre (guide d’installation).',
    base_url_not_https: ({ url = '' }: Values) =>
      `BASE_URL est ${url} : elle doit commencer par https://, sinon les messageries refusent la désinscription en un clic.`,
    base_url_not_public: ({ url = '' }: Values) =>
      `BASE_URL est ${url} : une adresse de votre réseau, que les destinataires ne peuvent pas ouvrir.`,
    reachable_server: 'La page de désinscription a répondu à l’instant par l’adresse publique.',
    reachable_report:
      'La page de désinscription a répondu par l’adresse publique il y a moins de cinq minutes.',
    reachable_unreachable: ({ detail = '' }: Values) =>
      `La page de désinscription n’a pas répondu par l’adresse publique${whyNot.fr[detail] ?? ''}. Derrière une box, c’est parfois seulement vu d’ici : ouvrez le lien d’essai depuis un téléphone hors du Wi-Fi, puis vérifiez à nouveau.`,
    reachable_tls: ({ detail = '' }: Values) =>
      `Le certificat de l’adresse publique n’est pas valable (${detail}) : les messageries refuseraient la page.`,
    reachable_other_page: ({ detail = '' }: Values) =>
      `L’adresse publique répond, mais pas par ce produit (réponse ${detail}). Vérifiez le proxy et EDGE_KEYS.`,
    spf_ok: ({ domain = '' }: Values) => `SPF autorise ce serveur à écrire pour ${domain}.`,
    spf_warning: ({ domain = '' }: Values) => `SPF laisse un doute pour ${domain} ; voyez le compte d’envoi.`,
    spf_failed: ({ domain = '' }: Values) =>
      `SPF n’autorise pas ce serveur à écrire pour ${domain}. Le compte d’envoi dit quel enregistrement ajouter.`,
    spf_unknown: ({ domain = '' }: Values) => `SPF n’a pas pu être vérifié pour ${domain}.`,
    dkim_ok: ({ domain = '' }: Values) => `La clé DKIM du domaine ${domain} est publiée.`,
    dkim_warning: ({ domain = '' }: Values) =>
      `DKIM laisse un doute pour ${domain} ; voyez le compte d’envoi.`,
    dkim_failed: ({ domain = '' }: Values) =>
      `La clé DKIM du domaine ${domain} manque ou n’est pas valable. Le compte d’envoi dit quel enregistrement ajouter.`,
    dkim_unknown: ({ domain = '' }: Values) =>
      `DKIM n’a pas pu être vérifié pour ${domain} : donnez son sélecteur dans le compte d’envoi.`,
    status_ok: 'bon',
    status_warning: 'à revoir',
    status_failed: 'refusé',
    status_unknown: 'non vérifié',
    status_overridden: 'passé outre',
    mend: 'Corriger',
    testLink: 'Lien d’essai',
  },
  en: {
    recipients: 'Recipients',
    messages: 'Messages',
    conditions: 'Conditions of follow-ups',
    accounts: 'Sending account',
    identity: 'Identity of the sender',
    base_url: 'Public address',
    reachable: 'Unsubscribe page',
    spf: 'SPF',
    dkim: 'DKIM',
    recipients_some: ({ count = '0' }: Values) =>
      `${formatNumber('en', Number(count))} ${plural('en', Number(count), 'recipient', 'recipients')} of the first message.`,
    recipients_none: 'Nobody would get this campaign. Look at the audience again.',
    messages_fine: 'All messages are ready.',
    messages_none: 'The campaign has no message.',
    messages_bad: ({ which = '' }: Values) =>
      `To be finished or corrected: message ${which}. Its page says what is wrong.`,
    conditions_not_opened: ({ step = '' }: Values) =>
      `Message ${step} depends on opens, which are not tracked by recipient. Change the condition or the tracking.`,
    conditions_not_clicked: ({ step = '' }: Values) =>
      `Message ${step} depends on clicks, which are not tracked by recipient. Change the condition or the tracking.`,
    accounts_none: 'No sending account is chosen.',
    accounts_inactive: 'The account is switched off.',
    accounts_paused: 'The account is paused: its messages will wait.',
    accounts_ready: 'The account is ready.',
    accounts_unlimited:
      'The account has no limit: everything would leave as fast as possible, which mail services take for spam. Advised to begin with: 2 messages a minute, 20 an hour and 50 a day; for a new address, a warm-up of 10 on the first day and 5 more each day.',
    identity_fine: 'Sender, firm and contact line are in every message.',
    identity_sender: 'Give the name of the sender in the sending account.',
    identity_organisation: 'Give the name of your firm in the sending account: the law asks for it.',
    identity_contact: 'Give a postal address or a contact line in the sending account: the law asks for it.',
    base_url_fine: ({ url = '' }: Values) => `Links lead to ${url}.`,
    base_url_missing:
      'This installation has no public address: unsubscribe links would lead nowhere. Whoever installed it sets BASE_URL and restarts it (installation guide).',
    base_url_not_https: ({ url = '' }: Values) =>
      `BASE_URL is ${url}: it must begin with https://, or mail services refuse to unsubscribe with one click.`,
    base_url_not_public: ({ url = '' }: Values) =>
      `BASE_URL is ${url}: an address of your own network, which recipients cannot open.`,
    reachable_server: 'The unsubscribe page answered just now through the public address.',
    reachable_report: 'The unsubscribe page answered through the public address less than five minutes ago.',
    reachable_unreachable: ({ detail = '' }: Values) =>
      `The unsubscribe page did not answer through the public address${whyNot.en[detail] ?? ''}. Behind a home router this is sometimes only so from here: open the test link on a phone without Wi-Fi, then check again.`,
    reachable_tls: ({ detail = '' }: Values) =>
      `The certificate of the public address is not valid (${detail}): mail services would refuse the page.`,
    reachable_other_page: ({ detail = '' }: Values) =>
      `The public address answers, but not by this product (answer ${detail}). Check the proxy and EDGE_KEYS.`,
    spf_ok: ({ domain = '' }: Values) => `SPF lets this server write for ${domain}.`,
    spf_warning: ({ domain = '' }: Values) => `SPF of ${domain} leaves a doubt; see the sending account.`,
    spf_failed: ({ domain = '' }: Values) =>
      `SPF of ${domain} does not allow this server. The sending account says which record to add.`,
    spf_unknown: ({ domain = '' }: Values) => `SPF of ${domain} could not be checked.`,
    dkim_ok: ({ domain = '' }: Values) => `The DKIM key of ${domain} is published.`,
    dkim_warning: ({ domain = '' }: Values) => `DKIM of ${domain} leaves a doubt; see the sending account.`,
    dkim_failed: ({ domain = '' }: Values) =>
      `The DKIM key of ${domain} is missing or not valid. The sending account says which record to add.`,
    dkim_unknown: ({ domain = '' }: Values) =>
      `DKIM of ${domain} could not be checked: give its selector in the sending account.`,
    status_ok: 'fine',
    status_warning: 'worth a look',
    status_failed: 'refused',
    status_unknown: 'not checked',
    status_overridden: 'overridden',
    mend: 'Fix it',
    testLink: 'Test link',
  },
})

export const checkMessages = checks

/** What one check found, in words. */
export const checkText = (locale: Locale, code: string, values: Values): string => {
  const texts: Record<string, string | ((values: Values) => string)> = checks(locale)
  const text = texts[code] ?? code
  return typeof text === 'function' ? text(values) : text
}
