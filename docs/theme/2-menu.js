// The navigation on a small screen, and the contents of a page, which are open where there is room beside the text.
;(() => {
  const nav = document.getElementById('site-nav')
  const button = document.getElementById('open-menu')
  button.addEventListener('click', () => {
    const open = nav.classList.toggle('open')
    button.setAttribute('aria-expanded', String(open))
    if (open) nav.querySelector('a').focus()
  })

  const contents = document.querySelector('nav.contents details')
  const wide = matchMedia('(min-width: 78rem)')
  const follow = () => {
    if (contents) contents.open = wide.matches
  }
  wide.addEventListener('change', follow)
  follow()
})()
