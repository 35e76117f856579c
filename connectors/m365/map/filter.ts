import { z } from 'zod'
import type { Filter, FilterAction, FilterCondition } from '../../../src/model/mail-settings.ts'
import { mailboxId } from './mailbox.ts'

const Address = z.object({ emailAddress: z.object({ address: z.string() }) })
const Range = z.object({ minimumSize: z.number().nullish(), maximumSize: z.number().nullish() })
const Part = z.record(z.string(), z.unknown()).nullish()

/** Read 2026-11-25: https://learn.microsoft.com/graph/api/resources/messagerule */
const RuleWire = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  sequence: z.number().nullish(),
  isEnabled: z.boolean().nullish(),
  hasError: z.boolean().nullish(),
  conditions: Part,
  exceptions: Part,
  actions: Part,
})

type Condition = Omit<FilterCondition, 'header' | 'negated'>
const words = (field: FilterCondition['field']) => (value: unknown) =>
  z
    .array(z.string())
    .transform((values): Condition[] => [{ field, match: 'contains', values }])
    .safeParse(value).data
const addresses = (field: FilterCondition['field']) => (value: unknown) =>
  z
    .array(Address)
    .transform((values): Condition[] => [{ field, match: 'is', values: values.map(({ emailAddress }) => emailAddress.address) }])
    .safeParse(value).data

/** Sizes stand in kilobytes there. */
function sizes(value: unknown): Condition[] | undefined {
  const range = Range.safeParse(value).data
  if (range === undefined) return undefined
  const of = (field: 'size-over' | 'size-under', kilobytes: number | null | undefined): Condition[] =>
    typeof kilobytes === 'number' && kilobytes > 0 ? [{ field, match: 'is', values: [String(kilobytes * 1024)] }] : []
  return [...of('size-over', range.minimumSize), ...of('size-under', range.maximumSize)]
}

const conditions: Readonly<Record<string, (value: unknown) => Condition[] | undefined>> = {
  subjectContains: words('subject'),
  bodyContains: words('body'),
  senderContains: words('from'),
  recipientContains: words('recipient'),
  fromAddresses: addresses('from'),
  sentToAddresses: addresses('recipient'),
  withinSizeRange: sizes,
  importance: (value) => (typeof value === 'string' ? [{ field: 'importance', match: 'is', values: [value] }] : undefined),
}

interface Read<T> {
  readonly parts: T[]
  readonly unsupported: string[]
}
/** Unset conditions and actions are null, false or an empty list. */
const isSet = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)

function conditionsOf(given: z.infer<typeof Part>, word: string): Read<FilterCondition> {
  const read: Read<FilterCondition> = { parts: [], unsupported: [] }
  for (const [name, value] of Object.entries(given ?? {})) {
    if (name.startsWith('@')) continue
    if (name === 'hasAttachments' && typeof value === 'boolean') {
      read.parts.push({ field: 'has-attachment', header: null, match: 'is', values: [], negated: !value })
      continue
    }
    if (!isSet(value)) continue
    const found = conditions[name]?.(value)
    if (found === undefined) read.unsupported.push(`${word}.${name}`)
    else read.parts.push(...found.map(({ field, match, values }) => ({ field, header: null, match, values, negated: false })))
  }
  return read
}

function actionsOf(
  given: z.infer<typeof Part>,
  person: string,
  known: ReadonlySet<string>,
): Read<FilterAction> & { readonly stop: boolean } {
  const parts: FilterAction[] = []
  const unsupported: string[] = []
  let stop = false
  const folder = (type: 'move' | 'copy', value: unknown, name: string): void => {
    if (typeof value === 'string' && known.has(value)) parts.push({ type, mailbox: mailboxId(person, value), value: null })
    else unsupported.push(`actions.${name}`)
  }
  const to = (type: 'forward' | 'redirect', value: unknown, name: string): void => {
    const read = z.array(Address).safeParse(value).data
    if (read === undefined) unsupported.push(`actions.${name}`)
    else parts.push(...read.map(({ emailAddress }) => ({ type, mailbox: null, value: emailAddress.address })))
  }
  for (const [name, value] of Object.entries(given ?? {})) {
    if (name.startsWith('@') || !isSet(value)) continue
    if (name === 'stopProcessingRules') stop = true
    else if (name === 'moveToFolder') folder('move', value, name)
    else if (name === 'copyToFolder') folder('copy', value, name)
    else if (name === 'forwardTo') to('forward', value, name)
    else if (name === 'redirectTo') to('redirect', value, name)
    else if (name === 'markAsRead') parts.push({ type: 'mark-seen', mailbox: null, value: null })
    // Into the bin, from where it can be taken back; `permanentDelete` is another thing.
    else if (name === 'delete') parts.push({ type: 'delete', mailbox: null, value: null })
    else if (name === 'assignCategories' && Array.isArray(value))
      parts.push(
        ...value.filter((entry) => typeof entry === 'string').map((entry) => ({ type: 'keyword' as const, mailbox: null, value: entry })),
      )
    else unsupported.push(`actions.${name}`)
  }
  return { parts, unsupported, stop }
}

/** A rule of an inbox; undefined for what is none. `known`: ids of the folders there are. */
export function filterOf(
  given: unknown,
  person: string,
  known: ReadonlySet<string>,
): { readonly filter: Filter; readonly at: number } | undefined {
  const rule = RuleWire.safeParse(given).data
  if (rule === undefined) return undefined
  const when = conditionsOf(rule.conditions, 'conditions')
  const unless = conditionsOf(rule.exceptions, 'exceptions')
  const then = actionsOf(rule.actions, person, known)
  const filter: Filter = {
    nativeId: rule.id,
    name: rule.displayName ?? null,
    enabled: rule.isEnabled !== false,
    stop: then.stop,
    conditions: when.parts,
    exceptions: unless.parts,
    actions: then.parts,
    unsupported: [...when.unsupported, ...unless.unsupported, ...then.unsupported, ...(rule.hasError === true ? ['hasError'] : [])],
  }
  return { filter, at: rule.sequence ?? 0 }
}
