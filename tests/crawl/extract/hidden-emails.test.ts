import { describe, expect, test } from 'bun:test'
import type { EmailFact } from '#src/crawl/site-record.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const emailsOf = (body: string, host = 'www.maison-klein.fr'): EmailFact[] =>
  parsedAt(`https://${host}/contact`, `<!doctype html><html><head></head><body>${body}</body></html>`).facts
    .emails

/** TYPO3's cipher: three ranges of characters, each rotated. */
const enc = (s: string, o: number) =>
  [...s]
    .map((l) => {
      const c = l.charCodeAt(0)
      for (const [a, b] of [
        [0x2b, 0x3a],
        [0x40, 0x5a],
        [0x61, 0x7a],
      ] as const)
        if (c >= a && c <= b) {
          const n = b - a + 1
          return String.fromCharCode(a + ((((c - a + o) % n) + n) % n))
        }
      return l
    })
    .join('')
const W = 'contact@maison-klein.fr'
const codes = [...W].map((c) => c.charCodeAt(0)).join(',')
const rot = (t: string) =>
  t.replace(/[a-z]/gi, (l) => {
    const b = l <= 'Z' ? 65 : 97
    return String.fromCharCode(((l.charCodeAt(0) - b + 13) % 26) + b)
  })
const b64 = btoa(W)
const rev = [...W].reverse().join('')
const ent = [...W].map((c) => `&#${c.charCodeAt(0)};`).join('')
const hex = [...W].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')
const pct = [...W].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')
/** How sites hide one address from robots, by a short name of the trick. */
const cases: Record<string, string> = {
  typo3m: `<a href="javascript:linkTo_UnCryptMailto('${enc('mailto:' + W, -2)}');">c</a>`,
  typo3p: `<a href="javascript:linkTo_UnCryptMailto(%27${encodeURIComponent(enc('mailto:' + W, 3))}%27);">c</a>`,
  typo3ent: `<a href="javascript:linkTo_UnCryptMailto(&#039;${enc('mailto:' + W, 1)}&#039;);">c</a>`,
  typo3dq: `<a href='javascript:linkTo_UnCryptMailto("${enc('mailto:' + W, 1)}", 1);'>c</a>`,
  typo3token: `<a href="#" data-mailto-token="${enc('mailto:' + W, 1)}" data-mailto-vector="1">c(at)m</a>`,
  typo3token2: `<a href="#" data-mailto-token="${enc('mailto:' + W, -5)}" data-mailto-vector="-5">x</a>`,
  typo3onclick: `<a href="#" onclick="linkTo_UnCryptMailto('${enc('mailto:' + W, 1)}');return false">c</a>`,
  typo3script: `<script>linkTo_UnCryptMailto('${enc('mailto:' + W, 1)}')</script>`,
  charArr: `<script>var a=[${codes}];var s='';for(var i=0;i<a.length;i++)s+=String.fromCharCode(a[i]);document.write(s)</script>`,
  charArrOff: `<script>var a=[${[...W].map((c) => c.charCodeAt(0) + 3).join(', ')}];for(i in a)s+=String.fromCharCode(a[i]-3)</script>`,
  fcc: `<script>document.write('<a href="mailto:'+String.fromCharCode(${codes})+'">m</a>')</script>`,
  fccsplit: `<script>document.write("contact"+String.fromCharCode(64)+"maison-klein"+String.fromCharCode(46)+"fr")</script>`,
  join: `<script>document.getElementById('m').innerHTML=['contact','maison-klein.fr'].join('@')</script>`,
  join2: `<script>var p=['con','tact','@','maison-','klein','.fr'];document.write(p.join(''))</script>`,
  concat: `<script>var u='contact';var d="maison-klein";var t='fr';document.write('<a href="mai'+'lto:'+u+'@'+d+'.'+t+'">'+u+'&#64;'+d+'.'+t+'</a>')</script>`,
  concat2: `<script>const user = "contact"; const dom = \`maison-klein.fr\`; el.href = \`mailto:\${user}@\${dom}\`;</script>`,
  concat3: `<script>el.href = "mailto:" + ["contact", "maison-klein.fr"].join("@")</script>`,
  plusassign: `<script>var s='con';s+='tact';s+='@';s+='maison-klein';s+='.fr';x.innerHTML=s</script>`,
  joomla: `<span id="cloak1">x</span><script>document.getElementById('cloak1').innerHTML='';var prefix='&#109;a'+'i&#108;'+'&#116;o';var path='hr'+'ef'+'=';var addy1='c&#111;nt&#97;ct'+'&#64;';addy1=addy1+'m&#97;&#105;s&#111;n-kl&#101;&#105;n'+'&#46;'+'fr';var addy_text1='c&#111;nt&#97;ct'+'&#64;'+'m&#97;&#105;s&#111;n-kl&#101;&#105;n'+'&#46;'+'fr';document.getElementById('cloak1').innerHTML+='<a '+path+'\\''+prefix+':'+addy1+'\\'>'+addy_text1+'<\\/a>';</script>`,
  atob: `<script>el.textContent=atob('${b64}')</script>`,
  atob2: `<script>var e="${b64}";document.write(atob(e))</script>`,
  atobjs: `<a href="javascript:location.href='mailto:'+atob('${b64}')">m</a>`,
  b64attr: `<a href="#" data-email="${b64}">m</a>`,
  b64attr2: `<a href="#" data-b64="${btoa('mailto:' + W)}">m</a>`,
  b64attr3: `<span data-obf="${btoa('<a href="mailto:' + W + '">x</a>')}">m</span>`,
  jsonattr: `<div data-props='{"contact":{"email":"${W}","tel":"x"}}'></div>`,
  jsonattr2: `<div data-settings="{&quot;email&quot;:&quot;${W}&quot;}"></div>`,
  jsonscript: `<script type="application/json">{"props":{"email":"${W}"}}</script>`,
  nextdata: `<script id="__NEXT_DATA__" type="application/json">{"a":"<a href=\\"mailto:${W}\\">x</a>"}</script>`,
  rot13href: `<a href="znvygb:${rot(W)}" class="rot13">${rot(W)}</a>`,
  rot13text: `<span class="rot13">${rot(W)}</span>`,
  rot13script: `<script>document.write("<n uers=\\"znvygb:${rot(W)}\\">x</n>".replace(/[a-zA-Z]/g,function(c){return String.fromCharCode((c<="Z"?90:122)>=(c=c.charCodeAt(0)+13)?c:c-26);}));</script>`,
  rot13data: `<a data-rot13="${rot(W)}">x</a>`,
  rev: `<span style="unicode-bidi:bidi-override;direction:rtl">${rev}</span>`,
  revcss: `<style>.r{unicode-bidi:bidi-override; direction:rtl;}</style><span class="r">${rev}</span>`,
  bdo: `<bdo dir="rtl">${rev}</bdo>`,
  revscript: `<script>document.write('${rev}'.split('').reverse().join(''))</script>`,
  revdata: `<a data-mail="${rev}" class="rev">x</a>`,
  revtext: `<p class="reverse">${rev}</p>`,
  decoy: `<style>.nospam{display:none}</style>contact<span class="nospam">NOSPAM</span>@maison-klein.fr`,
  decoy2: `contact@<span style="display:none">null</span>maison-klein.fr`,
  decoy3: `contact@<b style="display: none;">x</b>maison-klein<i style="display:none">.com</i>.fr`,
  comment: `contact<!-- x -->@<!-- y -->maison-klein.fr`,
  tags: `<span>contact</span><span>@</span><span>maison-klein</span><span>.fr</span>`,
  cssat: `<style>.at:before{content:"@"}</style>contact<span class="at"></span>maison-klein.fr`,
  cssat2: `<style>.at::after{content:'\\0040'}</style>contact<i class="at"></i>maison-klein.fr`,
  csscontent: `<style>#mail:after{content:"${W}"}</style><span id="mail"></span>`,
  datasplit: `<span data-user="contact" data-domain="maison-klein.fr"></span>`,
  datasplit2: `<a data-name="contact" data-host="maison-klein" data-tld="fr">x</a>`,
  datasplit3: `<a data-part1="contact" data-part2="maison-klein" data-part3="fr">x</a>`,
  dataat: `<a data-email="contact[at]maison-klein.fr">x</a>`,
  dataat2: `<a href="mailto:contact(at)maison-klein.fr">x</a>`,
  dataat3: `<a href="mailto:contact%5Bat%5Dmaison-klein%5Bdot%5Dfr">x</a>`,
  hrefspam: `<a href="mailto:contact@NOSPAM.maison-klein.fr">x</a>`,
  hrefspam2: `<a href="mailto:contactREMOVETHIS@maison-klein.fr">x</a>`,
  ent: `<a href="${[...('mailto:' + W)].map((c) => `&#x${c.charCodeAt(0).toString(16)};`).join('')}">${ent}</a>`,
  hexs: `<script>var m="${hex}";</script>`,
  pcts: `<script>document.write(unescape('${pct}'))</script>`,
  uni: `<script>var m="contact\\u0040maison-klein.fr"</script>`,
  onmouse: `<a href="#" onmouseover="this.href='mai'+'lto:'+'contact'+'@'+'maison-klein.fr'">x</a>`,
  at1: `contact [at] maison-klein [dot] fr`,
  at2: `contact (arobase) maison-klein (point) fr`,
  at3: `contact arobase maison-klein point fr`,
  at4: `contact AT maison-klein DOT fr`,
  at5: `contact{at}maison-klein.fr`,
  at6: `contact(a)maison-klein.fr`,
  at7: `contact_at_maison-klein_dot_fr`,
  at8: `contact -at- maison-klein.fr`,
  at9: `contact@maison-klein[point]fr`,
  at10: `contact &lt;at&gt; maison-klein.fr`,
  at11: 'contact ＠ maison-klein.fr',
  at12: 'contact＠maison-klein．fr',
  at13: 'contact @ maison-klein . fr',
  at14: 'contact@maison-klein dot fr',
  at15: 'contact[@]maison-klein[.]fr',
  at16: 'contact /at/ maison-klein.fr',
  at17: 'contact(à)maison-klein.fr',
  at18: 'c o n t a c t @ maison-klein.fr',
  at19: 'contact <img src="/arobase.gif" alt=""> maison-klein.fr',
  at20: 'contact<img src="/img/at.png">maison-klein.fr',
  at21: 'contact *at* maison-klein.fr',
  at22: 'contact AROBASE maison-klein.fr',
  at23: 'contact [ at ] maison-klein [ dot ] fr',
  at24: 'contact[arobase]maison-klein.fr',
  at25: 'contact<i class="fa fa-at"></i>maison-klein.fr',
  at26: 'contact (at) maison (tiret) klein (point) fr',
  formsubmit: `<form action="https://formsubmit.co/${W}"></form>`,
  formmail: `<form action="mailto:${W}"></form>`,
  hiddenField: `<form action="/cgi-bin/formmail.pl"><input type=hidden name=recipient value="${W}"></form>`,
  mdata: `<span itemprop="email" content="${W}"></span>`,
  title: `<a href="/contact" title="${W}">x</a>`,
  aria: `<a href="/c" aria-label="E-mail : ${W}">x</a>`,
  input: `<input value="${W}" readonly>`,
  alt: `<img src="m.png" alt="${W}">`,
  xor: `<script>var k=7,a=[${[...W].map((c) => c.charCodeAt(0) ^ 7).join(',')}],s='';a.forEach(function(c){s+=String.fromCharCode(c^7)})</script>`,
  shift: `<script>function d(s){var r='';for(var i=0;i<s.length;i++)r+=String.fromCharCode(s.charCodeAt(i)-1);return r}document.write(d('${[...W].map((c) => String.fromCharCode(c.charCodeAt(0) + 1)).join('')}'))</script>`,
  wpHide: `<a class="mailto-link" data-enc-email="${rot('contact[at]maison-klein.fr')}">x</a>`,
  eae: `<a href="mailto:x" onclick="this.href='mailto:' + 'contact' + '@' + 'maison-klein.fr'">x</a>`,
  replaceS: `<script>var m="contact#maison-klein.fr".replace('#','@');</script>`,
  replaceS2: `<script>document.write('contact[at]maison-klein[dot]fr'.replace('[at]','@').replace(/\\[dot\\]/g,'.'))</script>`,
  func: `<script>function mail(u,d){location='mailto:'+u+'@'+d}</script><a href="javascript:mail('contact','maison-klein.fr')">x</a>`,
  func2: `<a href="javascript:sendMail('contact','maison-klein','fr')">x</a>`,
  func3: `<script>noSpam('contact','maison-klein.fr')</script>`,
  obj: `<script>var c={user:'contact',domain:'maison-klein.fr'};el.href='mailto:'+c.user+'@'+c.domain</script>`,
  cf: `<a href="/cdn-cgi/l/email-protection#${(() => {
    const k = 0x5a
    return k.toString(16) + [...W].map((c) => (c.charCodeAt(0) ^ k).toString(16).padStart(2, '0')).join('')
  })()}">[email&nbsp;protected]</a>`,
}

