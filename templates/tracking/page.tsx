import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Locale } from '#src/lib/i18n.ts'

/** The whole style of the public pages; their policy allows this text and no other. */
export const PAGE_STYLE = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:0;padding:1.5rem;display:flex;justify-content:center}
main{max-width:34rem;width:100%}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.5rem}
label{display:block;margin:.75rem 0}
textarea{box-sizing:border-box;width:100%;min-height:4rem;font:inherit;padding:.5rem}
button{font:inherit;padding:.6rem 1.2rem;border:1px solid;border-radius:.4rem;cursor:pointer}
code{overflow-wrap:anywhere}`

type PageProps = { locale: Locale; title: string; children?: Child }

/** A page for people who know nothing of this product: no script, no image, no link elsewhere. */
export const PublicPage = ({ locale, title, children }: PageProps) => (
  <>
    {raw('<!DOCTYPE html>')}
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <title>{title}</title>
        <style>{raw(PAGE_STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  </>
)
