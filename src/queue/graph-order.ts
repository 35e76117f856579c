import { Fault } from '../fault.ts'
import type { NodeSpec } from './graph.ts'

/**
 * New nodes with parents before children. Old nodes never get new parents, so a cycle can only lie among the new ones.
 * @throws Fault `usage` naming a node of the cycle
 */
export function refuseCycles(fresh: ReadonlyMap<string, NodeSpec>): readonly NodeSpec[] {
  const waitsFor = new Map<string, number>()
  const children = new Map<string, string[]>()
  for (const { key, after = [] } of fresh.values()) {
    const parents = [...new Set(after)].filter((parent) => fresh.has(parent))
    waitsFor.set(key, parents.length)
    for (const parent of parents) if (children.get(parent)?.push(key) === undefined) children.set(parent, [key])
  }
  const free = [...fresh.keys()].filter((key) => waitsFor.get(key) === 0)
  const ordered: NodeSpec[] = []
  for (const key of free) {
    const spec = fresh.get(key)
    if (spec !== undefined) ordered.push(spec)
    for (const child of children.get(key) ?? []) {
      const left = (waitsFor.get(child) ?? 0) - 1
      waitsFor.set(child, left)
      if (left === 0) free.push(child)
    }
  }
  const stuck = [...waitsFor].find(([, parents]) => parents > 0)
  if (stuck !== undefined) throw new Fault({ code: 'usage', what: `Node ${stuck[0]} waits for itself`, why: 'the nodes form a cycle' })
  return ordered
}
