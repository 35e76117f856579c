import { createHash } from 'node:crypto'
import type { RunResult } from '../../engine/api.ts'
import { markup, Html } from './html.ts'
import type { ReportLists } from './lists.ts'
import { localeOf, type Lang, type Locale } from './locale.ts'
import { leftovers, privacy, signOff, verification } from './section-closing.ts'
import { cover, objectives } from './section-cover.ts'
import { findings, losses } from './section-losses.ts'
import { places, results, timeline } from './section-result.ts'
import { usable } from './section-usable.ts'
import { style } from './style.ts'

/** The whole report as one file: both languages, no script, nothing from elsewhere. `lang` is the one shown first. */
export function reportPage(result: RunResult, lists: ReportLists, lang: Lang): string {
  const [en, de] = [localeOf('en'), localeOf('de')]
  const first = lang === 'de' ? de : en
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`
  const choice = ({ lang: id }: Locale): Html =>
    markup`<input class="choose" type="radio" name="language" id="show-${id}"${id === lang ? markup` checked` : undefined}>\n`
  const page = markup`<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${first.say.title[result.command]} ${result.run}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
${choice(en)}${choice(de)}<div class="languages" role="group" aria-label="${en.say.chooseLanguage} / ${de.say.chooseLanguage}">
<label for="show-en" lang="en">${en.say.language}</label>
<label for="show-de" lang="de">${de.say.language}</label>
</div>
${[en, de].map((locale) => main(result, lists, locale))}
</body>
</html>
`
  return page.text
}

function main(result: RunResult, lists: ReportLists, locale: Locale): Html {
  const { say, lang } = locale
  const sections: readonly (readonly [string, string, Html])[] = [
    ['objectives', say.objectives.title, objectives(result, locale)],
    ['usable', say.usable.title, usable(result, locale)],
    ['timeline', say.timeline.title, timeline(result, locale)],
    ['result', say.result.title, results(result, locale)],
    ['findings', say.findings.title, findings(lists, locale)],
    ['losses', say.losses.title, losses(result, lists, locale)],
    ['places', say.places.title, places(result, locale)],
    ['verification', say.verification.title, verification(result, locale)],
    ['leftovers', say.leftovers.title, leftovers(result, locale)],
    ['privacy', say.privacy.title, privacy(result, locale)],
    ['sign-off', say.signOff.title, signOff(locale)],
  ]
  return markup`<main id="${lang}" lang="${lang}">
<h1>${say.title[result.command]}</h1>
<p class="subtitle">${say.from} ${result.source.title} ${say.to} ${result.target.title}</p>
${cover(result, locale)}
<nav aria-label="${say.contents}"><ul>${sections.map(([id, title]) => markup`<li><a href="#${lang}-${id}">${title}</a></li>`)}</ul></nav>
${sections.map(([id, title, content]) => markup`<section id="${lang}-${id}"${id === 'losses' || id === 'places' || id === 'findings' ? undefined : markup` class="short"`}><h2>${title}</h2>\n${content}</section>\n`)}
<footer>${result.tool}, ${result.run}</footer>
</main>
`
}
