import type { Directory } from '../../../src/contract/target.ts'
import type { People } from '../people.ts'
import type { Settings } from '../settings.ts'
import type { Places } from './places.ts'

/** What mapping knows of everything but the item. */
export interface MapContext {
  readonly directory: Directory
  readonly settings: Settings
  readonly people: People
  readonly places: Places
}
