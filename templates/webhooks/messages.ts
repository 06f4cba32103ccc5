import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

/** Texts of the pages about webhooks. */
export const webhookMessages = catalogue({
  fr: {
    title: 'Webhooks',
    intro:
      'Un webhook prévient un autre programme dès qu’un événement se produit ici : ProspectLab lui envoie une requête POST en JSON.',
    emptyTitle: 'Aucun webhook',
    emptyText: 'Ajoutez l’adresse d’un programme à prévenir, par exemple n8n, Zapier ou votre CRM.',
    add: 'Ajouter un webhook',
    name: 'Nom',
    nameHint: 'Pour vous y retrouver.',
    url: 'Adresse',
    urlHint:
      'En https. Une adresse de votre réseau local n’est acceptée que si elle figure dans WEBHOOK_ALLOW_NETWORKS.',
    events: 'Événements',
    create: 'Créer le webhook',
    save: 'Enregistrer',
    saved: 'Webhook modifié.',
    state: 'État',
    active: 'Actif',
    inactive: 'Désactivé',
    failing: 'En échec',
    failingSince: (date: string) => `Plus rien n’arrive depuis le ${date}.`,
    deliveries: 'Envois',
    countDelivered: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'livré', 'livrés')}`,
    countFailed: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'échoué', 'échoués')}`,
    countWaiting: (count: number) => `${formatNumber('fr', count)} en attente`,
    secretTitle: 'Secret de signature',
    secretText:
      'Copiez-le maintenant dans le programme qui reçoit : il ne sera plus jamais affiché. Il permet de vérifier que les requêtes viennent bien d’ici.',
    newSecret: 'Nouveau secret',
    confirmSecret: 'Remplacer le secret ? L’ancien ne vaudra plus rien, tout de suite.',
    test: 'Envoyer un test',
    pingArrived: (status: number) => `Le test est arrivé (réponse ${status}).`,
    pingFailed: (status: number | null) =>
      status === null
        ? 'Le test n’est pas arrivé. Le détail est dans le journal ci-dessous.'
        : `Le test a été refusé (réponse ${status}). Le détail est dans le journal ci-dessous.`,
    pingWaits: 'Le test est parti ; la réponse se fait attendre. Rechargez la page dans un instant.',
    enable: 'Activer',
    disable: 'Désactiver',
    enabled: 'Webhook activé.',
    disabled: 'Webhook désactivé : rien n’est noté pour lui tant qu’il le reste.',
    enableFirst: 'Activez d’abord ce webhook.',
    delete: 'Supprimer',
    confirmDelete: (name: string) => `Supprimer le webhook « ${name} » et son journal ?`,
    deleted: (name: string) => `Webhook « ${name} » supprimé.`,
    settings: 'Réglages du webhook',
    log: 'Journal des envois',
    logEmpty: 'Aucun envoi',
    logEmptyText: 'Les envois de ces 30 derniers jours apparaîtront ici.',
    all: 'Tous',
    event: 'Événement',
    when: 'Date',
    result: 'Résultat',
    tries: (count: number) => `${formatNumber('fr', count)} ${plural('fr', count, 'essai', 'essais')}`,
    nextTry: (date: string) => `Prochain essai le ${date}`,
    delivered: 'Livré',
    failed: 'Échoué',
    waiting: 'En attente',
    statusCode: (status: number) => `Réponse ${status}`,
    details: 'Détail',
    eventId: 'Identifiant',
    payload: 'Contenu envoyé',
    answer: 'Réponse reçue',
    noAnswer: 'Aucune',
    actions: 'Actions',
    replay: 'Renvoyer',
    replayFailedTitle: 'Renvoyer ce qui a échoué',
    replaySince: 'Période',
    hour: 'depuis une heure',
    day: 'depuis 24 heures',
    week: 'depuis 7 jours',
    month: 'depuis 30 jours',
    replayed: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'envoi remis', 'envois remis')} en attente.`,
    notReplayed: 'Cet envoi est encore en attente, ou n’existe plus.',
    noneFailed: 'Aucun événement n’a échoué pendant ce temps ; les tests ne se renvoient qu’un à un.',
    howTitle: 'Ce que le programme doit savoir',
    howSigned:
      'Chaque requête est signée selon Standard Webhooks : webhook-id, webhook-timestamp et webhook-signature (HMAC-SHA256). Vérifiez la signature et refusez ce qui a plus de cinq minutes.',
    howOnce:
      'Un événement arrive au moins une fois, dans un ordre quelconque. Le même webhook-id peut revenir : n’en tenez compte qu’une fois.',
    howRetry:
      'Répondez par un code 2xx en moins de 15 secondes. Sinon l’envoi est refait, de plus en plus tard, pendant trois jours ; Retry-After est respecté, et un code 410 désactive le webhook.',
    howDisabled:
      'Un webhook auquel rien n’arrive pendant cinq jours est désactivé, et le tableau de bord le signale. Ce qui a échoué peut être renvoyé pendant 30 jours.',
    offGone: 'Désactivé : le programme a répondu qu’il ne veut plus rien recevoir (410).',
    offFailing: 'Désactivé : rien n’est arrivé pendant cinq jours.',
    noticeTitle: 'Des webhooks ont été désactivés',
    noticeText: 'Le programme prévenu ne répond plus. Réparez-le, puis réactivez le webhook :',
    pagination: 'Pages du journal',
    backToList: 'Tous les webhooks',
  },
  en: {
    title: 'Webhooks',
    intro:
      'A webhook tells another program as soon as something happens here: ProspectLab sends it a POST request in JSON.',
    emptyTitle: 'No webhook',
    emptyText: 'Add the address of a program to be told, such as n8n, Zapier or your CRM.',
    add: 'Add a webhook',
    name: 'Name',
    nameHint: 'For you to recognise it by.',
    url: 'Address',
    urlHint:
      'With https. An address of your local network is only accepted when it is in WEBHOOK_ALLOW_NETWORKS.',
    events: 'Events',
    create: 'Create the webhook',
    save: 'Save',
    saved: 'Webhook changed.',
    state: 'State',
    active: 'Active',
    inactive: 'Disabled',
    failing: 'Failing',
    failingSince: (date: string) => `Nothing has got through since ${date}.`,
    deliveries: 'Deliveries',
    countDelivered: (count: number) => `${formatNumber('en', count)} delivered`,
    countFailed: (count: number) => `${formatNumber('en', count)} failed`,
    countWaiting: (count: number) => `${formatNumber('en', count)} waiting`,
    secretTitle: 'Signing secret',
    secretText:
      'Copy it now into the program that receives: it will never be shown again. It proves that requests come from here.',
    newSecret: 'New secret',
    confirmSecret: 'Replace the secret? The old one stops counting at once.',
    test: 'Send a test',
    pingArrived: (status: number) => `The test arrived (answer ${status}).`,
    pingFailed: (status: number | null) =>
      status === null
        ? 'The test did not arrive. The log below says why.'
        : `The test was refused (answer ${status}). The log below says more.`,
    pingWaits: 'The test has left; its answer is slow to come. Reload the page in a moment.',
    enable: 'Enable',
    disable: 'Disable',
    enabled: 'Webhook enabled.',
    disabled: 'Webhook disabled: nothing is noted for it while it is.',
    enableFirst: 'Enable this webhook first.',
    delete: 'Delete',
    confirmDelete: (name: string) => `Delete the webhook “${name}” and its log?`,
    deleted: (name: string) => `Webhook “${name}” deleted.`,
    settings: 'Settings of the webhook',
    log: 'Log of deliveries',
    logEmpty: 'No delivery',
    logEmptyText: 'Deliveries of the last 30 days will show here.',
    all: 'All',
    event: 'Event',
    when: 'Date',
    result: 'Result',
    tries: (count: number) => `${formatNumber('en', count)} ${plural('en', count, 'try', 'tries')}`,
    nextTry: (date: string) => `Next try on ${date}`,
    delivered: 'Delivered',
    failed: 'Failed',
    waiting: 'Waiting',
    statusCode: (status: number) => `Answer ${status}`,
    details: 'Details',
    eventId: 'Identifier',
    payload: 'What was sent',
    answer: 'What was answered',
    noAnswer: 'Nothing',
    actions: 'Actions',
    replay: 'Send again',
    replayFailedTitle: 'Send again what failed',
    replaySince: 'Period',
    hour: 'in the last hour',
    day: 'in the last 24 hours',
    week: 'in the last 7 days',
    month: 'in the last 30 days',
    replayed: (count: number) =>
      `${formatNumber('en', count)} ${plural('en', count, 'delivery waits', 'deliveries wait')} again.`,
    notReplayed: 'This delivery still waits, or is no longer there.',
    noneFailed: 'No event failed in that time; tests are sent again one by one only.',
    howTitle: 'What the program must know',
    howSigned:
      'Every request is signed as Standard Webhooks says: webhook-id, webhook-timestamp and webhook-signature (HMAC-SHA256). Check the signature and refuse what is older than five minutes.',
    howOnce:
      'An event arrives at least once, in no particular order. The same webhook-id may come again: let it count once.',
    howRetry:
      'Answer with a 2xx code within 15 seconds. Otherwise the delivery is tried again, later and later, for three days; Retry-After is respected, and a 410 disables the webhook.',
    howDisabled:
      'A webhook that nothing gets through to for five days is disabled, and the dashboard says so. What failed can be sent again for 30 days.',
    offGone: 'Disabled: the program answered that it wants nothing any more (410).',
    offFailing: 'Disabled: nothing got through for five days.',
    noticeTitle: 'Webhooks were disabled',
    noticeText: 'The program to be told no longer answers. Repair it, then enable the webhook again:',
    pagination: 'Pages of the log',
    backToList: 'All webhooks',
  },
})

/** What a webhook can be told of, in words. */
export const eventTexts = catalogue({
  fr: {
    'message.opened': 'Un message est ouvert par une personne',
    'message.clicked': 'Un lien est suivi par une personne',
    'message.unsubscribed': 'Un destinataire se désabonne',
    'message.bounced': 'Un message revient sans avoir été remis',
    'message.replied': 'Un destinataire répond',
    'company.status_changed': 'Le statut d’une entreprise change',
    'analysis.finished': 'L’analyse d’un site se termine',
    ping: 'Test',
  },
  en: {
    'message.opened': 'A message is opened by a person',
    'message.clicked': 'A link is followed by a person',
    'message.unsubscribed': 'A recipient unsubscribes',
    'message.bounced': 'A message comes back undelivered',
    'message.replied': 'A recipient replies',
    'company.status_changed': 'The status of a company changes',
    'analysis.finished': 'The analysis of a site ends',
    ping: 'Test',
  },
})

export const eventText = (locale: Locale, type: string): string => {
  const texts: Record<string, string> = eventTexts(locale)
  return texts[type] ?? type
}

const problemTexts = catalogue({
  fr: {
    name_missing: 'Donnez-lui un nom.',
    name_long: 'Ce nom est trop long (100 caractères au plus).',
    bad_url: 'Ce n’est pas une adresse http(s).',
    https_only: 'L’adresse doit commencer par https://.',
    refused_address:
      'Cette adresse mène à un réseau privé ou à un port interdit. Ajoutez le réseau à WEBHOOK_ALLOW_NETWORKS s’il est le vôtre.',
    dns: 'Ce nom de domaine n’existe pas.',
    no_events: 'Choisissez au moins un événement.',
  },
  en: {
    name_missing: 'Give it a name.',
    name_long: 'This name is too long (100 characters at most).',
    bad_url: 'This is no http(s) address.',
    https_only: 'The address must begin with https://.',
    refused_address:
      'This address leads to a private network or a forbidden port. Add the network to WEBHOOK_ALLOW_NETWORKS if it is yours.',
    dns: 'This domain name does not exist.',
    no_events: 'Choose at least one event.',
  },
})

/** Why a webhook was refused, by the code of src/integrations/webhooks/make-webhook.ts. */
export const webhookProblemText = (
  locale: Locale,
  problem: keyof (typeof problemTexts.texts)['fr'],
): string => problemTexts(locale)[problem]
