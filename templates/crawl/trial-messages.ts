import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'
import { crawlErrorText } from '#src/crawl/messages.ts'

const fr = (value: number) => formatNumber('fr', value)
const en = (value: number) => formatNumber('en', value)

/** The page on which one site is tried without storing anything. */
export const trialMessages = catalogue({
  fr: {
    title: 'Tester un site',
    intro:
      'Donnez l’adresse d’un site pour voir ce que sa visite trouve : contacts, technologies, points faibles et score. Rien n’est enregistré ; robots.txt et les pauses habituelles sont respectés.',
    url: 'Adresse du site',
    start: 'Tester',
    required: 'Donnez l’adresse d’un site, par exemple www.exemple.fr.',
    not_web: 'Seules les adresses http et https peuvent être visitées.',
    not_address: 'Cette adresse n’en est pas une : vérifiez sa saisie, par exemple www.exemple.fr.',
    busy: 'Votre test précédent est encore en cours : attendez sa fin ou arrêtez-le.',
    full: 'D’autres personnes testent déjà des sites sur ce serveur. Réessayez dans quelques minutes.',
    gone: 'Ce test n’est plus là : le serveur a redémarré ou une heure est passée. Relancez-le.',
    running: 'En cours',
    done: 'Terminé',
    failed: 'Échec',
    stopped: 'Arrêté',
    cut: 'Arrêté avant la fin : voici ce que disent les pages lues.',
    stoppedText: 'Le test a été arrêté avant qu’une page ait pu être lue.',
    opening: 'Ouverture du site et lecture de son robots.txt…',
    read: (pages: number, most: number) =>
      `${fr(pages)} ${plural('fr', pages, 'page lue', 'pages lues')} sur ${fr(most)} au plus`,
    readIn: (pages: number, seconds: string) =>
      `${fr(pages)} ${plural('fr', pages, 'page lue', 'pages lues')} en ${seconds} s`,
    stop: 'Arrêter',
    finished: 'Le test est terminé.',
    seeResult: 'Voir le résultat',
    download: 'Télécharger le document JSON',
    add: 'Ajouter cette entreprise',
    addHint: 'Son site est alors visité une fois encore pour enregistrer ce qui s’y trouve.',
    added: 'Entreprise ajoutée ; son site va être visité.',
    known: 'Cette entreprise est déjà dans la liste.',
    notAddable: 'Cette adresse n’est pas celle du site d’une entreprise.',
    foundSoFar: 'Trouvé jusqu’ici',
    found: 'Ce que dit le site',
    nothingYet: 'Encore rien.',
    nothing: 'Aucun contact ni identifiant trouvé.',
    how: (method: string) => `Lu comme : ${method}`,
    quality: (value: number) => `qualité ${fr(value)}/100`,
    pages: 'Pages lues',
    time: 'Temps',
    company: 'L’entreprise',
    technologies: 'Technologies',
    features: 'Ce que le site propose',
    weak: 'Points faibles',
    more: (count: number) => `et ${fr(count)} de plus dans le document JSON`,
    legalForm: 'Forme juridique',
    capital: 'Capital',
    director: 'Dirigeant',
    host: 'Hébergeur',
    openingHours: 'Horaires',
    languages: 'Langues',
    missing: 'manque',
  },
  en: {
    title: 'Test a site',
    intro:
      'Give the address of a site to see what a visit finds: contacts, technologies, weak points and score. Nothing is stored; robots.txt and the usual pauses are respected.',
    url: 'Address of the site',
    start: 'Test',
    required: 'Give the address of a site, such as www.example.com.',
    not_web: 'Only http and https addresses can be visited.',
    not_address: 'This is not an address: check the spelling, such as www.example.com.',
    busy: 'Your test before is still at work: wait for its end or stop it.',
    full: 'Other people are testing sites on this server already. Try again in a few minutes.',
    gone: 'This test is gone: the server was restarted or an hour has passed. Start it again.',
    running: 'At work',
    done: 'Done',
    failed: 'Failed',
    stopped: 'Stopped',
    cut: 'Stopped before its end: this is what the pages read say.',
    stoppedText: 'The test was stopped before a page could be read.',
    opening: 'Opening the site and reading its robots.txt…',
    read: (pages: number, most: number) =>
      `${en(pages)} ${plural('en', pages, 'page', 'pages')} read of ${en(most)} at most`,
    readIn: (pages: number, seconds: string) =>
      `${en(pages)} ${plural('en', pages, 'page', 'pages')} read in ${seconds} s`,
    stop: 'Stop',
    finished: 'The test is done.',
    seeResult: 'See the result',
    download: 'Download the JSON document',
    add: 'Add this company',
    addHint: 'Its site is then visited once more to store what is there.',
    added: 'Company added; its site will be visited.',
    known: 'This company is in the list already.',
    notAddable: 'This address is not that of a company’s site.',
    foundSoFar: 'Found so far',
    found: 'What the site says',
    nothingYet: 'Nothing yet.',
    nothing: 'No contact or identifier found.',
    how: (method: string) => `Read as: ${method}`,
    quality: (value: number) => `quality ${en(value)}/100`,
    pages: 'Pages read',
    time: 'Time',
    company: 'The company',
    technologies: 'Technologies',
    features: 'What the site offers',
    weak: 'Weak points',
    more: (count: number) => `and ${en(count)} more in the JSON document`,
    legalForm: 'Legal form',
    capital: 'Capital',
    director: 'Director',
    host: 'Host',
    openingHours: 'Opening hours',
    languages: 'Languages',
    missing: 'missing',
  },
})

