import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  IN_FOOTER,
  IN_HEADER,
  type Line,
  IN_NAV,
  IN_QUOTE,
  IN_TEAM,
  type PageAnchor,
  type PageView,
} from './page-view.ts'
import { registrableDomain } from './site-identity.ts'
import { siteName } from './whose-contact.ts'
import { SAYS_CREDIT, SAYS_HOST, SAYS_MAKING, SAYS_OTHERS, SAYS_OTHERS_HERE } from './word-spots.ts'

const SECTION_LINES = 14
const CREDIT_LINES = 6
const LINES_UNDER_HEADING = 8
const MAX_HEADING = 90
const PLACES = IN_HEADER | IN_FOOTER | IN_NAV

const HOST =
  /^(?:\W*\d*[.)]?\s*)(?:l[’']|notre |le |the )?h[ée]berge(?:ur|ment|urs)\b|^(?:\W*\d*[.)]?\s*)(?:hoster|host|plate-?forme|[ée]diteur de la plate-?forme) ?:|^(?:\W*\d*[.)]?\s*)(?:alojamiento|hospedaje|(?:web ?)?hosting)(?: (?:del sitio|web))? ?:|(?:^|[\s,.])(?:h[ée]berg(?:é|e|ée|ement|eur) (?:du|de ce|par|web|chez|:)|est h[ée]berg|site h[ée]berg|hosted by|hosting provider|hostinganbieter|(?<=[.;–—|·•]\s?)hoster|ospitato (?:da|su|presso)|alojado (?:en|por)|gehost (?:door|bij)|(?<=[.;–—|·•]\s?)hosting ?:|web ?host|gehostet|alojamiento (?:web|del sitio))|[.;–—|·•] ?h[ée]berge(?:ment|ur)\b|(?:^|[\s,.])h[ée]bergement(?:,| et| &) (?:r[ée]f[ée]rencement|maintenance|conception|r[ée]alisation|infog[ée]rance|gestion) ?:/i
const CREDIT =
  /(?:^|[\s(|©–-])(?:r[ée]alis[ée]e?|cr[ée][ée]e?|con[cç]ue?|d[ée]velopp[ée]e?|propuls[ée]e?|d[ée]sign[ée]?|r[ée]f[ée]renc[ée]e?) (?:et \S+ )?(?:avec \S+ )?par\b|(?:conception|cr[ée]ation|r[ée]alisation|d[ée]veloppement|int[ée]gration|webdesign|design|webmaster|webmastering|refonte)(?:,? (?:et|&|\/) ?\S+|\s*\/\s*\S+)?(?: (?:graphique|technique|web|internet))*(?: (?:du|de ce|de) sites?(?: (?:web|internet))?)?(?: (?:typo3|wordpress|drupal|joomla|prestashop|spip|webflow|shopify|wix))? ?(?::|par\b)|(?:conception|cr[ée]ation|r[ée]alisation|d[ée]veloppement|webdesign|design|maintenance|r[ée]f[ée]rencement)(?=[^:.]{0,60}(?:h[ée]berg|r[ée]f[ée]renc|web|site|graphi))(?:(?:,| et| &|\/) ?(?:(?:de |du |l['’])?[a-zà-ÿ]+(?: web)?)){1,4} ?:|site (?:web |internet )?(?:by|par)\b|(?:powered|made|designed|developed|built|created|website) (?:with \S+ )?by\b|agence web\b.{0,3}:|(?:graphisme|charte graphique|identit[ée] (?:visuelle|graphique)|direction artistique|logo(?:type)?|maintenance (?:du site|web)|infog[ée]rance)(?: et \S+)? ?: ?(?![\d+(]|appel|contact|t[ée]l)|(?:^|[|·•–.] ?)(?:umsetzung|gestaltung|webdesign|konzept(?:ion)?|programmierung|grafik|realisierung|dise[ñn]o web|desarrollo web|realizzazione|progetto web)(?: (?:und|e|y|&|en) \S+)? ?(?::|von\b|por\b|di\b|da\b|door\b)|(?:sito web|sitio web|website|web) (?:von|por|di|da|door)\b|(?:dise[ñn]ado|desarrollado|realizado|sviluppato|realizzato|gerealiseerd|gemaakt) (?:por|da|door)\b/i
/** "Site : Agence Machin – 09 72 …" in a footer */
const SITE_BY =
  /(?:^|[|·•–] ?)(?:un )?site(?: web| internet)?(?: ?: ?(?!https?:|www\.|[a-z\d-]+\.[a-z]{2,})\p{L}| de l['’]agence | sign[ée] )/iu
/** "Site : Lozère Com, lozere@orange.fr" in a legal notice: who is given with an address */
const SITE_BY_MAIL =
  /(?:^|[.;|·•–—] ?)site(?: web| internet)? ?: ?(?!https?:|www\.)\p{L}[^.;|@]{2,60}[,–( -] ?[\w.+-]{1,64}@/iu
/** "© 2024 Maison Klein | Agence Pixel – 06 …" */
const MAKER_AFTER_COPYRIGHT =
  /(?:©|copyright)[^\n]{2,120}?[|·•–—-] ?(?:agence|studio|webmaster|web ?design|cr[ée]ation) ?:? ?(?!de |du |des )(?=\p{Lu})/iu
const CREDIT_HEADING =
  /^\W*\d*[.)]?\s*(?:cr[ée]dits?(?: du site| photos?)?|conception(?: du site| et r[ée]alisation| graphique)*|(?:cr[ée]ation|r[ée]alisation|d[ée]veloppement)(?: du| de)? ?(?:ce )?sites?(?: internet| web)?|webmaster|agence web|conception,? d[ée]veloppement.*)\W*$/i
/** Others named in passing: what they say of holds for their own line. */
const OTHERS_HERE =
  /(?<!(?:toutes|vos|votre|toute) (?:les |grandes )?(?:(?:compagnies|soci[ée]t[ée]s) d['’])?assurances?[^.;]{0,80})\b(?:MMA|SMABTP|MAAF|Hiscox|QBE|AXA France|Allianz IARD|Generali (?:IARD|France)|IARD)\b|conseil (?:de l['’]ordre|r[ée]gional de l['’]ordre)|(?:^|[.;] )partenaires? (?:[a-zà-ÿ]+ ){0,3}:|gendarmerie|pharmacie de garde|\bSAMU\b|centre antipoison|conciliateur|(?<!partenaire |agr[ée]{2} |certifi[ée] |qualifi[ée] )\b(?:SAUR|V[ée]olia|Enedis|GRDF)\b|composez le|(?:^|[.;] )(?:franchiseur|t[êe]te de r[ée]seau|maison[- ]m[èe]re|si[èe]ge (?:du r[ée]seau|de la franchise|de l[’']enseigne)) ?:|(?:^|[.;|·•–—] )autres (?:magasins|points de vente|cabinets|[ée]tudes|enseignes)[^.;:]{0,30} ?:|garantie (?:GALIAN|SO\.?CA\.?F|CEGC|CEGI)\b|conseil sup[ée]rieur d(?:u|e l) ?|\br[ée]gie (?:publicitaire|[A-ZÀ-Ý])|chambre (?:interd[ée]partementale|d[ée]partementale|r[ée]gionale|syndicale) des|(?:^|[.;|·•] )(?:PMI|CAF|CPAM|ARS|URSSAF|DDPP|DGCCRF|SPF|police(?! municipale)|pompiers|pr[ée]fecture|agence r[ée]gionale de sant[ée]|conseil d[ée]partemental|assurance maladie|centre hospitalier|h[ôo]pital)(?: [^:.;]{0,40})? ?:/i
const OTHERS =
  /(?<!(?:associ[ée]|salari[ée]|notaire|avocat|g[ée]rant|juriste|form(?:ateur|atrice)|conseil)e?s?(?:,| et|,? &) )m[ée]diateur|m[ée]diation|\bCNIL\b|commission nationale de l[’']informatique|litiges? en ligne|(?<!à l['’])ordre (?:national|des)(?! [^.;—|]{0,40}(?:n°|num[ée]ro|sous le))|nos partenaires|assurance d[ée]cennale|assureur|garantie financi[èe]re|ombudsman|schlichtungsstelle|streitbeilegung|streitschlichtung|aufsichtsbeh[öo]rde|zust[äa]ndige[rs]? \S*kammer|^\W*\S*kammer ?:|(?:berufs|betriebs)haftpflicht|(?:landes|bundes)beauftragter? f[üu]r|datenschutzbeh[öo]rde|autorit[ée] de (?:contr[ôo]le|protection)|autoriteit persoonsgegevens|agencia espa[ñn]ola de protecci[óo]n|pr[ée]pos[ée] f[ée]d[ée]ral|arbitraje|garante (?:per la )?privacy/i
/** "Nos producteurs : …", "Mes prestataires préférés : …", "Ils travaillent ici : …": up to the end of the sentence */
const OTHERS_LISTED =
  /(?:^|[.;] )(?:(?:nos|mes|nos autres|quelques|our|unsere|i nostri|nuestros) (?:prestataires|partenaires|fournisseurs|producteurs|[ée]leveurs|mara[îi]chers|artisans partenaires|fabricants|filateurs|meuniers|torr[ée]facteurs|brasseurs|apiculteurs|tisserands|imprimeurs|transporteurs|sous-traitants|confr[èe]res|r[ée]sidents|coworkers|locataires|exposants|revendeurs|distributeurs|d[ée]positaires|voisins|amis|suppliers|producers|growers|makers|tenants|stockists|neighbours|lieferanten|partner|produzenten|erzeuger|fornitori|produttori|proveedores|productores)|(?:ils|elles) (?:travaillent|exposent|r[ée]sident|logent|collaborent|ont travaill[ée]|ont expos[ée]|louent|partagent))(?: [a-zà-ÿ]+){0,3} ?:/i
const SENTENCE_END = /(?<=[\p{Ll}\d)]{2})\. (?=\p{Lu})/u
const VOICES =
  /(?:^|\s)(?:avis|t[ée]moignages?)(?:\s(?:de (?:nos )?)?(?:clients?|google|patients?|voyageurs?|v[ée]rifi[ée]s))?\s*$|^(?:t[ée]moignages?|les avis|avis(?! de (?!client|voyageur|patient|nos))|commentaires?|livre d['’]or|testimonials?|reviews?)\b|(?:ce que|qu['’]en)\s+(?:disent|pensent)|(?:disent|pensent) de nous|ils? (?:nous font|m['’]ont fait|nous ont fait|me font) confiance|parlent de nous|clients? (?:t[ée]moignent|satisfaits|heureux)|what (?:our )?(?:clients|customers)|laisser un commentaire|\d+ (?:commentaires?|r[ée]flexions? sur|r[ée]ponses? [àa]|pens[ée]es? sur|thoughts? on|comments? on|responses? to|replies to|kommentare?|gedanken zu)/i
const TEAM =
  /(?:^|\s)(?:[ée]quipe|team|staff|collaborateurs|bureau|conseil d['’]administration)(?:$|[\s.,!])|^(?:nos|vos|les) (?:moniteurs|conseillers|experts|praticiens|avocats|m[ée]decins|artisans|professeurs|enseignants|interlocuteurs|agents|formateurs|th[ée]rapeutes|associ[ée]s)|qui sommes[- ]nous/i
/** Lists of others: their numbers and addresses are not the site's. */
const OTHERS_HEADING =
  /^(?:(?:nos|notre|les|annuaire des|liste des) )*(?:adh[ée]rents|commer[cç]ants|revendeurs|points de vente|num[ée]ros (?:utiles|d['’]urgence)|(?:liens|contacts|adresses) utiles|annuaire|partenaires|(?!(?:espace|relations?|service|p[ôo]le|deven\p{L}+|accueil|contacts?) )[\p{L}’'-]+ partenaires$|(?:agents?|repr[ée]sentants?|revendeurs?|importateurs?) (?:en|au|aux|pour|dans|[àa] l[’']) ?\p{L}+|fournisseurs|(?<!(?:nos|notre) )autres (?:magasins|points de vente|cabinets|[ée]tudes|enseignes|agences \p{L}+ [àa] proximit[ée])|magasins (?:voisins|[àa] proximit[ée])|membres du (?:r[ée]seau|groupement)|prestataires|distributeurs|d[ée]taillants|producteurs partenaires|h[ée]bergements? (?:[àa] proximit[ée]|aux alentours|conseill[ée]s)|num[ée]ros [àa] conna[îi]tre|bonnes adresses|professionnels de sant[ée]|bureaux d['’][ée]tudes(?= *$| partenaires)|co-?traitants|collaborations ext[ée]rieures|associations (?:locales|de la commune)|vie associative|commerces|artisans et commer[cç]ants|entreprises locales)(?!\p{L})|^(?:o[ùu] (?:nous )?trouver (?:nos|mes) |o[ùu] (?:dormir|manger|loger|acheter)|[àa] proximit[ée]$|(?:[àa] voir|[àa] faire|[àa] visiter|que (?:voir|faire|visiter))(?!\p{L})|activit[ée]s (?:[àa] proximit[ée]|aux alentours|autour|dans la r[ée]gion|alentour)|propri[ée]taires? (?:des murs|du terrain|des locaux|de l['’]immeuble)|bailleur|franchiseur|t[êe]te de r[ée]seau|si[èe]ge du r[ée]seau|maison m[èe]re|aux alentours|dans les environs|things to (?:do|see)|local attractions|ausflugsziele|sehensw[üu]rdigkeiten|where to (?:buy|find)|(?:our )?(?:stockists|retailers|suppliers|distributors)|useful (?:contacts|numbers|links)|emergency numbers|bezugsquellen|h[äa]ndler|notruf|n[üu]tzliche|(?:i nostri )?(?:rivenditori|fornitori)|numeri utili|(?:nuestros )?(?:distribuidores|proveedores)|tel[ée]fonos de inter[ée]s|verkooppunten|nuttige nummers)/iu
/** What a house of doctors calls those who work in it */
const OF_HEALTH = /professionnels de sant[ée]/i
const HOUSE_OF_HEALTH = /sante|medic|soins|clini|therap/
/** "Contactez-nous : " under any heading is the house's own. */
const TO_US =
  /(?:contactez|appelez|[ée]crivez|joignez)[- ]nous|nous (?:contacter|joindre|appeler)(?!\p{L})|(?:contact|call) us(?!\p{L})|(?:rufen|kontaktieren) sie uns|bel ons/iu
/** Pages that tell where else one may go, by the last part of their path */
const OTHERS_PATH =
  /\/(?:(?:nos|mes|les|our|unsere|liste-(?:des-)?)-?)?(?:partenaires?|sponsors?|revendeurs?|distributeurs?|distribut(?:ion|ors)|importateurs?|points?-de-vente|ou-(?:nous-)?(?:acheter|trouver-nos-[a-z-]+)|where-to-buy|stockists?|retailers?|dealers?|resellers?|bezugsquellen|haendler|h%c3%a4ndler|rivenditori|distribuidores|verkooppunten|liens(?:-utiles|-amis)?|links|(?:numeros|adresses|contacts)-utiles|associations(?:-locales)?|vie-associative|commerces|commercants|commerces-et-artisans|entreprises-locales|(?:local-)?area|local-attractions|surroundings|things-to-(?:do|see)|(?:aux-)?(?:alentours|environs)|a-voir(?:-a-faire)?|(?:decouvrir|visiter)-la-region|umgebung|ausflugsziele|dintorni|alrededores|omgeving)(?:\.\w{2,5})?\/?$/i
/** Pages where visitors write, by the last part of their path */
const VOICES_PATH =
  /\/(?:(?:nos|vos|les)-?)?(?:livre-?d-?or|guest-?book|g(?:ae|%c3%a4)stebuch|gastenboek|libro-(?:de-visitas|degli-ospiti)|avis-?clients?|temoignages?(?:-clients?)?|testimonials?|kundenstimmen|reviews)(?:\.\w{2,5})?\/?$/i
const TEAM_LINES = 80
const VOICE_LINES = 60
const ABOUT_SITE = /\bsites?\b|\bweb|design|agence|internet|©|by\b/i
/** "Réalisation <a>Ardèche Création</a> – webmaster@…": the maker named by a link, without "par" or a colon */
const MAKES =
  /^(?:site |conception|r[ée]alisation|cr[ée]ation|webmaster|web ?design|design)(?: (?:et|&) \p{L}+)?(?: (?:du site|web|internet))*$/iu
const MAX_MAKER = 160
const HISTORY = /\b1[89]\d\d\b|\b20\d\d\b|entreprise|maison|famil|p[èe]re|fils|gendre|g[ée]n[ée]ration/i
const PROSE = 60
const OWN_WORK = /par (?:nos|mes) (?:propres )?soins|par nous-m[êe]mes|en interne/i
const NEW_SUBJECT =
  /^(?:\W*\d*[.)]?\s*)(?:[ée]diteur|[ée]dition|propri[ée]t[ée]|donn[ée]es|protection|cookies|responsab|directeur|directrice|contact|cr[ée]dits?|liens|droit|limitation|conditions|objet|utilisation|pr[ée]sentation|propri[ée]taire|nous contacter|mentions|accueil|qui sommes|litige|politique|g[ée]rant|coordonn[ée]es|le pr[ée]sent site|le site \S+ est [ée]dit|m[ée]dia|ust|umsatzst|steuernu|\S*register|berufsbezeichn|verantwortl|inhaltl|vertret)/i

const MAX_SEARCHED = 600
// What each pattern cannot do without, asked first: most lines have none of it, and the patterns are slow.
const SUBJECTS: { flag: number; hint: number; needs: RegExp | null; pattern: RegExp }[] = [
  { flag: ABOUT_HOST, hint: SAYS_HOST, needs: null, pattern: HOST },
  { flag: ABOUT_CREDIT, hint: SAYS_MAKING, needs: null, pattern: CREDIT_HEADING },
  {
    flag: ABOUT_CREDIT,
    hint: SAYS_CREDIT,
    needs: /:|par\b|by\b|por\b|von\b|d[ai]\b|door\b/i,
    pattern: CREDIT,
  },
  { flag: ABOUT_CREDIT, hint: SAYS_CREDIT, needs: null, pattern: SITE_BY },
  { flag: ABOUT_CREDIT, hint: SAYS_CREDIT, needs: /@/, pattern: SITE_BY_MAIL },
  { flag: ABOUT_OTHERS, hint: SAYS_OTHERS, needs: null, pattern: OTHERS },
  { flag: ABOUT_OTHERS, hint: SAYS_OTHERS_HERE, needs: /:/, pattern: OTHERS_LISTED },
  { flag: ABOUT_OTHERS, hint: SAYS_OTHERS_HERE, needs: null, pattern: OTHERS_HERE },
]
const HEADINGS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

const isHistory = (line: Line): boolean =>
  line.text.length > PROSE &&
  !(line.flags & IN_FOOTER) &&
  !ABOUT_SITE.test(line.text) &&
  HISTORY.test(line.text)

/** Where a line begins to speak of another: at the word that says so; in a short line at the part it stands in,
 *  and the whole line when it has no parts. */
function aboutFrom(text: string, index: number, passing: boolean): number | undefined {
  if (text.length > MAX_HEADING || passing) return index
  const part = Math.max(
    ...['·', '•', '|', ';', '. ', ' – ', ' — ', ' - '].map((sign) => text.lastIndexOf(sign, index)),
  )
  return part > 0 ? part : undefined
}

/** The first link of each line that leads elsewhere */
function linksOf(view: PageView): Map<number, PageAnchor> {
  const links = new Map<number, PageAnchor>()
  for (const anchor of view.anchors)
    if (!links.has(anchor.line) && /^https?:/i.test(anchor.href)) links.set(anchor.line, anchor)
  return links
}

function namesMaker(view: PageView, index: number, link: PageAnchor | undefined): boolean {
  const { text } = view.lines[index]!
  if (!link || text.length > MAX_MAKER) return false
  const host = URL.parse(link.href)?.hostname ?? ''
  const at = link.text.trim() === '' ? -1 : text.indexOf(link.text.trim())
  return (
    at > 0 &&
    MAKES.test(text.slice(0, at).trim()) &&
    registrableDomain(host) !== registrableDomain(view.siteHost)
  )
}

/** Marks the lines that speak of someone else: the host of the legal notice, the agency that made the
 *  site, mediators and partners, customers who praise. A mark lasts until the next heading, the next subject or a few lines. */
export function markSections(view: PageView): void {
  let current = 0
  let left = 0
  let place = 0
  let headingTag = ''
  let voices = 0
  let team = 0
  let teamTag = ''
  let voicesTag = ''
  let voicesPlace = 0
  let links: Map<number, PageAnchor> | null = null
  let isOfHealth: boolean | null = null
  const path = URL.parse(view.url)?.pathname ?? ''
  const isOthersPage = OTHERS_PATH.test(path)
  const isGuestBook = VOICES_PATH.test(path)
  const mailbox = `@${registrableDomain(view.siteHost) ?? view.siteHost}`
  for (const [index, line] of view.lines.entries()) {
    const { text } = line
    const toUs = (isOthersPage || left > 0) && text.length <= MAX_HEADING && TO_US.test(text)
    if (isOthersPage && !(line.flags & PLACES) && !toUs) line.flags |= ABOUT_OTHERS
    if (isGuestBook && !(line.flags & PLACES) && !line.text.includes(mailbox)) line.flags |= IN_QUOTE
    const heading = HEADINGS.has(line.tag)
    // Who gives an address of the site speaks of it again.
    if (left > 0 && current === ABOUT_OTHERS && (toUs || line.text.includes(mailbox))) left = 0
    // The footer of a page goes on with nothing that its last paragraph began.
    if (left > 0 && (line.flags & PLACES) !== place) left = 0
    if (left > 0 && (heading || (text.length <= MAX_HEADING && NEW_SUBJECT.test(text)))) {
      if (!heading || headingTag === '' || line.tag <= headingTag) left = 0
    }
    if (line.flags & IN_FOOTER && !(voicesPlace & IN_FOOTER)) voices = 0
    if (heading && text.length <= MAX_HEADING) {
      if (voices > 0 && line.tag <= voicesTag) voices = 0
      if (VOICES.test(text)) {
        voices = VOICE_LINES
        voicesTag = line.tag
        voicesPlace = line.flags & PLACES
      }
    }
    if (heading && text.length <= MAX_HEADING) {
      if (team > 0 && line.tag <= teamTag) team = 0
      if (TEAM.test(text)) {
        team = TEAM_LINES
        teamTag = line.tag
      }
    }
    if (
      heading &&
      text.length <= MAX_HEADING &&
      OTHERS_HEADING.test(text) &&
      !(OF_HEALTH.test(text) && (isOfHealth ??= HOUSE_OF_HEALTH.test(siteName(view))))
    ) {
      current = ABOUT_OTHERS
      left = VOICE_LINES
      place = line.flags & PLACES
      headingTag = line.tag
    }
    if (team > 0) {
      line.flags |= IN_TEAM
      team--
    }
    if (voices > 0) {
      line.flags |= IN_QUOTE
      voices--
    }
    let started = 0
    let passing = false
    let from = 0
    if (line.hints !== 0 && !(line.flags & IN_NAV)) {
      const searched = text.slice(0, MAX_SEARCHED)
      for (const { flag, hint, needs, pattern } of SUBJECTS) {
        if (!(line.hints & hint) || (needs !== null && !needs.test(searched))) continue
        const match = pattern.exec(searched)
        // Who is spoken of first: "Der Landesbeauftragte …. Hoster: …"
        if (
          !match ||
          (started > 0 && match.index >= from) ||
          OWN_WORK.test(text) ||
          (pattern === SITE_BY && !(line.flags & IN_FOOTER))
        )
          continue
        // "Créée par Raymond Lecoq en 1968, l’entreprise …" tells the history of a company.
        if (pattern === CREDIT && /^\W*(?:cr[ée]{2}|con[cç]u)/i.test(match[0]) && isHistory(line)) continue
        started = flag
        from = match.index
        passing = pattern === OTHERS_HERE || pattern === OTHERS_LISTED
        line.aboutFrom = match.index > 0 ? aboutFrom(text, match.index, passing) : undefined
        const after = pattern === OTHERS_LISTED ? text.slice(match.index + match[0].length) : ''
        const ends = after.search(SENTENCE_END)
        line.aboutUntil = ends < 0 ? undefined : text.length - after.length + ends
      }
    }
    const maker =
      line.flags & IN_FOOTER && started === 0 ? MAKER_AFTER_COPYRIGHT.exec(text.slice(0, 200)) : null
    if (maker) {
      started = ABOUT_CREDIT
      line.aboutFrom = maker.index + maker[0].length
    } else if (
      started === 0 &&
      line.hints & SAYS_MAKING &&
      namesMaker(view, index, (links ??= linksOf(view)).get(index))
    )
      started = ABOUT_CREDIT
    // "Numéros utiles", "SAMU : 15": one entry does not end the list.
    const goesOn = started === ABOUT_OTHERS && current === ABOUT_OTHERS && left > 0 && headingTag !== ''
    if (started > 0 && !(goesOn && !heading)) {
      current = started
      // A sentence speaks for itself; a short label speaks for the lines that follow.
      const label = text.length <= MAX_HEADING
      left =
        !label || passing || (started === ABOUT_OTHERS && line.tag === 'li' && !/:|\d/.test(text))
          ? 1
          : started === ABOUT_CREDIT
            ? CREDIT_LINES
            : started === ABOUT_HOST
              ? SECTION_LINES
              : heading
                ? LINES_UNDER_HEADING
                : 4
      headingTag = heading ? line.tag : ''
      place = line.flags & PLACES
    }
    if (left > 0) {
      line.flags |= current
      left--
    }
  }
}
