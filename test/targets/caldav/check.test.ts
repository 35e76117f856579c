import { describe, expect, test } from 'vitest'
import { definition } from '../../../targets/caldav/definition.ts'
import { access, peopled } from '../../testbed/dav/bench.ts'
import { ports, secret } from '../../testbed/dav/ports.ts'

const signal = AbortSignal.timeout(60_000)
const checked = async (
  url: string,
  login: typeof access | { readonly type: 'account'; readonly login: string; readonly password: ReturnType<typeof secret> },
) => {
  const parsed = definition.config.parse({ url, access: { type: 'account', login: 'x', password: { env: 'NONE' } } })
  await using target = await definition.open('dav', { ...parsed, access: login }, ports, signal)
  return Array.fromAsync(target.check(signal))
}

describe('doctor', () => {
  test('shows that the server answers, what it can do, which limits it has and what keeps it from mailing', async () => {
    await using bed = await peopled('nextcloud')
    for (let n = 0; n < 27; n++) bed.state.add('ken@example.org', 'calendar', `c${n}`, 'C')
    const found = await checked(bed.url, access)
    expect(found.map(({ name, status }) => `${name}: ${status}`)).toEqual([
      'login ada@example.org: pass',
      'login ken@example.org: pass',
      'limit ken@example.org: warn',
      'reach: pass',
      'protocol: pass',
      'limits: warn',
      'invitations: pass',
    ])
    expect(found.find(({ name }) => name === 'limit ken@example.org')?.remedy).toContain('maximumCalendarsSubscriptions')
  })

  test('names whose password is wrong, and goes on with the others', async () => {
    await using bed = await peopled('generic')
    const ken = bed.state.people.get('ken@example.org')
    if (ken !== undefined) ken.password = 'changed'
    const found = await checked(bed.url, access)
    expect(found.filter(({ status }) => status === 'fail')).toMatchObject([
      { name: 'login ken@example.org', remedy: expect.stringContaining('app password') },
    ])
    expect(found.map(({ name }) => name)).toContain('protocol')
  })

  test('says where to look when nothing answers there', async () => {
    const bed = await peopled('generic')
    await bed[Symbol.asyncDispose]()
    const found = await checked(bed.url, { type: 'account', login: 'ada', password: secret('x') })
    expect(found).toMatchObject([{ name: 'login ada', status: 'fail', detail: expect.stringContaining('ECONNREFUSED') }])
  })
})
