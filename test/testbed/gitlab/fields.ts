import { Refusal } from './refusal.ts'
import type { Fields } from './rows.ts'

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const rowsOf = (value: unknown): readonly Fields[] => listOf(value).filter(isFields)

export const textIn = (fields: Fields, key: string): string | undefined => {
  const value = fields[key]
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
export const numberIn = (fields: Fields, key: string): number | undefined => {
  const value = fields[key]
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined
}
export const flagIn = (fields: Fields, key: string): boolean | undefined => {
  const value = fields[key]
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === '1' || value === 1) return true
  return value === 'false' || value === '0' || value === 0 ? false : undefined
}
/** A time as the database keeps it: milliseconds, UTC. Anything that is no time is refused. */
export const timeIn = (fields: Fields, key: string): string | undefined => {
  const value = textIn(fields, key)
  if (value === undefined || value === '') return undefined
  const at = Date.parse(value)
  if (Number.isNaN(at)) throw new Refusal(400, { error: `${key} is invalid` })
  return new Date(at).toISOString()
}
/** Labels are a list or names with commas between. */
export const namesIn = (fields: Fields, key: string): string[] | undefined => {
  const value = fields[key]
  if (Array.isArray(value)) return value.map(String)
  if (typeof value !== 'string') return undefined
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
export const numbersIn = (fields: Fields, key: string): number[] | undefined => {
  const value = fields[key]
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : typeof value === 'number' ? [value] : undefined
  return list?.map(Number).filter((number) => Number.isInteger(number) && number > 0)
}
