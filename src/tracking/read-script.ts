/** What a landing page embeds: `<script src="…/track/read.js" data-token="…" async></script>`. Counts the seconds the
 *  page is in front and sends them each time it is left; several sendings add up. Keeps nothing in the browser. */
export const READ_SCRIPT = `(() => {
  const script = document.currentScript
  const token = script && script.dataset.token
  if (!token || !navigator.sendBeacon) return
  const url = new URL('read_time/' + encodeURIComponent(token), script.src).href
  let since = document.visibilityState === 'visible' ? performance.now() : null
  const send = () => {
    if (since === null) return
    const seconds = (performance.now() - since) / 1000
    since = null
    if (seconds >= 1) navigator.sendBeacon(url, seconds.toFixed(1))
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') since = performance.now()
    else send()
  })
  addEventListener('pagehide', send)
})()
`
