import type { z } from 'zod'
import { nearest } from './nearest.ts'

type Issue = z.core.$ZodIssue
/** One thing wrong in a configuration: where (path inside it), what, and what to write instead. */
export interface Mistake {
  readonly path: readonly PropertyKey[]
  /** True if the path names the key itself rather than its value. */
  readonly atKey: boolean
  readonly what: string
  readonly instead: string | undefined
}

type KnownKeys = (path: readonly PropertyKey[]) => readonly string[]

/** What zod found, in words for the person at the keyboard. `knownKeys` names what may stand at a path. */
export const mistakesOf = (issues: readonly Issue[], knownKeys: KnownKeys): readonly Mistake[] =>
  issues.flatMap((issue) => mistakeOf(issue, knownKeys))

function mistakeOf(issue: Issue, knownKeys: KnownKeys): readonly Mistake[] {
  const at = { path: issue.path, atKey: false, instead: undefined }
  const name = nameOf(issue.path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key, knownKeys(issue.path)))
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ ...at, what: `${name} is missing`, instead: `write ${name}: ${sampleOf(issue.expected)}` }]
  if (issue.code === 'invalid_type')
    return [{ ...at, what: `${name} is no ${issue.expected}`, instead: `write ${sampleOf(issue.expected)}` }]
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined && 'options' in issue && issue.options !== undefined)
    return [{ ...at, what: `${name} has no such choice`, instead: `write one of ${issue.options.map(String).join(', ')}` }]
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') return deepest(issue, knownKeys)
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String).join(', ')
    return [{ ...at, what: `${name} has no such choice`, instead: `write ${issue.values.length > 1 ? 'one of ' : ''}${choices}` }]
  }
  if (issue.code === 'invalid_key') return [{ ...at, atKey: true, what: `${name}: ${issue.issues[0]?.message ?? issue.message}` }]
  return [{ ...at, what: `${name}: ${issue.message}` }]
}

export function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): Mistake {
  const meant = nearest(key, known)
  const choice = known.length === 0 ? undefined : `known here: ${known.join(', ')}`
  return {
    path: [...path, key],
    atKey: true,
    what: `"${key}" is not a setting`,
    instead: meant === undefined ? choice : `did you mean "${meant}"?`,
  }
}

const nameOf = (path: readonly PropertyKey[]): string => (path.length === 0 ? 'the file' : `"${path.map(String).join('.')}"`)
const samples: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list: [ … ]',
  object: 'settings, one per line',
  record: 'settings, one per line',
}
const sampleOf = (expected: string): string => samples[expected] ?? expected

/** Of a union's branches, what the nearest one says: the branch with the fewest objections. */
function deepest(issue: z.core.$ZodIssueInvalidUnion, knownKeys: KnownKeys): readonly Mistake[] {
  const branch = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? []
  return mistakesOf(
    branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
    knownKeys,
  )
}
