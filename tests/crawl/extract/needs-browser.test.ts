import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

const parse = (html: string) =>
  parsedAt('https://www.atelier-durand.fr/', html, { siteHost: 'atelier-durand.fr', depth: 0, home: true })

const doc = (body: string, head = '') =>
  `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Atelier Durand</title>${head}</head><body>${body}</body></html>`
const words = 'Menuiserie Durand fabrique vos meubles, escaliers et cuisines sur mesure à Metz depuis 1987. '

const NEEDED: Record<string, string> = {
  'Create React App': doc(
    '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>',
    '<script defer src="/static/js/main.8f3c1a2b.js"></script><link href="/static/css/main.css" rel="stylesheet">',
  ),
  'Vite with React': doc(
    '<div id="root"></div>',
    '<script type="module" crossorigin src="/assets/index-BxT2q9Zk.js"></script>',
  ),
  'Vue CLI': doc(
    '<noscript><strong>We\'re sorry but atelier doesn\'t work properly without JavaScript enabled. Please enable it to continue.</strong></noscript><div id="app"></div><script src="/js/chunk-vendors.3f2a1b9c.js"></script><script src="/js/app.9d8c7b6a.js"></script>',
  ),
  Angular: doc(
    '<app-root></app-root><script src="runtime.1a2b3c4d.js" type="module"></script><script src="polyfills.5e6f7a8b.js" type="module"></script><script src="main.9c0d1e2f.js" type="module"></script>',
  ),
  'Angular with a word to wait': doc(
    '<app-root>Chargement en cours…</app-root><script src="main-ABCDEF12.js" type="module"></script>',
  ),
  AngularJS: doc(
    '<div ng-app="site" class="ng-cloak"><h1>{{ page.title }}</h1><div>{{ page.text | translate }}</div><div ng-view></div></div><script src="/js/angular.min.js"></script><script src="/js/app.js"></script>',
  ),
  'Next.js drawn by the client': doc(
    '<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":{}},"page":"/","buildId":"x"}</script><script src="/_next/static/chunks/main-abc.js" async></script>',
  ),
  'Nuxt as an application': doc(
    '<div id="__nuxt"></div><script>window.__NUXT__={};window.__NUXT__.config={public:{}}</script>',
    '<script type="module" src="/_nuxt/entry.1a2b3c4d.js" crossorigin></script>',
  ),
  'Flutter for the web': doc(
    '<script src="flutter_bootstrap.js" async></script>',
    '<base href="/"><meta content="IE=Edge" http-equiv="X-UA-Compatible"><link rel="manifest" href="manifest.json">',
  ),
  'Flutter, older': doc(
    '<script>window.addEventListener("load", function () { _flutter.loader.loadEntrypoint({}) })</script><script src="main.dart.js"></script>',
  ),
  'Wix, older': doc(
    '<div id="SITE_CONTAINER"></div><script src="https://static.parastorage.com/services/santa/1.13103.3/app/main-r.min.js"></script><script>var rendererModel = {"metaSiteId":"a"}; var publicModel = {"domain":"wix.com"}</script>',
  ),
  GWT: doc(
    '<iframe src="javascript:\'\'" id="__gwt_historyFrame" tabindex="-1" style="position:absolute;width:0;height:0;border:0"></iframe><noscript><div>Your web browser must have JavaScript enabled in order for this application to display correctly.</div></noscript>',
    '<script src="atelier/atelier.nocache.js"></script>',
  ),
  SvelteKit: doc(
    '<div style="display: contents"><script>Promise.all([import("./_app/immutable/entry/start.b1.js"), import("./_app/immutable/entry/app.c2.js")]).then(([kit, app]) => { kit.start(app) })</script></div>',
  ),
  Ember: doc(
    '<div id="ember-app"></div><script src="/assets/vendor-0a1b2c3d4e.js"></script><script src="/assets/site-9f8e7d6c5b.js"></script>',
  ),
  RequireJS: doc('<div class="page"></div><script data-main="/js/main" src="/js/require.js"></script>'),
  'a slogan for search engines in the shell': doc(
    `<div id="root"><h1>Atelier Durand</h1><p>${words}</p></div><noscript>Activez JavaScript pour afficher ce site.</noscript><script src="/bundle.js"></script>`,
  ),
  'only a word that asks for JavaScript': doc(
    '<p>Merci d’activer JavaScript dans votre navigateur pour consulter notre site.</p><script src="/site.js"></script>',
  ),
  'German, too': doc(
    '<noscript>Bitte JavaScript aktivieren, um diese Seite zu sehen.</noscript><div id="page"></div><script src="/js/site.js"></script>',
  ),
  'an empty body and one script of its own': doc(
    '<div class="wrapper"></div><script src="/dist/site-2f1a.js"></script>',
  ),
  'a spinner': doc(
    '<div id="app"><div class="spinner"></div>Loading...</div><script type="module" src="/src/main.js"></script>',
  ),
  'a check that cookies are kept': doc('<script>document.cookie="seen=1;path=/";location.reload();</script>'),
  'the same, with a word': doc(
    '<p>Vérification de votre navigateur…</p><script>function go(){document.cookie = "__test=" + toHex(slowAES.decrypt(c,2,a,b)) + "; path=/"; location.href="https://www.atelier-durand.fr/?i=1";} go()</script><script src="/aes.js"></script>',
  ),
  'a redirect that only a script can tell': doc(
    '<script>var p = ["/ac", "cueil"]; window.location.href = p.join("")</script>',
  ),
}

