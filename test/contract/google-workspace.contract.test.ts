import { definition } from '../../connectors/google-workspace/definition.ts'
import { Secret } from '../../src/config/secret.ts'
import { itemId } from '../../src/contract/ids.ts'
import { configOf } from '../connectors/google-workspace/world.ts'
import { googleTestbed, type GoogleTestbed } from '../testbed/google/testbed.ts'
import { connectorContract, type ConnectorStage } from './connector.suite.ts'

connectorContract({
  name: 'google-workspace',
  async start(): Promise<ConnectorStage> {
    const bed = await googleTestbed()
    // Frida left: nobody may read in her name, which is a refusal and no part of these laws.
    const config = configOf(bed, { people: { exclude: ['frida@*'] } })
    return {
      definition,
      open: (ports) => definition.open('acme', config, ports, new AbortController().signal),
      canaries: [bed.desk.keyJson, 'ya29.canary', 'PRIVATE KEY'],
      world: worldOf(bed, 'ken.tanaka'),
      failNext: (status) => bed.faults.next('directory.users.list', ...refusals(status)),
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})

connectorContract({
  name: 'google-workspace of one account',
  async start(): Promise<ConnectorStage> {
    const bed = await googleTestbed()
    const scopes = [
      'gmail.readonly',
      'calendar.readonly',
      'contacts.readonly',
      'contacts.other.readonly',
      'tasks.readonly',
      'userinfo.email',
    ]
    const refresh = '1//canary-refresh-token'
    bed.desk.refreshTokens.set(refresh, {
      user: 'ada@example.org',
      scopes: scopes.map((scope) => `https://www.googleapis.com/auth/${scope}`),
    })
    const given = (text: string): Secret => new Secret(() => Promise.resolve(text))
    const auth = {
      type: 'refresh-token' as const,
      clientId: bed.desk.client.id,
      clientSecret: given(bed.desk.client.secret),
      refreshToken: given(refresh),
    }
    return {
      definition,
      open: (ports) => definition.open('acme', { ...configOf(bed), auth }, ports, new AbortController().signal),
      canaries: [refresh, bed.desk.client.secret, 'ya29.canary'],
      world: worldOf(bed, 'ada'),
      failNext: (status) => bed.faults.next('oauth2.userinfo.get', ...refusals(status)),
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})

function worldOf(bed: GoogleTestbed, name: string): NonNullable<ConnectorStage['world']> {
  const person = bed.company.user(name).id
  const mailbox = bed.mail.of(person)
  let added = ''
  return {
    add: async () => {
      added = mailbox.arrive({ subject: 'new' }).id
      return itemId('mail', person, added)
    },
    edit: async () => {
      const id = mailbox.ids.at(-1) ?? ''
      mailbox.mark(id, mailbox.mail(id).labels.has('STARRED') ? { remove: ['STARRED'] } : { add: ['STARRED'] })
      return itemId('mail', person, id)
    },
    remove: async () => {
      mailbox.remove(added)
      return itemId('mail', person, added)
    },
  }
}

/** What is refused with 401 is tried once more, with a token made anew. */
const refusals = (status: number): { type: 'status'; status: number; retryAfterS?: number }[] =>
  Array.from({ length: status === 401 ? 2 : 1 }, () => ({ type: 'status', status, ...(status === 429 ? { retryAfterS: 7 } : {}) }))
