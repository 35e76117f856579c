import { expect } from 'vitest'
import { z } from 'zod'
import type { Fault } from '../../../src/fault.ts'
import { definition } from '../../../targets/mattermost/definition.ts'
import { Channel, Post, User } from '../../../targets/mattermost/wire.ts'
import { Bench, type Server, small } from './bench.ts'
import { everything } from './everything.ts'
import { applyOnly, memoryLedger, ports, run, signal } from './world.ts'

export interface Scenario {
  readonly name: string
  run(server: Server): Promise<void>
}

const ROOT = 'message/C1/1700000000.000001'

export const scenarios: readonly Scenario[] = [
  {
    name: 'brings one of everything and finds it again as expected, and a second run changes nothing',
    async run(server) {
      const bench = new Bench(server, {
        scratch: server
          .person('')
          .replace(/[^a-z0-9]/g, '')
          .slice(0, 12),
      })
      const world = everything()
      const first = await run(world, bench.config, bench.ledger)
      expect(first.wrong).toEqual([])
      expect(first.applied.every(({ outcome }) => outcome === 'created')).toBe(true)
      const second = await run(world, bench.config, bench.ledger)
      expect(second.wrong).toEqual([])
      expect(second.applied.every(({ outcome }) => outcome === 'unchanged')).toBe(true)
      expect(second.observed.map(({ remote }) => remote).toSorted()).toEqual(first.observed.map(({ remote }) => remote).toSorted())
    },
  },
  {
    name: 'adds a late reply below its old root, and neither the root nor the other reply loses its files',
    async run(server) {
      const bench = small(server)
      await bench.run()
      bench.world.message('C1', '1700000900.000001', { text: ['late'], thread: { root: ROOT, broadcast: false } })
      const second = await bench.run()
      expect(second.wrong).toEqual([])
      expect(second.applied.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
      expect(await bench.texts('plans')).toEqual(['root', 'first reply', 'another', 'late'])
    },
  },
  {
    name: 'carries an edit of the source over without a second post, with its files and reactions',
    async run(server) {
      const bench = small(server)
      await bench.run()
      bench.world.edit(ROOT, { text: ['root, edited'] })
      bench.world.message('C1', '1700000900.000001', { text: ['late'], thread: { root: ROOT, broadcast: false } })
      const second = await bench.run()
      expect(second.wrong).toEqual([])
      expect(await bench.texts('plans')).toEqual(['root, edited', 'first reply', 'another', 'late'])
      const third = await bench.run()
      expect(third.wrong).toEqual([])
      expect(third.applied.every(({ outcome }) => outcome === 'unchanged')).toBe(true)
    },
  },
  {
    name: 'keeps what a person edited on the server, says so, and still hangs a late reply below it',
    async run(server) {
      const bench = small(server)
      await bench.run()
      const [root] = await bench.posts('plans')
      await bench.client.put(Post, `/posts/${root?.id}/patch`, { message: 'edited by a person' }, signal)
      bench.world.edit(ROOT, { text: ['edited at the source'] })
      bench.world.message('C1', '1700000900.000001', { text: ['late'], thread: { root: ROOT, broadcast: false } })
      const second = await bench.run()
      expect(await bench.texts('plans')).toEqual(['edited by a person', 'first reply', 'another', 'late'])
      expect(second.losses.filter(({ item, code }) => item === ROOT && code === 'rejected-by-target')).toHaveLength(1)
    },
  },
  {
    name: 'deletes what is gone at the source, and keeps it when somebody edited it',
    async run(server) {
      const bench = small(server)
      bench.world.message('C1', '1700000003.000001', { text: ['to be edited'] })
      await bench.run()
      const edited = (await bench.posts('plans')).find(({ message }) => message === 'to be edited')
      await bench.client.put(Post, `/posts/${edited?.id}/patch`, { message: 'mine now' }, signal)
      bench.world.items.delete('message/C1/1700000002.000001' as never)
      bench.world.items.delete('message/C1/1700000003.000001' as never)
      const second = await bench.run()
      expect(second.applied.filter(({ outcome }) => outcome === 'deleted')).toHaveLength(1)
      expect(second.applied.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1)
      expect(await bench.texts('plans')).toEqual(['root', 'first reply', 'mine now'])
    },
  },
  {
    name: 'adds and withdraws reactions of roots and of replies',
    async run(server) {
      const bench = small(server)
      await bench.run()
      bench.world.edit(ROOT, { reactions: [{ name: 'tada', tone: null, accounts: ['account/U1'], count: 1 }] })
      bench.world.edit('message/C1/1700000001.000001', {
        reactions: [{ name: 'eyes', tone: null, accounts: ['account/U1', 'account/U2'], count: 2 }],
      })
      const second = await bench.run()
      expect(second.wrong).toEqual([])
    },
  },
  {
    name: 'never touches somebody who had an account: password, roles and names stay, membership is added',
    async run(server) {
      const bench = small(server)
      const name = server.person('carla')
      const user = await bench.client.post(
        User,
        '/users',
        { username: name, email: `${name}@example.test`, password: 'Their-0wn-Pa55word', first_name: 'Carla' },
        signal,
      )
      bench.world.account('U3', { handle: 'cc', email: `${name.toUpperCase()}@example.test`, firstName: 'Somebody', lastName: 'Else' })
      bench.world.channel('C1', { name: 'plans', members: ['account/U1', 'account/U2', 'account/U3'] })
      bench.world.message('C1', '1700000004.000001', { author: 'account/U3', text: ['by carla'] })
      const first = await bench.run()
      expect(first.wrong).toEqual([])
      bench.places.forget()
      const left: string[] = []
      for (const name of ['plans', 'town-square']) {
        const channel = await bench.places.channel({ type: 'channel', name }, signal)
        for await (const post of bench.places.posts(channel?.id ?? '', signal))
          if (post.type.startsWith('system_')) left.push(`${name} ${post.type}`)
      }
      expect(left).toEqual([])
      const login = await fetch(`${server.url}/api/v4/users/login`, {
        method: 'POST',
        body: JSON.stringify({ login_id: name, password: 'Their-0wn-Pa55word' }),
      })
      expect(login.status).toBe(200)
      const after = await bench.client.get(User, `/users/${user.id}`, {}, signal)
      expect({ ...after }).toMatchObject({ first_name: 'Carla', last_name: '', roles: user.roles })
    },
  },
  {
    name: 'finds its own posts again when the ledger is lost',
    async run(server) {
      const bench = small(server)
      // Times that were moved, and a text that is changed after the import.
      bench.world.message('C1', '1700000002.000002', { text: ['same millisecond'] })
      bench.world.message('C1', '1700000005.000000', {
        text: ['see ', { type: 'permalink', message: ROOT, url: 'https://acme.example.test/archives/C1/p1', label: null }],
      })
      const first = await bench.run()
      expect(first.wrong).toEqual([])
      const before = await bench.texts('plans')
      expect(before.at(-1)).toMatch(/\/pl\/[a-z0-9]{26}$/)
      const second = await run(bench.world, bench.config, memoryLedger())
      expect(second.wrong).toEqual([])
      expect(await bench.texts('plans')).toEqual(before)
    },
  },
  {
    name: 'stopped at any stage and run again ends in the same state',
    async run(server) {
      for (const stage of ['limits', 'compose', 'upload', 'import', 'finish']) {
        const bench = small(server)
        bench.world.channel('C2', { name: 'old', members: ['account/U1'], archived: true, pins: ['message/C2/1700000000.000001'] })
        bench.world.message('C2', '1700000000.000001', { text: ['pinned in an archived channel'] })
        bench.world.message('C1', '1700000005.000000', {
          text: ['see ', { type: 'permalink', message: ROOT, url: 'https://acme.example.test/archives/C1/p1', label: null }],
        })
        const stop = new AbortController()
        await using target = await definition.open('mattermost', bench.config, ports, signal)
        const halted = await applyOnly(bench.world, bench.config, bench.ledger, target, stop.signal, (reached, done) => {
          if (reached === stage && (stage !== 'upload' || done > 0)) stop.abort(new Error('killed'))
        }).then(
          () => 'finished',
          (error: unknown) => String(error),
        )
        expect(halted).toContain('killed')
        const again = await bench.run()
        expect(again.wrong).toEqual([])
      }
    },
  },
  {
    name: 'opens an archived channel for what came later and archives it again',
    async run(server) {
      const bench = small(server)
      bench.world.channel('C1', { name: 'plans', members: ['account/U1'], archived: true })
      await bench.run()
      bench.world.message('C1', '1700000900.000001', { text: ['late'], thread: { root: ROOT, broadcast: false } })
      const second = await bench.run()
      expect(second.wrong).toEqual([])
    },
  },
  {
    name: 'adds people who have an account, deactivated ones too, lets them out again, and leaves no message about it',
    async run(server) {
      const earlier = small(server)
      const gone = server.person('gone')
      earlier.world.account('U3', { handle: gone, email: `${gone}@example.test`, active: false })
      expect((await earlier.run()).wrong).toEqual([])
      const bench = new Bench(server)
      for (const [id, item] of earlier.world.items) if (item.kind === 'account') bench.world.items.set(id, item)
      bench.world.channel('C1', { name: 'plans', type: 'private', members: ['account/U1', 'account/U2', 'account/U3'] })
      bench.world.message('C1', '1700000000.000001', { text: ['hello'] })
      expect((await bench.run()).wrong).toEqual([])
      bench.world.channel('C1', { name: 'plans', type: 'private', members: ['account/U1'] })
      expect((await bench.run()).wrong).toEqual([])
      const left: string[] = []
      for (const name of ['plans', 'town-square', 'off-topic']) {
        const channel = await bench.places.channel({ type: 'channel', name }, signal)
        for await (const { type } of bench.places.posts(channel?.id ?? '', signal))
          if (type.startsWith('system_')) left.push(`${name} ${type}`)
      }
      expect(left).toEqual([])
    },
  },
  {
    name: 'removes a rehearsal and names what stays',
    async run(server) {
      const bench = small(server)
      const config = definition.scratch(bench.config, server.person('').replace(/[^a-z0-9]/g, ''))
      const ledger = memoryLedger()
      const done = await run(bench.world, config, ledger)
      expect(done.wrong).toEqual([])
      await using target = await definition.open('mattermost', config, ports, signal)
      const left: string[] = []
      for await (const { what } of target.scratch?.destroy(signal) ?? []) left.push(what)
      for await (const user of bench.client.pages(z.array(User), '/users', {}, signal))
        if (user.username.startsWith(`r${config.scratch}-`)) {
          expect(user.delete_at).not.toBe(0)
          expect(left.join()).toContain('deactivated users')
        }
      const team = await bench.client
        .find(z.object({ delete_at: z.number() }), `/teams/name/${config.team}`, {}, signal)
        .catch((error: Fault) => error.code)
      expect(team === undefined || team === 'rejected' || (typeof team === 'object' && team.delete_at !== 0)).toBe(true)
    },
  },
  {
    name: 'refuses before the first byte when a limit of the server is too low, and names the setting',
    async run(server) {
      const bench = small(server, { adjustLimits: false })
      const config = z.looseObject({ TeamSettings: z.object({ MaxUsersPerTeam: z.number() }) })
      const { TeamSettings } = await bench.client.get(config, '/config', {}, signal)
      await bench.client.put(config, '/config/patch', { TeamSettings: { MaxUsersPerTeam: 1 } }, signal)
      try {
        const refused = await bench.run().catch((error: Fault) => error)
        expect(refused).toMatchObject({ code: 'config', why: expect.stringContaining('MaxUsersPerTeam is 1, 2 are needed') as string })
        expect(await bench.client.find(Channel, `/teams/name/${bench.config.team}`, {}, signal)).toBeUndefined()
        const raised = await run(bench.world, { ...bench.config, adjustLimits: true }, bench.ledger)
        expect(raised.wrong).toEqual([])
        expect((await bench.client.get(config, '/config', {}, signal)).TeamSettings.MaxUsersPerTeam).toBe(1)
        // Who is in already needs no more room.
        await bench.client.put(config, '/config/patch', { TeamSettings: { MaxUsersPerTeam: 2 } }, signal)
        expect((await bench.run()).wrong).toEqual([])
      } finally {
        await bench.client.put(config, '/config/patch', { TeamSettings }, signal)
      }
    },
  },
]
