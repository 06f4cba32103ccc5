import { catalogue } from '#src/lib/i18n.ts'

/** What recipients of mails see; they do not know this product. */
export const publicMessages = catalogue({
  fr: {
    unsubscribeTitle: 'Se désabonner',
    unsubscribeText: 'Que souhaitez-vous ? Votre choix prend effet tout de suite.',
    scopeAll: 'Ne plus jamais recevoir de message de notre part',
    scopeCampaign: 'Ne plus recevoir les messages de cette campagne seulement',
    reasonLabel: 'Pourquoi ? (facultatif)',
    alsoConsent: 'Ne plus mesurer non plus l’ouverture des messages déjà reçus ni les clics sur leurs liens',
    unsubscribeButton: 'Confirmer',
    consentTitle: 'Continuer à recevoir, sans mesure',
    consentText:
      'Vous pouvez aussi rester en contact et refuser seulement que l’on mesure l’ouverture des messages et les clics, y compris pour ceux que vous avez déjà reçus.',
    consentButton: 'Refuser la mesure',
    doneTitle: 'C’est fait',
    doneText: 'Votre demande est enregistrée. Vous pouvez fermer cette page.',
    consentDoneText:
      'Ce qui se passe avec nos messages n’est plus mesuré pour vous. Vous pouvez fermer cette page.',
    failedTitle: 'Un instant',
    failedText:
      'Votre demande n’a pas pu être enregistrée. Réessayez dans une minute, ou répondez simplement au message reçu.',
    clickTitle: 'Lien inconnu',
    clickText:
      'Ce lien est incomplet, trop ancien ou ne vient pas d’un de nos messages. Pour votre sécurité, il ne vous conduit nulle part.',
    clickTarget: 'Il désigne cette adresse, que nous n’avons pas pu vérifier :',
  },
  en: {
    unsubscribeTitle: 'Unsubscribe',
    unsubscribeText: 'What would you like? Your choice takes effect at once.',
    scopeAll: 'Never receive a message from us again',
    scopeCampaign: 'No longer receive the messages of this campaign only',
    reasonLabel: 'Why? (optional)',
    alsoConsent: 'Also stop measuring whether messages already received are opened and their links clicked',
    unsubscribeButton: 'Confirm',
    consentTitle: 'Go on receiving, without measuring',
    consentText:
      'You may also stay in touch and only refuse that opens and clicks are measured, also for the messages you have already received.',
    consentButton: 'Refuse measuring',
    doneTitle: 'Done',
    doneText: 'Your request is recorded. You can close this page.',
    consentDoneText: 'What happens with our messages is no longer measured for you. You can close this page.',
    failedTitle: 'One moment',
    failedText:
      'Your request could not be recorded. Try again in a minute, or simply reply to the message you received.',
    clickTitle: 'Unknown link',
    clickText:
      'This link is incomplete, too old or not from one of our messages. For your safety it leads nowhere.',
    clickTarget: 'It names this address, which we could not verify:',
  },
})
