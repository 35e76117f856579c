import type { Filter, FilterAction, FilterCondition, MailSettings } from '../../../src/model/mail-settings.ts'

/** A piece of a Sieve script, and the extensions it needs (RFC 5228, section 3.2). */
export interface Words {
  readonly text: string
  readonly requires: readonly string[]
}

/** Where things go here: what the mapping of folders and people knows. */
export interface Places {
  /** The folder that a mailbox of the source became; undefined: it has none here. */
  folder(mailbox: string): string | undefined
  readonly archive: string
  readonly trash: string
}

/** A quoted string; longer texts than a line may hold stand as they are, servers take them. NUL is no letter of Sieve. */
export const quoted = (text: string): string => `"${text.replaceAll('\0', '').replaceAll(/[\\"]/g, String.raw`\$&`)}"`
const list = (texts: readonly string[]): string => (texts.length === 1 ? quoted(texts[0] ?? '') : `[${texts.map(quoted).join(', ')}]`)
/** `*` and `?` mean something to `:matches`. */
const literally = (text: string): string => text.replaceAll(/[\\*?]/g, String.raw`\$&`)

const headers: { readonly [F in FilterCondition['field']]?: readonly string[] } = {
  from: ['from'],
  to: ['to'],
  cc: ['cc'],
  recipient: ['to', 'cc', 'bcc'],
  subject: ['subject'],
}

/** One condition as a Sieve test. */
export function testOf(condition: FilterCondition): Words {
  const { text, requires } = plainTest(condition)
  return { text: condition.negated ? `not ${text}` : text, requires }
}

function plainTest({ field, header, match, values }: FilterCondition): Words {
  const wanted =
    match === 'begins'
      ? values.map((value) => `${literally(value)}*`)
      : match === 'ends'
        ? values.map((value) => `*${literally(value)}`)
        : values
  const how = match === 'contains' ? ':contains' : match === 'is' ? ':is' : ':matches'
  switch (field) {
    case 'from':
    case 'to':
    case 'cc':
    case 'recipient':
    case 'subject':
      return { text: `header ${how} ${list(headers[field] ?? [])} ${list(wanted)}`, requires: [] }
    case 'header':
      return { text: `header ${how} ${quoted(header ?? '')} ${list(wanted)}`, requires: [] }
    case 'body':
      return { text: `body :text ${how} ${list(wanted)}`, requires: ['body'] }
    case 'size-over':
      return { text: `size :over ${whole(values)}`, requires: [] }
    case 'size-under':
      return { text: `size :under ${whole(values)}`, requires: [] }
    case 'has-attachment':
      // Any part that is meant to be saved: what mail programs show as a paper clip.
      return { text: 'header :mime :anychild :contains "content-disposition" "attachment"', requires: ['mime'] }
    case 'importance':
      return { text: `header :is "importance" ${list(values)}`, requires: [] }
  }
}
const whole = (values: readonly string[]): number => Math.max(0, Math.trunc(Number(values[0] ?? '0')) || 0)

/** One action as Sieve commands; undefined: it cannot be said here, and the filter must not run without it. */
export function actionOf({ type, mailbox, value }: FilterAction, places: Places): Words | undefined {
  const folder = mailbox === null ? undefined : places.folder(mailbox)
  switch (type) {
    case 'move':
      return folder === undefined ? undefined : { text: `fileinto ${quoted(folder)};`, requires: ['fileinto'] }
    case 'copy':
      return folder === undefined ? undefined : { text: `fileinto :copy ${quoted(folder)};`, requires: ['fileinto', 'copy'] }
    case 'archive':
      return { text: `fileinto ${quoted(places.archive)};`, requires: ['fileinto'] }
    // Never `discard`: what is deleted by mistake can still be found.
    case 'delete':
      return { text: `fileinto ${quoted(places.trash)};`, requires: ['fileinto'] }
    case 'mark-seen':
      return { text: String.raw`addflag "\\Seen";`, requires: ['imap4flags'] }
    case 'flag':
      return { text: String.raw`addflag "\\Flagged";`, requires: ['imap4flags'] }
    case 'keyword':
      return value === null ? undefined : { text: `addflag ${quoted(value)};`, requires: ['imap4flags'] }
    case 'never-junk':
      return { text: 'keep;', requires: [] }
    case 'forward':
      return value === null ? undefined : { text: `redirect :copy ${quoted(value)};`, requires: ['copy'] }
    case 'redirect':
      return value === null ? undefined : { text: `redirect ${quoted(value)};`, requires: [] }
  }
}

/** Flags count for what is filed after them: they come first. */
export const inOrder = (actions: Filter['actions']): Filter['actions'] => {
  const isFlag = ({ type }: FilterAction): boolean => type === 'mark-seen' || type === 'flag' || type === 'keyword'
  return [...actions.filter(isFlag), ...actions.filter((action) => !isFlag(action))]
}

/** An automatic reply within its days, once a week to the same person, as mail programs do it. */
export function vacationOf(vacation: NonNullable<MailSettings['vacation']>): Words {
  const subject = vacation.subject === null ? '' : ` :subject ${quoted(vacation.subject)}`
  const reply = `vacation :days 7${subject} ${quoted(vacation.text)};`
  const within = [
    ...(vacation.from === null ? [] : [`currentdate :zone "+0000" :value "ge" "iso8601" ${quoted(vacation.from.slice(0, 19))}`]),
    ...(vacation.until === null ? [] : [`currentdate :zone "+0000" :value "lt" "iso8601" ${quoted(vacation.until.slice(0, 19))}`]),
  ]
  if (within.length === 0) return { text: reply, requires: ['vacation'] }
  return { text: `if allof(${within.join(', ')}) { ${reply} }`, requires: ['vacation', 'date', 'relational'] }
}
