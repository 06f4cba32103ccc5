import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'

/** Nothing to show yet: says why, and what to do next. */
export const EmptyState = (props: { icon: IconName; title: string; text: string; children?: Child }) => (
  <div class="empty">
    <div class="empty-icon">
      <Icon name={props.icon} />
    </div>
    <p class="empty-title">{props.title}</p>
    <p class="empty-subtitle text-secondary">{props.text}</p>
    {props.children && <div class="empty-action">{props.children}</div>}
  </div>
)
