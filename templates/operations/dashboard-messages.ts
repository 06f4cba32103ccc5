import { catalogue, formatNumber, plural } from '#src/lib/i18n.ts'

export const dashboardMessages = catalogue({
  fr: {
    title: 'Tableau de bord',
    welcomeTitle: 'Par où commencer',
    welcomeText:
      'Importez une liste d’entreprises (XLSX, XLS, CSV, ODS) ou ajoutez l’adresse d’un site : leurs sites sont visités, puis la liste dit qui contacter, ce qui est faible et par qui commencer.',
    import: 'Importer un fichier',
    add: 'Ajouter une entreprise',
    companies: 'Entreprises',
    scored: 'Notées',
    notVisited: 'Pas encore notées',
    byLevel: 'Par opportunité',
    byStatus: 'Par statut',
    replies: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'réponse à lire', 'réponses à lire')}`,
    toDo: 'À contacter en premier',
    toDoText: 'Les meilleures opportunités que personne n’a encore contactées.',
    noProspects: 'Aucune pour l’instant : visitez des sites pour obtenir des scores.',
    visitSites: 'Voir les entreprises à visiter',
    running: 'En ce moment',
    nothingRuns: 'Aucune tâche en cours.',
    recentImports: 'Derniers imports',
    noImports: 'Aucun import.',
    rows: (count: number) => `${formatNumber('fr', count)} ${plural('fr', count, 'ligne', 'lignes')}`,
    created: (count: number) =>
      `${formatNumber('fr', count)} ${plural('fr', count, 'nouvelle', 'nouvelles')}`,
  },
  en: {
    title: 'Dashboard',
    welcomeTitle: 'Where to begin',
    welcomeText:
      'Import a list of companies (XLSX, XLS, CSV, ODS) or add the address of a site: their sites are visited, then the list says who to contact, what is weak and whom to begin with.',
    import: 'Import a file',
    add: 'Add a company',
    companies: 'Companies',
    scored: 'Scored',
    notVisited: 'Not scored yet',
    byLevel: 'By opportunity',
    byStatus: 'By status',
    replies: (count: number) =>
      `${formatNumber('en', count)} ${plural('en', count, 'reply to read', 'replies to read')}`,
    toDo: 'To contact first',
    toDoText: 'The best opportunities that nobody has contacted yet.',
    noProspects: 'None for now: visit sites to get scores.',
    visitSites: 'See the companies to visit',
    running: 'Right now',
    nothingRuns: 'No job is running.',
    recentImports: 'Latest imports',
    noImports: 'No import.',
    rows: (count: number) => `${formatNumber('en', count)} ${plural('en', count, 'row', 'rows')}`,
    created: (count: number) => `${formatNumber('en', count)} new`,
  },
})
