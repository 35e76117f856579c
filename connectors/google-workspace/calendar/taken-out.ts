import { filled, type Json, text } from '../json.ts'
import { baseOf } from '../map/event-id.ts'
import { isCancelled, isOccurrence } from '../map/event.ts'
import type { CalendarState } from './state.ts'

/**
 * Occurrences that were taken out of a series. Google says nowhere whether asking by UID names them too, and without them an occurrence
 * that was cancelled long ago would be back. So they are remembered until an answer shows that it does, and for ever if it does not.
 */
export function remember(state: CalendarState, part: Json): void {
  if (state.byUid === 'whole' || !isOccurrence(part)) return
  const base = baseOf(part)
  const id = text(part['id'])
  if (!id.startsWith(`${base}_`)) return
  const rest = (state.gone.get(base) ?? []).filter((start) => start !== id.slice(base.length + 1))
  const starts = isCancelled(part) ? [...rest, id.slice(base.length + 1)] : rest
  if (starts.length === 0) state.gone.delete(base)
  else state.gone.set(base, starts)
}

/** What was answered to a question by UID, made whole. `bases`: ids of the series with this UID. */
export function completed(state: CalendarState, bases: readonly string[], parts: readonly Json[]): readonly Json[] {
  const shown = parts.some((part) => isCancelled(part) && isOccurrence(part))
  const known = bases.flatMap((base) =>
    (state.gone.get(base) ?? []).map((start) => ({ id: `${base}_${start}`, status: 'cancelled', recurringEventId: base })),
  )
  if (shown) {
    state.byUid = 'whole'
    state.gone.clear()
  } else if (known.length > 0 && state.byUid === 'unknown') state.byUid = 'without cancelled'
  if (state.byUid !== 'without cancelled') return parts
  const named = new Set(parts.map((part) => filled(part['id'])))
  if (parts.every(isCancelled)) for (const base of bases) state.gone.delete(base)
  return [...parts, ...known.filter(({ id }) => !named.has(id))]
}
