import { findProject, type ReferenceContext } from './context.ts'
import type { Edits } from './edits.ts'
import { label, markup, prose } from './markdown-shape.ts'
import { neutralFor, type Neutral } from './neutral.ts'
import { samePlace, whyNoItem } from './resolve-address.ts'
import { longestName, nameAtStart, repositoryAtEnd, wordsIn, type Word } from './words.ts'

/** One word that starts with a sign, and what surrounds it within the same stretch of text. */
interface Place extends Word {
  readonly mark: number
  readonly before: string
  readonly behind: string
  /** The sign and what follows it are not of one kind. */
  readonly torn: boolean
}
interface Desk {
  readonly text: string
  readonly context: ReferenceContext
  readonly edits: Edits
  readonly neutral: Neutral
  readonly gitlab: boolean
}

/** Rewrites numbers and names in running text, and keeps the target's own signs from coming alive. */
export function rewriteWords(text: string, marks: Uint8Array, context: ReferenceContext, edits: Edits): void {
  const desk: Desk = { text, context, edits, neutral: neutralFor(text, marks), gitlab: context.dialect.changeRequestSign === '!' }
  for (const word of wordsIn(text)) {
    const mark = marks[word.start]
    if (mark === label && word.text.startsWith('@')) rewriteName(around(text, marks, word, mark), desk)
    if (mark === prose || mark === markup) rewriteWord(around(text, marks, word, mark), desk)
  }
}

/** Text before and behind a word, up to where another kind of text begins: emphasis ends a name as a space does. */
function around(text: string, marks: Uint8Array, word: Word, mark: number): Place {
  let from = word.start
  while (from > 0 && word.start - from < 210 && marks[from - 1] === mark) from--
  const end = word.start + word.text.length
  let to = end
  while (to - end < 210 && marks[to] === mark) to++
  return { ...word, mark, before: text.slice(from, word.start), behind: text.slice(end, to), torn: marks[end - 1] !== mark }
}

const endsInWord = (before: string): boolean => /\w$/.test(before)
const startsInWord = (behind: string): boolean => /^\w/.test(behind)

function rewriteWord(place: Place, desk: Desk): void {
  switch (place.text.charAt(0)) {
    case '#':
      return rewriteNumber(place, desk)
    case '@':
      return endsInWord(place.before) ? rewriteCommit(place, desk) : rewriteName(place, desk)
    case 'g':
    case 'G':
      return /^gh/i.test(place.text) ? rewriteGh(place, desk) : keepWordPlain(place, desk)
    case '[':
    case '*':
      return keepWordPlain(place, desk)
    case '!':
      return desk.gitlab ? keepSignPlain(place, desk) : keepChangeRequestPlain(place, desk)
    default:
      return keepSignPlain(place, desk)
  }
}

function keepSignPlain({ start, text, mark }: Place, { edits, neutral, gitlab }: Desk): void {
  const sign = text[0]
  if (gitlab && sign !== undefined) edits.replace(start, start + 1, neutral.sign(mark, sign))
}

function keepWordPlain(place: Place, desk: Desk): void {
  if (desk.gitlab) neutralise(place, place.text, desk)
}

