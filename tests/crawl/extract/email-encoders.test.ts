import { describe, expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

const emailsOf = (body: string) =>
  parsedAt(
    'https://www.maison-klein.fr/contact',
    `<!doctype html><html><body>${body}</body></html>`,
  ).facts.emails.map((fact) => fact.value)

const W = 'contact@maison-klein.fr'
const codes = [...W].map((sign) => sign.charCodeAt(0))
const hex = codes.map((code) => code.toString(16)).join('')
const moved = codes.map((code) => String.fromCharCode(code + 1)).join('')
const salted = codes.map((code, at) => `${at % 4}${String.fromCharCode(code + (at % 4))}`).join('')
const link = `<a href="mailto:${W}">m</a>`

/** Hivelogic's Enkoder: each layer is code that turns the string before it into code. */
const enkoded = (): string => {
  const reversed = [...`document.write(${JSON.stringify(link)});`].toReversed().join('')
  let code = `kode=${JSON.stringify(reversed)};kode=kode.split('').reverse().join('')`
  const shifted = code.replace(/[^]/g, (sign) => String.fromCharCode((sign.charCodeAt(0) + 3) % 128))
  code = `kode=${JSON.stringify(shifted)};x='';for(i=0;i<kode.length;i++){c=kode.charCodeAt(i)-3;if(c<0)c+=128;x+=String.fromCharCode(c)}kode=x`
  const swapped = code.replace(/([^])([^])/g, '$2$1')
  code = `kode=${JSON.stringify(swapped)};x='';for(i=0;i<(kode.length-1);i+=2){x+=kode.charAt(i+1)+kode.charAt(i)}kode=x+(i<kode.length?kode.charAt(kode.length-1):'');`
  return `<script>function hivelogic_enkoder(){var kode=\n${JSON.stringify(code)};var i,c,x;while(eval(kode));}</script>`
}

const cases: Record<string, string> = {
  CryptX: `<a href="javascript:DeCryptX('${moved}')">x</a>`,
  'CryptX with salt': `<a href="javascript:DeCryptX('${salted}')">x</a>`,
  'Joomla 5': `<joomla-hidden-mail is-link="1" is-email="1" first="${btoa('contact')}" last="${btoa('maison-klein.fr')}" text="${btoa(W)}" base="">protégée</joomla-hidden-mail>`,
  'SPIP mailcrypt': `<a href="#contact#mc#maison-klein.fr#" title="contact..åt..maison-klein.fr" class="spip_mail">écrire</a>`,
  SpamSpan: `<span class="spamspan"><span class="u">contact</span> [at] <span class="d">maison-klein [dot] fr</span></span>`,
  'Hivelogic Enkoder': enkoded(),
  'a packed script': `<script>eval(function(p,a,c,k,e,d){while(c--)if(k[c])p=p.replace(new RegExp('\\\\b'+c+'\\\\b','g'),k[c]);return p}('0 1="2";3.4(1+"@5-6.7")',8,8,'var|u|contact|document|write|maison|klein|fr'.split('|'),0,{}))</script>`,
  'code in base64 that is run': `<script>eval(atob('${btoa("document.write('contact'+'@'+'maison-klein.fr')")}'))</script>`,
  'a script in its address': `<script src="data:text/javascript;base64,${btoa("document.write('contact'+'@'+'maison-klein.fr')")}"></script>`,
  'hex in a script': `<script>var h='${hex}';for(i=0;i<h.length;i+=2)r+=String.fromCharCode(parseInt(h.substr(i,2),16))</script>`,
  'hex in an attribute': `<a data-mail="${hex}">x</a>`,
  'numbers in an attribute': `<a data-email="${codes.join('-')}">x</a>`,
  'the name of the host': `<script>document.write('contact' + '@' + location.hostname.replace('www.',''))</script>`,
  'data attributes of any name': `<a data-left="contact" data-right="maison-klein.fr">x</a>`,
  'halves turned round': `<a data-user="tcatnoc" data-domain="rf.nielk-nosiam">x</a>`,
  'style with attributes': `<style>.m::before{content:attr(data-u) "@" attr(data-d)}</style><span class="m" data-u="contact" data-d="maison-klein.fr"></span>`,
  'the domain by style': `<style>.d::after{content:"@maison-klein.fr"}</style><p>Mail : contact<span class="d"></span></p>`,
  'a class that hides': `contact<span class="eeb-nodis">917</span>@maison-klein.fr`,
  'a component': `<astro-island props="{&quot;mail&quot;:[0,&quot;${W}&quot;]}"></astro-island>`,
  'a link without scheme': `<a href="${W}">x</a>`,
  'a mistyped scheme': `<a href="malito:${W}">x</a>`,
  'webmail that writes': `<a href="https://mail.google.com/mail/?view=cm&to=${W}">x</a>`,
  'a card in the link': `<a href="data:text/vcard;charset=utf-8,BEGIN%3AVCARD%0AEMAIL%3Acontact%40maison-klein.fr%0AEND%3AVCARD">x</a>`,
  'a frame of its own text': `<iframe srcdoc="&lt;p&gt;${W}&lt;/p&gt;"></iframe>`,
  'a picture of text': `<svg><text>03 87 00 11 22</text><text>${W}</text></svg>`,
  'a broken line': `contact@maison-<br>klein.fr`,
  German: `contact (at) maison-klein (punkt) fr`,
  Italian: `contact chiocciola maison-klein punto fr`,
  Spanish: `contact arroba maison-klein punto fr`,
  Dutch: `contact [apenstaartje] maison-klein [punt] fr`,
}

describe('an address is read that is hidden as', () => {
  test.each(Object.entries(cases))('%s', (_, html) => expect(emailsOf(html)).toEqual([W]))
})

describe('no address is', () => {
  test.each([
    '<p>Suivez @maison-klein.fr</p>',
    '<p>Rendez-vous chez gmail.com</p>',
    '<p>ftp://user:secret@ftp.autre.fr/</p>',
    '<p>git clone git@github.com:acme/site.git, npm i @scope/pkg@1.2.3</p>',
    '<span data-domain="maison-klein.fr" data-id="service">x</span>',
    '<a href="https://www.google.com/maps/@48.85,2.35,15z">x</a>',
    '<p>nom@dominio.es, john@doe.com, vous@beispiel.de</p>',
  ])('%s', (html) => expect(emailsOf(html)).toEqual([]))
})

test('addresses that others look after the data with are not the company’s', () => {
  const facts = parsedAt(
    'https://www.maison-klein.fr/mentions-legales',
    '<p>Délégué à la protection des données : dpo@cabinet-donnees.fr</p><p>Écrire à contact@maison-klein.fr</p>',
    { headers: {} },
  ).facts.emails
  expect(facts.map(({ value, kind }) => `${value} ${kind}`).sort()).toEqual([
    'contact@maison-klein.fr role',
    'dpo@cabinet-donnees.fr thirdparty',
  ])
})
