import type { Child } from 'hono/jsx'
import { readableUrl, safeHref, visible } from '#templates/html.ts'

/** A link that leaves the product, opened beside it and told nothing of where it was; by default it reads as its own
 *  address, of which neither the direction nor what it hides reaches the words around it. */
export const OutsideLink = (props: { url: string; class?: string; children?: Child }) => (
  <a
    class={props.class ? `text-break-all ${props.class}` : 'text-break-all'}
    href={safeHref(props.url)}
    rel="noopener noreferrer nofollow"
    target="_blank"
  >
    {props.children ?? <bdi data-foreign>{visible(readableUrl(props.url))}</bdi>}
  </a>
)