/** Why a site could not be tried, and what can be done about it. */
const failures = catalogue({
  fr: {
    refused_address:
      'Cette adresse mène à un réseau privé (localhost, réseau local) : de tels sites ne sont pas visités. Un administrateur peut en autoriser avec CRAWL_ALLOW_NETWORKS.',
    dns: 'Le nom de ce site n’existe pas : vérifiez l’adresse.',
    unreachable: 'Le serveur de ce site ne répond pas. Réessayez plus tard.',
    tls: 'Aucune connexion n’a pu être établie avec ce site, ni sécurisée ni simple.',
    timeout: 'Le site met trop de temps à répondre. Réessayez plus tard.',
    robots:
      'Le robots.txt de ce site interdit sa visite par des robots. Une fois l’entreprise ajoutée, un administrateur peut en décider autrement sur sa page.',
    not_html: 'Cette adresse ne mène pas à une page web, mais à un autre fichier (PDF, image…).',
    refused: 'Le site refuse notre visite. Cela ne dit rien de sa qualité.',
    busy: 'Le site est surchargé ou en maintenance. Réessayez plus tard.',
    error_status: 'La page d’accueil est en erreur (par exemple 404) : vérifiez l’adresse.',
    internal: 'Le test a échoué de notre côté. Le détail est dans le journal du serveur.',
    other: (why: string) => `Le site n’a pas pu être lu : ${why}.`,
  },
  en: {
    refused_address:
      'This address leads to a private network (localhost, local network): such sites are not visited. An administrator can allow some with CRAWL_ALLOW_NETWORKS.',
    dns: 'The name of this site does not exist: check the address.',
    unreachable: 'The server of this site does not answer. Try again later.',
    tls: 'No connection could be made with this site, neither secure nor plain.',
    timeout: 'The site takes too long to answer. Try again later.',
    robots:
      'The robots.txt of this site forbids visits by robots. Once the company is added, an administrator can decide otherwise on its page.',
    not_html: 'This address does not lead to a web page but to another file (PDF, image…).',
    refused: 'The site refuses our visit. That says nothing about its quality.',
    busy: 'The site is overloaded or under maintenance. Try again later.',
    error_status: 'The home page is in error (404, for example): check the address.',
    internal: 'The test failed on our side. The details are in the server’s log.',
    other: (why: string) => `The site could not be read: ${why}.`,
  },
})

export const trialFailureText = (locale: Locale, code: string): string => {
  const { other, ...texts } = failures(locale)
  return Object.hasOwn(texts, code) ? texts[code as keyof typeof texts] : other(crawlErrorText(locale, code))
}

const featureNames = catalogue({
  fr: {
    blog: 'Blog',
    last_post: 'Dernier article',
    shop: 'Boutique en ligne',
    booking: 'Réservation',
    newsletter: 'Lettre d’information',
    chat: 'Messagerie instantanée',
    jobs: 'Offres d’emploi',
    cookie_banner: 'Bandeau de cookies',
    legal_notice: 'Mentions légales',
    privacy_policy: 'Politique de confidentialité',
    terms_of_sale: 'Conditions de vente',
    cookie_policy: 'Politique de cookies',
  },
  en: {
    blog: 'Blog',
    last_post: 'Last post',
    shop: 'Online shop',
    booking: 'Booking',
    newsletter: 'Newsletter',
    chat: 'Chat',
    jobs: 'Job offers',
    cookie_banner: 'Cookie banner',
    legal_notice: 'Legal notice',
    privacy_policy: 'Privacy policy',
    terms_of_sale: 'Terms of sale',
    cookie_policy: 'Cookie policy',
  },
})

export const featureText = (locale: Locale, name: string): string =>
  (featureNames(locale) as Record<string, string>)[name] ?? name
