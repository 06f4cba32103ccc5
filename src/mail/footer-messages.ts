import { catalogue } from '#src/lib/i18n.ts'

/** The end of the mails of campaigns, in the language of their recipient. */
export const footerTexts = catalogue({
  fr: {
    site: (page: string, day: string) =>
      `Votre adresse professionnelle est publiée sur ${page}, où nous l’avons lue le ${day}.`,
    list: (day: string) =>
      `Votre adresse professionnelle figure dans notre fichier d’entreprises depuis le ${day}.`,
    hand: 'Votre adresse professionnelle figure dans notre fichier d’entreprises.',
    rights:
      'Vous pouvez demander ce que nous savons de vous, le faire corriger ou effacer : répondez simplement à ce message.',
    unsubscribe: 'Ne plus recevoir ces messages',
  },
  en: {
    site: (page: string, day: string) =>
      `Your business address is published on ${page}, where we read it on ${day}.`,
    list: (day: string) => `Your business address has been in our list of companies since ${day}.`,
    hand: 'Your business address is in our list of companies.',
    rights:
      'You may ask what we know about you, and have it corrected or erased: simply answer this message.',
    unsubscribe: 'Unsubscribe',
  },
})
