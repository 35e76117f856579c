import type { Command } from 'commander'
import { Fault } from '../../fault.ts'
import { exitCodes } from '../exit-code.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command.action(
    act(async (session, [shell]) => {
      if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish')
        throw new Fault({ code: 'usage', what: `There is no completion for ${shell}`, remedy: 'Choose bash, zsh or fish' })
      const { completionScript } = await import('../completion-script.ts')
      const { wholeProgram } = await import('../program.ts')
      session.streams.out(completionScript(await wholeProgram(act), shell))
      return exitCodes.done
    }),
  )
