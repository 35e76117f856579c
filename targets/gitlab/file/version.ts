/**
 * The format that a GitLab of each version reads, newest last: `Gitlab::ImportExport::VERSION`, which must be equal to the letter
 * (lib/gitlab/import_export/version_checker.rb). The table of the documentation says 11.7 to current:
 * https://docs.gitlab.com/user/project/settings/import_export/ and lib/gitlab/import_export.rb (read 2026-11-25)
 */
const formats = [
  { from: [11, 1], version: '0.2.3' },
  { from: [11, 7], version: '0.2.4' },
] as const

/** `server`: as `GET /version` gives it. A version that does not parse or is older than the table gets the newest format: the server then says what it wants. */
export function formatFor(server: string): string {
  const [, major = '999', minor = '0'] = /^v?(\d+)\.(\d+)/.exec(server) ?? []
  const found = formats.findLast(
    ({ from: [first, second] }) => Number(major) > first || (Number(major) === first && Number(minor) >= second),
  )
  return found?.version ?? '0.2.4'
}
