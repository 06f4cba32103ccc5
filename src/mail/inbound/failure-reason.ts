import { anyOf } from './any-of.ts'
/** Why a mail did not arrive. */
export type FailureReason =
  | 'mailbox_full'
  | 'too_large'
  | 'greylisted'
  | 'too_many'
  | 'blocked'
  | 'not_authenticated'
  | 'content'
  | 'loop'
  | 'expired'
  | 'unreachable'
  | 'system'
  | 'delayed'
  | 'suspended'
  | 'moved'
  | 'relay_denied'
  | 'restricted'
  | 'domain_unknown'
  | 'user_unknown'
  | 'refused'
  | 'temporary'

/** Those after which the address itself may well be right: nobody is suppressed for them. */
const PASSING = new Set<FailureReason>([
  'mailbox_full',
  'too_large',
  'greylisted',
  'too_many',
  'blocked',
  'not_authenticated',
  'content',
  'loop',
  'expired',
  'unreachable',
  'system',
  'delayed',
  'temporary',
])

const NOT_OF_ADDRESS = new Set<FailureReason>(['relay_denied', 'restricted'])

// By what servers write, the most telling first: "mailbox full" also stands in 5.1.1 answers, "user unknown" never in full ones.
const BY_WORDS: readonly (readonly [FailureReason, RegExp])[] = [
  [
    'not_authenticated',
    anyOf(
      /sender (address|domain|id)?.{0,20}(reject|not (found|exist|verif)|invalid|den)/i,
      /domain of sender|reverse (dns|lookup|hostname|address)|client host rejected: cannot find/i,
      /(cannot|can't|unable to) (find|resolve) your|helo.{0,30}(reject|invalid|not|require)/i,
      /sender verify|(?<![\d.])5\.1\.[78](?!\d)|(sender|from) .{0,30}call-?out|call-?out .{0,30}\bsender/i,
      /\bno (valid )?(spf|dkim|dmarc)\b|\b(spf|dkim|dmarc)( \w+)? (fail|reject|missing|invalid)/i,
    ),
  ],
  [
    'mailbox_full',
    anyOf(
      /over ?-?quota|exceeded the local limit|mailbox (has )?exceed/i,
      /quota (is |was )?(exceeded|full|reached)/i,
      /exceed\w*\W{1,3}(\S+ ){0,4}(quota|storage|mailbox size|allocated|disk)|quota exceed/i,
      /(mail ?box|inbox|mailfolder|user'?s? (disk|mail)|account|mail ?drop|maildir|recipient(?! address)).{0,40}\b(is |are |was )?(too )?(full|over (the )?(limit|its|quota|their)|out of (space|storage))/i,
      /mailbox (size )?(limit|quota)|insufficient (disk |storage |mailbox )?(space|storage|quota)/i,
      /storage (allocation|limit|quota|space)|out of (storage|disk) (space)?/i,
      /not enough (storage |disk )?space|no (more )?(disk )?space left|mailbox_?full/i,
      /bo[iî]te.{0,60}(pleine|satur)/i,
      /(superat|raggiunt|sobrepasad|alcanzad|ultrapass|ating|d[eé]pass|atteint|überschr|erreicht|overschr|bereikt)\w* .{0,20}(quota|cuota|cota\b)|(quota|cuota|cota) .{0,20}(superat|raggiunt|sobrepasad|alcanzad|ultrapassad|atingid|überschr|erreicht|overschr|bereikt)/i,
      /quota (d[eé]pass|atteint)|(postfach|konto|mailbox).{0,40}(voll\b|(ü|ue)berf(ü|ue)llt)|mailbox.{0,20}voll|speicherplatz/i,
      /kontingent|buz[oó]n.{0,40}llen|cuota|casella.{0,40}pien|spazio (esaurito|insufficiente)/i,
      /caixa (postal |de (correio|entrada) )?.{0,30}(cheia|lotada|esgotad)|(postbus|postvak|mailbox|inbox).{0,30}\bvol\b|容量/i,
      /メールボックス.*いっぱい/i,
      // What was given to somebody is used up.
      /(d[eé]pass|plus d['’]|insuffisan).{0,40}(espace|stockage|capacit)|espace .{0,40}(satur|insuffisan|[eé]puis)/i,
      /speicher(volumen|grenze|kapazit|limit)|(superad|excedid|sobrepasad|agotad|no dispone de|sin).{0,40}(espacio|capacidad|almacenamiento)/i,
      /(espacio|capacidad).{0,40}(agotad|superad|excedid|insuficiente)|(superat|esaurit).{0,40}(spazio|capienza)|spazio .{0,40}(esaurit|insufficient)/i,
      /opslag(ruimte|limiet|capaciteit)|schijfruimte|(ultrapass|exced|esgot).{0,40}(espa[cç]o|capacidade|armazen)|espa[cç]o .{0,40}(esgot|insuf)/i,
      /przepe[lł]nion|skrzynk.{0,30}pe[lł]n|schr[aá]nk.{0,30}pln|ящик.{0,40}переполн|(brevl[aå]d|postl[aå]d|inkorg|indbakke|innboks|post(boks|kasse)).{0,40}(full|fuld)/i,
      /(postafi[oó]k|megtelt|täynnä|c[aă]su[tț][aă].{0,40}plin|kota.{0,20}(a[sş]|dol)|γεμάτ)|已满|已滿|満杯|용량|가득/i,
    ),
  ],
  [
    'too_large',
    anyOf(
      /(message|mail|attachment|e-?mail)( file)? (size )?(is |was )?(too (large|big|long)|larger than)/i,
      /(message|mail|fixed|maximum|max) (message )?size (limit |exceed|is too)/i,
      /exceed\w* (the )?(fixed |maximum |max\.? |server'?s? )?(message |mail |allowed |permitted )?(size|length)/i,
      /size (of .{0,30})?exceed|too (large|big) for|trop (gros|volumineux|lourd|grand)/i,
      /taille maximale|zu gro(ß|ss)|demasiado grande|troppo grande|te groot|muito grande/i,
      /(supera|excede|d[eé]passe|über(schreit|steig)|overschrijdt|ultrapassa)\w* .{0,40}(tama[nñ]o|taille|größe|dimension|grootte|tamanho)/i,
      /(?<![\d.])5\.3\.4(?!\d)|(?<![\d.])5\.2\.3(?!\d)/i,
    ),
  ],
  ['greylisted', /gr[ae]y-?list/i],
  // Of a mailbox that exists: so much comes in, or so much was sent.
  [
    'too_many',
    /(mail|messages) at a rate|(max\w*|limit|allowed|exceed\w*|too many) .{0,40}\b(per|an|each) (second|minute|hour|day)\b/i,
  ],
  // Who names a blocklist speaks of the sender, whatever else he says.
  [
    'blocked',
    anyOf(
      /spamhaus|spamcop|barracudacentral|\bdnsbl\b|\brbl\b|black-?list|blocked using|unsolicited/i,
      /(consider|identif|detect|classif|look|suspect|recogni)\w* ((as|like|to be|it|a) )?spam|spam (detected|content|score)/i,
    ),
  ],
  [
    'domain_unknown',
    anyOf(
      /(host|domain)( or domain)? ?(name )?(\S+ ){0,3}(not found|unknown|does(n'?t| not) exist|couldn't be found|non-?existent|has no (mail|mx|a record)|not resolv)/i,
      /unknown (host|domain|mail domain)|no such (host|domain)/i,
      /bad (destination )?(host|domain|destination mailbox's system)|invalid (host|domain|dns)/i,
      /nxdomain|unrout(e)?able (mail )?domain/i,
      /no (valid )?(mx|mail (exchanger|server|host)s?)( record)?( \S+){0,4} (for|found|in|exist|point)/i,
      /(couldn't|could not|cannot|can't|unable to) find (any host|the (host|domain|server)|a host|host|domain)/i,
      /mx records? .{0,40}(non-?existent|invalid|null|localhost|local host)|null ?mx|indicated no smtp service/i,
      /does not accept mail(?! from)|doesn't receive e?mail/i,
      /domain .{0,80}(does not exist|doesn't exist|not found|nicht gefunden|introuvable|inconnu|no existe|inesistente|unbekannt|n'existe pas|onbekend)/i,
      /(domaine|h[oô]te|dom[ií]nio?|host) .{0,30}(introuvable|inconnu|desconocido|sconosciuto|inesistente|desconhecido)/i,
      /host non trouv|no route to domain|illegal host|name (or )?service (error|not known)/i,
      /dns (server )?(error|fail|lookup|type).{0,40}|hostname lookup fail|address lookup fail/i,
      /(?<![\d.])5\.1\.2(?!\d)|(?<![\d.])5\.4\.4(?!\d)|(?<![\d.])5\.1\.10(?!\d).{0,40}null mx/i,
    ),
  ],
  [
    'user_unknown',
    anyOf(
      /(user|recipient|mail ?box|e?-?mail ?box|address(ee)?|account|mailbox name|login|alias|to address|member|person|username|destination)\W{0,4}(\S+ ){0,5}?(\(\S+\) )?(is |was |are |has |seems )?(an? )?(unknown|not found|does(n['’]?t| not) (exist|have|like)|did(n't| not) match|invalid|not (a )?(valid|exist\w*|known|recogni[sz]ed|listed|found|available here|here)|non-?exist\w*|inexist\w*|could(n['’]?t| not) be (found|resolved)|wasn['’]?t found|undeliverable|(has been )?(deleted|removed)|no longer (exist|valid|available|in use|active)|unavailable|not local|reject(ed)?\W{0,3}$)/im,
      /(unknown|invalid|no such|no|bad|illegal|nonexistent|unrout(e)?able|unresolvable|undeliverable|incorrect|wrong) (\S+ )?(user|recipient|local|mail ?box|mailbox name|address|account|addressee|alias|person|mail ?drop|destination (mailbox )?address|virtual|forward|rcpt|e-?mail)\b/im,
      /(address|mail ?box|account|user|recipient|alias)\b.{0,80} no longer ((accept|receiv|tak)\w* (any |new |incoming )?(e-?)?(mails?|messages?|post)\b(?!.{0,30} (from|over|larger|without|via|that|with) )|(used|serviced|monitored|checked)\b)/im,
      /(n['’]accepte|ne re[cç]oit) plus (de |les |aucun |d['’]|le |du )?(courri|message|e-?mail|mail)(?!.{0,40}\b(votre|vos|cet?te?|sans|non|de plus)\b)|nimmt .{0,20}(e-?mails?|mails?|nachrichten|post) mehr (an|entgegen)|nicht mehr (verwendet|genutzt|benutzt|in betrieb)/im,
      /ya no (acepta|recibe) (m[aá]s )?(correo|mensaje|e-?mail)|ya no (se (usa|utiliza)|est[aá] (en uso|activ))|non (accetta|riceve) pi[uù] (posta|messagg|e-?mail|mail)|non [eè] pi[uù] (attiv|in uso|utilizzat|valid)|(accepteert|ontvangt) geen (e-?mails?|mails?|berichten|post) meer|niet meer (in gebruik|gebruikt)/im,
      /j[aá] n[aã]o (aceita|recebe) (mensage|e-?mail|correio)|n[aã]o (aceita|recebe) mais (mensage|e-?mail|correio)|j[aá] n[aã]o est[aá] (em uso|ativ)|n[aã]o est[aá] mais (em uso|ativ)/im,
      /no such (\S+ ){0,3}(here|known|in|at|on)|not our (customer|user)|isn't (here|a member)/im,
      /no mailbox (here )?(by|with|for|at|found)|(there is |is )no one (here|at)|user_?unknown/im,
      /not a (known|valid|local) (user|recipient|account|mailbox|address)/im,
      /does(n['’]?t| not) have (an? |any )?(\S+ ){0,2}(account|mailbox|user)|mailbox unavailable/im,
      /recipient ?not ?found/im,
      /recipient (address )?rejected: (user|unknown|undeliverable|unverified|mailbox)/im,
      // The edge of Exchange Online, of addresses that it does not know.
      /5\.4\.1.{0,80}access denied|access denied.{0,20} AS\(\d+\)/im,
      /unable to (verify|validate) (the )?(user|recipient|address)/im,
      /(couldn['’]?t|could not|cannot) be found|address (is )?not (valid|known|exist)|not listed in/im,
      /ne figure pas|n['’](existe|est) (pas|plus)|inconnu|introuvable|non (r[eé]pertori|trouv)/im,
      /(adresse|destinataire|utilisateur|compte) .{0,60}(invalide|inexistant|erron|incorrect|inconnu)/im,
      /unbekannt|existiert nicht|nicht (gefunden|bekannt|vorhanden|verfügbar|eingerichtet)|ung(ü|ue)ltig|nicht verfuegbar/im,
      /no (existe|se (ha )?(encontr|encuentra))|desconocid|inexistente|no v[aá]lid|sconosciut/im,
      /non (esiste|trovat|valid)|onbekend|bestaat niet|niet (gevonden|bekend)/im,
      /n[aã]o (existe|foi (poss[ií]vel )?encontrad|encontrad)|desconhecid|inv[aá]lid[oa]s?\b|存在しません|不明/im,
      /n['’](a|ont) pas ([eé]t[eé]|pu [eê]tre) trouv|inesistent|(compte|adresse|bo[iî]te|utilisateur|konto|postfach|benutzer|cuenta|buz[oó]n|usuario|direcci[oó]n|casella|indirizzo|utente|adres|postvak|gebruiker|conta|caixa|endere[cç]o|utilizador|skrzynka) .{0,40}(supprim|gelöscht|eliminad|borrad|cancellat|eliminat|rimoss|verwijderd|opgeheven|apagad|removid|usunięt)/im,
      /(aucune?|pas d[e'’]) ?(compte|utilisateur|adresse|bo[iî]te|destinataire)|\bkein(en?|er)? (solche[rn]? )?(benutzer|nutzer|empfänger|postfach|konto|mailbox)|ning[uú]n[oa]? (usuario|buz[oó]n|destinatario|cuenta)|nessun[oa]? (utente|destinatario|indirizzo|casella)|geen (mailbox|gebruiker|account|postvak|ontvanger)|nenhum[a]? (utilizador|usu[aá]rio|destinat|conta)|no es v[aá]lid|ongeldig|no record of|: unknown\W{0,3}$/im,
      /nie (można odnaleźć|istnieje|znaleziono)|nieznany|(nebyla|nebyl|nenalezen)\w* (nalezen)?|neexistuje|(ble|blev) ikke funnet|(blev|blei) ikke fundet|(hittades|finns|existerar) inte|findes ikke|finnes ikke|ei löytynyt|ei ole olemassa|nem (található|létezik)|bulunamadı|nu (a fost găsit|există)|見つかりません|δεν (βρέθηκε|υπάρχει)|не (можа да бъде намерен|е намерен|найдено)|찾을 수 없/im,
      /User Unknown|name is not recogni[sz]ed|recipient rejected|不存在|не (существует|найден)|неизвестн|(?<![\d.])5\.1\.[1346](?!\d)/im,
      /(?<![\d.])5\.1\.10(?!\d)|(?<![\d.])5\.5\.1(?!\d).{0,20}(user|recip|mailbox)/im,
    ),
  ],
  [
    'suspended',
    anyOf(
      /(account|mailbox|user|recipient|address|adresse|compte|domain)\W{0,4}(\S+ ){0,5}?(has been |is |was )?(temporarily )?(disabled|inactive|suspended|de-?activated|locked|closed|terminated|expired|discontinued|not active|not enabled|frozen|on hold|d[eé]sactiv|suspendu|ferm[eé]|cl[oô]tur|gesperrt|deaktiviert|desactivad|suspendid|disattivat|disabilitat|sospes|uitgeschakeld|geblokkeerd|desativad|suspens)/i,
      /(?<![\d.])5\.2\.1(?!\d)|inactivity|bo[iî]te.{0,40}(ferm|cl[oô]tur|d[eé]sactiv)/i,
    ),
  ],
  [
    'moved',
    anyOf(
      /has moved|(has )?changed (his|her|their|its)? ?e?-?mail address/i,
      /no longer (works?|with|employed|at (this|our))|moved to (a )?(new|another|<)/i,
      /new (e-?mail )?address|(?<![\d.])5\.1\.6(?!\d)|a (d[eé]m[eé]nag|chang[eé] d['’]adresse)/i,
      /a quitt[eé]/i,
    ),
  ],
  [
    'not_authenticated',
    anyOf(
      /\b(spf|dkim|dmarc)\b|sender policy framework|unauthenticated (e-?mail|mail|sender)|rdns/i,
      /reverse (dns|lookup|hostname|address)|ptr record|dns reverse/i,
      /helo (command|name)?.{0,20}(reject|invalid|not|required)/i,
      /sender (domain|address) .{0,40}(not found|does not exist|must|verif|invalid|reject)/i,
      /sender verify|callout|(sender|from) address (rejected|is not)|domain of sender/i,
      /(?<![\d.])5\.1\.[78](?!\d)|(?<![\d.])5\.7\.(2[0-9]|509|515|23|25|26)(?!\d)/i,
      /TLS (is )?required|must issue a starttls|authentication (is )?required/i,
      /auth(entication)? (failed|required)/i,
    ),
  ],
  [
    'blocked',
    anyOf(
      /spam|unsolicited|\bjunk|black-?\s?list|block-?\s?list|deny ?list|dnsbl|\brbl\b|spamhaus/i,
      /spamcop|barracudacentral|\bsorbs\b|senderscore|reputation|bulk (e-?)?mail/i,
      /(is |was |been |are |temporarily |message |mail |ip |client |host |sender |: ?)block(ed)?\b|bloqu|\bDT:SPM\b/i,
      /ban(n)?ed|listed (in|at|on|by)\b|\buribl\b|surbl|suspicious|cloudmark|proofpoint|\bpolicy\b/i,
      /policies|politique|richtlinie|pol[ií]tica|denied by/i,
      /(accept|receiv|tak)\w* .{0,30}\bfrom (your|this|you\b)|(n['’]accepte|accetta|acepta|accepteert|aceita|nimmt).{0,60}\b(votre|vostr\w|ihre[rmn]?|su|uw|seu) (domaine|domain|dominio|dom[ií]nio|domein|serveur|server|adresse)/i,
      /not accept(ed|ing)? (\S+ ){0,4}(from|due)|\bAS\(\d+\)|CS01|S3150|S3140/i,
      /(?<![\d.])5\.7\.(60[0-9]|6\d\d|50[0-9]|51[0-2]|7\d\d|8\d\d)(?!\d)|no spam|550 (ofr|mes)_?\d+/i,
      /OFR[_\d]|LPN0|blocage|\b(message|e-?mail|mail) (is |was |has been )?(refused|denied|declined)/i,
    ),
  ],
  [
    'content',
    anyOf(
      /virus|infected|malware|trojan|attachment|pi[eè]ce jointe|anhang|adjunto|allegato|executable/i,
      /phish|content (reject|filter|not|is|was|scan|denied|refused|blocked)|prohibited|message (content )?(was )?rejected/i,
      /dangerous|inappropriate|bad (header|message)|headers? (is|are|was|not)|malformed/i,
      /missing .{0,20}header|8-?bit|(?<![\d.])5\.6\.\d/i,
    ),
  ],
  [
    'too_many',
    anyOf(
      /too many|rate.?limit|throttl|exceeded the (max|rate|limit|number|hourly)/i,
      /max\w* (number|emails?|messages?|connections?|defers?)|connection(s)? (limit|rate)/i,
      /sending limit|(hourly|daily|sending) (limit|quota)|message rate|unusual (rate|amount)/i,
      /limit exceeded/i,
    ),
  ],
  [
    'relay_denied',
    anyOf(
      /relay(ing)?( (access|mail))?( is)? ?(denied|not (permitted|allowed|supported)|prohibited|disallowed|refused|forbidden)/i,
      /unable to relay|(cannot|can't|don't|do not|not|won't) relay|not (an? )?(open )?relay/i,
      /we do not relay|rcpthosts|not (a )?gateway|relais refus/i,
      /mail for .{0,60} (is )?not (accepted|handled)|not (responsible|configured) (for|to receive)/i,
      /isn't in my list of allowed/i,
    ),
  ],
  [
    'restricted',
    anyOf(
      /access denied|not (authori[sz]ed|permitted|allowed)|(does|do)(n['’]?t| not) (have permission|accept|allow)/i,
      /only (accepts?|members|receive|senders)|restrict|permission|prohibit|NotAuth|RESOLVER\.RST/i,
      /authori[sz]ed senders|moderat|(non|pas) autoris|(disabled|blocked|suspended) (for|from) (sending|outgoing)|nicht (berechtigt|erlaubt)/i,
      /no (tiene|está) (permiso|autorizad)|non autorizzat|(?<![\d.])5\.7\.(1[23]\d|0)(?!\d)/i,
      /members? (only|can post)|not (a )?member/i,
    ),
  ],
  [
    'loop',
    /\bloop|hop ?count|too many (hops|received)|routing loop|(?<![\d.])5\.4\.(6|14)(?!\d)|detected .{0,20}loop|already (been )?forwarded|boucle|schleife|bucle/i,
  ],
  [
    'expired',
    anyOf(
      /(delivery|message|retry|queue) ?(time ?(out)?|lifetime|period)? ?(has )?(expired|exceeded)/i,
      /retry time(out)? (not reached|exceeded)|too long (in|on) (the )?(queue|waiting)/i,
      /(been )?in (the |my |our )?queue (too long|for|\d)/i,
      /could not be delivered (for|within|in the|after)/i,
      /(after|for|since) .{0,20}\b(\d+|many|several|few) (hours?|days?|attempts|tries|retries)/i,
      /max(imum)?.{0,20}(retr|attempt)|timed? ?out while|time ?out|expir|(?<![\d.])[45]\.4\.7(?!\d)/i,
      /giv(e|ing) up|d[eé]lai .{0,30}(d[eé]pass|expir)|abgelaufen|caducad|scadut|verlopen|expirou/i,
    ),
  ],
  [
    'unreachable',
    anyOf(
      /connection (was )?(refused|timed? ?out|reset|dropped|died|lost|closed|failed|attempt|terminat|abort)/i,
      /lost connection/i,
      /(couldn['’]?t|could not|cannot|can't|unable to|not able to|failed to|fail(ure|ed)? .{0,10}) ?(to )?(connect|reach|contact|establish|open|communicate)/i,
      /no route to host|network (is )?(unreachable|error|down|problem)/i,
      /host (is )?(unreachable|down|not respond)/i,
      /(not|isn't|aren't|did not|didn't|doesn't) (been )?(respond|answer|reachable)/i,
      /no (answer|response|servers? available)|unreachable/i,
      /server (is )?(down|not available|unavailable|busy|not reachable)|socket|handshake/i,
      /tls (not available|negotiation|error|connect)|bad connection|cname lookup failed/i,
      /temporary (dns|lookup|name)|(?<![\d.])[45]\.4\.[0-25](?!\d)|injoignable|nicht erreichbar/i,
      /ne r[eé]pond(ent)? (pas|plus)|antwortet nicht|no responde|non risponde|reageert niet|n[aã]o responde|nie odpowiada/i,
      /non raggiungibile|onbereikbaar|inaccesible|inacess/i,
    ),
  ],
  [
    'system',
    anyOf(
      /(system|server|internal|local|software|configuration|database|disk|i\/o|mailer|resources?|ldap|program|program's|pipe|procmail|maildrop|vacation|deliver\w*) ?(\S+ )?(error|problem|fail\w*|trouble|misconfig\w*|fault)/i,
      /system (is )?(full|storage|not|does not|resource|shut|going)/i,
      /transaction failed|insufficient (system|resources?)|out of memory|can'?t create/i,
      /cannot (open|write|create|update|append|access)|permission denied/i,
      /not accepting (network )?(messages|mail)|service (not available|unavailable|currently)/i,
      /mail ?server .{0,30}(error|problem)|configur|read error|write error|i\/o/i,
      /erreur (syst|interne|du serveur)|(?<![\d.])[45]\.3\.[0135](?!\d)/i,
    ),
  ],
]

const BY_STATUS: readonly (readonly [RegExp, FailureReason])[] = [
  [/^\d\.2\.2$/, 'mailbox_full'],
  [/^\d\.(2\.3|3\.4)$/, 'too_large'],
  [/^\d\.1\.[1346]$|^\d\.1\.10$/, 'user_unknown'],
  [/^\d\.(1\.2|4\.4)$/, 'domain_unknown'],
  [/^\d\.2\.1$/, 'suspended'],
  [/^\d\.4\.(6|14)$/, 'loop'],
  [/^\d\.4\.7$/, 'expired'],
  [/^\d\.4\.\d+$/, 'unreachable'],
  [/^\d\.3\.\d+$/, 'system'],
  [/^\d\.6\.\d+$/, 'content'],
  [/^\d\.7\.\d+$/, 'blocked'],
]

/** Who refuses a mail also writes of the sender's own address and host; neither says anything of the recipient's. */
const OF_SENDER =
  /\b(your|sender(['’]s)?|client|source|connecting) (ip |e-?mail |mail |host |domain )?(address|domain|host ?(name)?|server|name|account)\b|\bip address/gi
const OF_RECIPIENT = new Set<FailureReason>(['user_unknown', 'domain_unknown', 'suspended', 'moved'])

const AGAIN =
  /try(ing)? (it |sending )?again|r[eé]essay|ult[eé]rieurement|(sp[aä]ter|noch ?mals?|erneut) .{0,30}(versuch|send)|(int[eé]nt\w*|intentar\w*|enviar\w*) .{0,30}(m[aá]s tarde|de nuevo)|riprov|pi[uù] tardi|later opnieuw|opnieuw .{0,20}(later|prober)|tente? novamente|mais tarde|spróbuj|позже|稍后|後ほど/i

/** Why, by the words of the server and the status codes.
 *  @param isPassing what the report itself says: it will be tried again, or the answer was a passing one (4xx) */
export const failureReason = (words: string, status: string | null, isPassing: boolean): FailureReason => {
  const ofRecipient = words.replaceAll(OF_SENDER, ' ')
  const said = BY_WORDS.find(([reason, pattern]) =>
    pattern.test(OF_RECIPIENT.has(reason) ? ofRecipient : words),
  )?.[0]
  if (said !== undefined) return said
  const meant = status === null ? undefined : BY_STATUS.find(([pattern]) => pattern.test(status))?.[1]
  if (meant !== undefined) return meant
  if (/(?<![\d.])552[ -]/.test(words)) return 'mailbox_full'
  return isPassing || AGAIN.test(words) ? 'temporary' : 'refused'
}

/** Whatever is said not to last says nothing of the address: a directory that is down, a name server without an answer. */
const FOR_NOW =
  /(?<![a-z])(temporar(y|il)|transient|servfail\b|try (again )?later|temporaire|momentan|vorübergehend|zeitweilig|temporal(mente|es)?\b|temporane|tijdelijk|tempor[aá]ri)/i

/** Whether an answer of a mail server is about now, whatever its code. */
export const isForNow = (answer: string): boolean => FOR_NOW.test(answer) && !/permanent/i.test(answer)

/** hard: the address does not take this mail and will not. soft: it may take another one, later. What is said of who may
 *  write, and not of the address, is hard only where the status speaks of the address (5.1.x). */
export const severityOf = (
  reason: FailureReason,
  status: string | null,
  isPassing: boolean,
): 'hard' | 'soft' => {
  if (isPassing || PASSING.has(reason)) return 'soft'
  return NOT_OF_ADDRESS.has(reason) && !status?.startsWith('5.1.') ? 'soft' : 'hard'
}
