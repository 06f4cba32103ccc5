import { catalogue, plural } from '#src/lib/i18n.ts'

/** /settings/tracking. */
export const trackingSettingsMessages = catalogue({
  fr: {
    title: 'Mesure des messages',
    modes: 'Ce qui est mesuré',
    opens: 'Ouvertures',
    clicks: 'Clics',
    mode_off: 'Aucune mesure',
    mode_aggregate: 'Compter sans savoir qui',
    mode_individual: 'Par destinataire',
    law: 'La délibération 2026-042 de la CNIL (12 mars 2026) demande un accord préalable, propre à cet usage, pour savoir qui ouvre un message, même entre professionnels. Compter sans savoir qui n’en demande pas. C’est pourquoi les ouvertures sont comptées ensemble si vous ne changez rien. Pour les clics, les avis diffèrent : faites confirmer votre choix.',
    lawWithdraw:
      'Chaque page de désinscription permet de refuser la mesure seule ; ce refus vaut aussi pour les messages déjà envoyés.',
    appliesTo: 'Vaut pour les messages envoyés désormais ; chacun peut choisir autrement au moment d’écrire.',
    addresses: 'Adresse IP de qui ouvre ou clique',
    addresses_whole: 'Gardée entière',
    addresses_truncated: 'Tronquée (réseau seulement)',
    addresses_hashed: 'Hachée',
    addressesHint:
      'Tronquée : x.y.z.0. Hachée : remplacée après une quinzaine de secondes par une empreinte dont la clé est jetée chaque jour ; une machine reconnue plus tôt ne l’est alors plus. Une adresse comptée sans savoir qui n’est jamais gardée.',
    honeypot: 'Ajouter à chaque message un lien invisible',
    honeypotHint:
      'Seul un robot le suit : ses autres clics sont écartés plus sûrement. Mais un lien caché ressemble à ce que font les spammeurs : des filtres peuvent classer vos messages en indésirables. Les robots sont reconnus sans lui dans presque tous les cas : laissez-le désactivé, sauf doute précis.',
    retention: 'Durée de conservation, en mois',
    factMonths: 'Adresses et en-têtes des ouvertures et des clics',
    eventMonths: 'Ouvertures, clics et temps de lecture',
    bodyMonths: 'Texte des messages envoyés',
    retentionHint:
      'De 1 à 36 mois : trois ans après le dernier contact venant du prospect, ses données s’effacent (référentiel de la CNIL). Ce qui est échu est effacé chaque nuit. Les adresses à ne plus contacter restent.',
    save: 'Enregistrer',
    saved: 'Réglages enregistrés.',
    badMonths: 'Un nombre de mois de 1 à 36.',
    badChoice: 'Choisissez une des possibilités.',
    keys: 'Clé des liens',
    keysText: (generation: number) =>
      `Les liens de suivi et de désinscription sont signés. Clé actuelle : n° ${generation}. Commencer une nouvelle clé est utile si l’actuelle a pu être vue par quelqu’un ; les liens déjà envoyés continuent de fonctionner.`,
    keysEdge:
      'Si un relais public (prospectlab-edge) est installé, il connaît déjà les deux prochaines clés. Après deux changements, redonnez-lui les réglages de « prospectlab edge-env ».',
    newKey: 'Commencer une nouvelle clé',
    newKeyConfirm: 'Commencer une nouvelle clé pour les liens des prochains messages ?',
    keyUnknownToEdge:
      'Le relais public ne connaît pas encore la clé suivante : les clics et les désinscriptions de ses liens y seraient perdus. Lancez « prospectlab edge-env », donnez le nouveau EDGE_KEYS au relais et redémarrez-le ; puis recommencez.',
    keyBegun: 'Les prochains messages seront signés avec une nouvelle clé.',
    reclassify: 'Humain ou machine : rejuger l’historique',
    reclassifyText:
      'Après une mise à jour, les règles qui distinguent les robots peuvent avoir changé. Toutes les ouvertures et tous les clics gardés sont alors jugés de nouveau.',
    reclassifyButton: 'Rejuger l’historique',
    reclassifyAsked: 'L’historique est en train d’être rejugé.',
    reclassified: (at: string, events: number, changed: number) =>
      `Dernière fois : ${at}, ${events} ${plural('fr', events, 'événement examiné', 'événements examinés')}, ${changed} ${plural('fr', changed, 'verdict changé', 'verdicts changés')}.`,
    reclassifiedDetail: (toHuman: number, toMachine: number, unknown: number) =>
      `Passés de machine à humain : ${toHuman}, d’humain à machine : ${toMachine}. Trop anciens pour être rejugés : ${unknown}.`,
  },
  en: {
    title: 'Tracking of messages',
    modes: 'What is tracked',
    opens: 'Opens',
    clicks: 'Clicks',
    mode_off: 'Not tracked',
    mode_aggregate: 'Counted without knowing who',
    mode_individual: 'By recipient',
    law: 'CNIL deliberation 2026-042 (12 March 2026) asks for a prior consent, for this use alone, to know who opens a message, between businesses too. Counting without knowing who needs none. This is why opens are counted together unless you change it. On clicks, opinions differ: have your choice confirmed.',
    lawWithdraw:
      'Every page to unsubscribe also lets people refuse tracking alone; that holds for messages already sent as well.',
    appliesTo: 'Holds for messages sent from now on; each can choose otherwise when it is written.',
    addresses: 'IP address of who opens or clicks',
    addresses_whole: 'Kept whole',
    addresses_truncated: 'Truncated (network only)',
    addresses_hashed: 'Hashed',
    addressesHint:
      'Truncated: x.y.z.0. Hashed: replaced after some fifteen seconds by a fingerprint whose key is thrown away each day; a machine known before is then no longer known. An address that is counted without knowing who is never kept.',
    honeypot: 'Add an invisible link to every message',
    honeypotHint:
      'Only a robot follows it: its other clicks are told more surely. But a hidden link looks like what spammers do: filters may take your messages for junk. Robots are known without it in almost every case: leave it off unless you have a precise doubt.',
    retention: 'How long it is kept, in months',
    factMonths: 'Addresses and headers of opens and clicks',
    eventMonths: 'Opens, clicks and reading times',
    bodyMonths: 'Text of messages sent',
    retentionHint:
      'From 1 to 36 months: three years after the last contact from a prospect, their data goes (CNIL guidance). What is due is forgotten every night. Addresses not to contact stay.',
    save: 'Save',
    saved: 'Settings saved.',
    badMonths: 'A number of months from 1 to 36.',
    badChoice: 'Choose one of these.',
    keys: 'Key of the links',
    keysText: (generation: number) =>
      `Tracking and unsubscribe links are signed. Current key: no. ${generation}. A new key is of use when somebody may have seen the current one; links already sent go on working.`,
    keysEdge:
      'A public edge (prospectlab-edge), if there is one, already knows the next two keys. After two changes, give it the settings of “prospectlab edge-env” again.',
    newKey: 'Begin a new key',
    newKeyConfirm: 'Begin a new key for the links of the next messages?',
    keyUnknownToEdge:
      'The public edge does not know the next key yet: clicks and unsubscribes of its links would be lost there. Run `prospectlab edge-env`, give the edge the new EDGE_KEYS and restart it; then begin again.',
    keyBegun: 'The next messages are signed with a new key.',
    reclassify: 'Human or machine: judge history again',
    reclassifyText:
      'After an update, the rules that tell robots may have changed. Every open and click that is kept is then judged again.',
    reclassifyButton: 'Judge history again',
    reclassifyAsked: 'History is being judged again.',
    reclassified: (at: string, events: number, changed: number) =>
      `Last time: ${at}, ${events} ${plural('en', events, 'event', 'events')} looked at, ${changed} ${plural('en', changed, 'verdict', 'verdicts')} changed.`,
    reclassifiedDetail: (toHuman: number, toMachine: number, unknown: number) =>
      `From machine to human: ${toHuman}, from human to machine: ${toMachine}. Too old to be judged again: ${unknown}.`,
  },
})
