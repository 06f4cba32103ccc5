import { catalogue } from '#src/lib/i18n.ts'

/** Refusals and failures that any page may meet, beside those of templates/messages.ts. */
export const errorMessages = catalogue({
  fr: {
    diskFullTitle: 'Disque plein',
    diskFullText:
      'Le disque du serveur est plein : rien n’a été enregistré. Libérez de la place, puis recommencez.',
    startingTitle: 'Démarrage en cours',
    startingText: 'La base de données se prépare. Rechargez la page dans un instant.',
    formTooOldTitle: 'Formulaire expiré',
    formTooOldText:
      'Ce formulaire est trop ancien ou vient d’un autre site. Rien n’a été modifié : revenez en arrière, rechargez la page et recommencez.',
    refusedTitle: 'Demande refusée',
    refusedText: 'La demande contient une valeur incorrecte ; rien n’a été modifié.',
    tooLargeTitle: 'Envoi trop volumineux',
    tooLargeText: 'Ce qui a été envoyé dépasse la taille acceptée.',
    busyTitle: 'Serveur occupé',
    busyText: 'Trop de demandes au même moment. Réessayez dans un instant.',
  },
  en: {
    diskFullTitle: 'Disk full',
    diskFullText: 'The disk of the server is full: nothing was saved. Make room, then try again.',
    startingTitle: 'Starting',
    startingText: 'The database is being prepared. Reload the page in a moment.',
    formTooOldTitle: 'Form expired',
    formTooOldText:
      'This form is too old or comes from another site. Nothing was changed: go back, reload the page and try again.',
    refusedTitle: 'Request refused',
    refusedText: 'The request has a wrong value in it; nothing was changed.',
    tooLargeTitle: 'Too large',
    tooLargeText: 'What was sent is larger than accepted.',
    busyTitle: 'Server busy',
    busyText: 'Too many requests at the same moment. Try again shortly.',
  },
})
