import type { ImportedTemplate } from '#src/campaigns/templates/import-templates.ts'
import { conversionText, placedProblemText } from '#src/campaigns/templates/problem-messages.ts'
import { Badge } from '#templates/components/badge.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { templateMessages } from './messages.ts'

type Props = {
  page: PageContext
  problem: string | null
  /** What was pasted and refused. */
  pasted: string
  report: readonly ImportedTemplate[] | null
}

/** Templates from elsewhere, and what became of them. */
export const ImportTemplatesPage = ({ page, problem, pasted, report }: Props) => {
  const t = templateMessages(page.locale)
  return (
    <Layout page={page} title={t.importTitle} pretitle={t.title}>
      <p>
        <a href="/templates">{t.backToList}</a>
      </p>
      {report && <Report page={page} report={report} />}
      <form
        class="card"
        method="post"
        action="/templates/import"
        enctype="multipart/form-data"
        data-busy={t.importing}
      >
        <div class="card-body">
          <p class="text-secondary">{t.importIntro}</p>
          <CsrfField token={page.csrf} />
          <div class="mb-3">
            <label class="form-label" for="templates-file">
              {t.importFile}
            </label>
            <input
              class="form-control"
              id="templates-file"
              name="file"
              type="file"
              accept=".json,application/json"
            />
          </div>
          <div class="mb-3">
            <label class="form-label" for="templates-text">
              {t.importPaste}
            </label>
            <textarea
              class={problem ? 'form-control font-monospace is-invalid' : 'form-control font-monospace'}
              id="templates-text"
              name="text"
              rows={8}
              spellcheck={false}
              aria-invalid={problem ? 'true' : undefined}
              aria-describedby={problem ? 'templates-error' : undefined}
            >
              {pasted}
            </textarea>
            {problem && (
              <div id="templates-error" class="invalid-feedback d-block" role="alert">
                {problem}
              </div>
            )}
          </div>
          <button class="btn btn-primary" type="submit">
            {t.importSubmit}
          </button>
        </div>
      </form>
    </Layout>
  )
}

const OUTCOME_COLOURS = { imported: 'green', duplicate: 'secondary', refused: 'red' } as const

const Report = ({ page, report }: { page: PageContext; report: readonly ImportedTemplate[] }) => {
  const t = templateMessages(page.locale)
  const count = (outcome: ImportedTemplate['outcome']) =>
    report.filter((one) => one.outcome === outcome).length
  return (
    <section class="card mb-3" aria-labelledby="report-title">
      <div class="card-body">
        <h2 class="card-title" id="report-title">
          {t.reportTitle}
        </h2>
        <p role="status">{t.reportText(count('imported'), count('duplicate'), count('refused'))}</p>
        {report.map(({ name, outcome, id, notes: all, problems }) => {
          const notes = all.filter(({ code }) => code !== 'converted')
          return (
            <div class="border-top py-2">
              <div class="d-flex flex-wrap gap-2 align-items-center">
                <Badge colour={OUTCOME_COLOURS[outcome]}>{t[`outcome_${outcome}`]}</Badge>
                {id === null ? (
                  <strong class="text-break-all">{name}</strong>
                ) : (
                  <a class="fw-bold text-break-all" href={`/templates/${id}`}>
                    {name}
                  </a>
                )}
              </div>
              <ul class="mb-0 mt-1">
                {problems.map((problem) => (
                  <li class="text-break-all" data-foreign>
                    {placedProblemText(page.locale, problem)}
                  </li>
                ))}
                {notes.map((note) => (
                  <li class="text-secondary text-break-all" data-foreign>
                    {conversionText(page.locale, note)}
                  </li>
                ))}
                {notes.length === 0 && problems.length === 0 && (
                  <li class="text-secondary">{t.nothingChanged}</li>
                )}
              </ul>
            </div>
          )
        })}
      </div>
    </section>
  )
}
