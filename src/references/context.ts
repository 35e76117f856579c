/** One repository on the target: where it answers, and the path that a reference from elsewhere carries. */
export interface TargetProject {
  /** `group/subgroup/project` on GitLab, `owner/name` on Forgejo. */
  readonly path: string
  /** Web address without a slash at its end. */
  readonly url: string
}
export type ReferenceKind = 'issue' | 'change-request' | 'discussion'

/** How the target reads text. `!` is GitLab, whose addresses have `/-/` in them; `#` is Forgejo. */
export interface Dialect {
  readonly changeRequestSign: '!' | '#'
  /** `escape`: a line that starts with `/close` reads the same and stays text, also when somebody edits it later. */
  readonly quickActions: 'escape' | 'keep'
}

/** What the rewriter asks about the world. Every answer is looked up, none is fetched; `undefined` means not carried or not known. */
export interface ReferenceContext {
  /** Web addresses that are the source's: `https://github.com`, or that of a GitHub Enterprise Server. */
  readonly hosts: readonly string[]
  /** Where the text stood, as the source calls it. */
  readonly repository: { readonly owner: string; readonly name: string }
  readonly dialect: Dialect
  /** Asked with the spelling of the text, then in lower case: GitHub's names have no case. Old names of renamed repositories should answer too. */
  project(owner: string, name: string): TargetProject | undefined
  kindOf(owner: string, name: string, number: number): ReferenceKind | undefined
  /** The name on the target of a login; asked also with `organisation/team`, and answered with what a mention there must say. */
  username(login: string): string | undefined
  /** The new address of an embedded attachment or of a release's file. */
  attachment(url: string): string | undefined
  /** `false` if the commit is certainly not there; leave it out or answer `undefined` if nobody knows. */
  hasCommit?(owner: string, name: string, sha: string): boolean | undefined
}

/** A reference that could not be carried, or not whole; `reference` is as it stood in the text. */
export interface Unresolved {
  readonly reference: string
  readonly why: string
}

/** A project on the target by its name at the source, whatever case the text used. */
export const findProject = (context: ReferenceContext, owner: string, name: string): TargetProject | undefined =>
  context.project(owner, name) ?? context.project(owner.toLowerCase(), name.toLowerCase())
