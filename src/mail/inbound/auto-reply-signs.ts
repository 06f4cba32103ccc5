import { anyOf } from './any-of.ts'

/** How the subject of an automatic answer begins; also what people write about. */
export const TITLE = anyOf(
  /^\W*(automatic(ally generated)? (reply|response|answer)|auto(matic)?[- ]?(reply|response|responder|respond|answer|responce|generated reply)|autoreply|auto:|autoresponse)/i,
  /^\W*(out[- ]of[- ](the )?office|ooo\b|(i am |i'm )?(out|away) (of|from|until|till|on|this)|i am (out|away)|i'm (out|away)|(on )?(vacation|holiday|annual leave|maternity leave|leave)\b( (notice|message|reply|until))?|absen(t|ce)\b)/i,
  /^\W*(r[eé]ponse automatique|message automatique|notification d['’]absence|message d['’]absence|absente?( (du|jusqu|pour|de|en|actuellement)|\W*$)|absence (du|de|message|jusqu|pour)|en cong[eé]|cong[eé]s?\b|je suis (absent|en )|hors du bureau|fermeture (annuelle|estivale|exceptionnelle|pour))/i,
  /^\W*(automatische (antwort|empfangs|eingangs)|abwesenheit|abwesend|ich bin (nicht|bis|vom|im urlaub)|im urlaub|urlaub(s|\b)|nicht im (büro|haus)|au(ß|ss)er haus|betriebs(urlaub|ferien))/i,
  /^\W*(respuesta autom[aá]tica|fuera de (la )?oficina|ausente|ausencia|de vacaciones|cerrado por|estoy (fuera|ausente|de )|mensaje autom[aá]tico)/i,
  /^\W*(risposta automatica|risponditore automatico|fuori (sede|ufficio)|assente|assenza|in ferie|chius(o|i|ura) (per|estiv)|sono (assente|in ferie|fuori)|messaggio automatico)/i,
  /^\W*(automatisch(e)? (antwoord|bericht|reply)|afwezig|niet op kantoor|met vakantie|op vakantie|gesloten (wegens|van|tot)|ik ben (afwezig|met|op|niet))/i,
  /^\W*(resposta autom[aá]tica|fora do escrit[oó]rio|aus[eê]ncia|ausente|de f[eé]rias|em f[eé]rias|encerrad[oa]s? para|estou (fora|ausente|de ))/i,
  /^\W*(autosvar|automatisk svar|automaattinen|poissa|frånvar|semester|fraværende|ferie|ikke på kontoret|odpowied[zź] automatyczna|automatyczna odpowied|nieobecno|poza biurem|urlop|automatick[aá] odpov|otomatik yan|автоответ|自動(応答|返信)|不在|自动(回复|答复)|자동 회신|부재중)/i,
)

/** These say it wherever they stand. */
export const IN_TITLE = anyOf(
  /out of (the )?office|automatic reply|auto-?reply|auto-?response|automatic response/i,
  /r[eé]ponse automatique|message d['’]absence|abwesenheitsnotiz|abwesenheitsnachricht/i,
  /automatische antwort|respuesta autom[aá]tica|fuera de la oficina|risposta automatica/i,
  /automatisch antwoord|afwezigheid(sbericht)?|resposta autom[aá]tica|fora do escrit[oó]rio/i,
  /автоматический ответ|автоответ|automatisk(t)? svar|automatick[aáeé] odpov[eě][dď]|odpowied[zź] automatyczna|automatyczna odpowied[zź]/i,
  /automatikus v[aá]lasz|automaattinen (vastaus|poissaolo)|r[aă]spuns automat|otomatik yanıt|automatski odgovor|αυτόματη απάντηση|自動(応答|返信)|自动(回复|答复)|자동 회신/i,
  /autosvar|autoresponder|autoantwort|\best absente?(\(e\))?\W*$|accus[eé] (automatique )?de r[eé]ception/i,
  /\[?(request|ticket) (received|created|opened)/i,
)

/** A program says that it wrote. */
export const SAYS_AUTOMATIC = anyOf(
  /(this is an?|you have received an?) (automat(ic|ed)|auto)[- ]?(generated )?(reply|response|message|e-?mail|answer)/i,
  /(auto(matically)?|machine|system)[- ]generated (reply|response|e-?mail|message)|(has been|was|is) (sent|generated|created) automatically/i,
  /(please )?do not (reply|respond) to this (e-?mail|message|mail)(?! if\b)/i,
  /(merci de |pri[eè]re de |veuillez )?ne pas (y )?r[eé]pondre( directement)? ([àa] ce (message|courriel|mail|e-?mail)(?! si\b)|svp|s['’]il)/i,
  /(ceci est|il s['’]agit d['’]|vous recevez) ?(un message|une r[eé]ponse|un courriel|un mail|un e-?mail) automatique|(message|r[eé]ponse|courriel|mail) (g[eé]n[eé]r[eé]|envoy[eé]|adress[eé])e? (de (façon|mani[eè]re) automatique|automatiquement)/i,
  /bitte antworten sie nicht (direkt )?auf (diese|dieses)|automatisch (generierte|erstellte|erzeugte|versendete|verschickte)|(wurde|wird|ist) (maschinell |vom system )?automatisch (generiert|erstellt|erzeugt|versendet|verschickt|versandt)|dies ist eine automati/i,
  /no responda a este (mensaje|correo)|(este|[eé]ste) es un (mensaje|correo)( electr[oó]nico)? (generado |enviado )?autom|(mensaje|correo|respuesta) (generad|enviad|emitid)[oa] (de (forma|manera) autom|autom)/i,
  /(si prega di )?non rispondere a quest[oa] (messaggio|e-?mail|mail)|quest[oa] (è|e['’]) una? (messaggio|risposta|e-?mail|mail) (generat[oa] |inviat[oa] )?automatic|(messaggio|risposta|e-?mail|mail|ricevuta) (generat|inviat|prodott)[oa] (in (modo|maniera|automatico)|automatic)/i,
  /(dit is een|deze (mail|e-?mail) is) (een )?automatisch|automatisch (gegenereerd|verzonden|aangemaakt|verstuurd)|gelieve niet te antwoorden|niet (te )?(antwoorden|beantwoorden) op (dit bericht|deze)/i,
  /(esta|este) ([eé]|foi) (uma?)? ?(mensagem|resposta|e-?mail) autom|(mensagem|resposta|e-?mail) (gerad|enviad)[oa] automatic|n[aã]o responda a (esta|este) (mensagem|e-?mail)/i,
  /automatisk (genererat|sv?ar|besked|melding|generert)|detta är ett automati|dette er en? automati|(tämä|tama) on automaatti|(wiadomość|odpowiedź) (została )?wygenerowana automatycznie|to (jest )?(automatyczna|wiadomość automat)/i,
  /toto je automatick|ez egy automatikus|(mesaj|răspuns) (generat )?automat|это автоматическ|bu (otomatik|bir otomatik)|自動(返信|送信|応答|配信)|自动(回复|发送|答复)|자동(으로)? ?(발송|회신|응답)|αυτόματη απάντηση/i,
)

/** A program says that it answers: more than that it wrote, for people have their invoices written by programs. */
export const SAYS_AUTOMATIC_ANSWER = anyOf(
  /(?:^|[.!:;*>)–-])\W{0,12}(?:please note(?: that)? |note:? )?this is an? (?:automat\w+|auto)[- ]?(?:generated )?(?:reply|response|answer|out[- ]of[- ]office)/i,
  /(?:^|[.!:;*>)–-])\W{0,12}(?:ceci est|il s['’]agit d['’]|vous recevez|cette r[eé]ponse est) ?(?:une )?(?:r[eé]ponse )?(?:automatique|g[eé]n[eé]r[eé]e automatiquement)(?: [àa] votre (?:message|courriel|e-?mail|mail)|\s?[.!]|,|$)/i,
  /(?:^|[.!:;*>)–-])\W{0,12}dies(?:e (?:nachricht|e-?mail|antwort))? ist eine automatisch\w* (?:generierte |erstellte |erzeugte )?(?:antwort|abwesenheits\w*)/i,
  /(?:^|[.!:;*>)–-])\W{0,12}[eé]sta es una respuesta (?:generada )?autom[aá]tic|(?:^|[.!:;*>)–-])\W{0,12}quest[ao] (?:è|e['’]) una risposta (?:generata )?automatic/i,
  /(?:^|[.!:;*>)–-])\W{0,12}dit is een automatisch\w* (?:gegenereerd )?(?:antwoord|afwezigheids\w*)|(?:^|[.!:;*>)–-])\W{0,12}(?:esta|isto) [eé] uma resposta (?:gerada )?autom/i,
  /(?:^|[.!:;*>)–-])\W{0,12}(?:dett[ae] (?:är|er) et[t]? automatisk(?:t)? (?:genererat |generert )?svar|to (?:jest )?(?:automatyczna odpowiedź|odpowiedź automatyczna)|toto je automatická odpověď|tämä on automaattinen vastaus|ez egy automatikus válasz|acesta este un răspuns automat|это автоматический ответ)/i,
)

/** That alone on a line, which nobody writes of himself. */
export const ALONE_AUTOMATIC =
  /^\W*(automat(ic|ed) (reply|response|message|answer)|auto-?(reply|response)|(r[eé]ponse|message) automatique|automatische (antwort|nachricht)|(respuesta|mensaje) autom[aá]tic[ao]|(risposta|messaggio) automatic[ao]|automatisch (antwoord|bericht)|(resposta|mensagem) autom[aá]tica|autosvar|automatisk svar|(automatyczna )?odpowiedź( automatyczna)?)\W*$/im

/** Somebody is away, or a house is closed. */
export const SAYS_AWAY = anyOf(
  /\b(i am|i'm|i will be|i'll be|we are|we're|currently) (currently |presently |now )?(out of (the )?(office|town|country)|away (from|until|till|on)|on (vacation|holiday|annual leave|leave|maternity|sick|parental|paternity)|not in the office|travel?ling)/i,
  /(^|[.,!:] ?)(away|on (holiday|vacation|leave)|im urlaub|in ferie|de vacaciones|op vakantie|de f[eé]rias) (until|till|bis|fino|hasta|tot|at[eé])/i,
  /\b(out of office|on (annual |parental |maternity |sick )?leave)\b|(back|return(ing)?) (in the office )?on (the )?\d|our offices? (is|are|will be) closed|(we are|shop is|office is|workshop is|studio is) (now |currently )?closed/i,
  /will (respond|reply|answer|get back) .{0,60}(when i|upon my|on my) return|limited access to (my )?e-?mail/i,
  /(je suis|nous sommes) (actuellement |pr[eé]sentement )?(absente?s?|en (cong[eé]|d[eé]placement|vacances|arr[eê]t|formation)|hors du bureau|indisponible|ferm[eé]e?s?(?![a-z]| d[eé]finitiv))/i,
  /(je ne suis|nous ne sommes) (actuellement |malheureusement )?pas (disponible|joignable|au bureau|pr[eé]sente?)|(acc[eè]s (limit|restreint)[eé]?) .{0,30}(mail|messagerie|courriel)/i,
  /je serai (absente?|de retour|en cong)|(^|[.,:!] ?|(suis|serai|sommes) (actuellement )?)absente?s? (du bureau )?(du|jusqu)/i,
  /(actuellement|pr[eé]sentement) (en |absente?)|de retour (le|à partir)|(nos bureaux|notre (bureau|agence|entreprise|magasin|atelier|cabinet|[eé]tude|boutique)) (est|sont|sera|seront) ferm/i,
  /(le cabinet|l['’](atelier|agence|[eé]tude|entreprise|office)|la (boutique|mairie|soci[eé]t[eé])|le (magasin|bureau|restaurant|service)).{0,30} (est|sera|reste) ferm/i,
  /ich bin (derzeit |zurzeit |zur zeit |momentan |aktuell |leider |vom |ab |bis )?(.{0,40})(nicht (im|erreichbar|am)|abwesend|im urlaub|au(ß|ss)er haus|wieder)/i,
  /ich (werde|kehre) .{0,60}(nicht (im (büro|haus|dienst)|erreichbar|am arbeitsplatz)|zurück (am|ab)|wieder (im|erreichbar))/i,
  /(ich befinde mich|befinde ich mich) .{0,40}(urlaub|nicht im|au(ß|ss)er|mutterschutz|elternzeit)|(eingeschränkt|keinen|begrenzt)\w* zugriff auf (meine|mein)|ich bin (derzeit|zurzeit|momentan|aktuell) (unterwegs|verreist|auf reisen)/i,
  /(bin ich|sind wir|wir sind|wir haben) (.{0,40})((nicht|wieder) (erreichbar|im)|betriebs(urlaub|ferien)|geschlossen)|(büro|betrieb|praxis|laden|geschäft|werkstatt|kanzlei|studio) (ist|bleibt|hat) .{0,40}geschlossen/i,
  /(estoy|estar[eé]|estamos|me encuentro) (actualmente )?(fuera|ausente|de vacaciones|de baja|cerrados)/i,
  /estar[eé] de vuelta|(oficina|empresa|tienda|taller|cl[ií]nica|despacho|negocio|instalacione)s? (est[aá]n?|estar[aá]n?|permanecer[aá]n?|permanecen?) cerrad|permanece(mos|remos) cerrad/i,
  /(sono|sar[oò]|siamo) (attualmente |al momento )?(assent[ei]|in (ferie|maternità|malattia|congedo)|fuori (sede|ufficio)|chius)/i,
  /rientrer[oò]|(ufficio|azienda|studio|negozio|laboratorio) .{0,20}chius[oa]/i,
  /ik ben (momenteel |op dit moment |tot )?(.{0,30})(afwezig|niet (op kantoor|aanwezig|bereikbaar)|met vakantie|op vakantie|met verlof)/i,
  /ben ik (.{0,30})(afwezig|weer|niet)|(kantoor|winkel|zaak|praktijk|atelier) (is|zijn) .{0,20}gesloten|wij zijn .{0,30}(gesloten|met vakantie)/i,
  /(estou|estarei|estamos|encontro-me|encontramo-nos|estaremos) (atualmente |de momento )?(ausente|fora|de f[eé]rias|em f[eé]rias|encerrad)/i,
  /regress(o|arei) (a|em|no)|voltarei/i,
  /jag (är|har) .{0,30}(semester|bortrest|föräldraledig|inte på kontoret|tjänstledig)|jeg (er|har|holder) .{0,30}(ferie|fraværende|ikke på kontoret|barsel|permisjon|bortreist)|olen (lomalla|poissa|matkalla|vapaalla)/i,
  /(jestem|będę) .{0,30}(nieobecn|urlopie|poza biurem)|(jsem|budu) .{0,30}(dovolen|mimo kancelář|nepřítom)|szabadságon|nem vagyok az irod|(sunt|voi fi) .{0,20}(concediu|plecat)|в отпуске|отсутству|(izindeyim|ofis dışında)|休暇|不在に|休假|부재중|휴가/i,
)

/** What stands behind a name in the subject of a note of absence, as groupware writes it. */
export const IS_AWAY = anyOf(
  /^\W*(is|will be)\b.{0,30}(out of (the )?office|away|on (leave|vacation|holiday)|not in the office|unavailable)/i,
  /^\W*(est|sera)\b.{0,30}(absent|en (cong[eé]|vacances|d[eé]placement)|hors du bureau|indisponible)/i,
  /^\W*(ist|wird)\b.{0,30}(au(ß|ss)er haus|abwesend|im urlaub|verreist|(nicht|ni(ch)?t) (im|am|erreichbar|anwesend))/i,
  /^\W*(est[aá](r[aá])?)\s.{0,30}(ausente|fuera|de vacaciones|de baja|fora|de f[eé]rias)/i,
  /^\W*(è|e['’]|sarà)\s.{0,30}(assente|fuori|in ferie)/i,
  /^\W*is\b.{0,30}(afwezig|niet (aanwezig|op kantoor|bereikbaar)|(met|op) (vakantie|verlof))/i,
  /^\W*(är|er|on|ei)\s.{0,30}(kontoret|semester|bortrest|ferie|fravær|poissa|lomalla|tavoitettavissa|toimisto)/i,
  /^\W*(jest|będzie|je)\s.{0,30}(nieobecn|urlopie|poza biurem|mimo kancelář|dovolen|nepřítom)/i,
)

/** Nobody reads what is sent here, or whoever did has left. */
export const SAYS_UNREAD = anyOf(
  /(not|no longer) (being )?(monitored|read|checked|attended)|will not be (read|forwarded|answered|seen)|\bi (have |'ve )?(now |recently )?(retired|left (the|my))|\bi no longer work(?! (in|on|as)\b)/i,
  /(n['’]est|ne sont) (pas|plus) (relev|consult|lue?s?\b|surveill|utilis)(?!\S* (que |qu['’]))|ne (sera|seront) (pas|plus) (lue?s?\b|transmi|trait|consult)|je ne (fais|travaille) plus|j['’]ai quitt[eé] (la|l['’]|mes|mon)|suis (d[eé]sormais |maintenant )?(en|à la) retraite/i,
  /(wird|werden) nicht (mehr )?(gelesen|weitergeleitet|bearbeitet|abgerufen)|ich (bin|arbeite) (seit .{0,30})?nicht mehr (für|bei|im|in)|ich bin .{0,20}ruhestand/i,
  /no (ser[aá]|est[aá]) (le[ií]d|atendid|supervisad)|ya no (trabajo|formo parte)|non (viene|sarà|è) (più )?(lett|presidiat|monitorat|controllat)|non (lavoro|faccio) più/i,
  /wordt niet (meer )?(gelezen|bijgehouden|beheerd|doorgestuurd)|ik werk niet (meer|langer)|n[aã]o (é|ser[aá]) (lid|monitorizad|monitorad|vigiad)|j[aá] n[aã]o (trabalho|fa[cç]o parte)/i,
)

/** Until when, or since when. */
export const NAMES_TIME =
  /\d|until|\btill?\b|\bback\b|return|jusqu|retour|r[eé]ouverture|\bbis\b|\bwieder\b|\bab\b|rückkehr|hasta|regres|vuelta|vuelv|\bfino\b|rientr|\bal\b|\btot\b|terug|\bat[eé](?![a-z])|volt|\basti\b|maternit|elternzeit|(^| )до |まで|까지/i

/** What is so for long is told by people: notes of absence are about an end. */
export const FOR_LONG =
  /\b(since|depuis|seit|desde|sinds|for good|permanently|d[eé]finitiv\w*|endg(ü|ue)ltig|definitiva\w*|definitief)\b|\bdal (19|20)\d\d/i

/** One person, not a house: who says "I" has read what he thanks for. */
export const IN_FIRST_PERSON =
  /\bI['’ ](am|have|had|will|would|can|could|think|do|don|did|just|passed|forward|ll|ve|m|d)\b|\b[Jj]e\b|\b[Jj]['’]|\b[Ii]ch\b|\b[Ii]k\b|\b([Ll]e|[Ll]o) paso\b|\b[Hh]o (inoltrat|vist|ricevut|lett)|\b[Hh]e (pasado|visto|recibido|le[ií]do)/

/** Who has another address to be answered at has an address of his own. */
export const MY_ADDRESS =
  /\b(my|mon|ma|meine[rn]?|mi|mio|mia|mijn|minha|meu|min)\b[^.!?\n]{0,20}\b(address|adresse?n?|e-?mail|mail|courriel|bo[iî]te|direcci[oó]n|correo|indirizzo|adres|endere[cç]o|adress)\b/i

/** A mail is held back until whoever sent it shows that he is a person. */
export const CHALLENGE = anyOf(
  /mailinblack|boxbe|spam ?arrest|vade ?retro|choicemail|tmda|bluebottle|boxtrapper/i,
  /sender (address )?(verification|authentication)/i,
  /please confirm (that )?(you|your (message|e-?mail))|confirm your (message|e-?mail|identity)/i,
  /(vous )?authentifie[rz]|verify (that )?(you|yourself|your (e-?mail|identity|message))/i,
  /(prove|show|confirm|verify|sure) (that )?you('re| are)( a)?( real| live| not)*( a)? ?(human|person|robot|machine|spammer)/i,
  /(held|waiting|pending).{0,60}(until you|verif|approv|confirm)/i,
  /(e-?mail|message) .{0,30}requires? (that you )?(verif|confirm|authent|approv)/i,
  /add(ed)? (you |yourself )?to (my|the|his|her) (guest|allowed|approved|safe|white) ?list/i,
  /(action required|verification required)|en attente .{0,40}(authentif|valid|confirm)/i,
  /un clic (suffit|pour)|request .{0,20}to be added|(added|approved|list) .{0,20}approved senders|only from senders/i,
  /(prouver|confirmer|v[eé]rifier|assurer|montrer) que vous (n['’])?[eê]tes (bien |pas )*(une? (personne|humain|robot|exp[eé]diteur|automate))|valide[rz] (votre|l['’]) ?(envoi|message|adresse|exp[eé]d)|exp[eé]diteur (inconnu|non (reconnu|v[eé]rifi|authentifi|r[eé]f[eé]renc))/i,
  /bestätigen sie .{0,60}(nachricht|absender|e-?mail|mensch|roboter|person)|absender(prüfung|verifizierung|bestätigung)/i,
  /(confirm|verifi|demuestr|valid|compr[uo]e?b)\w* .{0,40}(persona|robot|mensaje|remitente|env[ií]o|identidad)|verificaci[oó]n del remitente/i,
  /(conferm|verific|dimostr|convalid)\w* .{0,40}(persona|robot|messaggio|mittente|invio|identit)/i,
  /(bevestig|verifieer|toon|bewijs)\w* .{0,60}(mens|robot|persoon|bericht|afzender|e-?mail)/i,
  /(confirm|verifi|valid|prov)\w* .{0,40}(pessoa|humano|rob[oô]|mensagem|remetente|envio)/i,
)

export const HELD_BACK = anyOf(
  /(your|votre|ihre?|su|il (suo|tuo)|uw|(a |o )?(sua|seu)) (message|e-?mail|courriel|mail|nachricht|mensaje|correo|messaggio|bericht|mensagem).{0,200}?(held|waiting|quarantin|pending|not (yet )?(been )?delivered until|requires? (that you )?(verif|confirm|authent)|en attente|retenu|bloqu[eé]|suspens|zurückgehalten|angehalten|wartet|retenid|pendiente|en espera|trattenut|in attesa|sospes|vastgehouden|wacht|tegengehouden|retid|pendente|em espera)/is,
  /(message|e-?mail|courriel) .{0,20}(sera|will) (ensuite |alors |then )?(remis|d[eé]livr|transmis|distribu|be (delivered|released))|(premi[eè]re fois que vous .{0,10}([eé]crivez|envoyez)|first time (that )?you (have |are )?(writ|wrot|e-?mail|sen[dt]))/is,
  /message you sent .{0,40}requires? (that you )?(verif|confirm)/is,
  /mailinblack|boxbe|spam ?arrest|choicemail|\btmda\b|boxtrapper|sender verification/i,
)

/** "We have your message", by a program that has yet to read it; only in the subject or with what follows. */
export const RECEIVED = anyOf(
  /(nous (avons bien reçu|accusons (bonne )?r[eé]ception)|we('ve| have) received your|your (message|e-?mail|request|enquiry|inquiry) (has been|was) received)/i,
  /(thank you|thanks) for (contacting|getting in touch|reaching out|(your|the) (message|e-?mail|enquiry|inquiry|request))/i,
  /merci (de (nous avoir )?|pour (votre|l['’]envoi de votre) )(contact|[eé]crit|message|demande|e-?mail|courriel)/i,
  /accus[eé] de r[eé]ception|(confirm\w*|attest\w*) (de |la )?(bonne )?r[eé]ception de (votre|vos)|accus(e|ons) (bonne )?r[eé]ception|votre (demande|message|courriel|e-?mail|mail|envoi|saisine|courrier|ticket|dossier) (a (bien )?[eé]t[eé]|est bien|nous est bien) (reçu|enregistr|parvenu|pris|transmis)/i,
  /(wir haben )?ihre? (nachricht|anfrage|e-?mail|mitteilung) (ist (bei uns )?eingegangen|erhalten|wurde .{0,50}?(empfangen|registriert|erfasst))|eingangsbest[aä]tigung/i,
  /vielen dank f(ü|ue)r ihre (nachricht|anfrage|e-?mail|mitteilung)/i,
  /hemos recibido su|(su|el) (mensaje|correo|consulta|solicitud) ha sido (recibid|registrad)|gracias por (contactar|su (mensaje|correo|consulta))|acuse de recibo/i,
  /abbiamo ricevuto|grazie per (averci (contattato|scritto)|il (suo|tuo) messaggio)|conferma di ricezione/i,
  /(ticket|dossier|case|request|demande|vorgang|anfrage|caso|pratica|verzoek|pedido).{0,30}(a [eé]t[eé]|has been|wurde|ha sido|è stat[oa]|is|foi) (bien [eé]t[eé] |been |successfully |correctamente |correttamente |com sucesso |erfolgreich |unter .{0,40})?(cr[eéè][eé]|enregistr|created|opened|logged|registered|recorded|registad|erstellt|angelegt|erfasst|registr|cread|abiert|apert|aangemaakt|criad|abert)/i,
  /messaggio .{0,120}(è|e['’]) stat[oa] (ricevut|acquisit|registrat|protocollat|pres[oa] in carico|inoltrat)/i,
  /(wij|we) hebben uw .{0,30}ontvangen|uw (bericht|e-?mail|aanvraag) (is|werd) .{0,20}(ontvangen|geregistreerd)|bedankt voor uw (bericht|e-?mail|aanvraag)|ontvangstbevestiging/i,
  /recebemos (a |o )?(sua|seu)|obrigad[oa] por nos (ter )?(contac?tado|escrito)|(sua|seu) (mensagem|e-?mail|pedido|contacto) foi (recebid|registad|registrad)|obrigad[oa] (por (contactar|entrar)|pel[ao] (sua|seu))|confirma[cç][aã]o de rece/i,
  /tack för (ditt|din|er)|vi har (tagit emot|mottagit|modtaget|mottatt) (ditt|din)|tak for din|takk for din|kiitos (viestist|yhteyden)|dziękujemy za (wiadomość|kontakt|przesłan)|děkujeme za|köszönjük (level|üzenet|megkeres)|vă mulțumim pentru|мы получили ваш|お問い合わせ(いただき)?ありがとう|メールを受信|已收到您的/i,
)

export const FOLLOWS = anyOf(
  /(as soon as|within|shortly|in due course|next (available|business)).{0,60}|ticket|(reference|case|request) (number|no|id)/i,
  /(meilleurs|plus brefs) d[eé]lais|sous \d+ ?(h|heures|jours)|dans les \d+|num[eé]ro de (dossier|ticket|demande)|trait[eé]e? (par|dans)/i,
  /schnellstm(ö|oe)glich|so (schnell|bald) wie m|in k(ü|ue)rze|werktag|umgehend|bearbeitungs|vorgangsnummer|ticketnummer/i,
  /lo antes posible|a la mayor brevedad|en breve|n[uú]mero de (referencia|caso)|en un plazo de/i,
  /al pi[uù] presto|(nel )?pi[uù] breve tempo|entro \d+|numero di (ticket|pratica|protocollo)|protocollo n/i,
  /(in(nerhalb)?( von)?|within|dans( un d[eé]lai (maximum )?de)?|sous|en|(un )?plazo (m[aá]ximo )?(de|inferior)|entro|binnen|(no )?prazo( m[aá]ximo)?( de)?)( (un|de|the|next|den|les|nächsten|pr[oó]xim[oa]s))* \d+ ?(-|to|à|bis|a)? ?\d* ?(working |business |w\w+ )?(h\b|hours?|heures?|horas?|ore\b|uur|uren|stunden|days?|jours?|d[ií]as?|dias?|giorni|dagen|tagen?|werktag|arbeitstag|werkdag)/i,
  /zo (snel|spoedig) mogelijk|binnen \d+|assim que poss[ií]vel|o mais (breve|r[aá]pido)|em breve|com a maior brevidade/i,
  /så snart som|inom \d+|innen \d+|snarest|mahdollisimman pian|jak najszybciej|co nejdříve|hamarosan|în cel mai scurt|в ближайшее время|営業日|尽快/i,
)

/** A help desk has made a ticket of a mail. */
export const OPENS_TICKET = anyOf(
  /\b(new|nouveau|nouvelle|neue[sr]?|nuev[oa]|nuov[oa]|nieuwe?|nov[oa]|nytt|nowe) (ticket|request|case|issue|incident|demande|dossier|anfrage|vorgang|störung|caso|incidencia|solicitud|richiesta|segnalazione|verzoek|melding|aanvraag|pedido|chamado|zgłoszenie|ärende)/i,
  /\b(ticket|case|request|demande|dossier|incident|anfrage|vorgang|caso|incidencia|solicitud|richiesta|verzoek|melding|pedido|chamado)\b.{0,30}\b(created|opened|logged|cr[eé][eé]|ouvert|enregistr|erstellt|er(ö|oe)ffnet|angelegt|cread|abiert|creat|apert|aangemaakt|geopend|criad|abert)/i,
)

/** Before whoever a ticket was made for. */
export const REQUESTER =
  /^[\s*>|-]{0,10}(demandeurs?|[eé]metteur|requesters?|requested by|requestors?|reporter|reported by|submitter|submitted by|opened by|created by|customer|caller|from|client|anfragesteller|antragsteller|melder|anforderer|kunde|gemeldet von|solicitante|creado por|cliente|richiedente|aperto da|aanvrager|aangemeld door|melder|requerente|requisitante|aberto por|zgłaszający)\b[^\n:]{0,20}:/i

/** Somebody speaks to whoever reads him, and wants something. */
export const WANTS = anyOf(
  /\b(call|ring|phone) me\b|give me a (call|ring)|\bsend me\b|please send\b|let['’]s (talk|speak|discuss)/i,
  /(r?appelez|contactez|recontactez|joignez)[- ](moi|nous) (au|le|lundi|mardi|mercredi|jeudi|vendredi|demain|apr[eè]s|avant|en|à partir)|(envoyez|adressez|transmettez|faites)[- ](moi|nous|le|la)|pouvez-vous|on en (re)?parle/i,
  /rufen sie (mich|uns|dann|doch|gerne|am|ab|morgen)\b|(schicken|senden) sie (mir|uns|es|den|das)|können sie|melden sie sich/i,
  /ll[aá]me(me|nos)|env[ií]e(me|nos|lo|la)|m[aá]nde(me|nos)|puede (usted )?(enviar|llamar)/i,
  /(mi|ci) (chiami|richiami|mandi|invii|scriva)|(chiamatemi|richiamatemi|mandatemi|inviatemi)/i,
  /bel(t u)? (me|mij)|stuur(t u)? (me|mij|het|de)|kunt u|ligue-(me|nos)|envie-(me|nos)|mande-(me|nos)|pode(ria)? (enviar|ligar)/i,
)

/** In a hurry, one may write elsewhere: this is no wish of somebody who has read. */
export const IN_A_HURRY =
  /urgen|dring|emerg|eil(ig|t)|wichtig|important|spoed|pressan|immediat|in my absence|mon absence|meine[rn]? (abwesenheit|vertretung)|ausencia|assenza|afwezigheid|aus[eê]ncia/i

/** What was sent to somebody, as against what was asked of a service. */
export const OF_MAIL =
  /message|e-?mail|courriel|\bmail|nachricht|mensaje|correo|messaggio|bericht|mensagem|wiadomo|meddelande|besked|melding|viesti|ticket|enquiry|inquiry|votre (envoi|saisine|courrier)|consulta/i

/** What people ask programs for; its receipt is no answer to a mail. */
export const OF_ACCOUNTS =
  /password|mot de passe|passwort|contrase|wachtwoord|palavra-passe|\b(your|my) account|votre compte|\border\b|commande|bestellung|pedido|ordine|bestelling|encomenda|payment|paiement|zahlung|invoice|facture|rechnung|fattura|subscri|abonn/i

export const GREETING =
  /^\W*(bonjour|bonsoir|madame|monsieur|ch[eè]re?s?\b|hello|hi\b|dear|good (morning|day|afternoon)|guten|hallo|liebe|sehr geehrte|grüß|servus|moin|hola|estimad|buenos|buon|salve|gentil|ciao|beste|geachte|goede|ol[aá]\b|bo[ma] (dia|tarde)|car[oa]s?\b|prezad|hej|hei\b|dzień|szanown|dobrý|tisztelt|bună|здравствуйте)/i

export const THANKS =
  /thank|merci|dank|gracias|grazie|bedankt|obrigad|tack|\btak\b|takk|kiitos|dzięk|děkuj|köszön|mulțum|спасибо/i
