import { catalogue, type Locale } from '#src/lib/i18n.ts'

/** What LiquidJS says of a template that it cannot read or render, in words that tell what to write instead. */
export const syntaxMessages = catalogue({
  fr: {
    block_open: (tag: string, name: string) =>
      `${tag} n’est pas refermé : ajoutez {% end${name} %} à la fin du passage`,
    tag_open: (code: string) => `« {% » n’est pas refermé par « %} » : ${code}`,
    output_open: (code: string) => `« {{ » n’est pas refermé par « }} », ou un guillemet manque : ${code}`,
    stray_end: (name: string) =>
      `{% end${name} %} ne referme rien : ajoutez avant lui {% ${name} … %}, ou retirez-le`,
    stray_else: (name: string) => `{% ${name} %} n’est pas entre {% if … %} et {% endif %}`,
    unknown_tag: (name: string) =>
      `la balise « ${name} » n’existe pas ; il y a if, unless, case, for, assign, comment, raw et hold`,
    unknown_filter: (name: string) =>
      `le filtre « ${name} » n’existe pas ; les plus courants sont default, number, date, upcase, capitalize, truncate et join`,
    no_value: () => 'il manque une valeur, par exemple {% if nom %} ou {{ nom }}',
    not_a_value: (code: string) => `« ${code} » n’est pas une valeur`,
    not_expected: (code: string) => `« ${code} » n’est pas attendu ici : une valeur manque`,
    odd_character: (code: string) =>
      `« ${code} » n’est pas attendu ici ; un texte se met entre guillemets droits ("…"), plusieurs sont séparés par une virgule`,
    no_pipe: () => 'il manque un « | » avant un filtre ; pour comparer, écrivez « == »',
    no_filter: () => 'il manque le nom d’un filtre après « | »',
    no_colon: () => 'il manque « : » après le nom du filtre',
    no_tag: () => 'il manque le nom de la balise après « {% »',
    bracket: () => 'un « [ » n’est pas refermé par « ] »',
    parenthesis: () => 'une parenthèse n’est pas refermée, ou ce n’est pas une suite comme (1..3)',
    no_name: () => 'il manque un nom après assign : {% assign mot = "…" %}',
    no_equals: () => 'il manque « = » après le nom : {% assign mot = "…" %}',
    bad_tag: (tag: string) =>
      `${tag} n’est pas complet ; une boucle s’écrit {% for point in findings %} … {% endfor %}`,
    second_else: () => 'il y a deux {% else %} pour un seul {% if %}',
    late_elsif: () => '{% elsif … %} vient avant {% else %}',
    comment: () => 'chaque ligne d’un commentaire {% # … %} commence par #',
    hold: () => 'hold demande une raison entre guillemets : {% hold "rien à dire" %}',
    too_slow: () => 'le modèle est trop long à composer ; une boucle est peut-être sans fin',
    too_large: () => 'ce que donne le modèle est trop grand',
  },
  en: {
    block_open: (tag: string, name: string) =>
      `${tag} is not closed: add {% end${name} %} at the end of the passage`,
    tag_open: (code: string) => `“{%” is not closed by “%}”: ${code}`,
    output_open: (code: string) => `“{{” is not closed by “}}”, or a quotation mark is missing: ${code}`,
    stray_end: (name: string) =>
      `{% end${name} %} closes nothing: add {% ${name} … %} before it, or take it away`,
    stray_else: (name: string) => `{% ${name} %} is not between {% if … %} and {% endif %}`,
    unknown_tag: (name: string) =>
      `there is no tag “${name}”; there are if, unless, case, for, assign, comment, raw and hold`,
    unknown_filter: (name: string) =>
      `there is no filter “${name}”; the usual ones are default, number, date, upcase, capitalize, truncate and join`,
    no_value: () => 'a value is missing, as in {% if nom %} or {{ nom }}',
    not_a_value: (code: string) => `“${code}” is not a value`,
    not_expected: (code: string) => `“${code}” is not expected here: a value is missing`,
    odd_character: (code: string) =>
      `“${code}” is not expected here; a text stands in straight quotation marks ("…"), several are separated by a comma`,
    no_pipe: () => 'a “|” is missing before a filter; to compare, write “==”',
    no_filter: () => 'the name of a filter is missing after “|”',
    no_colon: () => 'a “:” is missing after the name of the filter',
    no_tag: () => 'the name of the tag is missing after “{%”',
    bracket: () => 'a “[” is not closed by “]”',
    parenthesis: () => 'a parenthesis is not closed, or it is no range such as (1..3)',
    no_name: () => 'a name is missing after assign: {% assign word = "…" %}',
    no_equals: () => 'a “=” is missing after the name: {% assign word = "…" %}',
    bad_tag: (tag: string) =>
      `${tag} is not complete; a loop is written {% for point in findings %} … {% endfor %}`,
    second_else: () => 'there are two {% else %} for one {% if %}',
    late_elsif: () => '{% elsif … %} comes before {% else %}',
    comment: () => 'each line of a comment {% # … %} begins with #',
    hold: () => 'hold wants a reason in quotation marks: {% hold "nothing to say" %}',
    too_slow: () => 'the template takes too long; maybe a loop has no end',
    too_large: () => 'what the template makes is too large',
  },
})

