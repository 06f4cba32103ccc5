import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

type Mode = 'off' | 'aggregate' | 'individual' | 'whole' | 'truncated' | 'hashed'

/** What the register is written from. */
export type RegisterFacts = {
  controller: string
  contact: string
  basis: string
  retentionMonths: number
  factMonths: number
  eventMonths: number
  bodyMonths: number
  opens: Mode
  clicks: Mode
  addresses: Mode
  companies: number
  people: number
  messages: number
  suppressed: number
  mailServers: string[]
  webhooks: number
  apiTokens: number
  day: string
}

export type RegisterSection = { title: string; lines: string[] }

const modes = catalogue({
  fr: {
    off: 'non',
    aggregate: 'en nombre seulement, sans savoir qui',
    individual: 'par destinataire',
    whole: 'entières',
    truncated: 'tronquées',
    hashed: 'hachées',
  },
  en: {
    off: 'no',
    aggregate: 'as numbers only, without knowing who',
    individual: 'by recipient',
    whole: 'whole',
    truncated: 'truncated',
    hashed: 'hashed',
  },
})

type Numbers = (value: number) => string

const titles = catalogue({
  fr: { title: 'Registre des activités de traitement' },
  en: { title: 'Register of processing activities' },
})

const sections: Record<Locale, (f: RegisterFacts, n: Numbers) => RegisterSection[]> = {
  fr: (f, n) => [
    {
      title: 'Responsable du traitement',
      lines: [
        f.controller || 'à compléter dans les réglages',
        f.contact || 'à compléter dans les réglages',
        `État au ${f.day}`,
      ],
    },
    {
      title: 'Finalités',
      lines: [
        'Constituer une liste d’entreprises locales susceptibles d’avoir besoin d’un site, de référencement ou de sécurité.',
        'Leur écrire à titre professionnel, suivre les réponses et les demandes, ne plus écrire à qui s’y oppose.',
      ],
    },
    { title: 'Base légale', lines: [f.basis] },
    {
      title: 'Personnes et données',
      lines: [
        `Interlocuteurs de ${n(f.companies)} entreprises : ${n(f.people)} adresses et personnes (nom, fonction, adresse e-mail et téléphone professionnels, profil professionnel public).`,
        `${n(f.messages)} ${plural('fr', f.messages, 'message envoyé', 'messages envoyés')}, leur texte, leur sort et les réponses reçues.`,
        `Suivi des ouvertures : ${modes('fr')[f.opens]} ; des clics : ${modes('fr')[f.clicks]}. Adresses IP des visites : ${modes('fr')[f.addresses]}.`,
        'Aucune donnée sensible n’est recherchée.',
      ],
    },
    {
      title: 'Sources',
      lines: [
        'Sites web publiés par les entreprises elles-mêmes (page, date et extrait conservés pour chaque donnée), dans le respect de robots.txt.',
        'Fichiers importés et saisies à la main.',
      ],
    },
    {
      title: 'Destinataires',
      lines: [
        'Les utilisateurs de cette installation.',
        `Serveurs d’envoi : ${f.mailServers.join(', ') || 'aucun'}.`,
        `Autres programmes : ${n(f.apiTokens)} accès API, ${n(f.webhooks)} ${plural('fr', f.webhooks, 'webhook actif', 'webhooks actifs')}.`,
        'Aucun transfert hors de l’Union européenne n’est fait par le produit lui-même ; vérifiez celui de votre serveur d’envoi.',
      ],
    },
    {
      title: 'Durées de conservation',
      lines: [
        `Contacts : ${n(f.retentionMonths)} mois après la dernière action de la personne, sinon après la collecte, puis effacement automatique.`,
        `Texte des messages : ${n(f.bodyMonths)} mois ; ouvertures et clics : ${n(f.eventMonths)} mois ; leurs détails techniques : ${n(f.factMonths)} mois.`,
        `Oppositions : sans limite, pour être respectées (${n(f.suppressed)} ${plural('fr', f.suppressed, 'entrée', 'entrées')} ; après effacement, une empreinte seulement).`,
      ],
    },
    {
      title: 'Droits des personnes',
      lines: [
        'Chaque message dit qui écrit, d’où vient l’adresse, et porte un lien de désinscription en un clic.',
        'Accès, copie et effacement : page « Données personnelles » de cette installation.',
      ],
    },
    {
      title: 'Mesures de sécurité',
      lines: [
        'Pages accessibles au réseau local seulement ; comptes nominatifs, mots de passe hachés (argon2id), rôles.',
        'Mots de passe des serveurs d’envoi chiffrés (AES-256-GCM) ; liens de suivi signés ; jetons d’API hachés.',
        'Rien de personnel dans les journaux.',
      ],
    },
  ],
  en: (f, n) => [
    {
      title: 'Controller',
      lines: [
        f.controller || 'to be filled in in the settings',
        f.contact || 'to be filled in in the settings',
        `As of ${f.day}`,
      ],
    },
    {
      title: 'Purposes',
      lines: [
        'Making a list of local companies that may need a website, search engine work or security.',
        'Writing to them professionally, following answers and requests, no longer writing to whoever objects.',
      ],
    },
    { title: 'Legal basis', lines: [f.basis] },
    {
      title: 'People and data',
      lines: [
        `Contacts of ${n(f.companies)} ${plural('en', f.companies, 'company', 'companies')}: ${n(f.people)} addresses and people (name, function, business e-mail and phone, public business profile).`,
        `${n(f.messages)} ${plural('en', f.messages, 'message', 'messages')} sent, their words, what became of them and the answers.`,
        `Openings tracked: ${modes('en')[f.opens]}; clicks: ${modes('en')[f.clicks]}. IP addresses of visits: ${modes('en')[f.addresses]}.`,
        'No sensitive data is looked for.',
      ],
    },
    {
      title: 'Sources',
      lines: [
        'Websites that the companies publish themselves (page, date and excerpt are kept with each piece of data), obeying robots.txt.',
        'Imported files and what is entered by hand.',
      ],
    },
    {
      title: 'Recipients',
      lines: [
        'The users of this installation.',
        `Mail servers: ${f.mailServers.join(', ') || 'none'}.`,
        `Other programs: ${n(f.apiTokens)} API ${plural('en', f.apiTokens, 'token', 'tokens')}, ${n(f.webhooks)} active ${plural('en', f.webhooks, 'webhook', 'webhooks')}.`,
        'The product itself transfers nothing out of the European Union; check your mail server.',
      ],
    },
    {
      title: 'Retention',
      lines: [
        `Contacts: ${n(f.retentionMonths)} months after the person's last act, else after the collection, then erased by themselves.`,
        `Words of messages: ${n(f.bodyMonths)} months; openings and clicks: ${n(f.eventMonths)} months; their technical details: ${n(f.factMonths)} months.`,
        `Objections: without limit, so that they are respected (${n(f.suppressed)} ${plural('en', f.suppressed, 'entry', 'entries')}; after an erasure, a fingerprint only).`,
      ],
    },
    {
      title: 'Rights',
      lines: [
        'Every message says who writes and where the address comes from, and carries a one-click unsubscribe link.',
        'Access, copy and erasure: the page “Personal data” of this installation.',
      ],
    },
    {
      title: 'Security',
      lines: [
        'Pages on the local network only; personal accounts, hashed passwords (argon2id), roles.',
        'Passwords of mail servers are encrypted (AES-256-GCM); tracking links are signed; API tokens are hashed.',
        'Nothing personal in logs.',
      ],
    },
  ],
}

export const registerTitle = (locale: Locale): string => titles(locale).title

/** The register, section by section. */
export const registerSections = (locale: Locale, facts: RegisterFacts): RegisterSection[] =>
  sections[locale](facts, (value) => formatNumber(locale, value))
