/** What depends on the version of the server. */
export interface Abilities {
  /** `max_iids.json` in an import file reserves numbers (`BaseMaxIidsSaver`, `IidPreallocator`: 19.x). */
  readonly readsMaxIids: boolean
  /** `GET /projects/:id/uploads` and by secret (17.2, doc/api/project_markdown_uploads.md). */
  readonly listsUploads: boolean
  /** `POST /projects/import-relation` (17.1). */
  readonly importsRelations: boolean
  /** A deleted project is first only marked and renamed; deleting it again with `permanently_remove` ends it (Free since 18.0, doc/api/projects.md). */
  readonly delaysDeletion: boolean
}
const atLeast = (version: string, major: number, minor: number): boolean => {
  const [a = 0, b = 0] = version.split('.').map(Number)
  return a > major || (a === major && b >= minor)
}
export const abilitiesOf = (version: string): Abilities => ({
  readsMaxIids: atLeast(version, 19, 0),
  listsUploads: atLeast(version, 17, 2),
  importsRelations: atLeast(version, 17, 1),
  delaysDeletion: atLeast(version, 18, 0),
})
