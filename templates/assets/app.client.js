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
