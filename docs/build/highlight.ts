// Colours source text at build time. highlight.js takes a quarter of the time that TextMate grammars take.
import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import css from 'highlight.js/lib/languages/css'
import http from 'highlight.js/lib/languages/http'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import { escapeHtml } from './html.ts'

const languages = { bash, css, http, javascript, json, sql, typescript, xml, yaml }
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language)
hljs.registerAliases(['sh', 'shell', 'console'], { languageName: 'bash' })
hljs.registerAliases('ts', { languageName: 'typescript' })

/** Source text as HTML with classes for its colours; in an unknown language, only escaped. */
export function highlight(text: string, language: string): string {
  if (!hljs.getLanguage(language)) return escapeHtml(text)
  return hljs.highlight(text, { language, ignoreIllegals: true }).value
}

/** The same, as one piece of HTML for each line: spans that go over several lines are closed and opened again. */
export function highlightLines(text: string, language: string): string[] {
  const open: string[] = []
  return highlight(text, language)
    .split('\n')
    .map((line) => {
      const before = open.join('')
      for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g)) {
        if (tag === '</span>') open.pop()
        else open.push(tag)
      }
      return before + line + '</span>'.repeat(open.length)
    })
}
