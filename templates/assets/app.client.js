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