/** On Forgejo `!5` leads to a pull request, if it stands alone. */
function keepChangeRequestPlain(place: Place, desk: Desk): void {
  if (/(?:^|[\s([])$/.test(place.before) && !startsInWord(place.behind)) neutralise(place, place.text, desk)
}

function neutralise({ start, mark }: Place, word: string, { edits, neutral, text }: Desk): void {
  const end = start + word.length
  // Next to a backtick, an escape or another code span, a code span would become something else.
  const crowded = /[`\\]/.test(text.charAt(start - 1)) || text.charAt(end) === '`' || edits.endsAt(start)
  edits.replace(start, end, neutral.word(mark, word, crowded))
}

function rewriteNumber(place: Place, desk: Desk): void {
  const { start, text, before, behind } = place
  if (startsInWord(behind)) return
  const number = Number(text.slice(1))
  const repository = /[\w.-]$/.test(before) ? repositoryAtEnd(before) : undefined
  const { owner, name } = desk.context.repository
  if (repository?.owner !== undefined) numberOf(place, start - repository.length, repository.owner, repository.name, number, desk)
  else if (/[\w&#]$/.test(before)) keepSignPlain(place, desk)
  else numberOf(place, start, owner, name, number, desk)
}

function rewriteGh(place: Place, desk: Desk): void {
  const { owner, name } = desk.context.repository
  if (startsInWord(place.behind) || /[\w/-]$/.test(place.before)) return
  numberOf(place, place.start, owner, name, Number(place.text.slice(3)), desk)
}

function numberOf(place: Place, from: number, owner: string, name: string, number: number, desk: Desk): void {
  const { context, edits, gitlab } = desk
  const end = place.start + place.text.length
  const here = findProject(context, context.repository.owner, context.repository.name)
  const own = owner === context.repository.owner && name === context.repository.name
  const project = own ? here : findProject(context, owner, name)
  const kind = own || project !== undefined ? context.kindOf(owner, name, number) : undefined
  if ((own || project !== undefined) && (kind === 'issue' || kind === 'change-request')) {
    const sign = kind === 'issue' ? '#' : context.dialect.changeRequestSign
    const path = project === undefined || samePlace(here, project) ? '' : project.path
    edits.replace(from, end, `${path}${sign}${number}`)
    return
  }
  const reference = `${from < place.start ? `${owner}/${name}` : ''}${place.text}`
  edits.unresolvedAt(
    reference,
    own || project !== undefined ? whyNoItem(kind, owner, name, number) : `repository ${owner}/${name} is not carried over`,
  )
  if (gitlab && place.text.startsWith('#')) keepSignPlain(place, desk)
}

/** `owner/name@sha`, and `owner@sha` for a fork of the same name. Anything else before an `@` is an e-mail address or a version. */
function rewriteCommit({ start, text, before, behind }: Place, { context, edits }: Desk): void {
  const sha = /^[\da-f]{7,40}(?!\w)/i.exec(text.slice(1) + behind)?.[0]
  const repository = sha === undefined ? undefined : repositoryAtEnd(before)
  if (sha === undefined || repository === undefined) return
  const owner = repository.owner ?? repository.name
  const name = repository.owner === undefined ? context.repository.name : repository.name
  const project = findProject(context, owner, name)
  const reference = `${repository.owner === undefined ? owner : `${owner}/${name}`}@${sha}`
  if (project === undefined) {
    if (repository.owner !== undefined) edits.unresolvedAt(reference, `repository ${owner}/${name} is not carried over`)
  } else if (context.hasCommit?.(owner, name, sha) === false) edits.unresolvedAt(reference, `commit ${sha} is not in the archive`)
  else {
    const here = findProject(context, context.repository.owner, context.repository.name)
    edits.replace(start - repository.length, start + 1 + sha.length, samePlace(here, project) ? sha : `${project.path}@${sha}`)
  }
}

function rewriteName(place: Place, desk: Desk): void {
  const { start, text, mark, before, behind } = place
  // `@somebody@social.example` is a sign and an e-mail address to the parser.
  if (place.torn) return mark === label ? undefined : keepSignPlain(place, desk)
  const rest = text.slice(1) + behind
  const name = nameAtStart(rest)
  const whole = longestName(rest)
  const { context, edits } = desk
  if (endsInWord(before)) return
  const mentioned = name !== '' && whole.replace(/-+$/, '') === name.replace(/-+$/, '')
  const username = mentioned ? (context.username(name) ?? context.username(name.toLowerCase())) : undefined
  if (username !== undefined) return edits.replace(start, start + 1 + name.length, `@${username}`)
  // The text of a link mentions nobody, neither here nor there.
  if (mark === label) return
  const team = name.includes('/')
  const ours = name.toLowerCase().startsWith(`${context.repository.owner.toLowerCase()}/`)
  if (mentioned && !before.endsWith('/') && (!team || ours))
    edits.unresolvedAt(`@${name}`, team ? 'no group on the target answers to this team' : 'nobody on the target answers to this login')
  if (whole === '') keepSignPlain(place, desk)
  else neutralise(place, `@${whole}`, desk)
}
