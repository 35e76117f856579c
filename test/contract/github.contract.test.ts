import { definition } from '../../connectors/github/definition.ts'
import { itemId } from '../../src/contract/ids.ts'
import { configOf } from '../connectors/github/world.ts'
import { comment, createIssue, deleteIssue, editComment } from '../testbed/github/issues.ts'
import { githubTestbed } from '../testbed/github/testbed.ts'
import { connectorContract, type ConnectorStage } from './connector.suite.ts'

// Real git takes its time, so one road brings it along, with the repository that has most of everything and one that is blocked.
connectorContract({
  name: 'github by an App, with git',
  start: () => stage('app', { repositories: { include: ['website', 'taken-down'] } }),
})
connectorContract({
  name: 'github by a classic token',
  start: () => stage('token', { read: ['issues', 'discussions', 'releases', 'settings', 'boards'] }),
})

async function stage(by: 'app' | 'token', settings: object): Promise<ConnectorStage> {
  const bed = await githubTestbed()
  const { world, sample } = bed
  const { website: site, people } = sample
  const token = by === 'token' ? bed.token('classic') : undefined
  const said = comment(site, 1, people.ken, 'Will be edited')
  let added = 0
  return {
    definition,
    open: (ports) => definition.open('acme', configOf(bed, settings, token), ports, new AbortController().signal),
    canaries: ['BEGIN RSA PRIVATE KEY', bed.app.privateKey, '_canary', 'canary'],
    world: {
      add: async () => {
        world.advance(60)
        added = createIssue(site, { title: 'new', author: people.ada }).number
        return itemId('issue', String(site.id), String(added))
      },
      edit: async () => {
        world.advance(60)
        editComment(site, said.id, 'Was edited')
        return itemId('comment', String(site.id), 'issue', String(said.id))
      },
      remove: async () => {
        world.advance(60)
        deleteIssue(site, added)
        return itemId('issue', String(site.id), String(added))
      },
    },
    failNext: (status) => {
      const fault = { type: 'status', status, ...(status === 429 ? { retryAfterS: 7 } : {}) } as const
      // A refused token is made anew once.
      bed.faults.next('graphql', ...(status === 401 ? [fault, fault] : [fault]))
    },
    [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
  }
}
