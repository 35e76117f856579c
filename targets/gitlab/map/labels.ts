import type { Told } from './told.ts'

/** What GitLab gives labels without a colour (`Label::DEFAULT_COLOR`, read 2026-11-25). */
export const DEFAULT_COLOR = '#6699cc'
const MOST = 255

/** A label's title there: stripped, without commas, at most 255 letters. GitLab tells letter case apart, so nothing collides by it. */
export function labelTitle(name: string): string {
  const title = name
    .replaceAll('\0', '')
    .toWellFormed()
    .replaceAll(',', ';')
    .replaceAll(/[\r\n]+/g, ' ')
    .trim()
  return Array.from(title === '' ? '(no name)' : title)
    .slice(0, MOST)
    .join('')
    .trim()
}
export const categoryLabel = (category: string): string => labelTitle(`discussion::${category}`)

/** Titles of labels, each once, sorted. */
export const labelTitles = (names: readonly string[]): readonly string[] => [...new Set(names.map(labelTitle))].toSorted()

export function colorOf(color: string, told: Told): string {
  const plain = color.replace(/^#/, '').toLowerCase()
  if (/^[0-9a-f]{6}$/.test(plain)) return `#${plain}`
  told.substituted('invalid-at-source', 'color', color === '' ? 'it had no colour' : 'its colour is no colour')
  return DEFAULT_COLOR
}
