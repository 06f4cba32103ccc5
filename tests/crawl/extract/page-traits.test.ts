import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

const traits = (body: string, head = '') =>
  parsedAt('https://www.morel.fr/', `<!doctype html><html><head>${head}</head><body>${body}</body></html>`, {
    depth: 0,
    deep: false,
    home: true,
  }).page

test('the copyright year is the latest one beside a mark', () => {
  const yearOf = (text: string) => traits(`<footer>${text}</footer>`).copyrightYear
  expect(yearOf('© 2019 Menuiserie Morel')).toBe(2019)
  expect(yearOf('Copyright Menuiserie Morel 2008 - 2021. Tous droits réservés')).toBe(2021)
  expect(yearOf('Menuiserie Morel &copy; 2015–2017')).toBe(2017)
  expect(yearOf('2014 © Morel')).toBe(2014)
  expect(yearOf('Tous droits réservés Morel 2016')).toBe(2016)
  expect(yearOf('Depuis 1987 à votre service')).toBeNull()
  expect(yearOf('© Morel, artisan depuis toujours')).toBeNull()
})

test('markup of another age is told from a table of figures', () => {
  const nested = '<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>'
  expect(traits(nested.repeat(3) + '<font>a</font>'.repeat(6)).oldMarkup).toEqual(['tables', 'font'])
  expect(traits('<table><tr><td>Tarif</td></tr></table>'.repeat(9)).oldMarkup).toEqual([])
  expect(traits('<center>a</center><font>b</font>').oldMarkup).toEqual([])
  expect(traits('<embed src="/intro.swf" type="application/x-shockwave-flash">').oldMarkup).toEqual(['flash'])
  expect(traits('<frameset cols="20%,80%"><frame src="menu.htm"></frameset>').oldMarkup).toEqual(['frameset'])
})

test('a policy in a meta element and scripts of other hosts without a hash are seen', () => {
  const page = traits(
    '<script src="https://code.jquery.com/jquery-3.7.1.min.js"></script>' +
      '<script src="https://cdn.jsdelivr.net/npm/vue@3.5.1/dist/vue.js" integrity="sha384-x"></script>' +
      '<script src="https://static.morel.fr/a.js"></script><script src="/b.js"></script>',
    `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`,
  )
  expect(page.metaCsp).toBe("script-src 'self'")
  expect(page.scriptsWithoutSri).toEqual(['https://code.jquery.com/jquery-3.7.1.min.js'])
})

test('links about the law are kept, read or not, also those that open a part of the page', () => {
  const { policyLinks } = traits(
    '<a href="/ml.html">Mentions légales</a> <a href="#">Politique de confidentialité</a>' +
      '<a href="/politique-confidentialite">Vos choix</a> <a href="/devis">Devis</a>',
  )
  expect(policyLinks).toEqual([
    { url: 'https://www.morel.fr/ml.html', text: 'Mentions légales' },
    { url: null, text: 'Politique de confidentialité' },
    { url: 'https://www.morel.fr/politique-confidentialite', text: 'Vos choix' },
  ])
})
