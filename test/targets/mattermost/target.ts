import type { BlobReader } from '../../../src/contract/target.ts'
import { Secret } from '../../../src/config/secret.ts'
import type { FileOptions } from '../../../targets/mattermost/bulk/file-options.ts'
import { OLDEST, featuresOf } from '../../../targets/mattermost/features.ts'
import type { Settings } from '../../../targets/mattermost/settings.ts'

/** A Mattermost as tests and benchmarks configure it. */
export const settings = (url: string, token: string, more: Partial<Settings> = {}): Settings => ({
  url,
  token: new Secret(() => Promise.resolve(token)),
  team: 'acme',
  teamOpen: false,
  via: 'api',
  emailDomain: 'invalid',
  onUnknownMembers: 'private',
  originals: 'changed',
  adjustLimits: false,
  ...more,
})

/** An import file for a server that nobody asks. */
export const fileOptions = (workDir: string, report: boolean): FileOptions => ({
  team: 'acme',
  teamTitle: 'Acme',
  teamOpen: false,
  features: featuresOf(OLDEST),
  workDir,
  report,
})

export const noBlobs: BlobReader = { open: () => Promise.reject(new Error('this world has no files')) }
