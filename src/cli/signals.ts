import { Interrupted } from './failure.ts'

/**
 * Ctrl-C and SIGTERM abort the run, which then saves its checkpoint; a second one ends the program at once.
 * SIGUSR1 tells where the run stands.
 */
export function watchSignals(tell: () => void, warn: (text: string) => void): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  const stop = (name: 'SIGINT' | 'SIGTERM') => (): void => {
    const reason = new Interrupted(name)
    if (controller.signal.aborted) process.exit(reason.exitCode)
    warn('stopping: saving the checkpoint; once more stops at once')
    controller.abort(reason)
  }
  const listeners = { SIGINT: stop('SIGINT'), SIGTERM: stop('SIGTERM'), SIGUSR1: tell }
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener)
    },
  }
}
