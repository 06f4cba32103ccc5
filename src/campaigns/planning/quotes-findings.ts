import { variables } from '../templates/variables.ts'

const QUOTED = /"[^"]*"|'[^']*'/g
const TAGS = /\{\{.*?\}\}|\{%.*?%\}/gs
// Not the part of a name after a dot: `company.score` is none of ours.
const NAMES = /(?<![.\w])[a-z_][a-z0-9_]*/g
const facts = new Set(['finding', ...variables.flatMap(({ name, fact }) => (fact ? [name] : []))])

/** Whether a message says anything that was read from the company's site, so that it must be young when it is sent. */
export const quotesFindings = ({
  subject,
  html,
  text,
}: {
  subject: string
  html: string
  text: string
}): boolean =>
  [subject, html, text].some((part) =>
    [...part.matchAll(TAGS)].some(([tag]) =>
      [...tag.replace(QUOTED, '').matchAll(NAMES)].some(([name]) => facts.has(name)),
    ),
  )
