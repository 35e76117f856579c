import { GitRepository } from '../git/repository.ts'

/** Milliseconds: when the first thing happened. */
export const START = Date.parse('2020-01-01T00:00:00Z')
const HEADS = 8
/** A handful of commits, which all pull requests share. */
export const headOf = (git: GitRepository, rank: number): string => git.tip(`refs/heads/topic-${(rank % HEADS) + 1}`)
let pattern: GitRepository | undefined
export function smallGit(): GitRepository {
  const author = { name: 'Person 1', email: 'person1@example.org', at: START / 1000 }
  if (pattern === undefined) {
    pattern = new GitRepository()
    pattern.commitTo('main', { author, message: 'Start', files: { 'README.md': '# Repository\n', 'src/a.ts': 'export const a = 1\n' } })
    for (let at = 1; at <= HEADS; at += 1)
      pattern.refs.set(
        `refs/heads/topic-${at}`,
        pattern.commit({
          parents: [pattern.tip('refs/heads/main')],
          author,
          message: `Topic ${at}`,
          files: { 'src/a.ts': `export const a = ${at + 1}\n` },
        }),
      )
  }
  return GitRepository.forkOf(pattern)
}
