import { imageOf } from './signed-hits.ts'

/** The answer to a request whose Host is no name of a host, so that its address cannot be read: a pixel gets its image as
 *  always, everything else is refused. Null for every other request. */
export const answerOddHost = ({ url }: Pick<Request, 'url'>): Response | null => {
  if (URL.canParse(url)) return null
  if (url.includes('/track/pixel/')) return imageOf(url)
  return new Response('Bad request\n', {
    status: 400,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  })
}
