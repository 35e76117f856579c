import type { Person } from '../model.ts'
import type { GithubWorld } from '../world.ts'

/** The company's people as GitHub knows them: the same addresses as everywhere, other names. */
export interface SamplePeople {
  readonly ada: Person
  readonly erika: Person
  readonly ken: Person
  readonly olena: Person
  readonly yusuf: Person
  readonly sam: Person
  readonly samToo: Person
  /** From outside, with a fork of her own. */
  readonly gisela: Person
  /** Her account is deleted: ghost. */
  readonly frida: Person
  /** Shows no address. */
  readonly nora: Person
  /** A stranger who opened an issue. */
  readonly pat: Person
  readonly buildbot: Person
}

export const samplePeople = (world: GithubWorld): SamplePeople => ({
  ada: world.addPerson('ada-weiss', { name: 'Ada Weiß', email: 'ada@example.org' }),
  erika: world.addPerson('erikam', { name: 'Erika Mustermann', email: 'erika@example.org' }),
  ken: world.addPerson('kentanaka', { name: '田中 健', email: 'ken.tanaka@example.org' }),
  olena: world.addPerson('Olena-Koval', { name: 'Олена Коваль', email: 'olena@example.org' }),
  yusuf: world.addPerson('yusuf', { name: 'يوسف حداد', email: 'Yusuf.Haddad@Example.org' }),
  sam: world.addPerson('sam', { name: 'Sam Miller', email: 'sam@example.org' }),
  samToo: world.addPerson('sam-mueller', { name: 'Sam Müller', email: 'sam.mueller@example.org' }),
  gisela: world.addPerson('gisela-gast', { name: 'Gisela Gast', email: 'gisela@partner.example' }),
  frida: world.addPerson('frida-f', { name: 'Frida Früher', email: 'frida@example.org', deleted: true }),
  nora: world.addPerson('nomail', { name: 'Nora Ohne' }),
  pat: world.addPerson('pat-elsewhere', { name: 'Pat Elsewhere' }),
  buildbot: world.addPerson('buildbot', { type: 'Bot', name: 'Build Bot' }),
})
