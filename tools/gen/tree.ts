import type { Command } from 'commander'
import type { Act } from '../../src/cli/session.ts'
import { wholeProgram } from '../../src/cli/program.ts'

/** Bodies are never run here. */
const idle: Act = () => () => Promise.resolve()

export const commandTree = (): Promise<Command> => wholeProgram(idle)

/** Every command that can be typed, depth first, with the words before it. */
export function walk(
  command: Command,
  path: readonly string[] = [],
): readonly { readonly command: Command; readonly words: readonly string[] }[] {
  const words = [...path, command.name()]
  return [{ command, words }, ...command.commands.flatMap((child) => walk(child, words))]
}

/** `fallreep plan [options] <snapshot>` */
export function usageOf({ command, words }: { readonly command: Command; readonly words: readonly string[] }): string {
  const operands = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`
    return argument.required ? `<${name}>` : `[${name}]`
  })
  return [
    ...words,
    ...(command.options.length > 0 ? ['[options]'] : []),
    ...(command.commands.length > 0 ? ['<command>'] : []),
    ...operands,
  ].join(' ')
}
