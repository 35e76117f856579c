import type { Command } from 'commander'
import type { AnyConnector } from '../../config/backends.ts'
import { backendText, showBackends } from '../backend-text.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command.action(
    act(async (session, [name]) => {
      const { connectorDefinition, connectorIds } = await import('../../config/backends.ts')
      return showBackends<AnyConnector>(session, { what: 'connector', name, ids: connectorIds(), load: connectorDefinition }, backendText)
    }),
  )
