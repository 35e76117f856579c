import type { ReferenceContext, ReferenceKind } from '../../../src/references/context.ts'

const kinds: Readonly<Record<number, ReferenceKind>> = {
  1: 'issue',
  2: 'change-request',
  3: 'discussion',
  12: 'change-request',
  13: 'issue',
}
const sha = 'a5c3785ed8d6a35868bc169f07e40e889087fd2e'
export const missingCommit = 'b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0'
export const knownCommit = sha

/**
 * An organisation "acme" whose repositories "app" and "tools" went to the group "teams/acme"; "old-app" is a former name of "app". Items 1 and 13
 * are issues, 2 and 12 pull requests, 3 is a discussion; "octocat" became "ada", and "acme/core" the group "teams/acme/core".
 */
export function world(changes: Partial<ReferenceContext> = {}): ReferenceContext {
  const projects = new Map(
    [
      ['acme/app', 'app'],
      ['acme/old-app', 'app'],
      ['acme/tools', 'tools'],
    ].map(([from, to]) => [from, { path: `teams/acme/${to}`, url: `https://git.example.org/teams/acme/${to}` }]),
  )
  const names = new Map([
    ['octocat', 'ada'],
    ['acme/core', 'teams/acme/core'],
  ])
  return {
    hosts: ['https://github.com'],
    repository: { owner: 'acme', name: 'app' },
    dialect: { changeRequestSign: '!', quickActions: 'escape' },
    project: (owner, name) => projects.get(`${owner}/${name}`),
    kindOf: (owner, name, number) => (owner.toLowerCase() === 'acme' && /^(app|old-app|tools)$/i.test(name) ? kinds[number] : undefined),
    username: (login) => names.get(login),
    attachment: (url) =>
      url.includes('gone') ? undefined : url.includes('/assets/') || url.includes('/files/') ? '/uploads/0f/picture.png' : undefined,
    hasCommit: (_owner, _name, commit) => commit !== missingCommit,
    ...changes,
  }
}
export const onForgejo: Partial<ReferenceContext> = { dialect: { changeRequestSign: '#', quickActions: 'keep' } }
