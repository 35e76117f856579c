import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { company, organisation, type Company } from '../testbed/company.ts'
import { pictureOf } from '../testbed/gitlab/picture.ts'

interface Summary {
  readonly planned: number
  readonly matched: number
  readonly explained: number
  readonly differs: number
  readonly missing: number
}

/** GitHub has gone dark. What is in the vault must be enough, and the same command twice must change nothing. */
describe('the code of a company whose GitHub answers nobody any more', () => {
  let acme: Company
  const said = async (...args: readonly string[]): Promise<Summary> => {
    const { code, stdout, stderr } = await acme.run(['--json', ...args])
    const summary = stdout.split('\n').find((line) => line.startsWith('{"type":"summary"')) ?? ''
    if (code !== 0 && code !== 3) throw new Error(`${args.join(' ')} ended with ${code}\n${stdout.slice(-3000)}${stderr}`)
    return JSON.parse(summary) as Summary
  }
  beforeAll(async () => {
    acme = await company({ code: {} })
    await said('backup', 'github')
    await acme.darken()
  }, 60_000)
  afterAll(() => acme?.[Symbol.asyncDispose]())

  test('is rehearsed, and the rehearsal leaves nothing behind', async () => {
    const world = acme.code?.gitlab.world
    const { planned, differs, missing } = await said('rehearse', 'github', '--to', 'code')
    expect([planned > 50, differs, missing]).toEqual([true, 0, 0])
    expect([...(world?.projects.values() ?? [])]).toEqual([])
    expect([...(world?.users.values() ?? [])].map(({ username }) => username)).toEqual(['root'])
  }, 60_000)

  test('is cut over, and the second cutover changes nothing and nobody was told', async () => {
    const args = ['cutover', 'github', '--to', 'code', '--confirm', organisation]
    const first = await said(...args)
    expect([first.differs, first.missing, first.matched + first.explained]).toEqual([0, 0, first.planned])
    const gitlab = acme.code?.gitlab
    if (gitlab === undefined) throw new Error('no GitLab')
    const picture = await pictureOf(gitlab.world)
    gitlab.calls.clear()
    const second = await said(...args)
    expect([second.planned, second.differs, second.missing]).toEqual([first.planned, 0, 0])
    expect(await pictureOf(gitlab.world)).toEqual(picture)
    expect(gitlab.calls.calls.filter(({ method, route }) => method !== 'GET' && !/git|lfs/.test(route)).map(({ route }) => route)).toEqual(
      [],
    )
    expect([gitlab.mails, gitlab.pipelines, gitlab.problems]).toEqual([[], [], []])
  }, 120_000)
})
