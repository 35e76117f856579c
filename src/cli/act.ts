import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { ExitCode } from './exit-code.ts'
import type { Act, Body } from './session.ts'

/** Name and version as reports show them. */
export function toolName(): string {
  // Beside the sources in a checkout, one level further up in a build.
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(up, import.meta.url), 'utf8')
      return `fallreep ${(JSON.parse(text) as { version: string }).version}`
    } catch {
      continue
    }
  }
  return 'fallreep'
}

/** Runs command bodies in the real world; `settle` gets the exit code. Help and completions never get here, so nothing is loaded for them. */
export function actor(settle: (code: ExitCode) => void): Act {
  return <Options>(body: Body<Options>) =>
    async function act(this: Command) {
      const { runBody } = await import('./run-body.ts')
      settle(await runBody(this.optsWithGlobals(), toolName(), (session) => body(session, this.args, this.opts() as Options)))
    }
}
