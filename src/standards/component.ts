import { type Line, corrupt, readLines, writeLine } from './lines.ts'

/** A component of a calendar, or a card: BEGIN, lines, components inside, END. `name` in upper case. */
export interface Component {
  readonly name: string
  readonly lines: readonly Line[]
  readonly components: readonly Component[]
}
interface Open {
  readonly name: string
  readonly lines: Line[]
  readonly components: Component[]
}

/** No standard nests deeper than three. */
const deepest = 8

/**
 * The components of a text, in their order. Nothing is expanded or interpreted: unknown names, parameters and values stay as they are.
 * @throws Fault `corrupt` naming the line: no content line, something outside of a component, one not closed, or nested too deep
 */
export function readComponents(text: string): readonly Component[] {
  const root: Open = { name: '', lines: [], components: [] }
  const open = [root]
  let last = 0
  for (const { number, ...line } of readLines(text)) {
    last = number
    const top = open.at(-1) ?? root
    if (line.name === 'BEGIN') {
      if (open.length > deepest) throw corrupt(number, `components are nested more than ${deepest} deep`)
      const inside: Open = { name: line.value.trim().toUpperCase(), lines: [], components: [] }
      top.components.push(inside)
      open.push(inside)
    } else if (top === root) {
      throw corrupt(number, 'it stands outside of BEGIN and END')
    } else if (line.name === 'END') {
      if (line.value.trim().toUpperCase() !== top.name) throw corrupt(number, `it ends ${line.value.slice(0, 40)} inside of ${top.name}`)
      open.pop()
    } else {
      top.lines.push(line)
    }
  }
  if (open.length > 1) throw corrupt(last, `${open.at(-1)?.name ?? ''} is not closed`)
  return root.components
}

export function writeComponent({ name, lines, components }: Component): string {
  return `BEGIN:${name}\r\n${lines.map(writeLine).join('')}${components.map(writeComponent).join('')}END:${name}\r\n`
}
