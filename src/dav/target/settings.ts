import { z } from 'zod'
import { SecretSetting } from '../../config/secret.ts'

const Login = z.string().min(1)
/** With which credentials what is whose is written. The login of a person is the target's name in the people map, else the e-mail address. */
export const Access = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('account').describe('Everything goes to one account'),
    login: Login,
    password: SecretSetting,
  }),
  z.strictObject({
    type: z.literal('people').describe('Each person has credentials of their own; people without are left out'),
    people: z.record(Login, z.strictObject({ password: SecretSetting })).describe('By login'),
  }),
  z.strictObject({
    type: z.literal('privileged').describe('One login that may write for everybody'),
    login: Login,
    password: SecretSetting,
    principal: z
      .string()
      .refine((path) => path.startsWith('/') && path.includes('{login}'), 'a path with {login} in it, for example /{login}/')
      .describe('Where what is a person’s stands, for example /{login}/ on Radicale'),
    makeHomes: z.boolean().default(false).describe('Make the folder of a person who has none yet'),
  }),
])
export type Access = z.infer<typeof Access>

/** What calendars and address books have in common in the configuration file. */
export const commonSettings = {
  url: z.url().describe('The server, or its DAV address, for example https://cloud.example.org/remote.php/dav'),
  access: Access,
  primaryTitle: z.string().min(1).max(100).optional().describe('How everybody’s main calendar, list or address book is called'),
  deletions: z
    .enum(['apply', 'keep'])
    .default('apply')
    .describe('apply: what is gone at the source is removed if nobody changed it here; keep: it stays'),
  connections: z.int().min(1).max(16).default(4).describe('Requests at the same time, at most'),
  wholePlaces: z
    .enum(['auto', 'never'])
    .default('auto')
    .describe('auto: fill a new, empty calendar or address book with one request where the server allows it'),
  scratch: z
    .string()
    .regex(/^[a-z0-9]{1,12}$/)
    .optional()
    .describe('Set by rehearsals: the run whose throw-away names are used'),
}
export interface CommonSettings {
  readonly url: string
  readonly access: Access
  readonly primaryTitle?: string | undefined
  readonly deletions: 'apply' | 'keep'
  readonly connections: number
  readonly wholePlaces: 'auto' | 'never'
  readonly scratch?: string | undefined
}

/** The same configuration, in throw-away places beside the real ones. */
export function scratched<S extends CommonSettings>(settings: S, run: string): S {
  const scratch = run
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 12)
  return { ...settings, scratch }
}
/** What the last part of the path of everything made by this configuration begins with. */
export const placePrefix = ({ scratch }: Pick<CommonSettings, 'scratch'>): string =>
  scratch === undefined ? 'fallreep-' : `rehearsal-${scratch}-`
