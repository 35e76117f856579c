import { flagIn } from './fields.ts'
import type { Fields } from './rows.ts'

const FEATURES = {
  issues_enabled: 'issues',
  merge_requests_enabled: 'merge_requests',
  wiki_enabled: 'wiki',
  jobs_enabled: 'builds',
  snippets_enabled: 'snippets',
} as const
const KEEP =
  /_access_level$|_enabled$|^merge_method$|^squash_option$|^autoclose_referenced_issues$|^only_allow_|^remove_source_branch|_template$|^ci_config_path$/

/** Settings of a project that a call or a project file may change, in the words the database keeps. */
export function settingsIn(fields: Fields): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const feature = FEATURES[key as keyof typeof FEATURES]
    if (feature !== undefined) settings[`${feature}_access_level`] = flagIn(fields, key) === true ? 'enabled' : 'disabled'
    else if (KEEP.test(key)) settings[key] = flagIn(fields, key) ?? value
  }
  if (flagIn(fields, 'emails_disabled') !== undefined) settings['emails_enabled'] = flagIn(fields, 'emails_disabled') !== true
  return settings
}
