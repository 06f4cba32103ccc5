import type { Block, Inline } from '#src/mail/format-text.ts'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import type { PageContext } from '#templates/page.ts'
import { mailMessages } from './messages.ts'

/** The mail as its recipient will read it. */
export const Preview = ({ page, blocks }: { page: PageContext; blocks: readonly Block[] }) => {
  const t = mailMessages(page.locale)
  return (
    <section class="mb-4" aria-label={t.previewTitle}>
      <h3 class="h4">{t.previewTitle}</h3>
      <div class="border rounded p-3 text-break-all" data-foreign>
        {blocks.map(({ kind, lines }) =>
          kind === 'list' ? (
            <ul>
              {lines.map((line) => (
                <li>
                  <Line parts={line} />
                </li>
              ))}
            </ul>
          ) : (
            <p>
              {lines.map((line, place) => (
                <>
                  {place > 0 && <br />}
                  <Line parts={line} />
                </>
              ))}
            </p>
          ),
        )}
      </div>
      <p class="form-hint">{t.previewHint}</p>
    </section>
  )
}

const Line = ({ parts }: { parts: readonly Inline[] }) => (
  <>
    {parts.map(({ text, bold, href }) => {
      if (href !== undefined) return <OutsideLink url={href}>{text}</OutsideLink>
      return bold ? <strong>{text}</strong> : text
    })}
  </>
)
