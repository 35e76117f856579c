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

/** What zod found, in words for the person at the keyboard. `knownKeys` names what may stand at a path. */
export function mistakesOf(issues: readonly Issue[], knownKeys: (path: readonly PropertyKey[]) => readonly string[]): readonly Mistake[] {
  return issues.flatMap((issue): readonly Mistake[] => {
    const at = { path: issue.path, atKey: false, instead: undefined }
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => unknownKey(issue.path, key, knownKeys(issue.path)))
      case 'invalid_type':
        return issue.message.endsWith('received undefined')
          ? [{ ...at, what: `${nameOf(issue.path)} is missing`, instead: `write ${nameOf(issue.path)}: ${sampleOf(issue.expected)}` }]
          : [{ ...at, what: `${nameOf(issue.path)} is no ${issue.expected}`, instead: `write ${sampleOf(issue.expected)}` }]
      case 'invalid_union':
        if (issue.discriminator !== undefined && 'options' in issue && issue.options !== undefined)
          return [{ ...at, what: `${nameOf(issue.path)} has no such choice`, instead: `write one of ${issue.options.map(String).join(', ')}` }]
        return issue.message === 'Invalid input' ? deepest(issue, knownKeys) : [{ ...at, what: `${nameOf(issue.path)}: ${issue.message}` }]
      case 'invalid_value':
        return [{ ...at, what: `${nameOf(issue.path)} has no such choice`, instead: `write ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}` }]
      case 'invalid_key':
        return [{ ...at, atKey: true, what: `${nameOf(issue.path)}: ${issue.issues[0]?.message ?? issue.message}` }]
      default:
        return [{ ...at, what: `${nameOf(issue.path)}: ${issue.message}` }]
    }
  })
}

export function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): Mistake {
  const meant = nearest(key, known)
  const choice = known.length === 0 ? undefined : `known here: ${known.join(', ')}`
  return { path: [...path, key], atKey: true, what: `"${key}" is not a setting`, instead: meant === undefined ? choice : `did you mean "${meant}"?` }
}

const nameOf = (path: readonly PropertyKey[]): string => (path.length === 0 ? 'the file' : `"${path.map(String).join('.')}"`)
const samples: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list: [ … ]', object: 'settings, one per line', record: 'settings, one per line' }
const sampleOf = (expected: string): string => samples[expected] ?? expected

/** Of a union's branches, what the nearest one says: the branch with the fewest objections. */
function deepest(issue: z.core.$ZodIssueInvalidUnion, knownKeys: (path: readonly PropertyKey[]) => readonly string[]): readonly Mistake[] {
  const branch = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? []
  return mistakesOf(
    branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
    knownKeys,
  )
}
