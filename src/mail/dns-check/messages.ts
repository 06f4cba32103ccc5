import { fillIn } from '#src/lib/fill-in.ts'
import { catalogue, type Locale } from '#src/lib/i18n.ts'

const texts = catalogue({
  fr: {
    unanswered:
      'N’a pas pu être vérifié : les serveurs de noms n’ont pas répondu pour {name}. Réessayez plus tard.',
    mx_ok: '{domain} reçoit du courrier : les réponses et les retours d’erreur arrivent.',
    mx_missing:
      '{domain} ne reçoit pas de courrier : les réponses et les retours d’erreur seraient perdus, et beaucoup de messageries refusent un tel expéditeur. Ajoutez l’enregistrement MX de votre hébergeur de messagerie ; là où il est écrit <HOST>, mettez le nom de son serveur.',
    mx_implicit:
      '{domain} n’a pas d’enregistrement MX ; le courrier va à la machine du site, par défaut. Ajoutez l’enregistrement MX de votre hébergeur de messagerie.',
    mx_refuses:
      '{domain} déclare ne recevoir aucun courrier (MX nul). Remplacez cet enregistrement par celui de votre hébergeur de messagerie.',
    mx_address:
      'L’enregistrement MX donne une adresse IP ({exchange}) : seul un nom est permis, beaucoup de messageries n’y livrent rien. Donnez un nom à cette machine et mettez-le dans le MX.',
    mx_nowhere: 'Le MX mène à {exchange}, qui n’existe pas : le courrier pour {domain} n’arrive pas.',
    mx_partly:
      'Un des serveurs du MX n’existe pas : {exchange}. Le courrier arrive par les autres ; retirez celui-ci.',
    spf_ok: 'SPF autorise {provider} à envoyer pour {domain} ({lookups} recherches sur {limit} permises).',
    spf_missing:
      '{domain} n’a pas d’enregistrement SPF : n’importe qui peut écrire en son nom, et les messageries s’en méfient. Ajoutez cet enregistrement ; là où il est écrit <IP>, mettez l’adresse publique d’où partent vos messages.',
    spf_several:
      '{domain} a plusieurs enregistrements SPF : les messageries n’en lisent alors aucun. Remplacez-les par celui-ci, qui les réunit.',
    spf_syntax:
      'L’enregistrement SPF contient une partie que personne ne comprend : {term}. Il ne vaut rien tant qu’elle y est.',
    spf_broken_include:
      'L’enregistrement SPF renvoie à {domain} ({term}), qui n’a pas d’enregistrement valable : tout l’enregistrement compte comme une erreur.',
    spf_lookups:
      'L’enregistrement SPF demande {lookups} recherches, {limit} sont permises : il compte comme une erreur. Les plus coûteuses : {costs}. Retirez les services par lesquels vous n’envoyez plus.',
    spf_voids:
      'L’enregistrement SPF mène {voids} fois à rien, {limit} fois sont permises : il compte comme une erreur.',
    spf_all:
      'L’enregistrement SPF autorise le monde entier (+all) : les messageries le prennent pour celui d’un spammeur.',
    spf_open:
      'SPF autorise {provider}, mais ne dit rien des autres : n’importe qui peut écrire au nom de {domain}. Terminez l’enregistrement par ~all.',
    spf_unanswered:
      'N’a pas pu être vérifié : une partie de l’enregistrement SPF n’a pas pu être lue, les serveurs de noms n’ont pas répondu. Réessayez plus tard.',
    spf_own_return:
      '{provider} envoie avec une adresse de retour à lui, où SPF est vérifié : c’est DKIM qui compte pour {domain}. Cet enregistrement est tout de même conseillé.',
    spf_not_included:
      'SPF n’autorise pas {provider} à envoyer pour {domain} : les messages seront pris pour des faux. Remplacez l’enregistrement par celui-ci.',
    spf_not_allowed:
      'SPF n’autorise pas {host} ({address}) à envoyer pour {domain} : les messages seront pris pour des faux. Remplacez l’enregistrement par celui-ci.',
    spf_partly:
      'SPF n’autorise qu’une partie des adresses de {host} : {address} n’y est pas. Selon l’adresse d’où il part, un message sera pris pour un faux.',
    spf_host_unknown:
      'L’enregistrement SPF est lisible ({lookups} recherches sur {limit}). N’a pas pu être vérifié : {host} n’a pas d’adresse publique connue, on ne sait donc pas d’où partent les messages. Assurez-vous que leur adresse publique y figure (ip4:…).',
    spf_host_unclear:
      'L’enregistrement SPF est lisible ({lookups} recherches sur {limit}). N’a pas pu être vérifié : il ne nomme pas {host}, qui remet peut-être les messages à d’autres machines. Demandez à votre hébergeur quelle partie SPF il faut.',
    dkim_ok: 'La clé DKIM est publiée sous « {selector} » ({bits} bits).',
    dkim_missing:
      'Aucune clé DKIM sous « {selector} » : les signatures des messages ne valent rien. Ajoutez cet enregistrement ; <KEY> est la clé que montre votre service d’envoi, dans ses réglages DKIM.',
    dkim_several:
      'Plusieurs clés DKIM sous « {selector} » : les messageries n’en prennent aucune. N’en gardez qu’une.',
    dkim_unreadable:
      'L’enregistrement DKIM sous « {selector} » n’est pas lisible. Remplacez-le par celui que montre votre service d’envoi.',
    dkim_revoked:
      'La clé DKIM sous « {selector} » a été retirée (p= est vide) : les signatures ne valent rien. Publiez la nouvelle clé, ou donnez ici le nouveau sélecteur.',
    dkim_hash:
      'La clé DKIM sous « {selector} » ne permet pas SHA-256, la seule façon de signer encore acceptée.',
    dkim_service: 'La clé DKIM sous « {selector} » n’est pas faite pour le courrier (s=).',
    dkim_short:
      'La clé DKIM sous « {selector} » n’a que {bits} bits : elle n’est plus acceptée. Faites-en faire une de 2048 bits.',
    dkim_weak: 'La clé DKIM sous « {selector} » a {bits} bits : acceptée, mais 2048 bits sont conseillés.',
    dkim_testing:
      'La clé DKIM sous « {selector} » est marquée comme un essai (t=y) : les messageries peuvent l’ignorer. Retirez t=y.',
    dkim_ed25519:
      'La clé DKIM sous « {selector} » est de type Ed25519, que plusieurs grandes messageries ne savent pas encore vérifier. Publiez-en une RSA à côté.',
    dkim_guessed:
      'N’a pas pu être vérifié : aucun sélecteur n’est indiqué pour ce compte. Une clé se trouve sous « {selector} » ; si c’est la bonne, indiquez-la dans le compte.',
    dkim_no_selector:
      'N’a pas pu être vérifié : aucun sélecteur DKIM n’est indiqué pour ce compte, et rien ne se trouve sous les noms habituels ({tried}). Votre service d’envoi le montre dans ses réglages DKIM ; il se lit aussi dans un message reçu, « DKIM-Signature: … s=… ».',
    dmarc_ok: 'DMARC est en place (p={policy}) et DKIM vaut pour {domain}.',
    dmarc_ok_spf:
      'DMARC est en place (p={policy}) et SPF vaut pour {domain} ; avec DKIM, ce serait aussi vrai des messages transférés.',
    dmarc_missing:
      '{domain} n’a pas d’enregistrement DMARC : les grandes messageries le demandent. Ajoutez celui-ci ; il ne change rien à vos autres messages.',
    dmarc_several:
      'Plusieurs enregistrements DMARC sous {name} : ils ne comptent alors pas. N’en gardez qu’un.',
    dmarc_unreadable: 'L’enregistrement DMARC sous {name} n’est pas lisible. Remplacez-le par celui-ci.',
    dmarc_unmet:
      'DMARC est en place (p={policy}), mais ni SPF ni DKIM ne valent pour {domain} : les messages n’y satisfont pas. Corrigez d’abord SPF ou DKIM.',
    dmarc_refuses:
      'DMARC demande d’écarter ce qui n’est pas authentifié (p={policy}), et ni SPF ni DKIM ne valent pour {domain} : les messages seront refusés. Corrigez d’abord SPF ou DKIM.',
    dmarc_alignment_unknown:
      'DMARC est en place (p={policy}). N’a pas pu être vérifié : on ne sait pas si SPF ou DKIM valent pour {domain} (voir ci-dessus).',
    dmarc_reports_refused:
      'DMARC est en place (p={policy}), mais ses rapports vont à {strange}, qui ne dit pas qu’il les prend : ils n’arrivent pas. L’enregistrement est à ajouter chez {strange}.',
    ptr_ok: 'L’adresse de {host} a un nom, et ce nom mène à elle.',
    ptr_provider:
      'N’a pas pu être vérifié : les messages partent des machines de {provider}, qui s’occupe de leurs noms.',
    ptr_host_unknown:
      'N’a pas pu être vérifié : {host} n’a pas d’adresse publique connue, on ne sait donc pas d’où partent les messages.',
    ptr_missing:
      'L’adresse {address} n’a pas de nom : Gmail, Outlook et d’autres refusent les messages d’une telle machine. Le nom se donne chez l’hébergeur de la machine (« reverse DNS »).',
    ptr_astray:
      'L’adresse {address} a pour nom {name}, qui ne mène pas à elle : beaucoup de messageries refusent cela. Corrigez le nom chez l’hébergeur de la machine (« reverse DNS »), ou l’adresse de {name}.',
    ptr_generic:
      'L’adresse {address} a un nom de série ({name}), comme une connexion domestique : des messageries s’en méfient. Donnez-lui un nom à vous, chez l’hébergeur de la machine (« reverse DNS »).',
  },
  en: {
    unanswered: 'Could not be checked: name servers did not answer for {name}. Try again later.',
    mx_ok: '{domain} takes mail: answers and bounces arrive.',
    mx_missing:
      '{domain} takes no mail: answers and bounces would be lost, and many receivers refuse such a sender. Add the MX record of your mail provider; where it says <HOST>, put the name of its server.',
    mx_implicit:
      '{domain} has no MX record; mail goes to the machine of the site, for want of another. Add the MX record of your mail provider.',
    mx_refuses:
      '{domain} declares that it takes no mail (null MX). Replace this record by that of your mail provider.',
    mx_address:
      'The MX record is an IP address ({exchange}): only a name is allowed, many deliver nothing there. Give this machine a name and put that into the MX.',
    mx_nowhere: 'The MX leads to {exchange}, which does not exist: mail for {domain} does not arrive.',
    mx_partly:
      'One of the servers of the MX does not exist: {exchange}. Mail arrives through the others; remove this one.',
    spf_ok: 'SPF lets {provider} send for {domain} ({lookups} lookups of {limit} allowed).',
    spf_missing:
      '{domain} has no SPF record: anybody can write in its name, and receivers are wary. Add this record; where it says <IP>, put the public address your mails leave from.',
    spf_several:
      '{domain} has several SPF records: receivers then read none. Replace them by this one, which holds them all.',
    spf_syntax:
      'The SPF record has a part that nobody understands: {term}. It is worth nothing as long as that is there.',
    spf_broken_include:
      'The SPF record leads to {domain} ({term}), which has no valid record: the whole record counts as an error.',
    spf_lookups:
      'The SPF record takes {lookups} lookups, {limit} are allowed: it counts as an error. The dearest: {costs}. Remove the services you no longer send through.',
    spf_voids:
      'The SPF record leads to nothing {voids} times, {limit} times are allowed: it counts as an error.',
    spf_all: 'The SPF record allows the whole world (+all): receivers take it for that of a spammer.',
    spf_open:
      'SPF allows {provider} but says nothing about others: anybody can write in the name of {domain}. End the record with ~all.',
    spf_unanswered:
      'Could not be checked: a part of the SPF record could not be read, name servers did not answer. Try again later.',
    spf_own_return:
      '{provider} sends with a return address of its own, where SPF is checked: for {domain} it is DKIM that counts. This record is advisable all the same.',
    spf_not_included:
      'SPF does not let {provider} send for {domain}: the mails will be taken for forged ones. Replace the record by this one.',
    spf_not_allowed:
      'SPF does not let {host} ({address}) send for {domain}: the mails will be taken for forged ones. Replace the record by this one.',
    spf_partly:
      'SPF allows only some of the addresses of {host}: {address} is not among them. Depending on where it leaves from, a mail will be taken for a forged one.',
    spf_host_unknown:
      'The SPF record can be read ({lookups} lookups of {limit}). Could not be checked: {host} has no public address that is known, so nobody knows where mails leave from. Make sure that their public address is in it (ip4:…).',
    spf_host_unclear:
      'The SPF record can be read ({lookups} lookups of {limit}). Could not be checked: it does not name {host}, which perhaps hands mails on to other machines. Ask your provider which SPF part is needed.',
    dkim_ok: 'The DKIM key is published under “{selector}” ({bits} bits).',
    dkim_missing:
      'There is no DKIM key under “{selector}”: the signatures of mails are worth nothing. Add this record; <KEY> is the key that your sending service shows in its DKIM settings.',
    dkim_several: 'There are several DKIM keys under “{selector}”: receivers take none. Keep one.',
    dkim_unreadable:
      'The DKIM record under “{selector}” cannot be read. Replace it by the one your sending service shows.',
    dkim_revoked:
      'The DKIM key under “{selector}” was withdrawn (p= is empty): signatures are worth nothing. Publish the new key, or give the new selector here.',
    dkim_hash:
      'The DKIM key under “{selector}” does not allow SHA-256, the only way of signing still accepted.',
    dkim_service: 'The DKIM key under “{selector}” is not meant for mail (s=).',
    dkim_short:
      'The DKIM key under “{selector}” has only {bits} bits: it is no longer accepted. Have one of 2048 bits made.',
    dkim_weak: 'The DKIM key under “{selector}” has {bits} bits: accepted, but 2048 bits are advised.',
    dkim_testing:
      'The DKIM key under “{selector}” is marked as a trial (t=y): receivers may ignore it. Remove t=y.',
    dkim_ed25519:
      'The DKIM key under “{selector}” is an Ed25519 key, which several large receivers cannot verify yet. Publish an RSA key beside it.',
    dkim_guessed:
      'Could not be checked: no selector is given for this account. There is a key under “{selector}”; if it is the right one, give it in the account.',
    dkim_no_selector:
      'Could not be checked: no DKIM selector is given for this account, and nothing is under the usual names ({tried}). Your sending service shows it in its DKIM settings; it also stands in a received mail, “DKIM-Signature: … s=…”.',
    dmarc_ok: 'DMARC is in place (p={policy}) and DKIM holds for {domain}.',
    dmarc_ok_spf:
      'DMARC is in place (p={policy}) and SPF holds for {domain}; with DKIM that would be true of forwarded mails as well.',
    dmarc_missing:
      '{domain} has no DMARC record: large receivers ask for one. Add this one; it changes nothing for your other mails.',
    dmarc_several: 'There are several DMARC records under {name}: none counts then. Keep one.',
    dmarc_unreadable: 'The DMARC record under {name} cannot be read. Replace it by this one.',
    dmarc_unmet:
      'DMARC is in place (p={policy}), but neither SPF nor DKIM holds for {domain}: the mails do not meet it. First put SPF or DKIM right.',
    dmarc_refuses:
      'DMARC asks to set aside what is not authenticated (p={policy}), and neither SPF nor DKIM holds for {domain}: the mails will be refused. First put SPF or DKIM right.',
    dmarc_alignment_unknown:
      'DMARC is in place (p={policy}). Could not be checked: it is not known whether SPF or DKIM holds for {domain} (see above).',
    dmarc_reports_refused:
      'DMARC is in place (p={policy}), but its reports go to {strange}, which does not say that it takes them: they do not arrive. The record is to be added at {strange}.',
    ptr_ok: 'The address of {host} has a name, and that name leads to it.',
    ptr_provider:
      'Could not be checked: mails leave from machines of {provider}, which looks after their names.',
    ptr_host_unknown:
      'Could not be checked: {host} has no public address that is known, so nobody knows where mails leave from.',
    ptr_missing:
      'The address {address} has no name: Gmail, Outlook and others refuse mails from such a machine. The name is given where the machine is hosted (“reverse DNS”).',
    ptr_astray:
      'The address {address} is called {name}, which does not lead to it: many receivers refuse that. Put the name right where the machine is hosted (“reverse DNS”), or the address of {name}.',
    ptr_generic:
      'The address {address} has a name out of a series ({name}), as home connections have: receivers are wary. Give it one of your own where the machine is hosted (“reverse DNS”).',
  },
})

export type DnsCode = keyof (typeof texts)['texts']['fr']

/** What was found and what to do, in one or two sentences. */
export const dnsWhy = (
  locale: Locale,
  { code, values }: { code: string; values: Record<string, string> },
): string => {
  const all: Record<string, string> = texts(locale)
  return fillIn(locale, all[code] ?? code, values)
}
