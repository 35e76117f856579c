import { apiScenarios } from './api.ts'
import type { Scenario } from './lines.ts'
import { mediaScenarios } from './media.ts'
import { plainScenarios } from './plain.ts'
import { restScenarios } from './rest.ts'
import { fileScenarios, refusalScenarios } from './refusals.ts'
import { trapScenarios } from './traps.ts'

/** Everything that is tried on the emulator and on a real server alike. Names are unique: recorded outcomes are found by them. */
export const scenarios: readonly Scenario[] = [
  ...plainScenarios,
  ...apiScenarios,
  ...restScenarios,
  ...trapScenarios,
  ...mediaScenarios,
  ...refusalScenarios,
  ...fileScenarios,
]
