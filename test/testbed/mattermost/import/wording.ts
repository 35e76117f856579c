/** Errors of a run, by the server's id. The texts are those a client meets in `data.error`; ids not listed get a text of our own. */
const TEXTS: Readonly<Record<string, string>> = {
  'app.import.get_users_by_username.some_users_not_found.error': 'Some users not found',
  'app.import.get_teams_by_names.some_teams_not_found.error': 'Some teams not found',
}

/** Ids read as words: `app.import.validate_post_import_data.props_too_large.error` becomes "post: props too large". */
export function wordingOf(id: string): string {
  const known = TEXTS[id]
  if (known !== undefined) return known
  const parts = id.split('.').filter((part) => !['app', 'import', 'error', 'app_error', 'model', 'is_valid'].includes(part))
  return parts.map((part) => part.replace(/^validate_|_import_data$/g, '').replaceAll('_', ' ')).join(': ')
}
