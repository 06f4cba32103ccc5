import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'
import { codeText } from '#templates/campaign-results/code-messages.ts'

const n = formatNumber

/** Texts of the reports by mail. */
export const reportMessages = catalogue({
  fr: {
    subject: (sent: number, clicked: number, replied: number) =>
      `Campagnes : ${n('fr', sent)} ${plural('fr', sent, 'envoi', 'envois')}, ${n('fr', clicked)} ${plural('fr', clicked, 'clic', 'clics')}, ${n('fr', replied)} ${plural('fr', replied, 'réponse', 'réponses')}`,
    title: 'Bilan des campagnes',
    period: (since: string, until: string) => `Du ${since} au ${until}.`,
    campaign: 'Campagne',
    sent: 'Envoyés',
    opened: 'Ouverts',
    clicked: 'Cliqués',
    replied: 'Réponses',
    unsubscribed: 'Désinscrits',
    bounced: 'Retours d’erreur',
    failed: 'Refusés',
    waiting: 'En attente',
    decide: 'À savoir',
    unknown: (name: string, count: number) =>
      `${name} : ${n('fr', count)} ${plural('fr', count, 'e-mail', 'e-mails')} au sort inconnu, à vous de décider sur la page de la campagne.`,
    paused: (name: string, why: string) => `${name} : en pause – ${why}`,
    nobody: (name: string, count: number) =>
      `${name} : ${n('fr', count)} ${plural('fr', count, 'ouverture ou clic humain compté', 'ouvertures ou clics humains comptés')} sans savoir qui.`,
    warm: 'À rappeler en premier',
    hasReplied: 'a répondu',
    hasClicked: 'a suivi un lien',
    why: 'Ouvertures et clics : ceux de personnes, une fois par e-mail. Ce message vient de ProspectLab, sur demande ou selon Réglages → Bilans.',
    nothing: 'Rien ne s’est passé : aucun bilan à envoyer.',
    noAccount: 'Aucun compte d’envoi ne peut l’envoyer. Ajoutez-en un dans les réglages, ou MAIL_SERVER.',
    noAddress: 'Indiquez d’abord à qui envoyer les bilans, dans Réglages → Bilans.',
    sentTo: (addresses: string) => `Bilan envoyé à ${addresses}.`,
    failedWith: (reply: string) => `Le serveur de messagerie n’a pas pris le bilan : ${reply}`,
  },
  en: {
    subject: (sent: number, clicked: number, replied: number) =>
      `Campaigns: ${n('en', sent)} sent, ${n('en', clicked)} ${plural('en', clicked, 'click', 'clicks')}, ${n('en', replied)} ${plural('en', replied, 'reply', 'replies')}`,
    title: 'Report of the campaigns',
    period: (since: string, until: string) => `From ${since} to ${until}.`,
    campaign: 'Campaign',
    sent: 'Sent',
    opened: 'Opened',
    clicked: 'Clicked',
    replied: 'Replies',
    unsubscribed: 'Unsubscribed',
    bounced: 'Bounced',
    failed: 'Refused',
    waiting: 'Waiting',
    decide: 'Worth knowing',
    unknown: (name: string, count: number) =>
      `${name}: ${n('en', count)} ${plural('en', count, 'mail', 'mails')} with an unknown outcome; decide on the page of the campaign.`,
    paused: (name: string, why: string) => `${name}: paused – ${why}`,
    nobody: (name: string, count: number) =>
      `${name}: ${n('en', count)} ${plural('en', count, 'opening or click by a person', 'openings or clicks by people')} counted without knowing who.`,
    warm: 'Call these first',
    hasReplied: 'replied',
    hasClicked: 'followed a link',
    why: 'Openings and clicks are those of people, once for each mail. This message comes from ProspectLab, because somebody asked for it or as Settings → Reports say.',
    nothing: 'Nothing has happened: there is no report to send.',
    noAccount: 'No sending account can send it. Add one in the settings, or MAIL_SERVER.',
    noAddress: 'First say whom to send reports to, in Settings → Reports.',
    sentTo: (addresses: string) => `Report sent to ${addresses}.`,
    failedWith: (reply: string) => `The mail server did not take the report: ${reply}`,
  },
})

export const campaignStateText = (locale: Locale, state: string): string => codeText(locale, 'state', state)
