import { levelNames } from '#src/scoring/messages.ts'
import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

/** Texts of the list of companies. */
export const listMessages = catalogue({
  fr: {
    title: 'Entreprises',
    add: 'Ajouter une entreprise',
    import: 'Importer un fichier',
    deletedList: 'Corbeille',
    groups: 'Groupes',
    segments: 'Segments',
    campaignSelection: 'Préparer une campagne',
    keepAsSegment: 'Garder ces filtres comme segment',
    search: 'Rechercher',
    searchHint: 'Nom, ville, e-mail, téléphone, site…',
    filters: 'Filtres',
    apply: 'Filtrer',
    clear: 'Effacer les filtres',
    anyStatus: 'Tous les statuts',
    anyStage: 'Toutes les étapes',
    anyLevel: 'Tous les scores',
    anyContact: 'Contact : tous',
    withContact: 'Avec une adresse e-mail',
    withoutContact: 'Sans adresse e-mail',
    anyCrawl: 'Visite du site : tous',
    anyGroup: 'Tous les groupes',
    anyWeakness: 'Toutes les faiblesses',
    anyImport: 'Tous les imports',
    favouritesOnly: 'Favoris seulement',
    tag: 'Étiquette',
    status: 'Statut',
    stage: 'Étape',
    level: 'Score',
    contact: 'Contact',
    crawl: 'Visite du site',
    group: 'Groupe',
    weakness: 'Faiblesse',
    importName: 'Import',
    company: 'Entreprise',
    whoToContact: 'Qui contacter',
    whatIsWeak: 'Points faibles',
    score: 'Score',
    select: (name: string) => `Sélectionner ${name}`,
    selectPage: 'Sélectionner toute la page',
    selectAll: (count: string) => `Toutes celles du résultat (${count})`,
    sortBy: 'Trier par',
    sortName: 'Nom',
    sortScore: 'Score',
    sortCreated: 'Ajout',
    sortCrawled: 'Dernière visite',
    sortCity: 'Ville',
    sortStatus: 'Statut',
    ascending: 'croissant',
    descending: 'décroissant',
    count: (count: number, capped: boolean) =>
      `${formatNumber('fr', count)}${capped ? '+' : ''} ${plural('fr', count, 'entreprise', 'entreprises')}`,
    noContact: 'Aucun contact connu',
    noWeakness: 'Rien de notable',
    more: (count: number) => `+ ${count}`,
    noSite: 'Sans site',
    addFavourite: (name: string) => `Ajouter ${name} aux favoris`,
    removeFavourite: (name: string) => `Retirer ${name} des favoris`,
    emptyTitle: 'Aucune entreprise pour l’instant',
    emptyText:
      'Importez un fichier (XLSX, XLS, CSV, ODS) ou ajoutez une entreprise par l’adresse de son site.',
    nothingTitle: 'Aucune entreprise ne correspond',
    nothingText: 'Retirez un filtre ou cherchez un autre mot.',
    beyondTitle: 'Cette page n’existe pas',
    beyondText: 'La liste est plus courte. Revenez à la première page.',
    firstPage: 'Première page',
    bulk: 'Actions sur la sélection',
    bulkHint: 'Cochez des entreprises, ou toutes celles du résultat, puis choisissez une action.',
    crawlSelection: 'Visiter les sites',
    setStatus: 'Donner le statut',
    addTag: 'Ajouter l’étiquette',
    removeTag: 'Retirer l’étiquette',
    addToGroup: 'Ajouter au groupe',
    removeFromGroup: 'Retirer du groupe',
    chooseGroup: 'Choisir un groupe',
    delete: 'Supprimer',
    deleteConfirm: 'Supprimer les entreprises choisies ? Vous pourrez annuler.',
    exportCsv: 'Exporter en CSV',
    exportXlsx: 'Exporter en XLSX',
    pages: 'Pages de la liste',
  },
  en: {
    title: 'Companies',
    add: 'Add a company',
    import: 'Import a file',
    deletedList: 'Bin',
    groups: 'Groups',
    segments: 'Segments',
    campaignSelection: 'Prepare a campaign',
    keepAsSegment: 'Keep these filters as a segment',
    search: 'Search',
    searchHint: 'Name, city, e-mail, phone, site…',
    filters: 'Filters',
    apply: 'Filter',
    clear: 'Clear filters',
    anyStatus: 'Any status',
    anyStage: 'Any stage',
    anyLevel: 'Any score',
    anyContact: 'Contact: any',
    withContact: 'With an e-mail address',
    withoutContact: 'Without an e-mail address',
    anyCrawl: 'Site visit: any',
    anyGroup: 'Any group',
    anyWeakness: 'Any weakness',
    anyImport: 'Any import',
    favouritesOnly: 'Favourites only',
    tag: 'Tag',
    status: 'Status',
    stage: 'Stage',
    level: 'Score',
    contact: 'Contact',
    crawl: 'Site visit',
    group: 'Group',
    weakness: 'Weakness',
    importName: 'Import',
    company: 'Company',
    whoToContact: 'Who to contact',
    whatIsWeak: 'What is weak',
    score: 'Score',
    select: (name: string) => `Select ${name}`,
    selectPage: 'Select the whole page',
    selectAll: (count: string) => `All of the result (${count})`,
    sortBy: 'Sort by',
    sortName: 'Name',
    sortScore: 'Score',
    sortCreated: 'Added',
    sortCrawled: 'Last visit',
    sortCity: 'City',
    sortStatus: 'Status',
    ascending: 'ascending',
    descending: 'descending',
    count: (count: number, capped: boolean) =>
      `${formatNumber('en', count)}${capped ? '+' : ''} ${plural('en', count, 'company', 'companies')}`,
    noContact: 'No known contact',
    noWeakness: 'Nothing notable',
    more: (count: number) => `+ ${count}`,
    noSite: 'No site',
    addFavourite: (name: string) => `Add ${name} to favourites`,
    removeFavourite: (name: string) => `Remove ${name} from favourites`,
    emptyTitle: 'No company yet',
    emptyText: 'Import a file (XLSX, XLS, CSV, ODS) or add a company by the address of its site.',
    nothingTitle: 'No company matches',
    nothingText: 'Remove a filter or search for another word.',
    beyondTitle: 'There is no such page',
    beyondText: 'The list is shorter. Go back to the first page.',
    firstPage: 'First page',
    bulk: 'Actions on the selection',
    bulkHint: 'Tick companies, or all of the result, then choose an action.',
    crawlSelection: 'Visit the sites',
    setStatus: 'Set the status',
    addTag: 'Add the tag',
    removeTag: 'Remove the tag',
    addToGroup: 'Add to the group',
    removeFromGroup: 'Remove from the group',
    chooseGroup: 'Choose a group',
    delete: 'Delete',
    deleteConfirm: 'Delete the chosen companies? You can undo it.',
    exportCsv: 'Export as CSV',
    exportXlsx: 'Export as XLSX',
    pages: 'Pages of the list',
  },
})

