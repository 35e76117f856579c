import { dirname, isAbsolute, join } from 'node:path'
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { Fault } from '../fault.ts'
import type { Mistake } from './mistakes.ts'

/** A YAML file that still knows where everything stands. */
export interface YamlSource {
  readonly path: string
  readonly value: unknown
  /** `file:line:column` of a value, or of its key. Falls back to the nearest thing above it that is in the file. */
  where(path: readonly PropertyKey[], atKey: boolean): string
  has(path: readonly PropertyKey[]): boolean
}

/** @throws Fault `config` naming line and column when the text is no YAML. */
export function readYaml(path: string, text: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const broken = document.errors[0]
  if (broken !== undefined)
    throw new Fault({
      code: 'config',
      what: `${at(broken.pos[0])}: this is no valid YAML`,
      why: broken.message,
      remedy: 'Correct the line and run again',
    })
  return {
    path,
    value: withAbsoluteSecretFiles(document.toJS() ?? {}, dirname(path)),
    where: (wanted, atKey) => at(offsetOf(document, wanted, atKey)),
    has: (wanted) => document.hasIn(wanted),
  }
}

/** One Fault for all mistakes of a file. */
export function faultOf(source: YamlSource, mistakes: readonly Mistake[]): Fault {
  const told = mistakes.map(({ path, atKey, what, instead }) => ({ line: `${source.where(path, atKey)}: ${what}`, instead }))
  const [first] = told
  if (told.length === 1 && first !== undefined)
    return new Fault({ code: 'config', what: first.line, remedy: first.instead ?? 'Correct it and run again' })
  const why = told.map(({ line, instead }) => (instead === undefined ? line : `${line}; ${instead}`)).join('\n')
  return new Fault({ code: 'config', what: `${source.path} has ${told.length} mistakes`, why, remedy: 'Correct them and run again' })
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], atKey: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (isMap(parent) && (atKey || length < path.length)) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(path[length - 1]))
      if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

/** `{ file: token }` beside the configuration means that file wherever the command is started from. */
function withAbsoluteSecretFiles(value: unknown, directory: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => withAbsoluteSecretFiles(entry, directory))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'file' && typeof only[1] === 'string' && !isAbsolute(only[1]))
    return { file: join(directory, only[1]) }
  return Object.fromEntries(entries.map(([key, entry]) => [key, withAbsoluteSecretFiles(entry, directory)]))
}
