import { Icon } from './icon.tsx'

type PaginationProps = {
  label: string
  page: number
  pages: number
  pathOf: (page: number) => string
  texts: { previous: string; next: string; page: string }
}

/** Links to the pages before and after this one; htmx swaps what the surrounding element targets. */
export const Pagination = ({ label, page, pages, pathOf, texts }: PaginationProps) =>
  pages > 1 ? (
    <nav class="d-flex align-items-center justify-content-between gap-2" aria-label={label}>
      <Step path={page > 1 ? pathOf(page - 1) : null} rel="prev">
        <Icon name="chevronLeft" /> {texts.previous}
      </Step>
      <span class="text-secondary">{texts.page}</span>
      <Step path={page < pages ? pathOf(page + 1) : null} rel="next">
        {texts.next} <Icon name="chevronRight" />
      </Step>
    </nav>
  ) : null

const Step = ({ path, rel, children }: { path: string | null; rel: string; children?: unknown }) =>
  path === null ? (
    <span class="btn disabled" aria-disabled="true">
      {children as never}
    </span>
  ) : (
    <a class="btn" href={path} rel={rel} hx-get={path}>
      {children as never}
    </a>
  )
