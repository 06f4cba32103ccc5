import type { Starter } from './starters.ts'

/** Letters to begin with, in French. Each quotes facts of the recipient's own site, and holds itself back
 *  (`{% hold %}`) where the fact it is about is not there. */
export const frenchStarters: Starter[] = [
  {
    id: 'audit',
    category: 'audit',
    name: 'Résultat d’audit',
    description: 'Les trois points les plus importants relevés sur le site, avec ce qui a été vu.',
    subject:
      '{% if findings_count == 1 %}Un point à corriger{% else %}Quelques points à corriger{% endif %} sur {{ site | default: "votre site" }}',
    body: `<p>{{ salutation }}</p>
<p>J’ai regardé {{ site | default: "votre site" }} comme le ferait un client qui découvre {{ entreprise }}, puis avec des outils de mesure.
{% if findings_count == 0 %}{% hold "rien à signaler sur le site" %}{% elsif findings_count == 1 %}Un point mérite votre attention :{% else %}Voici ce qui mérite le plus votre attention :{% endif %}</p>
<ul>
{% for point in findings limit: 3 %}<li><strong>{{ point.title }}.</strong> {{ point.meaning }}<br>
<span class="seen">Relevé le {{ point.found_on }} : {{ point.evidence }}</span></li>
{% endfor %}</ul>
{% if findings_count > 3 %}<p>{% if findings_count == 4 %}J’en ai noté un autre, moins urgent.{% else %}J’en ai noté {{ findings_count | minus: 3 }} autres, moins urgents.{% endif %}</p>
{% endif %}<p>La plupart de ces points se corrigent sans refaire le site. Je peux vous envoyer la liste complète, avec le temps que demande chaque correction ; elle est à vous, que nous travaillions ensemble ou non.</p>
<p>Voulez-vous la recevoir ?</p>`,
  },
  {
    id: 'certificate',
    category: 'security',
    name: 'Certificat expiré ou bientôt expiré',
    description: 'Le certificat de sécurité a expiré, expire bientôt ou est refusé par les navigateurs.',
    subject:
      '{% if finding.tls_expired %}Le certificat de {{ site | default: "votre site" }} a expiré{% elsif finding.tls_expires_soon %}Le certificat de {{ site | default: "votre site" }} expire le {{ finding.tls_expires_soon.date }}{% else %}Une alerte de sécurité s’affiche sur {{ site | default: "votre site" }}{% endif %}',
    body: `<p>{{ salutation }}</p>
{% if finding.tls_expired %}<p>En ouvrant {{ site | default: "votre site" }}, mon navigateur affiche un avertissement de sécurité en plein écran : le certificat du site a expiré{% if finding.tls_expired.date %} le {{ finding.tls_expired.date }}{% endif %}.</p>
<p>Vos visiteurs voient la même chose. La plupart font demi-tour avant d’avoir vu la moindre page, et rien ne vous en avertit.</p>
{% elsif finding.tls_expires_soon %}<p>Le certificat de sécurité de {{ site | default: "votre site" }} expire le <strong>{{ finding.tls_expires_soon.date }}</strong>. Il se renouvelle souvent tout seul, mais pas toujours, et rien ne prévient quand cela échoue.</p>
<p>Passé cette date, vos visiteurs verraient un avertissement en plein écran à la place du site.</p>
{% elsif finding.tls_name_mismatch or finding.tls_self_signed or finding.tls_incomplete_chain or finding.tls_broken %}<p>En ouvrant {{ site | default: "votre site" }}, certains navigateurs affichent un avertissement de sécurité : le certificat du site n’est pas reconnu.</p>
<p>Une partie de vos visiteurs fait donc demi-tour avant d’avoir vu la moindre page, et rien ne vous en avertit.</p>
{% else %}{% hold "certificat en règle" %}{% endif %}<p>Si quelqu’un s’occupe de votre site, il suffit de lui transférer ce message : c’est en général l’affaire d’une demi-heure, et le certificat lui-même est gratuit.</p>
<p>Sinon, je peux m’en charger et mettre en place un renouvellement automatique. Souhaitez-vous que je vous dise précisément ce qu’il y aurait à faire ?</p>`,
  },
  {
    id: 'outdated-cms',
    category: 'technical',
    name: 'Logiciel du site dépassé',
    description: 'Le CMS, PHP ou le logiciel avec lequel le site est fait n’est plus maintenu.',
    subject:
      '{% if finding.cms_end_of_life %}{{ finding.cms_end_of_life.software }} n’est plus à jour sur {{ site | default: "votre site" }}{% else %}{{ site | default: "Votre site" }} tourne sur un logiciel qui n’est plus maintenu{% endif %}',
    body: `<p>{{ salutation }}</p>
{% if finding.cms_end_of_life %}<p>{{ site | default: "Votre site" }} fonctionne avec <strong>{{ finding.cms_end_of_life.software }}</strong>, une version qui ne reçoit plus de corrections{% if finding.cms_end_of_life.date %} depuis le {{ finding.cms_end_of_life.date }}{% endif %}.</p>
{% elsif finding.php_end_of_life %}<p>{{ site | default: "Votre site" }} fonctionne avec <strong>{{ finding.php_end_of_life.software }}</strong>, une version du langage qui ne reçoit plus de corrections{% if finding.php_end_of_life.date %} depuis le {{ finding.php_end_of_life.date }}{% endif %}. Votre hébergeur peut la retirer sans grand préavis.</p>
{% elsif finding.editor_discontinued %}<p>{{ site | default: "Votre site" }} a été fait avec <strong>{{ finding.editor_discontinued.software }}</strong>, un logiciel qui n’est plus développé. Le site s’affiche encore, mais il ne peut plus guère évoluer.</p>
{% else %}{% hold "logiciel du site à jour, ou version inconnue" %}{% endif %}{% unless finding.editor_discontinued %}<p>Concrètement, les failles découvertes depuis restent ouvertes et des robots les cherchent jour et nuit, sur les petits sites comme sur les grands. Les suites habituelles : des pages de publicité ajoutées à votre insu, des messages envoyés en votre nom, un site signalé comme dangereux par Google.</p>
{% endunless %}<p>La mise à jour se fait en trois temps : une sauvegarde, un essai sur une copie, puis la bascule. Votre site reste en ligne pendant ce temps.</p>
<p>Puis-je vous dire ce que cela demanderait dans votre cas ?</p>`,
  },
  {
    id: 'slow',
    category: 'performance',
    name: 'Site lent',
    description: 'Le serveur répond lentement, ou les pages sont trop lourdes.',
    subject: '{{ site | default: "Votre site" }} se fait attendre',
    body: `<p>{{ salutation }}</p>
{% if finding.slow_response %}<p>J’ai mesuré le temps que met {{ site | default: "votre site" }} à commencer à répondre : <strong>{{ finding.slow_response.ms | number }} millisecondes</strong>, alors qu’au-delà de 800 l’attente se remarque. Les images et le texte ne viennent qu’ensuite.</p>
{% elsif finding.no_compression %}<p>Les pages de {{ site | default: "votre site" }} sont envoyées sans compression : elles pèsent trois à cinq fois plus que nécessaire, et cela se sent surtout sur un téléphone.</p>
{% elsif finding.heavy_html %}<p>Le code d’une page de {{ site | default: "votre site" }} pèse à lui seul <strong>{{ finding.heavy_html.kilobytes | number }} ko</strong>, avant la moindre image. Sur un téléphone, cela se sent.</p>
{% elsif finding.many_files %}<p>Pour afficher l’accueil de {{ site | default: "votre site" }}, le navigateur doit aller chercher {{ finding.many_files.scripts }} scripts et {{ finding.many_files.sheets }} feuilles de style. Sur un téléphone, cela se sent.</p>
{% else %}{% hold "le site n’est pas lent" %}{% endif %}<p>Un visiteur pressé n’attend pas : il revient aux résultats de recherche et ouvre le site suivant.</p>
<p>Il y a presque toujours un gain facile à trouver : un réglage de l’hébergement, un cache, des fichiers allégés. Je vous propose d’en chercher la cause et de vous dire, avant tout travail, ce que vous y gagneriez.</p>
<p>Est-ce que cela vous intéresse ?</p>`,
  },
  {
    id: 'no-https',
    category: 'security',
    name: 'Site sans https',
    description: 'Le site n’a pas de connexion sécurisée : les navigateurs affichent « Non sécurisé ».',
    subject: '« Non sécurisé » s’affiche à côté de {{ site | default: "l’adresse de votre site" }}',
    body: `<p>{{ salutation }}</p>
{% unless finding.tls_none %}{% hold "le site a une connexion sécurisée" %}{% endunless %}<p>Quand on ouvre {{ site | default: "votre site" }}, le navigateur affiche <strong>« Non sécurisé »</strong> à côté de l’adresse. Le site fonctionne, mais il n’a pas de connexion chiffrée (https).</p>
<p>Trois conséquences pour {{ entreprise }} :</p>
<ul>
<li>des clients hésitent à vous confier leurs coordonnées, ou repartent ;</li>
<li>ce qu’ils écrivent dans un formulaire circule en clair ;</li>
<li>à contenu égal, Google préfère un site sécurisé.</li>
</ul>
<p>Le certificat est gratuit et la plupart des hébergeurs l’incluent. Le travail consiste à l’activer, puis à rediriger les anciennes adresses pour ne rien perdre de votre référencement.</p>
<p>Si vous le souhaitez, je regarde ce que permet votre hébergement et je vous réponds simplement. Dois-je le faire ?</p>`,
  },
  {
    id: 'mobile',
    category: 'mobile',
    name: 'Site mal lisible sur téléphone',
    description: 'Le site n’est pas adapté aux téléphones.',
    subject: '{{ site | default: "Votre site" }} vu depuis un téléphone',
    body: `<p>{{ salutation }}</p>
{% if finding.viewport_missing %}<p>J’ai ouvert {{ site | default: "votre site" }} sur un téléphone : la page s’affiche en miniature, comme sur un écran d’ordinateur. Il faut zoomer pour lire, puis faire défiler dans tous les sens pour trouver un numéro.</p>
{% elsif finding.viewport_fixed %}<p>J’ai ouvert {{ site | default: "votre site" }} sur un téléphone : la page a une largeur fixe{% if finding.viewport_fixed.width %} ({{ finding.viewport_fixed.width }} pixels){% endif %} et dépasse de l’écran. Il faut faire défiler de côté pour tout lire.</p>
{% else %}{% hold "le site s’affiche bien sur téléphone" %}{% endif %}<p>Plus de la moitié des visites se font aujourd’hui sur mobile, et c’est la version mobile que Google regarde pour classer un site. Un client qui cherche {% if secteur %}« {{ secteur | downcase }} »{% else %}un professionnel{% endif %}{% if ville %} à {{ ville }}{% endif %} depuis la rue le fait le téléphone à la main.</p>
<p>Selon la façon dont le site est fait, on peut adapter la mise en page existante, ou mieux vaut repartir d’un modèle actuel en reprenant vos textes et vos photos. Je peux vous dire lequel des deux vaut la peine ici.</p>
<p>Puis-je vous envoyer une capture de ce que voient vos clients ?</p>`,
  },
  {
    id: 'seo',
    category: 'seo',
    name: 'Référencement',
    description: 'Ce qui empêche le site d’être bien trouvé sur Google.',
    subject:
      '{% if finding.noindex_home or finding.robots_disallow_all %}{{ site | default: "Votre site" }} demande à Google de ne pas l’afficher{% else %}Ce que Google montre de {{ entreprise }}{% endif %}',
    body: `<p>{{ salutation }}</p>
{% if finding.noindex_home or finding.robots_disallow_all %}<p>{{ site | default: "Votre site" }} contient une consigne qui demande aux moteurs de recherche de <strong>ne pas l’afficher</strong>. C’est le plus souvent un réglage oublié après la mise en ligne. Tant qu’il est là, vos clients ne peuvent pas vous trouver par Google.</p>
<p>La correction tient en une ligne. Si quelqu’un s’occupe de votre site, transférez-lui ce message.</p>
{% else %}{% if seo_findings.size == 0 %}{% hold "rien à signaler pour le référencement" %}{% endif %}<p>J’ai regardé {{ site | default: "votre site" }} avec les yeux de Google.{% if meta_title %} Dans les résultats, votre page d’accueil porte ce titre : « {{ meta_title | truncate: 90 }} ».{% endif %} Quelques points vous coûtent sans doute des visites :</p>
<ul>
{% for point in seo_findings limit: 3 %}<li><strong>{{ point.title }}.</strong> {{ point.meaning }}</li>
{% endfor %}</ul>
<p>Ce sont des corrections de textes et de réglages : le site ne change pas d’apparence. Leur effet se voit en général en quelques semaines, quand Google est repassé.</p>
{% endif %}<p>Je peux vous proposer les corrections exactes, page par page. Voulez-vous que je commence par l’accueil, pour vous montrer ?</p>`,
  },
  {
    id: 'accessibility',
    category: 'accessibility',
    name: 'Accessibilité',
    description: 'Ce qui empêche une partie des visiteurs de se servir du site.',
    subject: '{{ site | default: "Votre site" }} pour ceux qui voient mal',
    body: `<p>{{ salutation }}</p>
{% unless finding.images_without_alt or finding.zoom_disabled or finding.lang_missing %}{% hold "rien à signaler pour l’accessibilité" %}{% endunless %}<p>Une partie de vos visiteurs agrandit le texte, ou se fait lire les pages à voix haute. En essayant {{ site | default: "votre site" }} comme eux, j’ai relevé :</p>
<ul>
{% if finding.images_without_alt %}<li><strong>{% if finding.images_without_alt.count == 1 %}Une image n’a pas de description{% else %}{{ finding.images_without_alt.count }} images sur {{ finding.images_without_alt.total }} n’ont pas de description{% endif %}</strong> : qui écoute la page ignore ce qu’elle montre, et Google Images aussi.</li>
{% endif %}{% if finding.zoom_disabled %}<li><strong>Le zoom est bloqué sur téléphone</strong> : impossible d’agrandir un texte trop petit.</li>
{% endif %}{% if finding.lang_missing %}<li><strong>La langue des pages n’est pas indiquée</strong> : un lecteur d’écran peut lire du français avec l’accent anglais.</li>
{% endif %}</ul>
<p>Ces corrections sont discrètes et rapides. Elles profitent à tout le monde : vos clients plus âgés, ceux qui lisent en plein soleil, et votre référencement.</p>
<p>Souhaitez-vous que je vous en fasse la liste précise, page par page ?</p>`,
  },
  {
    id: 'relaunch',
    category: 'relaunch',
    name: 'Relance',
    description: 'Quelques jours après un premier message resté sans réponse, dans le même fil.',
    subject: 'Re : {{ site | default: entreprise }}',
    body: `<p>{{ salutation }}</p>
<p>Je me permets de revenir vers vous au sujet de {{ site | default: "votre site" }} : vous n’avez peut-être pas eu le temps de regarder mon message.</p>
{% if worst %}<p>Pour le résumer en une phrase : <strong>{{ worst.title }}</strong>. {{ worst.meaning }}</p>
{% endif %}<p>Si le sujet est déjà entre de bonnes mains, ou si ce n’est pas le moment, un mot suffit et je ne vous relancerai pas. Et s’il vous intéresse, dites-moi simplement quel jour vous convient pour dix minutes au téléphone.</p>`,
  },
  {
    id: 'thanks',
    category: 'thanks',
    name: 'Remerciement',
    description: 'Après une réponse ou un rendez-vous : merci, et la suite.',
    subject: 'Merci pour votre réponse',
    body: `<p>{{ salutation }}</p>
<p>Merci pour votre réponse et pour le temps que vous m’avez accordé.</p>
<p>Voici ce que je vous propose pour la suite :</p>
<ul>
<li>je reprends {{ site | default: "votre site" }} en détail{% if findings_count > 1 %} ({{ findings_count }} points relevés à ce jour){% endif %} ;</li>
<li>je vous envoie une proposition chiffrée, du plus utile au moins urgent ;</li>
<li>vous choisissez ce que vous voulez faire, et quand.</li>
</ul>
<p>Si vous avez un accès à votre hébergement ou le nom de la personne qui a fait le site, gardez-les sous la main : cela nous fera gagner du temps.</p>
<p>D’ici là, n’hésitez pas à m’écrire ou à m’appeler.</p>`,
  },
]
