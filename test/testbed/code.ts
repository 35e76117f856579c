import { limits as githubLimits } from '../../connectors/github/limits.ts'
import { definition as target } from '../../targets/gitlab/definition.ts'
import { githubTestbed, type GithubTestbed, type GithubTestbedOptions } from './github/testbed.ts'
import { gitlabTestbed, type GitlabTestbed, type GitlabTestbedOptions } from './gitlab/testbed.ts'
import { generous } from './kit/generous.ts'

export interface CodeOptions {
  readonly github?: GithubTestbedOptions
  readonly gitlab?: GitlabTestbedOptions
}

/** The company's repositories: the cloud they are in, and the server of its own that they go to. */
export interface Code extends AsyncDisposable {
  readonly github: GithubTestbed
  readonly gitlab: GitlabTestbed
  /** Settings for the configuration file. */
  readonly sources: Readonly<Record<string, object>>
  readonly targets: Readonly<Record<string, object>>
  readonly limits: Readonly<Record<string, object>>
  /** GitHub is gone: its ports are closed. */
  darken(): Promise<void>
}

/** `secret` puts a text where only its owner reads it, and gives the reference for the configuration. */
export async function code(options: CodeOptions, secret: (name: string, text: string) => Promise<object>): Promise<Code> {
  await using opening = new AsyncDisposableStack()
  const clouds = opening.use(new AsyncDisposableStack())
  const github = clouds.use(await githubTestbed(options.github))
  const gitlab = opening.use(await gitlabTestbed({ limits: 'off', ...options.gitlab }))
  const token = await secret('github.token', github.token('classic'))
  const admin = await secret('gitlab.token', gitlab.token)
  const owned = opening.move()
  return {
    github,
    gitlab,
    sources: {
      github: {
        connector: 'github',
        owner: [...github.world.organisations.keys()][0] ?? 'acme',
        auth: { type: 'token', token },
        apiUrl: github.apiUrl,
        webUrl: github.url,
      },
    },
    targets: { code: { target: 'gitlab', url: gitlab.url, token: admin, group: 'acme', sourceUrl: github.url } },
    // The emulators allow as much as they are asked for; the published budgets have a benchmark of their own.
    limits: { github: generous(githubLimits), code: generous(target.limits) },
    darken: () => clouds.disposeAsync(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
