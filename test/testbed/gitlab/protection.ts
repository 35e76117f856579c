import { writeFileSync } from 'node:fs'
import type { ProjectRow } from './rows.ts'
import type { World } from './world.ts'

/** After an import and after the first push the default branch is protected, unless it already is (`ProtectDefaultBranchService`). */
export function protectDefaultBranch(world: World, project: ProjectRow): void {
  const name = project.default_branch
  if (name === null || world.settings['default_branch_protection'] === 0) return
  if (world.protectedBranches.some((row) => row.project_id === project.id && row.name === name)) return
  const level = (): { id: number; access_level: number }[] => [{ id: world.next('access_level'), access_level: 40 }]
  world.protectedBranches.push({
    id: world.next('protected_branches'),
    project_id: project.id,
    name,
    push: level(),
    merge: level(),
    allow_force_push: false,
  })
}

/** Tells the hook of the repository what is protected. */
export function writeProtection(world: World, project: ProjectRow): void {
  const lines = [...world.protectedBranches, ...world.protectedTags]
    .filter((row) => row.project_id === project.id)
    .map(
      (row) =>
        `${row.name.replaceAll(' ', '?')} ${Math.min(...row.push.map(({ access_level }) => access_level), 60)} ${row.allow_force_push}\n`,
    )
  writeFileSync(`${world.repository(project)}/fr-protected`, lines.join(''))
}
