// Small behaviours that HTML alone does not have. Everything works without them except where noted.

// Ask before what cannot be undone: <button data-confirm="…">.
document.addEventListener(
  'submit',
  (event) => {
    const text = event.submitter?.dataset.confirm ?? event.target.dataset.confirm
    if (text && !window.confirm(text)) {
      event.preventDefault()
      event.stopImmediatePropagation()
    }
  },
  true,
)

// Tick a whole page of a list: <input type="checkbox" data-check-all="NAME" hidden>, shown where scripts run.
const showCheckAll = () => {
  for (const box of document.querySelectorAll('[data-check-all][hidden]')) box.hidden = false
}
showCheckAll()
document.addEventListener('htmx:after:swap', showCheckAll)
document.addEventListener('change', ({ target }) => {
  const name = target.dataset?.checkAll
  if (!name) return
  for (const box of target.form.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(name)}"]`))
    box.checked = target.checked
})

// <span data-counts="NAME" hidden> tells how many boxes of that name are ticked in its form.
document.addEventListener('change', ({ target }) => {
  const place = target.form?.querySelector('[data-counts]')
  if (!place) return
  const ticked = target.form.querySelectorAll(`input[name="${CSS.escape(place.dataset.counts)}"]:checked`)
  place.textContent = String(ticked.length)
  place.hidden = ticked.length === 0
})

// In <… data-keep-focus>, a swap that takes the focused button away hands the focus to what stands in its place.
const buttonsIn = (zone) =>
  [...zone.querySelectorAll('button, a.btn, summary')].filter((one) => one.checkVisibility())
let focused = -1
document.addEventListener('htmx:before:swap', () => {
  const zone = document.activeElement?.closest('[data-keep-focus]')
  focused = zone ? buttonsIn(zone).indexOf(document.activeElement) : -1
})
document.addEventListener('htmx:after:swap', () => {
  const zone = document.querySelector('[data-keep-focus]')
  if (focused < 0 || !zone || document.activeElement !== document.body) return
  const buttons = buttonsIn(zone)
  buttons[Math.min(focused, buttons.length - 1)]?.focus()
})

// A page that keeps itself up to date leaves open what was opened in it: <details id="…">.
let opened = []
document.addEventListener('htmx:before:swap', () => {
  opened = [...document.querySelectorAll('details[id][open]')].map(({ id }) => id)
})
document.addEventListener('htmx:after:swap', () => {
  for (const id of opened) document.getElementById(id)?.setAttribute('open', '')
})

// A file dropped on <… data-drop-zone> goes into the file field inside it.
const dropZoneOf = (event) => event.target.closest?.('[data-drop-zone]')
for (const type of ['dragover', 'dragleave', 'drop'])
  document.addEventListener(type, (event) => {
    const zone = dropZoneOf(event)
    zone?.classList.toggle('is-dragged-over', type === 'dragover')
    // Elsewhere too: a file dropped beside the zone must not replace the page.
    if (event.dataTransfer?.types.includes('Files') && document.querySelector('[data-drop-zone]'))
      event.preventDefault()
    if (type !== 'drop' || !zone || event.dataTransfer.files.length === 0) return
    const input = zone.querySelector('input[type=file]')
    input.files = event.dataTransfer.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })

// <select data-submit-on-change> sends its form at once, as if by the button whose id it gives.
document.addEventListener('change', (event) => {
  const { form, dataset } = event.target
  if (dataset.submitOnChange !== undefined)
    form.requestSubmit(document.getElementById(dataset.submitOnChange))
})

// <input data-chooses="ID">: writing in it chooses the radio button it belongs to.
document.addEventListener('input', (event) => {
  const radio = document.getElementById(event.target.dataset?.chooses ?? '')
  if (radio && event.target.value.trim() !== '') radio.checked = true
})

// <form data-busy="…">, or one of its buttons, says so on the button and is sent once.
document.addEventListener('submit', (event) => {
  const text = event.submitter?.dataset.busy ?? event.target.dataset.busy
  if (!text || event.defaultPrevented) return
  const button = event.submitter ?? event.target.querySelector('[type=submit]')
  button.textContent = text
  setTimeout(() => (button.disabled = true))
})

// <input data-filters="ID" hidden>, shown where scripts run: of [data-filter-text] within, only what holds every word typed.
{
  for (const field of document.querySelectorAll('[data-filters][hidden]')) {
    field.hidden = false
    const list = document.getElementById(field.dataset.filters)
    field.addEventListener('input', () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
      let found = 0
      for (const group of list.querySelectorAll('[data-filter-group]')) {
        let inside = 0
        for (const item of group.querySelectorAll('[data-filter-text]')) {
          item.hidden = !words.every((word) => item.dataset.filterText.includes(word))
          if (!item.hidden) inside += 1
        }
        group.hidden = inside === 0
        if (words.length > 0) group.open = true
        found += inside
      }
      list.querySelector('[data-filter-none]').hidden = found > 0
    })
    // Enter must not send the form around it.
    field.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault())
  }
}

// <form data-unsaved>: what was typed into it is not left behind unasked, by a link, another form, the back button or the
// tab. A value says that even what it shows from the start is saved nowhere. What was sent and refused (the session had ended,
// the page was too old) stands in it again when it is come back to, below the words of data-again.
{
  const KEPT = 'unsaved'
  let sent = null
  const form = document.querySelector('form[data-unsaved]')
  const fieldsOf = (one) =>
    [...one.elements].filter(({ name, type }) => name && ['text', 'textarea'].includes(type))
  const isUnsaved = (one) =>
    one !== sent &&
    (one.dataset.unsaved || fieldsOf(one).some(({ value, defaultValue }) => value !== defaultValue))
  const takeAgain = ({ fields }) => {
    let changed = false
    for (const field of fieldsOf(form)) {
      changed ||= field.name in fields && fields[field.name] !== field.value
      field.value = fields[field.name] ?? field.value
    }
    if (!changed || !form.dataset.again) return
    const told = document.createElement('div')
    told.className = 'alert alert-warning'
    told.setAttribute('role', 'status')
    told.textContent = form.dataset.again
    form.before(told)
  }
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null')
  const status = performance.getEntriesByType('navigation')[0]?.responseStatus ?? 200
  if (kept && (location.pathname === '/login' || (status >= 400 && !form)))
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, refused: true }))
  else if (kept) {
    sessionStorage.removeItem(KEPT)
    if (kept.refused && form && kept.path === location.pathname) takeAgain(kept)
  }
  if (form) {
    document.addEventListener('submit', (event) => {
      // A look in a frame leaves the page as it is.
      if (event.defaultPrevented || event.submitter?.formTarget) return
      sent = event.target
      if (!sent.matches('[data-unsaved]')) return
      const fields = Object.fromEntries(fieldsOf(sent).map(({ name, value }) => [name, value]))
      sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, fields }))
    })
    window.addEventListener('beforeunload', (event) => {
      if ([...document.querySelectorAll('form[data-unsaved]')].some(isUnsaved)) event.preventDefault()
    })
    // Kept by the browser as it was left, and gone back to.
    window.addEventListener('pageshow', () => (sent = null))
  }
}
