import type { CollectionId } from '../../src/contract/ids.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import type { Ports } from '../../src/contract/ports.ts'
import type { Applied, ApplyContext, Directory, Ledger, Observed, Stated, Target } from '../../src/contract/target.ts'
import { checks } from './api/check.ts'
import { GitlabClient } from './api/client.ts'
import { readSurvey } from './api/read-survey.ts'
import { applyOperations } from './apply/apply.ts'
import { destroyScratch } from './apply/scratch.ts'
import { observe } from './observe/observe.ts'
import type { GitlabOperation } from './operations.ts'
import type { Settings } from './settings.ts'

/** Opens a GitLab server. Asks nothing yet. */
export function openGitlab(_name: string, settings: Settings, ports: Ports): Target<GitlabOperation> {
  const client = new GitlabClient(settings.apiUrl ?? settings.url, settings.token, ports)
  const target = {
    check: (signal: AbortSignal) => checks(client, settings, ports, signal),
    survey: (_directory: Directory, signal: AbortSignal): Promise<JsonObject> => readSurvey(client, settings.group, signal),
    apply: (ops: AsyncIterable<Stated<GitlabOperation>>, context: ApplyContext, signal: AbortSignal): AsyncIterable<Applied> =>
      applyOperations({ client, settings, ports }, ops, context, signal),
    observe: (ledger: Ledger, only: ReadonlySet<CollectionId> | undefined, signal: AbortSignal): AsyncIterable<Observed> =>
      observe(client, settings, ledger, only, signal),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const { scratch } = settings
  return scratch === undefined
    ? target
    : { ...target, scratch: { destroy: (signal: AbortSignal) => destroyScratch(client, settings, scratch, ports, signal) } }
}
