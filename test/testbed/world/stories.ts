import type { Rooms } from './channels.ts'
import type { DemoFiles } from './files.ts'
import type { People } from './people.ts'
import type { World } from './world.ts'
import { tellBots } from './stories/bots.ts'
import { tellEvents } from './stories/events.ts'
import { tellFiles } from './stories/files.ts'
import { tellTexts } from './stories/texts.ts'
import { tellThreads } from './stories/threads.ts'

export interface Stage {
  readonly world: World
  readonly people: People
  readonly rooms: Rooms
  readonly files: DemoFiles
}

/** The special cases: each of them once broke a converter somewhere. */
export function tellStories(stage: Stage): void {
  tellTexts(stage)
  tellBots(stage)
  tellThreads(stage)
  tellFiles(stage)
  tellEvents(stage)
}
