import { catalogue } from '#src/lib/i18n.ts'

/** Where one message of a campaign is written. */
export const writingMessages = catalogue({
  fr: {
    variantTitle: (step: string, label: string) => `${step}, version ${label}`,
    template: 'Partir d’un modèle',
    templateNone: 'Choisir un modèle…',
    useTemplate: 'Reprendre ce modèle',
    chooseTemplate: 'Choisissez d’abord un modèle dans la liste.',
    replaced: 'Le texte du modèle a pris la place du vôtre.',
    wayBack: 'Reprendre mon texte',
    replacedOther:
      'Votre texte est enregistré. Entre-temps un autre avait été enregistré ici, depuis un autre onglet ou par quelqu’un d’autre.',
    wayBackOther: 'Reprendre l’autre texte',
    noTemplates: 'Aucun modèle pour l’instant.',
    seeTemplates: 'Voir les modèles',
    subject: 'Objet',
    threadHint: (subject: string) =>
      `Laissez vide : la relance part avec l’objet « ${subject} », dans la même conversation que le premier message.`,
    leavesThread:
      'Cet objet n’est pas celui du premier message : Gmail, entre autres, montrera la relance à part de la conversation.',
    html: 'Message',
    htmlHint:
      'Écrivez comme dans un e-mail (paragraphes, « - » pour une liste, **gras**), ou en HTML. Les variables {{ … }} de la liste sont remplacées pour chaque destinataire.',
    text: 'Version texte',
    textHint: 'Vide : faite à partir du message.',
    weight: 'Part des destinataires',
    weightHint: 'Un nombre de 1 à 100, comparé à celui des autres versions.',
    weightRange: 'Un nombre de 1 à 100.',
    preview: 'Aperçu',
    previewFor: (company: string) => `Tel que le recevra ${company}`,
    seenAs: 'Vu comme',
    seeAs: 'Enregistrer et afficher',
    testTitle: 'S’envoyer un essai',
    testHint: (company: string) =>
      `Le message part à votre adresse exactement comme il partira à ${company} : même compte, même objet, mêmes mentions. Rien n’y est suivi, et son lien de désinscription ne désinscrit personne.`,
    sendTest: 'Enregistrer et m’envoyer un essai',
    testHeld: (company: string) =>
      `Ce message ne partirait pas à ${company} : il manque une valeur, ou le modèle dit de ne pas lui écrire (voir l’aperçu).`,
    testAccount: 'Choisissez d’abord un compte d’envoi, à l’étape Envoi.',
    previewNone: 'L’aperçu apparaît dès que le message est écrit.',
  },
  en: {
    variantTitle: (step: string, label: string) => `${step}, version ${label}`,
    template: 'Begin with a template',
    templateNone: 'Choose a template…',
    useTemplate: 'Use this template',
    chooseTemplate: 'First choose a template from the list.',
    replaced: 'The text of the template took the place of yours.',
    wayBack: 'Take my text again',
    replacedOther:
      'Your text is saved. Meanwhile another one had been saved here, from another tab or by somebody else.',
    wayBackOther: 'Take the other text',
    noTemplates: 'No template yet.',
    seeTemplates: 'See the templates',
    subject: 'Subject',
    threadHint: (subject: string) =>
      `Leave it empty: the follow-up has the subject “${subject}” and goes into the conversation of the first message.`,
    leavesThread:
      'This is not the subject of the first message: Gmail, among others, will show the follow-up outside of the conversation.',
    html: 'Message',
    htmlHint:
      'Write as in a mail (paragraphs, “-” for a list, **bold**), or in HTML. The variables {{ … }} of the list are replaced for each recipient.',
    text: 'Text version',
    textHint: 'Empty: made from the message.',
    weight: 'Share of the recipients',
    weightHint: 'A number from 1 to 100, compared to that of the other versions.',
    weightRange: 'A number from 1 to 100.',
    preview: 'Preview',
    previewFor: (company: string) => `As ${company} will get it`,
    seenAs: 'Seen as',
    seeAs: 'Save and show',
    testTitle: 'Send yourself a test',
    testHint: (company: string) =>
      `The message goes to your address exactly as it will go to ${company}: same account, same subject, same footer. Nothing in it is tracked, and its unsubscribe link takes nobody off.`,
    sendTest: 'Save and send me a test',
    testHeld: (company: string) =>
      `This message would not leave to ${company}: a value is missing, or the template says not to write to them (see the preview).`,
    testAccount: 'First choose a sending account, at the step Sending.',
    previewNone: 'The preview appears as soon as the message is written.',
  },
})
