// A button beside each command that copies it, without its prompt.
;(() => {
  for (const code of document.querySelectorAll('code[data-copy]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.setAttribute('aria-label', `Copy the command: ${code.textContent.slice(0, 60)}`)
    button.addEventListener('click', async () => {
      const done = await copy(code.textContent)
      button.textContent = done ? 'Copied' : 'Not copied'
      setTimeout(() => {
        button.textContent = 'Copy'
      }, 1500)
    })
    code.closest('.command').append(button)
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      return copyBySelection(text)
    }
  }

  // For browsers that keep the clipboard from pages opened as files.
  function copyBySelection(text) {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
})()
