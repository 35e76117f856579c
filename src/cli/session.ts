import type { Command } from 'commander'
import type { LoadedConfig } from '../config/load.ts'
import type { ExitCode } from './exit-code.ts'
import type { Output } from './render/output.ts'
import type { ColorChoice, Streams } from './streams.ts'

/** Options every command knows. */
export interface Globals {
  readonly config?: string
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly quiet?: boolean
  /** 0 without -v. */
  readonly verbose: number
  readonly logFormat?: 'text' | 'json'
  readonly color: ColorChoice
  readonly lang?: 'en' | 'de'
}

/** What one run of a command has in hand. */
export interface Session {
  readonly globals: Globals
  readonly streams: Streams
  readonly output: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
  /** Names this run in logs and errors. */
  readonly run: string
  /** `fallreep 0.1.0` */
  readonly tool: string
  /** Reads the configuration on first use. @throws Fault `config` */
  config(): Promise<LoadedConfig>
  /** Says how to continue if this run is stopped. */
  resumeWith(command: string): void
}

/** What a command does: its operands as typed, its own options, and the exit code it ends with. @throws Fault */
export type Body<Options> = (session: Session, operands: readonly string[], options: Options) => Promise<ExitCode>
/** Turns a body into a commander action: session, signals, errors and exit code around it. */
export type Act = <Options>(body: Body<Options>) => (this: Command) => Promise<void>
