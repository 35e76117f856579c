import type { Rooms } from './channels.ts'
import type { People } from './people.ts'
import type { World } from './world.ts'

/** User groups: in use, empty, disabled with its members still on record. */
export function addGroups(world: World, { ada, erika, ken, gone }: People, { general }: Rooms): void {
  const add = (handle: string, name: string, users: string[], deleted = 0) => {
    const id = world.nextId('S')
    world.groups.set(id, {
      id,
      team_id: world.team.id,
      is_usergroup: true,
      is_subteam: true,
      is_external: false,
      name,
      handle,
      description: `${name} of the house`,
      date_create: world.nowSeconds,
      date_update: world.nowSeconds,
      date_delete: deleted,
      created_by: ada,
      updated_by: ada,
      auto_provision: false,
      enterprise_subteam_id: '',
      users,
      user_count: users.length,
      prefs: { channels: [general.id], groups: [] },
    })
  }
  add('devs', 'Entwicklung & Betrieb', [erika, ken])
  add('empty', 'Nobody yet', [])
  add('oldies', 'Alumni', [gone], world.nowSeconds)
}
