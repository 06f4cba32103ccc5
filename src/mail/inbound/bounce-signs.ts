import { anyOf } from './any-of.ts'
/** The words by which mail systems announce that a mail did not arrive, in the languages they are set up in. Each sign
 *  alone proves nothing: people, parcels and tickets use the same words (see is-bounce.ts). */

const DAEMON_LOCAL =
  /^(mailer[-_.]?(daemon|deamon)|mail[-_.]?d(ae|ea)mon|mdaemon|post[-_.]?master|microsoftexchange[0-9a-f]{6,}|mail[-_.]?deliver\w*|double-bounce|undeliver\w*|non-?delivery|mail-?router|gwia|mailsystem|mail-system|ndr|dsn)([-+=._].*)?$/i
const DAEMON_NAME = anyOf(
  /mail(er)?[- ]?(daemon|deamon)|mail deliver(y)? ?(sub)?-?(system|service|agent)/i,
  /deliver(y)? (sub)?-?system|post ?master|system ?(administrator|attendant)/i,
  /mail (system|router|administrator|server|transfer)|internet (mail|agent)|mta\b/i,
  /microsoft (outlook|exchange)|exchange (server|system)|administrateur (du )?syst[eè]me/i,
  /systemadministrator|e-?mail-?system|administrador (del|do) sistema|administrador de correo/i,
  /amministratore (di|del) sistema|systeembeheerder|sistema de (correo|correio|entrega)/i,
  /syst[eè]me de (messagerie|distribution)|sous-syst[eè]me/i,
  /service de (messagerie|distribution|remise)|nachrichtensystem|zustell(system|dienst)/i,
  /mailzustell|groupwise|non-?delivery|delivery (status )?notif/i,
)
/** Programs that also send ordinary notices. */
const MACHINE_LOCAL =
  /^(no-?_?reply.*|do-?_?not-?_?reply|ne-?_?pas-?_?repondre|admin(istrator)?|system|root|daemon|postoffice|support|info|notif\w*|alerts?|list-?admin|sysadmin|exchange|anonymous|nobody|virus\w*|antispam|spam\w*|security|mailguard|filter\w*|bounces?|mailer?|mta|deliver(y)?|smtp(d|-?daemon)?|gateway|mxl|mail[-_.]?(admin\w*|gateway|agent|server)|mailmarshal|mailsweeper|interscan|uucp|server|postoffice)([-+=._].*)?$/i

