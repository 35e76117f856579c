import { z } from 'zod'
import { SecretSetting } from './secret.ts'

/** Names stand in file names, provenance and commands: letters, digits, `-` and `_`. */
const Name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/i, 'a name has letters, digits, "-" and "_" only, 64 at most')
const Recipient = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, 'a recipient is the public half of an age key: age1…')

const Vault = z.strictObject({
  path: z.string().min(1).describe('Directory of the vault. Relative paths count from this file.'),
  recipients: z
    .array(Recipient)
    .min(2, 'at least two recipients, held by different people: whoever loses the only key loses the vault')
    .describe('Public keys of the people who can read the vault. Their secret halves do not belong on this machine.'),
  indexIdentity: SecretSetting.describe('Key of the nightly host. It finds out what is stored already; it opens no content.'),
  contentKey: SecretSetting.optional().describe(
    'Secret half of one recipient. Only needed to plan, rehearse, cut over, export and to verify every byte.',
  ),
})

/** Overrides of a vendor's published budgets, by budget name. Only what is named here changes. */
const Budgets = z.record(
  z.string(),
  z.strictObject({
    requests: z.number().int().min(1).exactOptional(),
    perMs: z.number().int().min(1).exactOptional().describe('Length of the window in milliseconds.'),
    concurrency: z.number().int().min(1).exactOptional(),
  }),
)

const Notify = z.strictObject({
  healthchecks: z
    .strictObject({ url: SecretSetting.describe('Ping address; it is a secret because who knows it can ping.') })
    .optional()
    .describe('Pings /start before and /EXIT-CODE after each backup, rehearsal and cutover.'),
  webhook: z
    .strictObject({ url: z.url(), secret: SecretSetting.optional().describe('Signs the body: X-Fallreep-Signature: sha256=HMAC.') })
    .optional()
    .describe('Posts the summary as JSON.'),
  email: z
    .strictObject({ to: z.array(z.email()).min(1), from: z.email(), sendmail: z.string().default('/usr/sbin/sendmail') })
    .optional()
    .describe('Mails through the local sendmail when a command starts to fail, and when it works again.'),
})

/** The shape of `fallreep.yaml`. Sources and targets keep their backends' own settings, which `registries.ts` parses when they are used. */
export const Config = z.strictObject({
  vault: Vault,
  sources: z
    .record(Name, z.looseObject({ connector: z.string() }))
    .default({})
    .describe('Where data comes from, by a name of your choice.'),
  targets: z
    .record(Name, z.looseObject({ target: z.string() }))
    .default({})
    .describe('Where data can go, by a name of your choice.'),
  organisation: z.string().min(1).optional().describe('What has to be typed after --confirm before a cutover.'),
  identities: z.string().default('identities.yaml').describe('The people map. Relative paths count from this file.'),
  limits: z.record(Name, Budgets).default({}).describe('Budgets by source or target name.'),
  notify: Notify.default({}),
  metrics: z.string().optional().describe('Directory of node_exporter’s textfile collector; fallreep.prom is written there.'),
  log: z
    .strictObject({ format: z.enum(['text', 'json']).optional() })
    .default({})
    .describe('Default: json under systemd, else text.'),
  lang: z.enum(['en', 'de']).default('en').describe('Language of reports.'),
  stateDir: z.string().optional().describe('Ledgers, journal and reports. Default: $STATE_DIRECTORY or $XDG_STATE_HOME/fallreep.'),
})
export type Config = z.infer<typeof Config>
