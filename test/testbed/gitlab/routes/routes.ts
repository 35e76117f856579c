import type { Route } from '../ask.ts'
import type { Jobs } from '../import/jobs.ts'
import { groupRoutes } from './groups.ts'
import { importRoutes } from './import.ts'
import { instanceRoutes } from './instance.ts'
import { itemRoutes } from './items.ts'
import { labelRoutes } from './labels.ts'
import { memberRoutes } from './members.ts'
import { noteRoutes } from './notes.ts'
import { packageRoutes } from './packages.ts'
import { projectRoutes } from './projects.ts'
import { releaseRoutes } from './releases.ts'
import { repositoryRoutes } from './repository.ts'
import { settingRoutes } from './settings.ts'
import { userRoutes } from './users.ts'

/** Every entry of the API the emulator has. Where two match, the one with fewer parameters goes first. */
export const routesOf = (jobs: Jobs): readonly Route[] => [
  ...instanceRoutes,
  ...userRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...importRoutes(jobs),
  ...projectRoutes,
  ...labelRoutes,
  ...itemRoutes,
  ...noteRoutes,
  ...releaseRoutes,
  ...packageRoutes,
  ...settingRoutes,
  ...repositoryRoutes,
]