const SUBJECTS: readonly RegExp[] = [
  anyOf(
    /undeliver(ed|able|y)|unzustellbar|un-?deliverable|undelivered mail/i,
    /returned (mail|e-?mail|message|to sender|\[)|return(ed)? receipt fail/i,
    /(mail|message|e-?mail|post) (delivery )?(failed|failure|error|problem|status notif|subsystem|notification)/i,
    /delivery (status )?(notification|failure|failed|problem|error|warning|delay(ed)?|has|incomplete|unsuccessful|rejected|not)/i,
    /delivery (report|status)|failure (notice|notif|delivering|to deliver)/i,
    /fail(ed|ure) (mail|delivery|message)/i,
    /(message|mail|e-?mail)\b.{0,60}\b(could ?n['o]t|can ?n['o]t|not) (be )?(been )?(deliver|sen[dt]|transmit|reach|process)/i,
    /could not (send|deliver)|not deliver(ed|able)|non-?deliver|nondeliver|mail system error/i,
    /message delivery|(message|mail)\b.{0,60} (delayed|is being delayed|still (un|not))/i,
    /delayed (mail|delivery|message)|warning: (could|message|mail|e-?mail)|bounced/i,
    /bounce (message|notif|mail)|rejected (mail|message|e-?mail|posting)/i,
    /(message|mail|e-?mail) (was )?(rejected|blocked|bounced|returned|refused|undeliver\w+|not accepted)/i,
    /unable to deliver|cannot (deliver|send)|can't (deliver|send)/i,
    /permanent (delivery )?(failure|error)/i,
    /(user|recipient|address|mailbox) (unknown|not found|invalid|full)/i,
    /unknown (user|recipient|address)|invalid (address|recipient)|address not found/i,
    /(recipient|destination) .{0,20}(unknown|reject)|\bNDN?R?\b:|postmaster notify/i,
    /error (sending|delivering|in mail)|mail error|smtp error|^\[?bounce\]?$|mail returned/i,
    /message you sent (blocked|was)|over quota|nicht zugestellt/i,
  ),
  anyOf(
    /non[- ]?(remis|distribu|d[eé]livr|livr|transmis|envoy|parven|achemin)|non-?remise/i,
    /retourn[eé]|retour [àa] l['’]exp[eé]diteur/i,
    /[eé]chec.{0,12}(remise|livraison|distribution|envoi|transmission|acheminement|d[eé]livrance)/i,
    /remise.{0,20}([eé]chou|impossible|retard|diff[eé]r)/i,
    /(message|courriel|e-?mail|mail|courrier).{0,30}(n['’](a|est|ont) (pas|pu)|non |rejet|refus|impossible|retard)/i,
    /notification.{0,20}([eé]tat|[eé]chec|retard).{0,20}(remise|distribution|livraison)/i,
    /[eé]tat de (la )?(remise|distribution)/i,
    /erreur.{0,12}(remise|envoi|livraison|distribution|transmission)|avis de (non|retour)/i,
    /impossible (de |d['’])?(remettre|d[eé]livrer|distribuer|livrer|envoyer|acheminer)/i,
  ),
  anyOf(
    /zustell(ung|fehler|status|bericht|problem)|unzustellbar/i,
    /nicht (zugestellt|zustellbar|übermittelt|ausgeliefert)/i,
    /zurück(gesandt|geschickt|gewiesen|gesendet)|zurueck|rücksendung|übermittlungs|auslieferung/i,
    /fehler (bei|beim) .{0,20}(zustell|versand|sende)|verzögert/i,
    /nachricht.{0,40}(fehl|nicht|abgelehnt)/i,
  ),
  anyOf(
    /no (se )?(pudo|puede|ha (sido|podido)|fue|entregad|entregable)|no entregad|devuelt/i,
    /devoluci[oó]n/i,
    /(fallo|fall[oó]|error|problema|fracaso).{0,20}(entrega|env[ií]o|mensaje|correo)/i,
    /(entrega|env[ií]o).{0,25}(fall|error|imposible|retras|aplaz|no )|imposible (entregar|enviar)/i,
    /sin entregar|notificaci[oó]n.{0,20}estado|mensaje (rechazado|no |retrasado)/i,
    /correo (devuelto|no|rechazado)/i,
  ),
  anyOf(
    /non (recapit|consegn|inviat|deliver)/i,
    /(mancat[oa]|errore|fallit[oa]|problema).{0,20}(recapito|consegna|invio|messaggio)/i,
    /(recapito|consegna|invio).{0,25}(non|fallit|ritard|impossibil|errore)/i,
    /impossibile (consegn|recapit|invi)|messaggio (respint|rifiutat|non|restituit|ritardat)/i,
    /notifica.{0,20}(stato|mancat)|posta respinta|restituit/i,
  ),
  anyOf(
    /onbestelbaar|niet (bezorg|afgelever|verzond|besteld|aangekomen)/i,
    /(bezorg|aflever|besteling|verzend).{0,25}(mislukt|fout|vertra|probleem|status|rapport|niet)/i,
    /mislukt|bericht.{0,40}(niet|geweigerd|vertraag|terug)|retour(post|mail| afzender)/i,
    /terugge(stuurd|zonden)/i,
  ),
  anyOf(
    /n[aã]o (entreg|foi|p[oô]de|[eé] poss[ií]vel|enviad)/i,
    /(falha|erro|problema|falhou).{0,20}(entrega|envio|mensagem)/i,
    /(entrega|envio).{0,25}(falh|erro|atras|adiad|n[aã]o)|devolvid/i,
    /mensagem (rejeitada|n[aã]o|recusada|atrasada)|notifica[cç][aã]o.{0,20}(estado|status)/i,
  ),
  anyOf(
    /(配信|送信|配送|転送|メール).{0,8}(不能|エラー|失敗|できません|できない)|宛先不明|未配達|返送|不達|недостав/i,
    /не (может быть )?достав|невозможно доставить|возвращ|退信|无法(投递|送达|传递)|無法傳遞|投递失败|未送达|退回/i,
    /niedostarcz|nie (można|udało się) dostarczy|zwrot|k(unn?e?|an) (inte|ikke) (levere|sända)/i,
    /olevererbar|ej levere|ikke levere|kan ikke levere|toimittaminen ep|teslim edile|nedoru[cč]/i,
    /k[eé]zbes[ií]thetetlen|nu a putut fi livrat|nelivrabil|배달|전송 ?실패|반송|발송 ?실패/i,
    /не удал?[её]?(ется|лось) доставить|сбой доставки|ei voitu toimittaa|ei toimitettu|δεν (ήταν δυνατή|παραδόθηκε)/i,
  ),
]

/** Words of a report; they speak of a message, a mail or its recipients, not of parcels. */
const STATEMENTS: readonly RegExp[] = [
  anyOf(
    /\b(message|e-?mail|mail|letter|post|notification)s?\b[^.]{0,160}?\b(could ?n['’o]t|could not|can ?n['’o]t|cannot|was ?n['’o]t|was not|were ?n['’o]t|has ?n['’o]t|has not|have not|did ?n['’o]t|did not|not able to|unable to|fail(ed|s|ure)?( to)?|undeliverable|impossible|unsuccessful|not be)\b[^.]{0,60}?(deliver|reach|sen[dt]\b|transmit|accept|process|relay|forward|rejected)/i,
    /\b(un|not (be )?|n['’]t be |cannot be |failed to be )(deliver(ed|able)?)\b[^.]{0,120}\b(message|e-?mail|mail|recipient|address)/i,
  ),
  anyOf(
    /following (recipient|address|user|destination|mailbox|account|e-?mail|person|people|message|intended)[^\n]{0,120}/i,
    /(these|those|the|some|intended|one|following|listed)( of)?( its| the)? (intended )?(recipients?|addressees?)\b[^.]{0,80}(fail|not|n['’]t|unable|reject|error|undeliver)/i,
    /(delivery|deliver|sending|transmission)\b.{0,40}\b(to|of|for)\b.{0,120}?\b(failed|fails|failure|delayed|postponed|impossible|rejected|aborted|not possible|unsuccessful|incomplete|cancelled)/i,
    /delivery (has )?failed|failed (recipient|address|to deliver)|unable to deliver/i,
    /(permanent|fatal|temporary|transient|delivery|addressing|mailbox|mail|smtp) (fatal )?(error|failure)/i,
    /given? up|giving up|wasn['’]t able to deliver|undeliverable/i,
    /returned (mail|to sender|message)|non-?delivery/i,
    /\b(user|recipient|mailbox|address)\b.{0,40}(unknown|not found|does(n['’]t| not) exist)/i,
    /unknown (user|recipient|mailbox|address)|no such (user|person|recipient|mailbox)/i,
    /transcript of (the )?session/i,
    /(address|account|domain|recipient|user) (not found|couldn['’]t be found)/i,
    /(could|was)(n['’]t| not) (be )?delivered|did not reach|not reach(ed)?/i,
    /mail (system|server) (error|reject)|bounced|will (be )?(retried|retry|continue|keep|try)/i,
    /quota|not been delivered|has been (rejected|returned|blocked|refused|delayed)/i,
    /(was|were|is) (rejected|blocked|refused|delayed|returned)|could not (send|deliver)/i,
    /mailbox (is )?(full|unavailable)|couldn['’]t deliver/i,
  ),
  anyOf(
    /(message|courriel|courrier|e-?mail|mail|m[eé]l|envoi).{0,160}?(n['’]?\s?(a|ont|est|sont|ayant) (pas|pu)|ne (peut|pourra|sera|parvien)|non (remis|d[eé]livr|distribu|livr)|pas ([ée]t[ée]|pu|parven)|retard|impossible|[eé]chou|rejet[eé]|refus[eé])/i,
    /([eé]chec|erreur|impossib\w*|retard).{0,60}(remise|remettre|distribu|livr|envoi|envoyer|d[eé]livr|achemin|transm)/i,
    /(destinataires?|adresses?) (ou groupes? )?(suivant|ci-dessous|indiqu|inconnu|introuvable|n['’])/i,
    /(utilisateur|destinataire|adresse|bo[iî]te).{0,60}(inconnu|introuvable|inexistant|pleine|n['’]existe|satur|invalide)/i,
    /n['’]a (pas )?(pu|[ée]t[ée]) ([êe]tre )?(remis|d[eé]livr|distribu|livr|envoy|transmis|achemin)/i,
  ),
  anyOf(
    /(nachricht|e-?mail|mail|sendung|empfänger).{0,160}?(nicht|kein|konnte|verzögert|fehl|abgelehnt|zurück|unbekannt|unzustellbar)/i,
    /zustell(ung|bar|fehler)|folgende[rn]? (empfänger|adresse)|unzustellbar/i,
    /empfänger.{0,60}(unbekannt|nicht|abgelehnt)|unbekannter (benutzer|empfänger)/i,
  ),
  anyOf(
    /(mensaje|correo|e-?mail|destinatario).{0,160}?(no (se )?(pudo|puede|ha|fue|lleg|existe|entreg)|devuelt|rechazad|retras|imposible|error|fall)/i,
    /(error|fall[oó]|problema|imposible).{0,60}(entreg|envi)/i,
    /(siguientes?|estos?|el|los) destinatarios?|destinatario.{0,40}(desconocid|no )|buz[oó]n/i,
  ),
  anyOf(
    /(messaggio|posta|e-?mail|mail|destinatari\w).{0,160}?(non|impossibil|respint|rifiutat|ritard|errore|restituit|mancat|fallit)/i,
    /(impossibile|errore|mancat|fallit|non riuscit).{0,60}(consegn|recapit|invi)/i,
    /seguent[ei] (destinatari|indirizz)|recapito non|casella/i,
  ),
  /(bericht|e-?mail|mail|geadresseerde|ontvanger)\w*.{0,160}?(niet|kan|kon|mislukt|vertraag|geweigerd|teruggestuurd|onbestelbaar|onbekend)|(bezorg|aflever).{0,60}(mislukt|niet|fout)|volgende (geadresseerde|ontvanger|adres)/i,
  /(mensagem|e-?mail|correio|destinat[aá]rio).{0,160}?(n[aã]o|devolvid|rejeitad|recusad|falh|erro|atras|imposs)|(falha|erro|imposs[ií]vel).{0,60}(entreg|envi)|(seguintes?|estes?) destinat[aá]rios?/i,
  anyOf(
    /(配信|送信|配送).{0,20}(でき|不能|エラー|失敗)|届き?ません|宛先.{0,20}(不明|存在|見つか)|存在しません/i,
    /не (может быть |был[оа]? |удалось )?достав|не существует|возвращ|无法(投递|送达)|退信|无法传递|投递失败/i,
    /nie (można|udało się) dostarczy|nie został[ao]? dostarcz|kunne ikke levere/i,
    /kunde inte leverera|teslim edile|nepoda[rř]ilo doru|n[aã]o pode ser|nu a putut fi livrat/i,
    /сбой доставки|не удал?[её]?(ется|лось) доставить|livrarea nu |toimitus .{0,80}epäonnistu|leveran\w* misslyckades|levering\w* .{0,60}mislykk/i,
    /doručení .{0,80}nezdařilo|k[eé]zbes[ií]t[eé]s .{0,40}sikertelen|teslim .{0,40}başarısız|dostarczanie .{0,80}nie powiodło|η παράδοση .{0,60}απέτυχε/i,
  ),
]

const DELAY = anyOf(
  /\bdelay(ed)?\b|not yet been delivered|(will|shall) (be retried|retry|continue|keep|try)/i,
  /(is|are) still (trying|being|attempting|undelivered)|still (trying|attempting)/i,
  /warning message only|do (not|n['’]t) need to resend|no action is required/i,
  /temporary (failure|problem|error|fatal|condition)|temporarily|transient|deferred/i,
  /delivery incomplete|will be (attempted|tried)|retard[eé]|diff[eé]r[eé]/i,
  /(de nouve(lles|aux)|nouvelles?) (tentatives?|essais?)|(sera|seront) (retent|r[eé]essay)/i,
  /verzöger|weiterhin versucht|erneut versucht|weitere zustellversuche|retras|aplaza/i,
  /se (seguir|volver)[aá]n? |ritard|riprover|nuovi tentativi|vertraag/i,
  /opnieuw (geprobeerd|proberen)|atrasad|adiad|novas? tentativas?/i,
  /delivery attempts will continue|遅延|再送/i,
)
const FINAL = anyOf(
  /permanent|fatal error|given? up|giving up|failed permanently/i,
  /not be (retried|attempted again)|no further (attempts?|delivery)|has expired/i,
  /(could|can) ?not be delivered (for|after|within|in)|d[eé]finiti|endg[uü]ltig|permanente/i,
  /definitiv/i,
)

export type SenderKind = 'daemon' | 'machine' | 'person'

/** Who writes, by name and address: a mail system, another program, or somebody. */
export const senderKind = (from: { name: string; address: string } | null): SenderKind => {
  if (!from) return 'machine'
  const local = from.address.slice(0, from.address.lastIndexOf('@'))
  if (DAEMON_LOCAL.test(local)) return 'daemon'
  if (DAEMON_NAME.test(from.name) && !/^(re|fwd?)\b/i.test(from.name)) return 'daemon'
  return MACHINE_LOCAL.test(local) ? 'machine' : 'person'
}

export const isBounceSubject = (subject: string): boolean => SUBJECTS.some((pattern) => pattern.test(subject))

/** Whether a report's own words say that a mail did not arrive. */
export const saysFailure = (text: string): boolean => STATEMENTS.some((pattern) => pattern.test(text))

/** Whether it is still being tried. What is said to be final outweighs it. */
export const saysDelay = (subject: string, text: string): boolean => {
  if (/fail(ed|ure)|permanent|undeliver|returned/i.test(subject) && !DELAY.test(subject)) return false
  return (DELAY.test(subject) || DELAY.test(text)) && !FINAL.test(text)
}

/** An answer of a mail server. */
export const hasServerReply = (text: string): boolean =>
  /(?<![\d.])[45]\.\d{1,2}\.\d{1,3}(?![\d.])|(^|[\s>:;('"<#])[45][0-5]\d[\s-]+(?=[<#\w(*"'[])/m.test(text)

const SUCCESS =
  /\(success\)|\b(was|were|has been|have been) (successfully )?(delivered|relayed)\b|successfully (delivered|relayed)|delivery (was |is )?(successful|complete)|(?<!pas (encore )?)(bien )?[eé]t[eé] (bien |correctement )?(remis|distribu[eé]|livr[eé]|d[eé]livr[eé])e?s?\b|(?<!nicht )(erfolgreich|wurden?) (zugestellt|übermittelt)|entregado (correctamente|con [eé]xito)|(?<!non )[eè] stato (consegnato|recapitato)|is (afgeleverd|bezorgd)|foi entregue com/i

/** Whether a report says that the mail arrived, or was passed on. */
export const saysSuccess = (subject: string, text: string): boolean =>
  SUCCESS.test(subject) ||
  (SUCCESS.test(text) && !FINAL.test(text) && !/fail|undeliver|[eé]chec|error/i.test(subject))

const LURE = anyOf(
  /(click|tap|press|log ?in|sign ?in|use the (button|link)).{0,80}(release|retrieve|recover|review|view|read|deliver|restore|upgrade|validate|keep)/i,
  /(release|retrieve|recover|review|deliver) (your |the |all )?(pending|held|undelivered|blocked|incoming|messages|mails)/i,
  /you have (\d+|new|several|some|unread) .{0,30}(undelivered|pending|unread|blocked|rejected|incoming|held)/i,
  /(cliquez|connectez-vous|utilisez le (bouton|lien)).{0,80}(r[eé]cup[eé]rer|lib[eé]rer|d[eé]bloquer|consulter|lire|recevoir|valider|conserver)/i,
  /(klicken|melden) sie.{0,80}(freigeben|abrufen|wiederherstellen|lesen|zustellen)|(haga clic|pulse).{0,80}(liberar|recuperar|leer|ver)|(clicca|accedi).{0,80}(rilasciare|recuperare|leggere|sbloccare)/i,
)

const TO_YOU =
  /\b(message|e-?mail|mail)s? (that was )?(sent |addressed )?to you (from|by)\b|(qui vous (est|[eé]tait)|vous [eé]tant) (destin[eé]|adress[eé])|an sie (gerichtet|gesendet)|(dirigido|enviado) a usted|a (lei|voi) (destinat|indirizzat)/i

/** Whether a notice is of a mail that somebody else sent here. */
export const speaksOfIncoming = (text: string): boolean => TO_YOU.test(text)

/** Whether a notice wants something to be clicked, as quarantines and those who imitate mail systems do. */
export const lures = (text: string): boolean => LURE.test(text)