const NOT_NEEDED: Record<string, string> = {
  'an ordinary page': doc(
    `<header><nav><a href="/">Accueil</a></nav></header><main><h1>Menuiserie</h1><p>${words.repeat(6)}</p></main><script src="/js/app.js"></script>`,
  ),
  'a drawn Next.js page': doc(
    `<div id="__next"><h1>Menuiserie</h1><p>${words.repeat(5)}</p></div><script id="__NEXT_DATA__" type="application/json">{"props":{}}</script><script src="/_next/static/chunks/main.js"></script>`,
  ),
  'a drawn Nuxt page with noscript': doc(
    `<div id="__nuxt"><p>${words.repeat(5)}</p></div><noscript>Please enable JavaScript.</noscript><script src="/_nuxt/a.js"></script>`,
  ),
  'a business card of a page': doc(
    '<h1>Boulangerie Petit</h1><p>12 rue Haute, 57000 Metz<br>03 87 00 00 01</p><script src="/js/main.js"></script>',
  ),
  'the same in a root element': doc(
    '<div id="app"><h1>Boulangerie Petit</h1><p>contact@boulangerie-petit.fr</p></div><script src="/js/app.js"></script>',
  ),
  'short, without scripts': doc('<h1>Plomberie Roux</h1><p>Ouvert du lundi au vendredi.</p>'),
  'short, with a counter only': doc(
    '<h1>Plomberie Roux</h1><p>Ouvert du lundi au vendredi de 8 h à 18 h.</p><script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script><script>window.dataLayer=[];function gtag(){dataLayer.push(arguments)}</script>',
  ),
  'short, with jQuery': doc(
    '<p>Site de l’amicale des pêcheurs.</p><p>Réunion tous les jeudis.</p><script src="/js/jquery.min.js"></script>',
  ),
  'one picture': doc(
    '<a href="/accueil.html"><img src="entree.jpg" width="800" height="600"></a><script src="/js/fx.js"></script>',
  ),
  'a picture with areas': doc(
    '<img src="menu.gif" usemap="#m"><map name="m"><area href="/a.html"><area href="/b.html"></map><script src="/swap.js"></script>',
  ),
  frames:
    '<html><head><title>Garage</title><script src="/x.js"></script></head><frameset cols="20%,80%"><frame src="menu.html"><frame src="corps.html"></frameset></html>',
  'a page in a frame': doc(
    '<iframe src="https://garage.example/site/" width="100%" height="100%"></iframe><script src="/resize.js"></script>',
  ),
  'a form to sign in': doc(
    '<form action="/login" method="post"><input name="user"><input type="password" name="pass"></form><script src="/static/js/main.12345678.js"></script>',
  ),
  'a redirect that is written out': doc('<script>window.location.href = "/accueil/";</script>'),
  'a redirect by replace': doc(
    '<script>location.replace("https://www.atelier-durand.fr/fr/")</script><p>Redirection…</p>',
  ),
  'a meta refresh': doc(
    '<p>Vous allez être redirigé.</p>',
    '<meta http-equiv="refresh" content="0; url=/accueil">',
  ),
  'for sale': doc(
    '<h1>Ce nom de domaine est à vendre</h1><div id="root"></div><script src="/main.js"></script>',
  ),
  'parked by a registrar': doc(
    '<div id="root"></div><script src="https://sedoparking.com/frmpark/a.js"></script><script src="/bundle.js"></script>',
  ),
  'the page of a server': doc('<h1>It works!</h1><script src="/app.js"></script>'),
  'under construction': doc('<h1>Site en construction</h1><script src="/bundle.js"></script>'),
  'a proof that one is human': doc(
    '<noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={cvId:"3"};</script><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
    '<title>Just a moment...</title>',
  ),
  'a captcha': doc(
    '<div id="app"></div><p>Please enable JS and disable any ad blocker</p><script src="https://ct.captcha-delivery.com/c.js"></script>',
  ),
  'links only': doc(
    ['accueil', 'tarifs', 'contact', 'photos', 'plan', 'avis']
      .map((one) => `<a href="/${one}">${one}</a>`)
      .join(' ') + '<script src="/app.js"></script>',
  ),
  'an empty answer': '',
  'no page at all': 'OK',
}

