// The button that switches between light and dark. The choice stays in this browser.
;(() => {
  const root = document.documentElement
  root.classList.add('with-script')
  for (const button of document.querySelectorAll('.needs-script')) button.hidden = false

  const button = document.getElementById('switch-theme')
  const system = matchMedia('(prefers-color-scheme: dark)')
  const present = () => root.dataset.theme ?? (system.matches ? 'dark' : 'light')
  const other = () => (present() === 'dark' ? 'light' : 'dark')
  const label = () => {
    button.textContent = other() === 'dark' ? 'Dark' : 'Light'
    button.setAttribute('aria-label', `Switch to ${other()} colours`)
  }

  button.addEventListener('click', () => {
    root.dataset.theme = other()
    try {
      localStorage.setItem('theme', root.dataset.theme)
    } catch {
      // Storage can be forbidden. Then the choice lasts as long as the page.
    }
    label()
  })
  system.addEventListener('change', label)
  label()
})()
