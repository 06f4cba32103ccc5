import { CsrfField } from '#templates/components/form.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { detailMessages } from './detail-messages.ts'

/** A deletion that can still be undone: when it happened (ms since 1970) and how many it took. */
export type Deletion = { at: number; count: number }

export const UndoDeletion = ({ page, deletion }: { page: PageContext; deletion: Deletion }) => (
  <div class="alert alert-success" role="status">
    <form class="d-flex flex-wrap align-items-center gap-3" method="post" action="/companies/restore">
      <CsrfField token={page.csrf} />
      <input type="hidden" name="deletedAt" value={deletion.at} />
      <span>{detailMessages(page.locale).deletedCount(deletion.count)}</span>
      <button class="btn btn-sm" type="submit">
        {commonMessages(page.locale).undo}
      </button>
    </form>
  </div>
)
