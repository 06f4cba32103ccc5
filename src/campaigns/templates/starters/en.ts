import type { Starter } from './starters.ts'

/** Letters to begin with, in English. Each quotes facts of the recipient's own site, and holds itself back
 *  (`{% hold %}`) where the fact it is about is not there. */
export const englishStarters: Starter[] = [
  {
    id: 'audit',
    category: 'audit',
    name: 'Audit result',
    description: 'The three points that matter most on the site, with what was seen.',
    subject:
      '{% if findings_count == 1 %}One thing worth fixing{% else %}A few things worth fixing{% endif %} on {{ site | default: "your website" }}',
    body: `<p>{{ salutation }}</p>
<p>I looked at {{ site | default: "your website" }} the way a customer discovering {{ entreprise }} would, and then with measuring tools.
{% if findings_count == 0 %}{% hold "nothing to report on the site" %}{% elsif findings_count == 1 %}One point deserves your attention:{% else %}Here is what deserves your attention most:{% endif %}</p>
<ul>
{% for point in findings limit: 3 %}<li><strong>{{ point.title }}.</strong> {{ point.meaning }}<br>
<span class="seen">Seen on {{ point.found_on }}: {{ point.evidence }}</span></li>
{% endfor %}</ul>
{% if findings_count > 3 %}<p>I noted {% if findings_count == 4 %}one more{% else %}{{ findings_count | minus: 3 }} more{% endif %}, less urgent.</p>
{% endif %}<p>Most of these can be put right without rebuilding the site. I can send you the full list, with the time each fix takes; it is yours to keep, whether or not we work together.</p>
<p>Would you like to have it?</p>`,
  },
  {
    id: 'certificate',
    category: 'security',
    name: 'Certificate expired or expiring',
    description: 'The security certificate has expired, is about to, or is refused by browsers.',
    subject:
      '{% if finding.tls_expired %}The certificate of {{ site | default: "your website" }} has expired{% elsif finding.tls_expires_soon %}The certificate of {{ site | default: "your website" }} expires on {{ finding.tls_expires_soon.date }}{% else %}{{ site | default: "Your website" }} shows a security warning{% endif %}',
    body: `<p>{{ salutation }}</p>
{% if finding.tls_expired %}<p>When I open {{ site | default: "your website" }}, my browser shows a full-screen security warning: the site’s certificate expired{% if finding.tls_expired.date %} on {{ finding.tls_expired.date }}{% endif %}.</p>
<p>Your visitors see the same. Most turn back before they have seen a single page, and nothing tells you so.</p>
{% elsif finding.tls_expires_soon %}<p>The security certificate of {{ site | default: "your website" }} expires on <strong>{{ finding.tls_expires_soon.date }}</strong>. Certificates often renew themselves, but not always, and nothing warns you when that fails.</p>
<p>After that date your visitors would meet a full-screen warning instead of your site.</p>
{% elsif finding.tls_name_mismatch or finding.tls_self_signed or finding.tls_incomplete_chain or finding.tls_broken %}<p>When opening {{ site | default: "your website" }}, some browsers show a security warning: they do not recognise the site’s certificate.</p>
<p>Some of your visitors therefore turn back before they have seen a single page, and nothing tells you so.</p>
{% else %}{% hold "certificate in order" %}{% endif %}<p>If somebody looks after your site, simply forward them this message: it usually takes half an hour, and the certificate itself is free.</p>
<p>If not, I can do it and set up automatic renewal. Shall I tell you exactly what needs doing?</p>`,
  },
  {
    id: 'outdated-cms',
    category: 'technical',
    name: 'Outdated site software',
    description: 'The CMS, PHP or the software the site was made with is no longer maintained.',
    subject:
      '{% if finding.cms_end_of_life %}{{ finding.cms_end_of_life.software }} is out of date on {{ site | default: "your website" }}{% else %}{{ site | default: "Your website" }} runs on software nobody maintains any more{% endif %}',
    body: `<p>{{ salutation }}</p>
{% if finding.cms_end_of_life %}<p>{{ site | default: "Your website" }} runs on <strong>{{ finding.cms_end_of_life.software }}</strong>, a version that has had no fixes{% if finding.cms_end_of_life.date %} since {{ finding.cms_end_of_life.date }}{% else %} for a while{% endif %}.</p>
{% elsif finding.php_end_of_life %}<p>{{ site | default: "Your website" }} runs on <strong>{{ finding.php_end_of_life.software }}</strong>, a version of the language that has had no fixes{% if finding.php_end_of_life.date %} since {{ finding.php_end_of_life.date }}{% else %} for a while{% endif %}. Your host may withdraw it at short notice.</p>
{% elsif finding.editor_discontinued %}<p>{{ site | default: "Your website" }} was made with <strong>{{ finding.editor_discontinued.software }}</strong>, which is no longer developed. The site still shows, but there is little it can grow into.</p>
{% else %}{% hold "site software up to date, or version unknown" %}{% endif %}{% unless finding.editor_discontinued %}<p>In practice, holes found since then stay open, and robots look for them day and night, on small sites as on large ones. What usually follows: advertising pages added behind your back, mail sent in your name, a site that Google flags as dangerous.</p>
{% endunless %}<p>Updating takes three steps: a backup, a trial on a copy, then the switch. Your site stays online meanwhile.</p>
<p>May I tell you what it would take in your case?</p>`,
  },
  {
    id: 'slow',
    category: 'performance',
    name: 'Slow site',
    description: 'The server answers slowly, or the pages are too heavy.',
    subject: '{{ site | default: "Your website" }} keeps people waiting',
    body: `<p>{{ salutation }}</p>
{% if finding.slow_response %}<p>I measured how long {{ site | default: "your website" }} takes to begin answering: <strong>{{ finding.slow_response.ms | number }} milliseconds</strong>, where anything over 800 is felt. Text and pictures only come after that.</p>
{% elsif finding.no_compression %}<p>The pages of {{ site | default: "your website" }} are sent uncompressed: they are three to five times heavier than they need to be, which is felt most on a phone.</p>
{% elsif finding.heavy_html %}<p>The code of one page of {{ site | default: "your website" }} alone weighs <strong>{{ finding.heavy_html.kilobytes | number }} kB</strong>, before a single picture. On a phone that is felt.</p>
{% elsif finding.many_files %}<p>To show the home page of {{ site | default: "your website" }}, a browser has to fetch {{ finding.many_files.scripts }} scripts and {{ finding.many_files.sheets }} style sheets. On a phone that is felt.</p>
{% else %}{% hold "the site is not slow" %}{% endif %}<p>A visitor in a hurry does not wait: they go back to the search results and open the next site.</p>
<p>There is nearly always an easy gain: a hosting setting, a cache, lighter files. I would be glad to find the cause and to tell you, before any work is done, what you would gain.</p>
<p>Would that be of interest?</p>`,
  },
  {
    id: 'no-https',
    category: 'security',
    name: 'Site without https',
    description: 'The site has no secure connection: browsers show “Not secure”.',
    subject: '“Not secure” shows next to {{ site | default: "your website’s address" }}',
    body: `<p>{{ salutation }}</p>
{% unless finding.tls_none %}{% hold "the site has a secure connection" %}{% endunless %}<p>When somebody opens {{ site | default: "your website" }}, the browser shows <strong>“Not secure”</strong> next to the address. The site works, but it has no encrypted connection (https).</p>
<p>Three consequences for {{ entreprise }}:</p>
<ul>
<li>customers hesitate to leave their details, or leave altogether;</li>
<li>whatever they write in a form travels in clear;</li>
<li>with equal content, Google prefers a secure site.</li>
</ul>
<p>The certificate is free and most hosts include it. The work lies in switching it on, then redirecting the old addresses so that nothing of your search ranking is lost.</p>
<p>If you like, I will look at what your hosting allows and answer in plain words. Shall I?</p>`,
  },
  {
    id: 'mobile',
    category: 'mobile',
    name: 'Site hard to read on a phone',
    description: 'The site is not made for phones.',
    subject: '{{ site | default: "Your website" }} seen from a phone',
    body: `<p>{{ salutation }}</p>
{% if finding.viewport_missing %}<p>I opened {{ site | default: "your website" }} on a phone: the page shows in miniature, as on a computer screen. One has to zoom in to read, then scroll every way to find a number.</p>
{% elsif finding.viewport_fixed %}<p>I opened {{ site | default: "your website" }} on a phone: the page has a fixed width{% if finding.viewport_fixed.width %} ({{ finding.viewport_fixed.width }} pixels){% endif %} and does not fit the screen. One has to scroll sideways to read it all.</p>
{% else %}{% hold "the site shows well on phones" %}{% endif %}<p>Over half of all visits now come from phones, and the mobile version is the one Google ranks. A customer looking for {% if secteur %}“{{ secteur | downcase }}”{% else %}a professional{% endif %}{% if ville %} in {{ ville }}{% endif %} from the street does it phone in hand.</p>
<p>Depending on how the site was made, the present layout can be adapted, or it is better to start from a current one and bring over your words and pictures. I can tell you which of the two is worth it here.</p>
<p>May I send you a picture of what your customers see?</p>`,
  },
  {
    id: 'seo',
    category: 'seo',
    name: 'Search ranking',
    description: 'What keeps the site from being found on Google.',
    subject:
      '{% if finding.noindex_home or finding.robots_disallow_all %}{{ site | default: "Your website" }} asks Google not to show it{% else %}What Google shows of {{ entreprise }}{% endif %}',
    body: `<p>{{ salutation }}</p>
{% if finding.noindex_home or finding.robots_disallow_all %}<p>{{ site | default: "Your website" }} carries an instruction asking search engines <strong>not to show it</strong>. It is most often a setting forgotten after going live. As long as it is there, your customers cannot find you through Google.</p>
<p>The fix is a single line. If somebody looks after your site, forward them this message.</p>
{% else %}{% if seo_findings.size == 0 %}{% hold "nothing to report about search ranking" %}{% endif %}<p>I looked at {{ site | default: "your website" }} through Google’s eyes.{% if meta_title %} In the results, your home page carries this title: “{{ meta_title | truncate: 90 }}”.{% endif %} A few points probably cost you visits:</p>
<ul>
{% for point in seo_findings limit: 3 %}<li><strong>{{ point.title }}.</strong> {{ point.meaning }}</li>
{% endfor %}</ul>
<p>These are changes of wording and settings: the site keeps its looks. The effect usually shows within a few weeks, once Google has come by again.</p>
{% endif %}<p>I can suggest the exact wording, page by page. Shall I start with the home page, to show you?</p>`,
  },
  {
    id: 'accessibility',
    category: 'accessibility',
    name: 'Accessibility',
    description: 'What keeps some visitors from using the site.',
    subject: '{{ site | default: "Your website" }} for people with poor sight',
    body: `<p>{{ salutation }}</p>
{% unless finding.images_without_alt or finding.zoom_disabled or finding.lang_missing %}{% hold "nothing to report about accessibility" %}{% endunless %}<p>Some of your visitors enlarge the text, or have pages read out to them. Trying {{ site | default: "your website" }} the way they do, I noted:</p>
<ul>
{% if finding.images_without_alt %}<li><strong>{% if finding.images_without_alt.count == 1 %}One picture has no description{% else %}{{ finding.images_without_alt.count }} of {{ finding.images_without_alt.total }} pictures have no description{% endif %}</strong>: somebody listening to the page cannot know what it shows, and neither can Google Images.</li>
{% endif %}{% if finding.zoom_disabled %}<li><strong>Zooming is blocked on phones</strong>: small text cannot be enlarged.</li>
{% endif %}{% if finding.lang_missing %}<li><strong>The language of the pages is not given</strong>: a screen reader may read them in the wrong accent.</li>
{% endif %}</ul>
<p>These fixes are quick and nobody sees them. Everybody gains: your older customers, those who read in bright sun, and your search ranking.</p>
<p>Would you like the exact list, page by page?</p>`,
  },
  {
    id: 'relaunch',
    category: 'relaunch',
    name: 'Follow-up',
    description: 'A few days after a first message without an answer, in the same thread.',
    subject: 'Re: {{ site | default: entreprise }}',
    body: `<p>{{ salutation }}</p>
<p>I am coming back to you about {{ site | default: "your website" }}: you may not have had the time to look at my message.</p>
{% if worst %}<p>In one sentence: <strong>{{ worst.title }}</strong>. {{ worst.meaning }}</p>
{% endif %}<p>If this is already in good hands, or if now is not the time, one word is enough and I will not write again. And if it is of interest, just tell me which day suits you for ten minutes on the phone.</p>`,
  },
  {
    id: 'thanks',
    category: 'thanks',
    name: 'Thanks',
    description: 'After an answer or a meeting: thank you, and what comes next.',
    subject: 'Thank you for your answer',
    body: `<p>{{ salutation }}</p>
<p>Thank you for your answer and for the time you gave me.</p>
<p>Here is what I suggest next:</p>
<ul>
<li>I go through {{ site | default: "your website" }} in detail{% if findings_count > 1 %} ({{ findings_count }} points noted so far){% endif %};</li>
<li>I send you a proposal with prices, the most useful first;</li>
<li>you choose what you want done, and when.</li>
</ul>
<p>If you have access to your hosting, or the name of whoever made the site, keep it at hand: it will save us time.</p>
<p>Until then, please write or call whenever you like.</p>`,
  },
]
