// Follows the system when the reader has chosen "auto". Loaded before the page is painted.
const root = document.documentElement
const dark = window.matchMedia('(prefers-color-scheme: dark)')
const apply = () => {
  if (root.dataset.theme === 'auto') root.setAttribute('data-bs-theme', dark.matches ? 'dark' : 'light')
}
apply()
dark.addEventListener('change', apply)
