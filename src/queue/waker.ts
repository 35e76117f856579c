import type { NodeId, Waker } from './graph.ts'

/** Wakes the workers of this process. */
export function localWaker(): Waker {
  const listeners = new Set<() => void>()
  return {
    notify(nodes: readonly NodeId[]) {
      if (nodes.length > 0) for (const wake of listeners) wake()
      return Promise.resolve()
    },
    subscribe(wake) {
      listeners.add(wake)
      return { [Symbol.dispose]: () => void listeners.delete(wake) }
    },
  }
}
