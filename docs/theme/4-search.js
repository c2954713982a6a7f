// The search. Its texts are loaded as a script at the first search, so that it works on pages opened from files.
;(() => {
  const dialog = document.getElementById('search')
  const input = document.getElementById('search-text')
  const says = document.getElementById('search-says')
  const results = document.getElementById('search-results')
  const root = document.body.dataset.root
  const MOST = 20
  const AROUND = 70
  let index

  document.getElementById('open-search').addEventListener('click', open)
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, [contenteditable]')
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      open()
    }
  })
  input.addEventListener('input', show)
  dialog.addEventListener('keydown', moveByArrows)
  // In a search field, Escape would only empty it.
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') dialog.close()
  })
  results.addEventListener('click', (event) => {
    if (event.target.closest('a')) dialog.close()
  })

  async function open() {
    dialog.showModal()
    input.select()
    index ??= await load()
    show()
  }

  function load() {
    return new Promise((resolve) => {
      const script = document.createElement('script')
      script.src = `${root}/theme/search.js`
      script.addEventListener('error', () => {
        says.textContent = 'The search could not be loaded.'
      })
      script.addEventListener('load', () => {
        const search = new window.MiniSearch({
          fields: ['heading', 'page', 'text'],
          storeFields: ['heading', 'page', 'text', 'address'],
          searchOptions: { boost: { heading: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
        })
        search.addAll(window.searchEntries)
        resolve(search)
      })
      document.head.append(script)
    })
  }

  function show() {
    if (!index) return
    const query = input.value.trim()
    const found = query === '' ? [] : index.search(query)
    const many = found.length === 1 ? '1 place' : `${found.length} places`
    const first = found.length > MOST ? `, the first ${MOST} are shown` : ''
    says.textContent = query === '' ? 'Type a word, for example "fixation".' : `${many} found${first}.`
    results.replaceChildren(...found.slice(0, MOST).map(item))
  }

  function item({ heading, page, text, address, terms }) {
    const link = document.createElement('a')
    link.href = `${root}/${address}`
    const title = document.createElement('strong')
    title.textContent = heading || page
    const where = document.createElement('span')
    where.textContent = heading === page || heading === '' ? '' : page
    const excerpt = document.createElement('span')
    excerpt.textContent = around(text, terms)
    link.append(title, where, excerpt)
    const li = document.createElement('li')
    li.append(link)
    return li
  }

  // The text where the first found word stands.
  function around(text, terms) {
    const lower = text.toLowerCase()
    const at = Math.max(
      0,
      Math.min(...terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0), text.length),
    )
    // From the beginning of one word to the end of another.
    const from = at === text.length || at < AROUND ? 0 : text.indexOf(' ', at - AROUND) + 1
    const end = text.indexOf(' ', from + 2 * AROUND)
    const to = end < 0 ? text.length : end
    return `${from > 0 ? '… ' : ''}${text.slice(from, to)}${to < text.length ? ' …' : ''}`
  }

  function moveByArrows(event) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const stops = [input, ...results.querySelectorAll('a')]
    const next = stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)
    if (!stops[next]) return
    event.preventDefault()
    stops[next].focus()
  }
})()
