import { anyOf } from './any-of.ts'
import { ownWords } from './asks-to-stop.ts'
import { headerOf, wordsOf, type Head } from './read-mail.ts'
import { isAnswerSubject } from './is-bounce.ts'

/** Words such as "I am away" also stand in long letters. */
const MAX_BRIEF = 1500

const SUBJECT =
  /^\W*(automatic(ally generated)? (reply|response|answer)|auto(matic)?[- ]?(reply|response|responder|respond|answer|responce|generated reply)|out[- ]of[- ](the )?office|ooo\b|i am (out|away)|i'm (out|away)|away from (my|the)|(on )?(vacation|holiday|annual leave|maternity leave|leave)\b( (notice|message|reply|until))?|vacation\b|absen(t|ce)\b|r[eé]ponse automatique|message automatique|notification d['’]absence|message d['’]absence|absent[e]? (du|jusqu|pour|de)|absence (du|de|message|jusqu)|en cong[eé]|cong[eé]s?\b|je suis (absent|en )|hors du bureau|automatische antwort|automatische (empfangs|eingangs)|abwesenheit|abwesend|ich bin (nicht|bis|vom|im urlaub)|im urlaub|urlaub(s|\b)|nicht im (büro|haus)|au(ß|ss)er haus|respuesta autom[aá]tica|fuera de (la )?oficina|ausente|ausencia|de vacaciones|estoy (fuera|ausente|de )|mensaje autom[aá]tico|risposta automatica|risponditore automatico|fuori (sede|ufficio)|assente|assenza|in ferie|sono (assente|in ferie|fuori)|messaggio automatico|automatisch(e)? (antwoord|bericht|reply)|afwezig|niet op kantoor|met vakantie|op vakantie|ik ben (afwezig|met|op|niet)|resposta autom[aá]tica|fora do escrit[oó]rio|aus[eê]ncia|ausente|de f[eé]rias|em f[eé]rias|estou (fora|ausente|de )|autosvar|automatisk svar|automaattinen|frånvaro|fraværende|ikke på kontoret|odpowied[zź] automatyczna|automatyczna odpowied|nieobecno|poza biurem|automatick[aá] odpov|otomatik yan|автоответ|自動(応答|返信)|不在|自动(回复|答复)|자동 회신|autoreply|auto:|autoresponse)/i
/** These say it wherever they stand; those above are also what people write about. */
const IN_SUBJECT = anyOf(
  /out of (the )?office|automatic reply|auto-?reply|auto-?response|automatic response/i,
  /r[eé]ponse automatique|message d['’]absence|abwesenheitsnotiz|abwesenheitsnachricht/i,
  /automatische antwort|respuesta autom[aá]tica|fuera de la oficina|risposta automatica/i,
  /automatisch antwoord|afwezigheid(sbericht)?|resposta autom[aá]tica|fora do escrit[oó]rio/i,
  /автоматический ответ|автоответ|automatisk(t)? svar|automatick[aáeé] odpov[eě][dď]|odpowied[zź] automatyczna|automatyczna odpowied[zź]/i,
  /automatikus v[aá]lasz|automaattinen (vastaus|poissaolo)|r[aă]spuns automat|otomatik yanıt|automatski odgovor|αυτόματη απάντηση|自動(応答|返信)|自动(回复|答复)|자동 회신/i,
  /autosvar|autoresponder|autoantwort|accus[eé] (automatique )?de r[eé]ception/i,
  /\[?(request|ticket) (received|created|opened)/i,
)

const BODY = anyOf(
  /\b(i am|i'm|i will be|i'll be|we are|currently) (currently |presently |now )?(out of (the )?(office|town|country)|away (from|until|on)|on (vacation|holiday|annual leave|leave|maternity|sick|parental|paternity)|not in the office|traveling|travelling)/i,
  /(this is an?|you have received an?) (automat(ic|ed)|auto)[- ]?(generated )?(reply|response|message|e-?mail)/i,
  /automatically generated (reply|response|e-?mail|message)/i,
  /(please )?do not (reply|respond) to this (e-?mail|message|mail)/i,
  /(merci de )?ne pas r[eé]pondre [àa] ce (message|courriel|mail|e-?mail)/i,
  /bitte antworten sie nicht auf diese|(por favor,? )?no responda a este (mensaje|correo)/i,
  /non rispondere a quest[oa] (messaggio|e-?mail)|limited access to (my )?e-?mail/i,
  /will (respond|reply|answer|get back) .{0,60}(when i|upon my|on my) return/i,
  /je suis (actuellement |pr[eé]sentement )?(absente?|en (cong[eé]|d[eé]placement|vacances|arr[eê]t|formation)|hors du bureau|indisponible)/i,
  /je serai (absente?|de retour|en cong)|absente? (du bureau )?(du|jusqu['’ ]?au|jusqu)/i,
  /ceci est (un message|une r[eé]ponse) automatique/i,
  /ich bin (derzeit |zurzeit |zur zeit |momentan |aktuell |leider |vom |ab |bis )?(.{0,40})(nicht (im|erreichbar|am)|abwesend|im urlaub|au(ß|ss)er haus|wieder)/i,
  /automatisch (generierte|erstellte|erzeugte)|ich befinde mich .{0,40}(urlaub|nicht im|au(ß|ss)er)/i,
  /(estoy|estar[eé]) (actualmente )?(fuera|ausente|de vacaciones|de baja)/i,
  /me encuentro (fuera|ausente|de vacaciones)/i,
  /(sono|sar[oò]) (attualmente |al momento )?(assente|in ferie|fuori (sede|ufficio))/i,
  /ik ben (momenteel |op dit moment |tot )?(.{0,30})(afwezig|niet (op kantoor|aanwezig|bereikbaar)|met vakantie|op vakantie|met verlof)/i,
  /(estou|estarei) (atualmente |de momento )?(ausente|fora|de f[eé]rias|em f[eé]rias)/i,
  /encontro-me (ausente|de f[eé]rias|fora)/i,
  /\b(out of office|on (annual |parental )?leave)\b|(back|return(ing)?) (in the office )?on (the )?\d|our offices? (is|are|will be) closed/i,
  /(actuellement|pr[eé]sentement) (en |absente?)|de retour (le|à partir)|(nos bureaux|notre (bureau|agence|entreprise|magasin)) (est|sont|sera|seront) ferm/i,
  /(bin ich|wir sind) (.{0,40})(nicht|wieder) (erreichbar|im)|(büro|betrieb|praxis) (ist|bleibt) .{0,40}geschlossen/i,
  /estar[eé] de vuelta|(oficina|empresa) (est[aá]|permanecer[aá]) cerrada|rientrer[oò]|(ufficio|azienda) .{0,20}chius[oa]/i,
  /ben ik (.{0,30})(afwezig|weer|niet)|kantoor (is|zijn) .{0,20}gesloten|regress(o|arei) (a|em|no)|voltarei/i,
)

const CHALLENGE = anyOf(
  /mailinblack|boxbe|spam ?arrest|vade ?retro|choicemail|tmda|bluebottle/i,
  /sender (address )?(verification|authentication)/i,
  /please confirm (that )?(you|your (message|e-?mail))|confirm your (message|e-?mail|identity)/i,
  /(vous )?authentifie[rz]|verify (that )?(you|yourself|your (e-?mail|identity))/i,
  /prove (that )?you are (a )?(human|person)/i,
  /(held|waiting|pending).{0,60}(until you|verif|approv|confirm)/i,
  /add(ed)? (you |yourself )?to (my|the|his|her) (guest|allowed|approved|safe|white) ?list/i,
  /(action required|verification required)|en attente .{0,40}(authentif|valid|confirm)/i,
  /un clic (suffit|pour)|bestätigen sie .{0,40}(nachricht|absender|e-?mail)/i,
  /request .{0,20}to be added/i,
)

/** "We have your message", by a program that has yet to read it; only in the subject or with what follows. */
const RECEIVED = anyOf(
  /(nous (avons bien reçu|accusons (bonne )?r[eé]ception)|we('ve| have) received your|your (message|e-?mail|request|enquiry|inquiry) (has been|was) received)/i,
  /(thank you|thanks) for (contacting|getting in touch|reaching out|your (message|e-?mail|enquiry|inquiry|request))/i,
  /merci (de (nous avoir )?|pour (votre|l['’]envoi de votre) )(contact|[eé]crit|message|demande|e-?mail|courriel)/i,
  /(wir haben )?ihre? (nachricht|anfrage|e-?mail|mitteilung) (ist (bei uns )?eingegangen|erhalten)|eingangsbest[aä]tigung/i,
  /vielen dank f(ü|ue)r ihre (nachricht|anfrage|e-?mail|mitteilung)/i,
  /hemos recibido su|gracias por (contactar|su (mensaje|correo|consulta))/i,
  /abbiamo ricevuto|grazie per (averci (contattato|scritto)|il (suo|tuo) messaggio)|conferma di ricezione/i,
  /(wij|we) hebben uw .{0,30}ontvangen|bedankt voor uw (bericht|e-?mail|aanvraag)|ontvangstbevestiging/i,
  /recebemos (a |o )?(sua|seu)|obrigad[oa] (por (contactar|entrar)|pel[ao] (sua|seu))|confirma[cç][aã]o de rece/i,
  /accus[eé] de r[eé]ception|votre (demande|message) (a bien [eé]t[eé]|est bien) (reçu|enregistr)/i,
)
const FOLLOWS = anyOf(
  /(as soon as|within|shortly|in due course|next (available|business)).{0,60}|ticket|(reference|case|request) (number|no|id)/i,
  /(meilleurs|plus brefs) d[eé]lais|sous \d+ ?(h|heures|jours)|dans les \d+|num[eé]ro de (dossier|ticket|demande)|trait[eé]e? (par|dans)/i,
  /schnellstm(ö|oe)glich|so schnell wie m|in k(ü|ue)rze|werktag|umgehend|bearbeitungs|vorgangsnummer|ticketnummer/i,
  /lo antes posible|a la mayor brevedad|en breve|n[uú]mero de (referencia|caso)/i,
  /al pi[uù] presto|(nel )?pi[uù] breve tempo|entro \d+|numero di (ticket|pratica)/i,
  /zo (snel|spoedig) mogelijk|binnen \d+|assim que poss[ií]vel|o mais (breve|r[aá]pido)|em breve/i,
)

/** A mail is held back until whoever sent it shows that he is a person. */
const HELD_BACK = anyOf(
  /(your|votre|ihre?|su|il (suo|tuo)) (message|e-?mail|courriel|mail|nachricht|mensaje|messaggio).{0,200}?(held|waiting|quarantin|pending|not (yet )?(been )?delivered until|en attente|retenu|bloqu[eé]|zurückgehalten|retenid|trattenut)/is,
  /mailinblack|boxbe|spam ?arrest|choicemail|\btmda\b|sender verification/i,
)

export type AutoReplyKind = 'away' | 'challenge' | 'automatic'

/** Whether a program answered in somebody's place: by the headers of RFC 3834 and what came before it, by the subject,
 *  or by words in the first lines of an answer. */
export const autoReplyKind = (headers: Head, text: string): AutoReplyKind | null => {
  const subject = wordsOf(headers, 'subject')
  const opening = text.slice(0, 3000)
  const submitted = headerOf(headers, 'auto-submitted').toLowerCase()
  const isAnswer =
    isAnswerSubject(subject) || ['in-reply-to', 'references'].some((name) => headerOf(headers, name) !== '')
  const isMarked =
    /^auto-?(replied|response|notified)/.test(submitted) ||
    (submitted.startsWith('auto-') && isAnswer) ||
    headers.some(({ name, value }) => marksReply(name, value)) ||
    /auto[_-]?reply|auto-?respon/i.test(headerOf(headers, 'precedence'))
  const isAway = BODY.test(opening)
  const isReceived = RECEIVED.test(opening) && FOLLOWS.test(opening) && isAnswer && text.length < MAX_BRIEF
  const isTitled = IN_SUBJECT.test(subject) || (SUBJECT.test(subject) && (isAnswer || isAway))
  const isSaid = isTitled || (isAnswer && isAway && text.length < MAX_BRIEF)
  if (isMarked || ((isSaid || isReceived) && !isByHand(headers, text))) {
    if (isTitled || isAway) return 'away'
    return CHALLENGE.test(`${subject}\n${opening}`) ? 'challenge' : 'automatic'
  }
  return isChallenge(headers, subject, opening) ? 'challenge' : null
}

const marksReply = (name: string, value: string): boolean => {
  if (
    /^x-(autoreply|auto-reply|autorespond(er)?|auto-respond(er)?|mail-autoreply|autoreply-(from|sender)|autoreply-mailbox|autoresponse|vacation|amazon-auto-reply|ms-exchange-oof\w*)$/.test(
      name,
    )
  )
    return !/^(no|false|0)$/i.test(value.trim())
  if (name === 'x-autogenerated') return /repl/i.test(value)
  if (name === 'x-post-messageclass') return /autorespond/i.test(value)
  if (name === 'delivered-to') return /autorespon/i.test(value)
  if (name === 'preference') return /auto_?reply/i.test(value)
  return name === 'x-ms-exchange-generated-message-source' && /oof|rules/i.test(value)
}

/** People name the program they write with and leave what they answer below; programs that answer do neither. */
const isByHand = (headers: Head, text: string): boolean =>
  headers.some(({ name }) => name === 'user-agent' || name === 'x-mailer') || ownWords(text) !== text.trim()

const isChallenge = (headers: Head, subject: string, opening: string): boolean =>
  (HELD_BACK.test(opening) &&
    CHALLENGE.test(opening) &&
    /confirm|authentif|verif|click|cliqu|klick|clic/i.test(opening)) ||
  (CHALLENGE.test(subject) &&
    CHALLENGE.test(opening) &&
    (/^auto-replied/i.test(headerOf(headers, 'auto-submitted')) ||
      isAnswerSubject(subject) ||
      headerOf(headers, 'in-reply-to') !== ''))
