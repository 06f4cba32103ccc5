import { catalogue } from '#src/lib/i18n.ts'

/** An admin's decision to crawl a site against its robots.txt. */
export const robotsMessages = catalogue({
  fr: {
    badge: 'robots.txt non respecté',
    title: 'robots.txt',
    obeyed: 'Le robots.txt de ce site est respecté : les pages qu’il interdit aux robots ne sont pas lues.',
    ignoredSince: (date: string) => `Le robots.txt de ce site n’est plus respecté depuis le ${date}.`,
    reasonWas: (reason: string) => `Motif : ${reason}`,
    ignore: 'Ne plus respecter robots.txt pour ce site',
    responsibility:
      'Par ce fichier, le propriétaire du site dit ce qu’il refuse aux robots. Passer outre engage votre responsabilité : faites-le seulement avec son accord ou pour un motif légitime. La décision, son motif et son auteur restent dans l’historique.',
    reason: 'Motif',
    reasonHint: 'Par exemple : accord du gérant par téléphone le 12 mars.',
    confirm: 'Ne plus respecter robots.txt',
    confirmQuestion: 'Ne plus respecter le robots.txt de ce site ?',
    end: 'Respecter de nouveau robots.txt',
    nowIgnored: 'Le robots.txt de ce site ne sera plus respecté lors de ses visites.',
    nowObeyed: 'Le robots.txt de ce site est de nouveau respecté.',
    noSite: 'Cette entreprise n’a pas de site.',
    reasonMissing: 'Donnez le motif de cette décision en quelques mots.',
    historyIgnored: (reason: string) => `N’est plus respecté. Motif : ${reason}`,
    historyObeyed: 'De nouveau respecté.',
    historySiteChanged: 'De nouveau respecté, car l’adresse du site a changé.',
  },
  en: {
    badge: 'robots.txt not obeyed',
    title: 'robots.txt',
    obeyed: 'The robots.txt of this site is obeyed: pages it forbids to robots are not read.',
    ignoredSince: (date: string) => `The robots.txt of this site has not been obeyed since ${date}.`,
    reasonWas: (reason: string) => `Reason: ${reason}`,
    ignore: 'Stop obeying robots.txt for this site',
    responsibility:
      'With this file the owner of the site says what robots may not read. Passing over it is your responsibility: do so only with their agreement or for a legitimate reason. The decision, its reason and its author stay in the history.',
    reason: 'Reason',
    reasonHint: 'For example: agreed with the manager by phone on 12 March.',
    confirm: 'Stop obeying robots.txt',
    confirmQuestion: 'Stop obeying the robots.txt of this site?',
    end: 'Obey robots.txt again',
    nowIgnored: 'The robots.txt of this site will not be obeyed when it is visited.',
    nowObeyed: 'The robots.txt of this site is obeyed again.',
    noSite: 'This company has no site.',
    reasonMissing: 'Give the reason for this decision in a few words.',
    historyIgnored: (reason: string) => `No longer obeyed. Reason: ${reason}`,
    historyObeyed: 'Obeyed again.',
    historySiteChanged: 'Obeyed again, because the address of the site changed.',
  },
})
