import type { Command } from 'commander'
import type { AnyTarget } from '../../config/backends.ts'
import { backendText, showBackends } from '../backend-text.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command.action(
    act(async (session, [name]) => {
      const { targetDefinition, targetIds } = await import('../../config/backends.ts')
      return showBackends<AnyTarget>(session, { what: 'target', name, ids: targetIds(), load: targetDefinition }, backendText)
    }),
  )
