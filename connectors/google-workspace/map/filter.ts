import type { Filter, FilterAction, FilterCondition } from '../../../src/model/mail-settings.ts'
import type { GmailFilter } from '../mail/settings-wire.ts'
import { mailboxId } from './mailbox.ts'
import { isSystem } from './mail.ts'

type Field = FilterCondition['field']
const condition = (field: Field, values: readonly string[]): FilterCondition => ({
  field,
  header: null,
  match: 'contains',
  values: [...values],
  negated: false,
})

/** A filter of Gmail. What the neutral words cannot say stays in Gmail's, in `unsupported`, and keeps the filter from being switched on elsewhere. */
export function filter({ id, criteria, action }: GmailFilter, person: string): Filter {
  const conditions: FilterCondition[] = []
  const unsupported: string[] = []
  for (const [name, field] of [
    ['from', 'from'],
    ['to', 'recipient'],
    ['subject', 'subject'],
  ] as const) {
    const said = criteria[name]
    if (said === undefined || said.trim() === '') continue
    const values = alternatives(said)
    if (values === undefined) unsupported.push(`${name}:(${said})`)
    else conditions.push(condition(field, values))
  }
  if (criteria.query !== undefined) unsupported.push(`query: ${criteria.query}`)
  if (criteria.negatedQuery !== undefined) unsupported.push(`negatedQuery: ${criteria.negatedQuery}`)
  if (criteria.hasAttachment === true) conditions.push(condition('has-attachment', []))
  if (criteria.size !== undefined && criteria.size > 0)
    conditions.push(condition(criteria.sizeComparison === 'smaller' ? 'size-under' : 'size-over', [String(criteria.size)]))
  const actions = actionsOf(action, person, unsupported)
  return { nativeId: id, name: null, enabled: true, stop: false, conditions, exceptions: [], actions, unsupported }
}

/** `a@x OR b@y`, `{a@x b@y}` or plain words; undefined: more of Gmail's search language than that. */
function alternatives(said: string): string[] | undefined {
  const braces = /^\{([^{}()"]*)\}$/.exec(said.trim())?.[1]
  const parts =
    braces === undefined
      ? said
          .trim()
          .replaceAll(/^\(([^()]*)\)$/g, '$1')
          .split(/ OR |\|/)
      : braces.split(/\s+/)
  const values = parts.map((part) => part.trim().replaceAll(/^"([^"]*)"$/g, '$1')).filter((part) => part !== '')
  const plain = values.every((value) => !/["(){}*]|(?:^|\s)-|\bAND\b|^\w+:/.test(value))
  return plain && values.length > 0 ? values : undefined
}

function actionsOf({ addLabelIds, removeLabelIds, forward }: GmailFilter['action'], person: string, unsupported: string[]): FilterAction[] {
  const act = (type: FilterAction['type'], target: Partial<FilterAction> = {}): FilterAction => ({
    type,
    mailbox: null,
    value: null,
    ...target,
  })
  const actions: FilterAction[] = []
  for (const label of addLabelIds) {
    if (label === 'TRASH') actions.push(act('delete'))
    else if (label === 'STARRED') actions.push(act('flag'))
    else if (label === 'SPAM') actions.push(act('move', { mailbox: mailboxId(person, label) }))
    else if (isSystem(label)) actions.push(act('keyword', { value: label }))
    else actions.push(act('copy', { mailbox: mailboxId(person, label) }))
  }
  for (const label of removeLabelIds) {
    if (label === 'INBOX') actions.push(act('archive'))
    else if (label === 'UNREAD') actions.push(act('mark-seen'))
    else if (label === 'SPAM') actions.push(act('never-junk'))
    else unsupported.push(`remove label ${label}`)
  }
  // Gmail sends on the mail as it came, which elsewhere is called a redirect.
  if (forward !== undefined) actions.push(act('redirect', { value: forward }))
  return actions
}
