import type { Command } from 'commander'
import { environment } from '../../config/environment.ts'
import { exitCodes } from '../exit-code.ts'
import { table } from '../format.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command.action(
    act((session) => {
      session.output.print({ type: 'summary', command: 'environment', variables: environment }, table(Object.entries(environment)))
      return Promise.resolve(exitCodes.done)
    }),
  )