type Texts = ReturnType<typeof syntaxMessages>
type Way = [RegExp, (texts: Texts, found: string[]) => string]

const BLOCKS = ['if', 'unless', 'case', 'for', 'comment', 'raw']

// In the order they are tried; what is found in quotes is how LiquidJS writes a piece of the template.
const ways: Way[] = [
  [/^tag (\{%-?\s*(\w+).*%\}) not closed$/s, (t, [tag = '', name = '']) => t.block_open(tag, name)],
  [/^raw (".*") not closed$/s, (t) => t.block_open('{% raw %}', 'raw')],
  [/^tag (".*") not closed$/s, (t, [code = '']) => t.tag_open(unquoted(code))],
  [/^output (".*") not closed$/s, (t, [code = '']) => t.output_open(unquoted(code))],
  [
    /^tag "end(\w+)" not found$/,
    (t, [of = '']) => (BLOCKS.includes(of) ? t.stray_end(of) : t.unknown_tag(`end${of}`)),
  ],
  [/^tag "(else|elsif|when)" not found$/, (t, [name = '']) => t.stray_else(name)],
  [/^tag "(.*)" not found$/s, (t, [name = '']) => t.unknown_tag(name)],
  [/^undefined filter: (.*)$/s, (t, [name = '']) => t.unknown_filter(name)],
  [/^(?:invalid value expression: ""|unexpected token "", value expected)$/, (t) => t.no_value()],
  [/^invalid value expression: (".*")$/s, (t, [code = '']) => t.not_a_value(unquoted(code))],
  [/^unexpected token (".*"), value expected$/s, (t, [code = '']) => t.not_expected(unquoted(code))],
  [/^unexpected character (".*")$/s, (t, [code = '']) => t.odd_character(unquoted(code))],
  [/^expected "\|" before filter$/, (t) => t.no_pipe()],
  [/^expected filter name$/, (t) => t.no_filter()],
  [/^expected ":" after filter name$/, (t) => t.no_colon()],
  [/^illegal (?:liquid )?tag syntax/, (t) => t.no_tag()],
  [/^\[ not closed$/, (t) => t.bracket()],
  [/^(?:invalid range syntax|unbalanced parentheses)$/, (t) => t.parenthesis()],
  [/^expected variable name$/, (t) => t.no_name()],
  [/^expected "="$/, (t) => t.no_equals()],
  [/^illegal tag: (.*)$/s, (t, [tag = '']) => t.bad_tag(tag)],
  [/^duplicated else$/, (t) => t.second_else()],
  [/^unexpected elsif after else$/, (t) => t.late_elsif()],
  [/^every line of an inline comment/, (t) => t.comment()],
  [/^hold wants a reason/, (t) => t.hold()],
  [/^template render limit exceeded/, (t) => t.too_slow()],
  [/^(?:memory alloc|parse length|output) limit /, (t) => t.too_large()],
]

const unquoted = (code: string): string => {
  try {
    return String(JSON.parse(code))
  } catch {
    return code
  }
}

/** The words for what LiquidJS says; as it says it when it is none of the usual. */
export const syntaxText = (locale: Locale, said: string): string => {
  for (const [pattern, words] of ways) {
    const found = pattern.exec(said)
    if (found) return words(syntaxMessages(locale), found.slice(1))
  }
  return said
}