// Statuses and stages are French data; the English pages show what they mean.
const statusNames: Record<Locale, Record<string, string>> = {
  fr: {},
  en: {
    Nouveau: 'New',
    'À qualifier': 'To qualify',
    Relance: 'Follow up',
    'À rappeler': 'Call back',
    Gagné: 'Won',
    Perdu: 'Lost',
    'Réponse positive': 'Positive reply',
    'Réponse négative': 'Negative reply',
    Bounce: 'Bounced',
    Désabonné: 'Unsubscribed',
    'Plainte spam': 'Spam complaint',
    'Ne pas contacter': 'Do not contact',
    'À prospecter': 'To prospect',
    Contacté: 'Contacted',
    RDV: 'Meeting',
    Proposition: 'Proposal',
  },
}

/** A status or stage in the reader's language. */
export const statusText = (locale: Locale, value: string): string => statusNames[locale][value] ?? value

const noLevel = catalogue({ fr: { unscored: 'Pas encore noté' }, en: { unscored: 'Not scored yet' } })

/** A score level in the reader's language; null is a company never scored. */
export const levelText = (locale: Locale, level: string | null): string =>
  ({ ...levelNames(locale), ...noLevel(locale) } as Record<string, string>)[level ?? 'unscored'] ??
  String(level)

const crawls = catalogue({
  fr: {
    never: 'Jamais visité',
    queued: 'Visite en attente',
    running: 'Visite en cours',
    done: 'Visité',
    failed: 'Visite échouée',
  },
  en: {
    never: 'Never visited',
    queued: 'Visit waiting',
    running: 'Visit running',
    done: 'Visited',
    failed: 'Visit failed',
  },
})

export const crawlText = (locale: Locale, state: string): string =>
  (crawls(locale) as Record<string, string>)[state] ?? state

const emailKinds = catalogue({
  fr: { role: 'générique', person: 'nominative', agency: 'agence', thirdparty: 'tiers', guessed: 'supposée' },
  en: {
    role: 'general',
    person: 'personal',
    agency: 'agency',
    thirdparty: 'third party',
    guessed: 'guessed',
  },
})

/** What kind of address it is; empty when unknown. */
export const emailKindText = (locale: Locale, kind: string | null): string =>
  kind === null ? '' : ((emailKinds(locale) as Record<string, string>)[kind] ?? kind)

// Tags that mails set (src/companies/move-status.ts); they keep the names other programs know.
const mailTags: Record<Locale, Record<string, string>> = {
  fr: {
    email_envoye: 'message envoyé',
    email_echec_envoi: 'envoi refusé',
    email_ouvert: 'message ouvert',
    email_clique: 'lien suivi',
    email_repondu: 'a répondu',
    bounce: 'message revenu',
    email_invalide: 'adresse invalide',
  },
  en: {
    email_envoye: 'mail sent',
    email_echec_envoi: 'mail refused',
    email_ouvert: 'mail opened',
    email_clique: 'link followed',
    email_repondu: 'replied',
    bounce: 'mail bounced',
    email_invalide: 'invalid address',
  },
}

/** A tag in words where a mail has set it, else as somebody wrote it. */
export const tagText = (locale: Locale, tag: string): string =>
  Object.hasOwn(mailTags[locale], tag) ? (mailTags[locale][tag] ?? tag) : tag
