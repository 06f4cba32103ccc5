import { raw } from 'hono/html'
import type { Locale } from '#src/lib/i18n.ts'
import { docsMessages } from './messages.ts'
import { statusMessages } from './status-messages.ts'
import frenchSummaries from './summaries.fr.data.json'

const FRENCH: Record<string, string> = frenchSummaries

/** The whole style of the page; its policy allows this text and no other. */
export const DOCS_STYLE = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:0 auto;padding:1.5rem;max-width:60rem}
a{color:inherit}h1{font-size:1.7rem}h2{font-size:1.3rem;margin-top:2.5rem}h3{font-size:1rem;margin:1rem 0 .25rem}
header p{display:flex;flex-wrap:wrap;gap:1.5rem}
details{border:1px solid #8886;border-radius:.4rem;margin:.5rem 0}
summary{cursor:pointer;padding:.6rem .8rem;overflow-wrap:anywhere}
summary b{display:inline-block;min-width:4.5rem}
summary span{display:block;opacity:.8}
details>div{padding:0 .8rem .8rem}
code,pre{font:.875rem/1.45 ui-monospace,monospace}
pre{overflow:auto;padding:.6rem;margin:.25rem 0;border:1px solid #8886;border-radius:.4rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}
ul{padding-left:1.2rem}`

export type DescribedOperation = {
  /** Method and path, by which its French summary is found. */
  key: string
  method: string
  path: string
  /** In English; `names` between backquotes. */
  summary: string
  scopes: string[]
  cacheSeconds: number
  parameters: { name: string; where: string; required: boolean; shape: string; description: string }[]
  body: string | null
  answers: { status: string; text: string; shape: string | null }[]
}

type DocsProps = { locale: Locale; groups: { tag: string; operations: DescribedOperation[] }[] }

/** The public API as a page: no script, nothing from elsewhere. */
export const DocsPage = ({ locale, groups }: DocsProps) => {
  const t = docsMessages(locale)
  const other = locale === 'fr' ? 'en' : 'fr'
  return (
    <>
      {raw('<!DOCTYPE html>')}
      <html lang={locale}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex, nofollow" />
          <title>{t.title}</title>
          <style>{raw(DOCS_STYLE)}</style>
        </head>
        <body>
          <header>
            <h1>{t.title}</h1>
            <p>
              <a href="/api/public/openapi.json">{t.document}</a>
              <a href={`/api/public/docs?lang=${other}`} lang={other} hreflang={other}>
                {t.otherLanguage}
              </a>
            </p>
          </header>
          <main>
            <Conventions locale={locale} />
            <nav aria-label={t.contents}>
              <h2>{t.contents}</h2>
              <ul>
                {groups.map(({ tag, operations }) => (
                  <li>
                    <a href={`#${anchorOf(tag)}`}>
                      {tag} ({operations.length})
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
            {groups.map(({ tag, operations }) => (
              <section>
                <h2 id={anchorOf(tag)}>{tag}</h2>
                {operations.map((operation) => (
                  <Operation locale={locale} operation={operation} />
                ))}
              </section>
            ))}
          </main>
        </body>
      </html>
    </>
  )
}

/** A text whose `names` are shown as such. */
const Prose = ({ text }: { text: string }) => (
  <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
)

const anchorOf = (tag: string): string => tag.replace(/\W+/g, '-')

const Conventions = ({ locale }: { locale: Locale }) => {
  const t = docsMessages(locale)
  return (
    <section>
      <h2>{t.tokenTitle}</h2>
      <p>
        <Prose text={t.tokenText} />
      </p>
      <pre tabindex={0}>{'GET /api/public/token/info\nAuthorization: Bearer pl_…'}</pre>
      <h2>{t.failureTitle}</h2>
      <p>
        <Prose text={t.failureText} />
      </p>
      <h2>{t.pageTitle}</h2>
      <p>
        <Prose text={t.pageText} />
      </p>
      <h2>{t.limitTitle}</h2>
      <p>
        <Prose text={t.limitText} />
      </p>
    </section>
  )
}

const Operation = ({ locale, operation }: { locale: Locale; operation: DescribedOperation }) => {
  const t = docsMessages(locale)
  const { method, path, scopes, cacheSeconds, body, answers } = operation
  const meanings: Record<string, string> = statusMessages(locale)
  const french = locale === 'fr' ? FRENCH[operation.key] : undefined
  return (
    <details>
      <summary>
        <b>{method}</b> <code>/api/public{path}</code>
        <span lang={french ? locale : 'en'}>
          <Prose text={french ?? operation.summary} />
        </span>
      </summary>
      <div>
        <p>
          {scopes.length > 0 ? (
            <Prose text={t.needs(scopes.map((scope) => `\`${scope}\``).join(', '))} />
          ) : (
            t.anyToken
          )}{' '}
          {cacheSeconds > 0 && t.kept(cacheSeconds)}
        </p>
        <Parameters locale={locale} operation={operation} />
        {body !== null && (
          <>
            <h3>{t.body}</h3>
            <pre tabindex={0}>{body}</pre>
          </>
        )}
        <h3>{t.answers}</h3>
        {answers.map(({ status, text, shape }) => (
          <>
            <p>
              <b>{status}</b> {meanings[status] ?? <span lang="en">{text}</span>}
            </p>
            {shape !== null && <pre tabindex={0}>{shape}</pre>}
          </>
        ))}
      </div>
    </details>
  )
}

const Parameters = ({ locale, operation }: { locale: Locale; operation: DescribedOperation }) => {
  const t = docsMessages(locale)
  const places: Record<string, string> = { path: t.inPath, query: t.inQuery, header: t.inHeader }
  if (operation.parameters.length === 0) return null
  return (
    <>
      <h3>{t.parameters}</h3>
      <div class="scroll" role="region" aria-label={t.parameters} tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.parameter}</th>
              <th scope="col">{t.place}</th>
              <th scope="col">{t.form}</th>
              <th scope="col">{t.meaning}</th>
            </tr>
          </thead>
          <tbody>
            {operation.parameters.map(({ name, where, required, shape, description }) => (
              <tr>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{places[where] ?? where}</td>
                <td>
                  <code>{shape}</code>
                  {required && ` (${t.required})`}
                </td>
                <td lang="en">
                  <Prose text={description} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
