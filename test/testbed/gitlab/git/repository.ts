import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { devNull } from 'node:os'

/** Git as the tests have it: nothing that somebody set up on this machine. */
export const gitEnvironment: Record<string, string> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
}

/** Runs git in a bare repository; throws with what git said. */
export function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', directory, ...args], {
    env: gitEnvironment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  })
}
/** What git says, or nothing if it refuses. */
export function gitOr(directory: string, ...args: readonly string[]): string | undefined {
  const run = spawnSync('git', ['-C', directory, ...args], { env: gitEnvironment, encoding: 'utf8', maxBuffer: 1 << 28 })
  return run.status === 0 ? run.stdout.trim() : undefined
}

/** What GitLab's pre-receive checks: `FR_REFUSE` is a verdict made before, `fr-protected` lists `pattern level force`, `FR_ACCESS` is the level of the one who pushes. */
const HOOK = String.raw`#!/bin/sh
if [ -n "$FR_REFUSE" ]; then echo "GitLab: $FR_REFUSE" >&2; exit 1; fi
zero=0000000000000000000000000000000000000000
while read -r old new ref; do
  while IFS=' ' read -r pattern level force; do
    case "$ref" in refs/heads/$pattern|refs/tags/$pattern) ;; *) continue ;; esac
    if [ "$level" = 0 ] || [ "$FR_ACCESS" -lt "$level" ]; then
      echo "GitLab: You are not allowed to push code to protected branches on this project." >&2; exit 1
    fi
    if [ "$new" = "$zero" ]; then
      echo "GitLab: You can only delete protected branches using the web interface." >&2; exit 1
    fi
    if [ "$old" != "$zero" ] && [ "$force" != true ] && ! git merge-base --is-ancestor "$old" "$new"; then
      echo "GitLab: You are not allowed to force push code to a protected branch on this project." >&2; exit 1
    fi
  done < "$GIT_DIR/fr-protected"
  if [ "$new" != "$zero" ] && [ -n "$FR_LFS" ]; then
    git rev-list --objects --no-object-names "$new" --not --all | git cat-file --batch-check='%(objectname) %(objecttype) %(objectsize)' |
      awk '$2 == "blob" && $3 < 200 { print $1 }' | git cat-file --batch | tr -d '\000' | sed -n 's/^oid sha256:\([0-9a-f]\{64\}\)$/\1/p' > "$GIT_DIR/fr-pointers.$$"
    while read -r oid; do
      if ! grep -q "$oid" "$FR_LFS"; then
        rm -f "$GIT_DIR/fr-pointers.$$"
        echo "GitLab: LFS objects are missing. Ensure LFS is properly set up or try a manual \"git lfs push --all\"." >&2; exit 1
      fi
    done < "$GIT_DIR/fr-pointers.$$"
    rm -f "$GIT_DIR/fr-pointers.$$"
  fi
done
exit 0
`

/** The refs nobody may push, as Gitaly hides them from receive-pack (`internal/git/command_options.go`, read 2026-11-25). */
export const HIDDEN = [
  'refs/environments/',
  'refs/keep-around/',
  'refs/merge-requests/',
  'refs/pipelines/',
  'refs/pull/',
  'refs/remotes/',
  'refs/tmp/',
]

/** Objects that git finds fault with are refused, as Gitaly configures it: in pushes and in bundles, three old sins excepted (`internal/git/gitcmd`, read 2026-11-25). */
export function initRepository(directory: string, branch: string): void {
  if (existsSync(directory)) return
  execFileSync('git', ['init', '--quiet', '--bare', '--template=', `--initial-branch=${branch}`, directory], { env: gitEnvironment })
  const settings = [
    ['receive.advertisePushOptions', 'true'],
    ['transfer.fsckObjects', 'true'],
    ...['badTimezone', 'missingSpaceBeforeDate', 'zeroPaddedFilemode'].flatMap((id) => [
      [`receive.fsck.${id}`, 'ignore'],
      [`fsck.${id}`, 'ignore'],
    ]),
    ['http.receivepack', 'true'],
    ['uploadpack.allowAnySHA1InWant', 'true'],
    ['uploadpack.allowFilter', 'true'],
    ['gc.auto', '0'],
    ...HIDDEN.map((prefix) => ['receive.hideRefs', prefix]),
  ]
  const lines = settings.map(([key = '', value = '']) => {
    const at = key.lastIndexOf('.')
    const [section = '', subsection] = key.slice(0, at).split('.')
    return `[${section}${subsection === undefined ? '' : ` "${subsection}"`}]\n\t${key.slice(at + 1)} = ${value}\n`
  })
  writeFileSync(`${directory}/config`, lines.join(''), { flag: 'a' })
  writeFileSync(`${directory}/fr-protected`, '')
  mkdirSync(`${directory}/hooks`)
  writeFileSync(`${directory}/hooks/pre-receive`, HOOK)
  chmodSync(`${directory}/hooks/pre-receive`, 0o755)
}

export const branchSha = (directory: string, branch: string): string | undefined =>
  gitOr(directory, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`)
/** Whether a branch is there, without a process: lists of projects ask it for each. */
export function hasBranch(directory: string, branch: string): boolean {
  if (existsSync(`${directory}/refs/heads/${branch}`)) return true
  const packed = `${directory}/packed-refs`
  return existsSync(packed) && readFileSync(packed, 'utf8').includes(` refs/heads/${branch}\n`)
}
export const hasCommit = (directory: string, sha: string): boolean =>
  /^[0-9a-f]{40}$/.test(sha) && gitOr(directory, 'cat-file', '-e', `${sha}^{commit}`) !== undefined
export function refsOf(directory: string): Map<string, string> {
  const refs = new Map<string, string>()
  for (const line of (gitOr(directory, 'for-each-ref', '--format=%(objectname) %(refname)') ?? '').split('\n')) {
    const [sha = '', name = ''] = line.split(' ')
    if (name !== '') refs.set(name, sha)
  }
  return refs
}
