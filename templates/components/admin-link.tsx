import type { Child } from 'hono/jsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'

type LinkProps = { page: PageContext; href: string; class?: string; children: Child }

/** A way to settings that only administrators may open; who is none is told whom to ask. */
export const AdminLink = ({ page, href, class: look, children }: LinkProps) =>
  page.user?.role === 'admin' ? (
    <a class={look} href={href}>
      {children}
    </a>
  ) : (
    <span class="text-secondary text-break-all">
      {children} ({commonMessages(page.locale).askAdmin})
    </span>
  )
