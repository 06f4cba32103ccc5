import type { LintIssue } from '#src/campaigns/templates/lint.ts'
import { lintText } from '#src/campaigns/templates/problem-messages.ts'
import type { MissingCount } from '#src/campaigns/templates/count-missing.ts'
import type { PageContext } from '#templates/page.ts'
import { templateMessages } from './messages.ts'

export type Checked = {
  /** Who it was read for. */
  name: string
  issues: readonly LintIssue[]
  missing: MissingCount
}

const COLOURS = { problem: 'danger', warning: 'warning', note: 'success' } as const

/** What a check found, the worst first, and for how many companies the message is ready. */
export const CheckResult = ({ page, checked }: { page: PageContext; checked: Checked }) => {
  const t = templateMessages(page.locale)
  const { issues, missing, name } = checked
  const isFine = issues.every(({ level }) => level === 'note')
  return (
    <section class="card mb-3" aria-labelledby="check-title" id="check">
      <div class="card-body">
        <h2 class="card-title" id="check-title">
          {t.checkTitle}
        </h2>
        <p class="text-secondary">{t.checkedWith(name)}</p>
        {isFine && <p class="fw-bold">{t.checkFine}</p>}
        <LintList page={page} issues={issues} />
        <p class="mb-1">{t.readyFor(missing.ready, missing.total)}</p>
        {missing.missing.length > 0 && (
          <ul class="mb-0">
            {missing.missing.slice(0, 10).map((one) => (
              <li class="text-break-all" data-foreign>
                {t.emptyFor(one.name, one.count)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

/** Remarks on a message. */
export const LintList = ({ page, issues }: { page: PageContext; issues: readonly LintIssue[] }) => (
  <ul class="list-unstyled">
    {issues.map((issue) => (
      <li class="d-flex gap-2 mb-1">
        <span class={`status-dot bg-${COLOURS[issue.level]} mt-2 flex-shrink-0`} aria-hidden="true" />
        <span class="text-break-all" data-foreign>
          {lintText(page.locale, issue)}
        </span>
      </li>
    ))}
  </ul>
)
