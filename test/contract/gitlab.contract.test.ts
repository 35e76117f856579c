import { definition } from '../../targets/gitlab/definition.ts'
import { Workshop } from '../targets/gitlab/file/workshop.ts'
import * as the from '../targets/gitlab/items.ts'
import { portsOf } from '../targets/gitlab/bench.ts'
import { settingsFor, wholeWorld } from '../targets/gitlab/world.ts'
import { createIssue } from '../testbed/gitlab/changes.ts'
import { addUser } from '../testbed/gitlab/people.ts'
import { addGroup, addProject } from '../testbed/gitlab/places.ts'
import { gitlabTestbed } from '../testbed/gitlab/testbed.ts'
import { targetContract } from './target.suite.ts'

const whole = await (async () => {
  await using workshop = await Workshop.open()
  return await wholeWorld(workshop)
})()

targetContract({
  name: 'gitlab',
  start: async () => {
    const world = whole.copy()
    const bed = await gitlabTestbed({ limits: 'off' })
    const stranger = addUser(bed.world, { username: 'stranger', email: 'stranger@example.test' })
    const elsewhere = addGroup(bed.world, { path: 'elsewhere', owner: stranger })
    const project = addProject(bed.world, { path: 'app', namespace_id: elsewhere.id, creator: stranger })
    createIssue(bed.world, project, stranger, { title: 'was here before' })
    return {
      definition,
      config: settingsFor(bed.url, bed.token),
      ports: portsOf(),
      directory: () => world.directory(),
      snapshot: () => world.snapshot(),
      change: () => {
        world.edit('issue/1/1', { title: 'It breaks again', state: 'open', closedAt: null, closedBy: null })
        world.remove('comment/1/issue/1001')
        world.put(the.comment('issue/2002', 'issue/1/1', { text: 'late\n/close' }), the.issue(6, { title: 'A late one' }))
      },
      writes: () => bed.calls.calls.filter(({ method }) => method !== 'GET').length,
      notified: () => bed.mails.length + bed.pipelines.length,
      foreign: () =>
        JSON.stringify([
          bed.world.users.get(stranger.id),
          elsewhere,
          project,
          [...bed.world.items.each(project.id, 'issue')],
          [...(bed.world.members.get(`project:${project.id}`) ?? [])],
          bed.world.settings,
        ]),
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})
