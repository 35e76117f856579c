import type { LossCode } from '../../../src/contract/fidelity.ts'
import type { Filter, MailSettings } from '../../../src/model/mail-settings.ts'
import { actionOf, inOrder, testOf, vacationOf, type Places, type Words } from './words.ts'

/** A script for one person, and what of their settings it does not do. `text` is empty when there is nothing to say. */
export interface SieveScript {
  readonly text: string
  readonly requires: readonly string[]
  readonly losses: readonly { readonly code: LossCode; readonly field: string; readonly detail: string }[]
}
export interface SieveOptions {
  readonly places: Places
  /** Filters that send mail on. Off unless somebody decided it: after a cutover they would send to where the mail came from. */
  readonly forwards: boolean
  /** Extensions the server has; undefined: not known, all are taken for there. */
  readonly extensions: ReadonlySet<string> | undefined
}

/**
 * Filters and automatic reply as one Sieve script (RFC 5228, with 5229, 5230, 5232, 5260, 5703). A filter with a condition or an action
 * that cannot be said whole is written down as a comment and not run: half a filter files mail where nobody looks.
 */
export function sieveScript(settings: MailSettings, options: SieveOptions): SieveScript {
  const losses: { code: LossCode; field: string; detail: string }[] = []
  const requires = new Set<string>()
  const blocks: string[] = []
  const missing = (words: readonly Words[]): string | undefined =>
    words.flatMap((one) => one.requires).find((name) => options.extensions !== undefined && !options.extensions.has(name))

  for (const [at, filter] of settings.filters.entries()) {
    const title = `filter ${at + 1}${filter.name === null ? '' : ` "${comment(filter.name)}"`}`
    const made = ruleOf(filter, options)
    const lacks = made.reason ?? lacking(missing(made.words))
    if (lacks !== undefined) {
      losses.push({ code: made.code ?? 'no-such-concept', field: 'filters', detail: `${title}: ${lacks}` })
      blocks.push(`# ${title}: not carried, ${comment(lacks)}\r\n`)
      continue
    }
    if (!filter.enabled) {
      blocks.push(`# ${title}: switched off at the source\r\n${made.text.replaceAll(/^/gm, '# ').replace(/# $/, '')}`)
      continue
    }
    for (const { requires: names } of made.words) for (const name of names) requires.add(name)
    blocks.push(`# ${title}\r\n${made.text}`)
  }
  const { vacation } = settings
  if (vacation !== null && vacation.text.trim() !== '') {
    const words = vacationOf(vacation)
    const lacks = lacking(missing([words]))
    const audience = vacation.audience === 'everyone' ? undefined : `answers ${vacation.audience} only, which Sieve cannot tell`
    const reason = vacation.enabled ? (audience ?? lacks) : undefined
    if (reason !== undefined) {
      losses.push({ code: 'no-such-concept', field: 'vacation', detail: `automatic reply: ${reason}` })
      blocks.push(`# automatic reply: not carried, ${reason}\r\n`)
    } else if (vacation.enabled) {
      for (const name of words.requires) requires.add(name)
      blocks.push(`# automatic reply\r\n${words.text}\r\n`)
    }
    if (vacation.internal !== null && vacation.internal !== vacation.text)
      losses.push({ code: 'no-such-concept', field: 'vacation', detail: 'another automatic reply for the own organisation' })
  }
  const names = [...requires].toSorted()
  const head = names.length === 0 ? '' : `require [${names.map((name) => `"${name}"`).join(', ')}];\r\n`
  return { text: blocks.length === 0 ? '' : `${head}\r\n${blocks.join('\r\n')}`, requires: names, losses }
}

const lacking = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : `the server has no Sieve extension "${name}"`
/** One line, whatever stands in it. */
const comment = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ')

interface Rule {
  readonly text: string
  readonly words: readonly Words[]
  readonly reason: string | undefined
  readonly code?: LossCode
}

function ruleOf(filter: Filter, { places, forwards }: SieveOptions): Rule {
  const none = { text: '', words: [] }
  if (filter.unsupported.length > 0) return { ...none, reason: `no word for ${filter.unsupported.join(', ')}` }
  if (filter.actions.length === 0) return { ...none, reason: 'it does nothing that could be carried' }
  const sends = filter.actions.some(({ type }) => type === 'forward' || type === 'redirect')
  if (sends && !forwards)
    return { ...none, reason: 'it sends mail on; set sieve.forwards to carry such filters', code: 'excluded-by-policy' }
  const tests = filter.conditions.map(testOf)
  const exceptions = filter.exceptions.map(testOf)
  const actions: Words[] = []
  for (const action of inOrder(filter.actions)) {
    const words = actionOf(action, places)
    if (words === undefined) return { ...none, reason: `its folder is not there for "${action.type}"` }
    actions.push(words)
  }
  const all = [
    ...tests.map(({ text }) => text),
    ...(exceptions.length === 0 ? [] : [`not anyof(${exceptions.map(({ text }) => text).join(', ')})`]),
  ]
  const condition = all.length === 0 ? 'true' : all.length === 1 ? (all[0] ?? 'true') : `allof(${all.join(', ')})`
  const body = [...actions.map(({ text }) => text), ...(filter.stop ? ['stop;'] : [])]
  const text = `if ${condition} {\r\n${body.map((line) => `  ${line}\r\n`).join('')}}\r\n`
  return { text, words: [...tests, ...exceptions, ...actions], reason: undefined }
}
