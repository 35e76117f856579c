import { styleText } from 'node:util'
import { pino } from 'pino'
import type { Log } from '../contract/ports.ts'
import { Fault } from '../fault.ts'
import { redactText } from '../http/redact.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'silent'
export interface LogOptions {
  readonly level: LogLevel
  /** `text` for eyes, `json` for the journal. */
  readonly format: 'text' | 'json'
  /** Takes whole lines with their line end. Default: standard error, written synchronously. */
  readonly write?: (line: string) => void
  /** Said with every line: run, source. */
  readonly fields?: Readonly<Record<string, unknown>>
  /** Colour for the text format. */
  readonly colour?: boolean
}
/** A Log that can be told what all its further lines are about. */
export interface StructuredLog extends Log {
  with(fields: Readonly<Record<string, unknown>>): StructuredLog
}

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn' }
const COLOURS: Readonly<Record<string, 'dim' | 'cyan' | 'yellow'>> = { debug: 'dim', info: 'cyan', warn: 'yellow' }

/** The log of a run. Every line passes through redaction last, whatever was put into it. */
export function createLog(options: LogOptions): StructuredLog {
  const write = options.write ?? ((line: string): void => void process.stderr.write(line))
  const render =
    options.format === 'json' ? (line: string): string => line : (line: string): string => textLine(line, options.colour === true)
  const logger = pino(
    {
      level: options.level,
      base: { ...options.fields },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: errorFields, cause: errorFields },
    },
    { write: (line: string) => write(redactText(render(line))) },
  )
  return wrap(logger)
}

function wrap(logger: pino.Logger): StructuredLog {
  return {
    debug: (msg, fields = {}) => logger.debug(fields, msg),
    info: (msg, fields = {}) => logger.info(fields, msg),
    warn: (msg, fields = {}) => logger.warn(fields, msg),
    with: (fields) => wrap(logger.child(fields)),
  }
}

/** Of an error only what cannot quote what was being read: its class and code, and a Fault's own sentence. */
function errorFields(error: unknown): unknown {
  if (error instanceof Fault) return { code: error.code, what: error.what, why: error.why }
  if (!(error instanceof Error)) return error
  return { name: error.name, code: 'code' in error ? error.code : undefined }
}

/** `12:03:55 warn  request will be sent again  route=users.list status=503` */
function textLine(line: string, colour: boolean): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as { level: string | number; time: string; msg: string; [name: string]: unknown }
  const name = typeof level === 'number' ? (LEVELS[level] ?? 'info') : level
  const shown = colour ? styleText(COLOURS[name] ?? 'dim', name.padEnd(5), { validateStream: false }) : name.padEnd(5)
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`)
  return `${time.slice(11, 19)} ${shown} ${msg}${rest.length > 0 ? ` ${rest.join('')}` : ''}\n`
}

/** Control characters would let a vendor's text write lines of its own into the log. */
const quoted = (value: string): string => (/^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value))
