import type { Ports } from '../../src/contract/ports.ts'
import type { Target } from '../../src/contract/target.ts'
import { Fault } from '../../src/fault.ts'
import type { GitlabOperation } from './operations.ts'
import type { Settings } from './settings.ts'

export function openGitlab(name: string, settings: Settings, ports: Ports): Promise<Target<GitlabOperation>> {
  ports.log.debug('opened', { target: name })
  throw new Fault({ code: 'config', what: `${settings.url} cannot be opened yet` })
}
