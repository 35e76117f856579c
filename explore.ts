import { openLedger } from './src/engine/ledger.ts'
import { applyAll, differences } from './test/contract/target-run.ts'
import { ports, secret } from './test/testbed/dav/ports.ts'
import { sample } from './test/testbed/dav/sample.ts'
import { radicale, xandikos } from './test/testbed/dav/real.ts'
import { definition as caldav } from './targets/caldav/definition.ts'
import { definition as carddav } from './targets/carddav/definition.ts'

const signal = AbortSignal.timeout(60000)
const which = process.argv[2]
await using server = which === 'xandikos' ? await xandikos() : await radicale({ 'ada@example.org': 'a', 'ken@example.org': 'k', root: 'r' })
const source = sample()
for (const [definition, kinds] of [[caldav, ['calendar','tasklist','event','task']], [carddav, ['addressbook','contact']]] as const) {
  const access = which === 'xandikos' ? { type: 'account', login: 'ada@example.org', password: secret('x') } as const
   : { type: 'people', people: { 'ada@example.org': { password: secret('a') }, 'ken@example.org': { password: secret('k') } } } as const
  const config = { ...(definition.config.parse({ url: server.url, access: { type: 'account', login: 'x', password: { env: 'x' } } })), access } as never
  let puts: string[] = []
  const p = { ...ports, fetch: (async (u: any, i: any) => { const r = await fetch(u, i); puts.push(`${i.method} ${new URL(u).pathname} ${r.status}`); return r }) as typeof fetch }
  await using target = await definition.open('dav', config, p, signal)
  for await (const c of target.check(signal)) console.log('check', c)
  const survey = await target.survey(source.directory, signal)
  console.log(survey)
  const mapper = definition.mapper(source.directory, config, survey)
  using ledger = openLedger(':memory:')
  for (let n = 0; n < 2; n++) {
    puts = []
    const { applied, losses } = await applyAll({ items: source.ordered(kinds as never), blobs: source.blobs }, mapper as never, target as never, ledger, signal)
    console.log(applied.map((a) => `${a.outcome} ${a.item}`))
    console.log(losses.map((a) => `${a.code} ${a.item} ${a.detail}`))
    console.log(puts)
    console.log(differences(applied, await Array.fromAsync(target.observe(ledger, undefined, signal))))
  }
}
