import { InvalidArgumentError, Option } from 'commander'
import { parseDuration } from './format.ts'

/** An option that may be given several times. */
export const repeatable = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])

/** An option holding a duration such as `2h`; the value is in milliseconds. */
export const duration = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string) => {
    const ms = parseDuration(value)
    if (ms === undefined) throw new InvalidArgumentError('Write a number and a unit: 45s, 90m, 2h, 1d.')
    return ms
  })
