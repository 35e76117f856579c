import { z } from 'zod'
import { SecretSetting } from '../../src/config/secret.ts'

/** Settings of a Mattermost target, as they stand in the configuration file. */
export const Settings = z.strictObject({
  url: z.url().describe('Where people open Mattermost, for example https://chat.example.org'),
  apiUrl: z.url().optional().describe('Where its API answers, if that is another address'),
  token: SecretSetting.describe('A personal access token of a system administrator'),
  team: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*[a-z0-9]$/, 'lower-case letters, digits and hyphens, at least two')
    .max(64)
    .describe('The name of the team in addresses; it is made if it is not there'),
  teamTitle: z.string().min(1).max(64).optional(),
  teamOpen: z.boolean().default(false).describe('True: anybody with an account may join. False: by invitation only'),
  via: z.enum(['api', 'file']).default('api').describe('file: write the import zip to `out` for mmctl and touch nothing'),
  out: z.string().optional().describe('Where the import zip goes with via: file'),
  emailDomain: z.string().default('invalid').describe('Domain of the made-up addresses of people without one'),
  onUnknownMembers: z
    .enum(['skip', 'private'])
    .default('private')
    .describe('Channels whose members the source did not name: left out, or private and empty'),
  originals: z
    .enum(['changed', 'none'])
    .default('changed')
    .describe('changed: keep the source JSON in the props of posts whose notation changed'),
  adjustLimits: z
    .boolean()
    .default(false)
    .describe('Change server settings that stand in the way for the import and put them back afterwards'),
  notifyMembers: z
    .enum(['never', 'allow', 'leave-out'])
    .optional()
    .describe(
      'People with an account who must be added to channels, of which the server mails them. never (default): silently or not at all; allow: with the mail; leave-out: they are not added',
    ),
  scratch: z
    .string()
    .regex(/^[a-z0-9]{1,12}$/)
    .optional()
    .describe('Set by rehearsals: the run whose throw-away names are used'),
})
export type Settings = z.infer<typeof Settings>