test.each(Object.entries(NEEDED))('drawn by scripts: %s', (_, html) => {
  expect(parse(html).page.needsBrowser).toBe(true)
})

test.each(Object.entries(NOT_NEEDED))('whole as it is: %s', (_, html) => {
  expect(parse(html).page.needsBrowser).toBe(false)
})

test.each([
  ['<script>window.location.href = "/accueil/";</script>', '/accueil/'],
  ["<script>document.location='index2.html'</script>", '/index2.html'],
  ['<script>location.replace("https://www.atelier-durand.fr/fr/")</script>', '/fr/'],
  ["<body onload=''><script>setTimeout(\"location.href='/site/'\", 500)</script>", '/site/'],
  [
    "<script>var l = navigator.language; if (l == 'en') { location.href = '/en/' } else { location.href = '/fr/' }</script>",
    '/fr/',
  ],
  ['<script>top.location.assign(`/menu`)</script>', '/menu'],
])('a redirect written out in a script is followed without a browser: %s', (body, path) => {
  expect(parse(doc(body)).metaRefresh).toBe(`https://www.atelier-durand.fr${path}`)
})

test.each([
  doc(`<p>${words.repeat(4)}</p><script>if (screen.width < 500) location.href = "/mobile/"</script>`),
  doc('<script>var x = { location: "/nowhere" }; var y = mylocation.href = "/no"</script>'),
  doc('<script>if (location.href == "/x") alert(1)</script>'),
  doc('<script>location.href = "javascript:alert(1)"</script>'),
  doc('<script>location.href = "/a" + id</script>'),
])('other scripts lead nowhere: %#', (html) => {
  expect(parse(html).metaRefresh).toBeNull()
})

test('a long script is looked through in time that grows with its length', () => {
  const began = performance.now()
  parse(doc(`<div id="root"></div>${'<script>location = location.location = "</script>'.repeat(20_000)}`))
  parse(doc(`<script>${'window . '.repeat(6_000)}</script>`))
  expect(performance.now() - began).toBeLessThan(3_000)
})