describe('a hidden address is read', () => {
  test.each(Object.entries(cases))('%s', (_, html) => {
    expect(emailsOf(html).map((fact) => fact.value)).toEqual([W])
  })
})

describe('what only looks like a hidden address is none', () => {
  test.each([
    '<p>Suivez @maisonklein sur Instagram, look at maison-klein.fr at some point in time</p>',
    '<script>var dsn="https://0123456789abcdef0123456789abcdef@o1234.ingest.sentry.io/1"</script>',
    '<script>/* jQuery plugin by john@plugins-are-us.com */ var a=[1,2,3,4,5,6,7,8,9,10].reverse()</script>',
    '<script>var s="@media (max-width:600px)";var f=["a","b"].join("@2x.")+"png"</script>',
    '<img src="logo@2x.png" data-src="/img/team@3x.webp"><a data-user="slide" data-domain="carousel">x</a>',
    '<input placeholder="vous@exemple.fr" value="prenom.nom@exemple.fr" readonly>',
    '<div data-settings="{&quot;url&quot;:&quot;https://cdn.jsdelivr.net/npm/swiper@8.4.5/swiper.js&quot;}"></div>',
    '<p>Le cours est à 4 @ 5 points. Prix : 12 @ 14 € le kilo.</p>',
    '<style>.x::after{content:"@"}</style><p class="x">12</p>',
  ])('%s', (html) => expect(emailsOf(html)).toEqual([]))

  test('a hidden sentence is kept, it may be shown by a click', () => {
    const html =
      '<style>.more{display:none}</style><p>Appelez<span class="more">contact@maison-klein.fr</span></p>'
    expect(emailsOf(html).map((fact) => fact.value)).toHaveLength(1)
  })
})

const LIMIT_MS = 3_000
test.each([
  ['comments that never end', `<script>fromCharCode(${'/*'.repeat(28_000)}</script>`],
  ['brackets that never close', `<script>atob(${'['.repeat(28_000)}</script>`],
  ['a string that doubles', `<script>fromCharCode;a='x@y';${'a=a+a;'.repeat(4_000)}</script>`],
  ['lists of numbers', `<script>fromCharCode^;${'[1,2,3,4,5,6,7],'.repeat(1_500)}</script>`],
  ['braces without end', `<style>display:none;${'a{'.repeat(60_000)}</style>`],
  ['spelled-out nonsense', `<p>${'a [at] b [dot] '.repeat(20_000)}</p>`],
])('a hostile page with %s ends in time', (_, html) => {
  const started = performance.now()
  expect(emailsOf(html)).toEqual([])
  expect(performance.now() - started).toBeLessThan(LIMIT_MS)
})
