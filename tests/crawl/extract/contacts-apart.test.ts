import { expect, test } from 'bun:test'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const factsOf = (host: string, html: string): PageFacts =>
  parsedAt(`https://${host}/equipe`, `<!doctype html><html><body><main>${html}</main></body></html>`).facts

const PLAIN = 'www.maison-klein.fr'
const phonesOf = (html: string): string[] =>
  factsOf(PLAIN, html).phones.map((fact) => [fact.value, fact.kind].filter(Boolean).join(' '))

test.each<[string, string[]]>([
  ['<span class="hidden-phone" data-full="0387112204">038711…</span>', ['+33387112204']],
  ['<a href="#" class="btn show-phone" data-number="06 70 11 22 33">Voir le numéro</a>', ['+33670112233']],
  ['<button class="tel js" data-reveal="+33 3 87 11 22 04">Appeler</button>', ['+33387112204']],
  ['<div data-mobile="0670112233"></div>', ['+33670112233']],
  ['<div data-agent-phone="0670112233"></div>', ['+33670112233']],
  [
    `<div class="agent" data-agent='{"nom":"Klein","fonction":"Gérant","mobile":"0670112233","fixe":"03 87 11 22 04"}'></div>`,
    ['+33670112233', '+33387112204'],
  ],
  [
    '<div data-props="{&quot;name&quot;:&quot;Anne Klein&quot;,&quot;phone&quot;:&quot;06 70 11 22 33&quot;}"></div>',
    ['+33670112233'],
  ],
  ['<div class="produit" data-number="0387112204">Voir</div>', []],
  ['<div class="phone-case" data-sku="0387112204">Coque</div>', []],
  ['<div data-id="0670112233"></div>', []],
  ['<div data-full="0387112204"></div>', []],
  ['<div data-item=\'{"reference":"0387112204","name":"Tournevis","stock":"0670112233"}\'></div>', []],
  ['<div class="tel" data-full="038711">038711…</div>', []],
  ['<p>Agréé par toutes les assurances (MAAF, MMA, Macif). Dépannage : 06 70 11 22 33</p>', ['+33670112233']],
  ['<p>Assurance : MAAF, Niort, tél. 05 49 11 22 33</p>', ['+33549112233 thirdparty']],
  [
    '<p>Représentant pour la Belgique : Outils Lambrecht, Namur, tél. +32 81 22 33 44</p>',
    ['+3281223344 thirdparty'],
  ],
  ['<p>Notre représentant, Marc Klein : 06 70 11 22 33</p>', ['+33670112233']],
])('numbers of %s', (html, expected) => expect(phonesOf(html)).toEqual(expected))

const emailsAt = (host: string, html: string): string[] =>
  factsOf(host, html).emails.map(({ value, kind }) => `${value} ${kind}`)

test.each<[string, string, string[]]>([
  [
    'office-morvan.notaires.fr',
    '<div>Maître Yann MORVAN</div><div>Notaire associé, médiateur</div><div>yann.morvan@29014.notaires.fr</div>',
    ['yann.morvan@29014.notaires.fr person'],
  ],
  [
    'office-morvan.notaires.fr',
    '<p>Médiateur de la consommation : mediateurdunotariat@notaires.fr</p>',
    ['mediateurdunotariat@notaires.fr thirdparty'],
  ],
  [
    'www.dr-kessler.fr',
    '<p>Dr Anne Kessler</p><p>anne.kessler@67.medecin.mssante.fr</p>',
    ['anne.kessler@67.medecin.mssante.fr person'],
  ],
  [
    'www.cabinet-orsini.fr',
    '<p>lucie.orsini@avocat-conseil.fr</p>',
    ['lucie.orsini@avocat-conseil.fr person'],
  ],
  [
    'mairie-lussas.fr',
    '<p>mairie.lussas@inforoutes-ardeche.fr</p>',
    ['mairie.lussas@inforoutes-ardeche.fr role'],
  ],
  [
    PLAIN,
    '<p>Mail : <span class="e" data-u="klein.platrerie" data-d="gmail.com"></span></p>',
    ['klein.platrerie@gmail.com role'],
  ],
  [PLAIN, '<span data-u="contact" data-d="maison-klein.fr"></span>', ['contact@maison-klein.fr role']],
  [PLAIN, '<span data-u="3" data-d="12.5"></span>', []],
  [PLAIN, '<p>jean.dupuis@entreprise-dupuis.com</p>', ['jean.dupuis@entreprise-dupuis.com thirdparty']],
])('on %s addresses of %s', (host, html, expected) => expect(emailsAt(host, html)).toEqual(expected))
