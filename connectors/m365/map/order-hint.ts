/** Room for seven letters of a hint in a whole number. */
const letters = 95

/**
 * A number that stands for an order hint among its neighbours: hints are texts in the order of their letters
 * (https://learn.microsoft.com/graph/api/resources/planner-order-hint-format, read 2026-11-25). A number of its own, rather than a place in
 * the list, so that a new task changes no other. Planner's own hints are nineteen digits that begin alike; the digits that differ count.
 */
export function orderOf(hint: string | null): number | null {
  if (hint === null || hint === '') return null
  const digits = /^\d{19}/.test(hint)
  const telling = digits ? hint.slice(19, 20) : hint.slice(0, 7)
  let number = digits ? Number(hint.slice(3, 15)) : 0
  for (const letter of telling.padEnd(digits ? 1 : 7, ' '))
    number = number * letters + Math.min(Math.max(letter.charCodeAt(0) - 32, 0), letters - 1)
  return number
}
