import { z } from 'zod'
import { SecretSetting } from '../../src/config/secret.ts'

const Access = z.discriminatedUnion('via', [
  z
    .strictObject({
      via: z.literal('master'),
      user: z.string().min(1).describe('The master user, without the separator'),
      password: SecretSetting,
      separator: z.string().min(1).default('*').describe('What stands between person and master user; Dovecot: auth_master_user_separator'),
      test: z.string().optional().describe('Login name of a mailbox that `doctor` may try'),
    })
    .describe('One master user logs in as everybody: PERSON*MASTER'),
  z
    .strictObject({
      via: z.literal('proxy'),
      user: z.string().min(1),
      password: SecretSetting,
      test: z.string().optional().describe('Login name of a mailbox that `doctor` may try'),
    })
    .describe('One administrator acts for everybody by SASL PLAIN with an authorization identity'),
  z
    .strictObject({ via: z.literal('account'), user: z.string().min(1), password: SecretSetting })
    .describe('One mailbox alone; everybody else is left out'),
  z
    .strictObject({ via: z.literal('people'), passwords: z.record(z.string(), SecretSetting) })
    .describe('A password for each login name; whoever has none is left out'),
])

/** Settings of a mail server, as they stand in the configuration file. */
export const Settings = z.strictObject({
  host: z.string().min(1).describe('Name of the mail server, as its certificate has it'),
  port: z.int().min(1).max(65_535).optional().describe('Default: 993, and 143 with `starttls` or `plain`'),
  security: z.enum(['tls', 'starttls', 'plain']).default('tls').describe('plain: not encrypted; only to this machine'),
  allowPlain: z.boolean().default(false).describe('True: `plain` also to other machines. Passwords and mails can then be read on the way'),
  caFile: z.string().optional().describe('PEM file of the authority that signed the certificate, if it is your own'),
  access: Access.describe('How to get into the mailboxes'),
  connections: z
    .int()
    .min(1)
    .max(20)
    .default(4)
    .describe('At once for one mailbox; Dovecot allows 10 for each user and address by default'),
  accounts: z.int().min(1).max(20).default(2).describe('Mailboxes at once'),
  labels: z
    .enum(['primary', 'copies', 'archive'])
    .default('primary')
    .describe(
      'Where a mail with several labels goes. primary: into one folder, the other labels become keywords; copies: into the folder of every label; archive: into the archive, all labels become keywords',
    ),
  sieve: z
    .discriminatedUnion('via', [
      z.strictObject({
        via: z.literal('managesieve').describe('Scripts go to the server, by the same way into mailboxes as mail'),
        host: z.string().min(1).optional().describe('Default: the mail server'),
        port: z.int().min(1).max(65_535).default(4190),
        security: z.enum(['starttls', 'plain']).default('starttls'),
        activate: z
          .boolean()
          .default(false)
          .describe('True: a script runs at once, where no other does. Then it answers and files what arrives'),
        forwards: z.boolean().default(false).describe('True: carries filters that send mail on'),
      }),
      z.strictObject({
        via: z.literal('file').describe('Scripts are written to files, for you to install'),
        directory: z.string().min(1),
        activate: z.literal(false).default(false),
        forwards: z.boolean().default(false).describe('True: carries filters that send mail on'),
      }),
    ])
    .optional()
    .describe('Where filters and automatic replies go as Sieve scripts; without it they are left out and recorded'),
  skip: z
    .array(z.enum(['junk', 'trash']))
    .default([])
    .describe('Folders to leave out'),
  below: z
    .array(z.string().min(1))
    .default([])
    .describe('Names of folders below which everything goes, the inbox too; none: to the usual places'),
  namespace: z.string().optional().describe('Prefix of personal folders, such as INBOX. — where the server does not say it'),
  maxMessageBytes: z.int().min(1).optional().describe('Largest mail the server takes, where it does not say it'),
  deletions: z
    .enum(['keep', 'apply'])
    .default('keep')
    .describe('apply: what is gone at the source is removed here too, if an import brought it'),
  timeoutSeconds: z.int().min(1).max(3600).default(120).describe('Silence after which a connection counts as dead'),
  scratch: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional()
    .describe('Set by rehearsals: the run below whose folder everything goes'),
})
export type Settings = z.infer<typeof Settings>
export type Access = Settings['access']

export const portOf = ({ port, security }: Settings): number => port ?? (security === 'tls' ? 993 : 143)

/** The folder of a rehearsal, at the top of each mailbox. */
export const scratchFolder = (run: string): string => `fallreep-rehearsal-${run}`
