import { expect, test } from 'bun:test'
import { compileMessage } from '#src/campaigns/templates/compile.ts'
import { problemText } from '#src/campaigns/templates/problem-messages.ts'
import { syntaxText } from '#src/campaigns/templates/syntax-messages.ts'

const said = async (html: string, locale: 'fr' | 'en'): Promise<string> => {
  const made = await compileMessage({ subject: 'Bonjour', html, text: '', locale: 'fr' })
  return made.ok ? '' : made.problems.map((problem) => problemText(locale, problem)).join('\n')
}

test.each([
  ['{% if cms %}x', '{% if cms %} n’est pas refermé : ajoutez {% endif %}', 'add {% endif %} at the end'],
  ['{% for x in findings %}y', 'ajoutez {% endfor %}', 'add {% endfor %}'],
  ['{%- unless cms -%}x', 'ajoutez {% endunless %}', 'add {% endunless %}'],
  ['{% raw %}x', 'ajoutez {% endraw %}', 'add {% endraw %}'],
  ['{% if cms', '« {% » n’est pas refermé par « %} » : {% if cms', '“{%” is not closed by “%}”: {% if cms'],
  ['{{ entreprise', '« {{ » n’est pas refermé par « }} »', '“{{” is not closed by “}}”'],
  ['{{ "x }}', 'ou un guillemet manque : {{ "x }}', 'a quotation mark is missing: {{ "x }}'],
  ['{% endif %}', '{% endif %} ne referme rien', '{% endif %} closes nothing'],
  ['{% else %}', '{% else %} n’est pas entre {% if … %}', '{% else %} is not between {% if … %}'],
  ['{% foo %}', 'la balise « foo » n’existe pas', 'there is no tag “foo”'],
  ['{% endfoo %}', 'la balise « endfoo » n’existe pas', 'there is no tag “endfoo”'],
  ['{{ entreprise | foo }}', 'le filtre « foo » n’existe pas', 'there is no filter “foo”'],
  ['{% if %}x{% endif %}', 'il manque une valeur', 'a value is missing'],
  ['{{ }}', 'il manque une valeur', 'a value is missing'],
  ['{{ {cms} }}', '« {cms} » n’est pas une valeur', '“{cms}” is not a value'],
  ['{{ (1..) }}', '« ) » n’est pas attendu ici', '“)” is not expected here'],
  ['{% if cms = "x" %}y{% endif %}', 'pour comparer, écrivez « == »', 'to compare, write “==”'],
  ['{{ cms || x }}', 'le nom d’un filtre après « | »', 'the name of a filter is missing'],
  ['{{ cms | default: “rien” }}', 'entre guillemets droits', 'straight quotation marks'],
  ['{% %}', 'il manque le nom de la balise', 'the name of the tag is missing'],
  ['{{ cms[ }}', 'un « [ » n’est pas refermé', 'a “[” is not closed'],
  ['{% if (cms %}x{% endif %}', 'une parenthèse n’est pas refermée', 'a parenthesis is not closed'],
  ['{% assign = 3 %}', 'il manque un nom après assign', 'a name is missing after assign'],
  ['{% assign a 3 %}', 'il manque « = »', 'a “=” is missing'],
  ['{% for x findings %}y{% endfor %}', '{% for x findings %} n’est pas complet', 'is not complete'],
  ['{% if cms %}{% else %}{% else %}{% endif %}', 'deux {% else %}', 'two {% else %}'],
  ['{% if cms %}{% else %}{% elsif cms %}{% endif %}', 'vient avant {% else %}', 'comes before {% else %}'],
  ['{% # a\nb %}', 'commence par #', 'begins with #'],
  ['{% hold %}', 'hold demande une raison', 'hold wants a reason'],
])('%s is told in the reader’s language, with its line', async (html, fr, en) => {
  expect(await said(html, 'fr')).toContain(fr)
  expect(await said(html, 'en')).toContain(en)
  expect(await said(`un\n\n${html}`, 'fr')).toStartWith('Ligne 3 : ')
  expect(await said(html, 'fr')).not.toMatch(/\b(not|expected|undefined|illegal|unexpected|missing)\b/)
})

test('what takes too long or grows too large is told, and what LiquidJS may say one day is not swallowed', () => {
  expect(syntaxText('fr', 'template render limit exceeded')).toContain('trop long à composer')
  expect(syntaxText('en', 'memory alloc limit exceeded')).toContain('too large')
  expect(syntaxText('fr', 'something new')).toBe('something new')
})
