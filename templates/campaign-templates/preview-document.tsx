import { raw } from 'hono/html'
import type { PageContext } from '#templates/page.ts'
import { templateMessages } from './messages.ts'

export type PreviewView = 'desktop' | 'phone' | 'dark' | 'asText'

export type PreviewedMail = {
  from: string
  to: string
  subject: string
  html: string
  text: string
  problems: readonly string[]
}

// The only styles of this document; what the mail brings stays in its own frame.
const STYLE = `
:root { color-scheme: light; }
html, body { height: 100%; }
body { display: flex; flex-direction: column; margin: 0; font: 15px/1.5 system-ui, sans-serif; color: #182433; background: #fff; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 10px; margin: 0; padding: 10px 12px; background: #f1f4f8; overflow-wrap: anywhere; }
dt { color: #4a5568; } dd { margin: 0; } dd.subject { font-weight: 600; }
.problems { margin: 0; padding: 10px 12px 10px 28px; background: #fdf0d5; color: #5c3d00; overflow-wrap: anywhere; }
.said { margin: 0; padding: 10px 12px; background: #fdf0d5; color: #5c3d00; }
iframe { flex: 1; border: 0; width: 100%; min-height: 320px; background: #fff; }
iframe.phone { width: 375px; max-width: 100%; margin: 10px auto; border: 1px solid #c9d1dc; border-radius: 12px; }
iframe.dark { color-scheme: dark; background: #1b1b1b; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 12px; margin: 0; font: 14px/1.5 ui-monospace, monospace; }
.note { margin: 0; padding: 8px 12px; color: #4a5568; font-size: 13px; }
`

type Props = { page: PageContext; view: PreviewView; mail: PreviewedMail }

/** What stands in the frame of the page: head of the mail, what is wrong, and the mail itself in a frame that runs no
 *  script, sends no form and knows nothing of this site. */
export const PreviewDocument = ({ page, view, mail }: Props) => {
  const t = templateMessages(page.locale)
  return (
    <>
      {raw('<!DOCTYPE html>')}
      <html lang={page.locale}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{t.previewFrame}</title>
          <style>{raw(STYLE)}</style>
        </head>
        <body>
          {mail.problems.length > 0 && (
            <>
              <p class="said">{t.cannotShow}</p>
              <ul class="problems">
                {mail.problems.map((problem) => (
                  <li>{problem}</li>
                ))}
              </ul>
            </>
          )}
          {mail.html !== '' && (
            <>
              <dl>
                <dt>{t.from}</dt>
                <dd>{mail.from || t.noSender}</dd>
                <dt>{t.to}</dt>
                <dd>{mail.to}</dd>
                <dt>{t.subject}</dt>
                <dd class="subject">{mail.subject}</dd>
              </dl>
              {view === 'asText' ? (
                <pre tabindex={0}>{mail.text}</pre>
              ) : (
                <iframe
                  class={view}
                  title={t.previewFrame}
                  sandbox=""
                  referrerpolicy="no-referrer"
                  srcdoc={mail.html}
                />
              )}
              <p class="note">{t.signatureHere}</p>
            </>
          )}
        </body>
      </html>
    </>
  )
}

/** Its own policy: the mail's inline styles and pictures, nothing else, shown only inside this site. */
export const PREVIEW_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: https:",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')
