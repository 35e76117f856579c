import pino from 'pino'
import type { Log } from '../contract/ports.ts'
import { redactText } from '../http/redact.ts'

export interface LogOptions {
  readonly format: 'text' | 'json'
  readonly level: 'silent' | 'warn' | 'info' | 'debug'
  readonly write: (line: string) => void
  /** Stands in every JSON line: run, source or target. */
  readonly fields: Readonly<Record<string, string>>
}

/** A log for machines (JSON, as journald keeps it) or people. Whatever looks like a secret is taken out of every line, whoever wrote it. */
export function createLog({ format, level, write, fields }: LogOptions): Log {
  const destination = { write: (line: string) => write(format === 'json' ? redactText(line) : textLine(line)) }
  const logger = pino({ level, base: fields, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, destination)
  return {
    debug: (msg, more) => logger.debug(more ?? {}, msg),
    info: (msg, more) => logger.info(more ?? {}, msg),
    warn: (msg, more) => logger.warn(more ?? {}, msg),
  }
}

/** `12:04:31 warn  request will be sent again  route=users.list status=429` */
function textLine(json: string): string {
  const { time, level, msg, ...fields } = JSON.parse(json) as { time: string; level: string; msg: string } & Record<string, unknown>
  const pairs = Object.entries(fields)
    .filter(([name]) => name !== 'run')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `${redactText([time.slice(11, 19), level.padEnd(5), msg, ...pairs].join('  '))}\n`
}
