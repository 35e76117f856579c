import type { Mailbox } from '../../../src/model/mailbox.ts'

/** Roles that are folders everywhere. The others of the model are flags and views. */
export type Role = 'inbox' | 'sent' | 'drafts' | 'trash' | 'junk' | 'archive'

const FOLDERS: Readonly<Record<Role, { readonly use: string | null; readonly name: string; readonly known: readonly string[] }>> = {
  inbox: { use: null, name: 'INBOX', known: [] },
  sent: {
    use: String.raw`\Sent`,
    name: 'Sent',
    known: [
      'sent',
      'sent items',
      'sent messages',
      'sent mail',
      'gesendet',
      'gesendete elemente',
      'gesendete objekte',
      'envoyés',
      'éléments envoyés',
      'messages envoyés',
      'enviados',
      'elementos enviados',
      'posta inviata',
      'inviati',
      'verzonden',
      'verzonden items',
      'wysłane',
      'elementy wysłane',
      'skickat',
      'sendt',
      'lähetetyt',
      'odeslané',
      'odoslané',
      'elküldött',
      'отправленные',
    ],
  },
  drafts: {
    use: String.raw`\Drafts`,
    name: 'Drafts',
    known: [
      'drafts',
      'draft',
      'entwürfe',
      'brouillons',
      'borradores',
      'rascunhos',
      'bozze',
      'concepten',
      'wersje robocze',
      'kopie robocze',
      'szkice',
      'utkast',
      'kladder',
      'luonnokset',
      'koncepty',
      'piszkozatok',
      'черновики',
    ],
  },
  trash: {
    use: String.raw`\Trash`,
    name: 'Trash',
    known: [
      'trash',
      'deleted items',
      'deleted messages',
      'bin',
      'papierkorb',
      'gelöschte elemente',
      'gelöschte objekte',
      'corbeille',
      'éléments supprimés',
      'papelera',
      'elementos eliminados',
      'lixo',
      'lixeira',
      'cestino',
      'posta eliminata',
      'prullenbak',
      'verwijderde items',
      'kosz',
      'elementy usunięte',
      'papperskorg',
      'papirkurv',
      'roskakori',
      'koš',
      'kôš',
      'kuka',
      'корзина',
    ],
  },
  junk: {
    use: String.raw`\Junk`,
    name: 'Junk',
    known: [
      'junk',
      'junk e-mail',
      'junk mail',
      'junk-e-mail',
      'spam',
      'bulk mail',
      'indésirables',
      'courrier indésirable',
      'pourriel',
      'correo no deseado',
      'posta indesiderata',
      'ongewenste e-mail',
      'wiadomości-śmieci',
      'skräppost',
      'søppelpost',
      'roskaposti',
      'nevyžádaná pošta',
      'levélszemét',
      'спам',
    ],
  },
  archive: {
    use: String.raw`\Archive`,
    name: 'Archive',
    known: ['archive', 'archives', 'archiv', 'archivo', 'archivio', 'archief', 'archiwum', 'arkiv', 'arkisto', 'arquivo', 'архив'],
  },
}
export const ROLES: readonly Role[] = ['inbox', 'sent', 'drafts', 'trash', 'junk', 'archive']

/** `\Sent` (RFC 6154); null for the inbox, which needs no mark. */
export const useOf = (role: Role): string | null => FOLDERS[role].use
/** The name such a folder is given when there is none yet; programs know these names even without marks. */
export const nameOf = (role: Role): string => FOLDERS[role].name
export const asRole = (role: Mailbox['role']): Role | null => ROLES.find((one) => one === role) ?? null

/** Which of a mailbox's folders plays which role: by the server's mark first, then by what such folders are called in several languages. */
export function rolesAmong(
  folders: readonly { readonly name: string; readonly delimiter: string | null; readonly flags: readonly string[] }[],
  prefix: string,
): Readonly<Record<string, string>> {
  const roles: Record<string, string> = {}
  for (const role of ROLES) {
    const use = useOf(role)?.toLowerCase()
    const marked = use === undefined ? undefined : folders.find(({ flags }) => flags.includes(use))
    const top = folders.filter(({ name, delimiter }) => {
      const rest = name.startsWith(prefix) ? name.slice(prefix.length) : name
      return delimiter === null || !rest.includes(delimiter)
    })
    const short = (name: string): string => (name.startsWith(prefix) ? name.slice(prefix.length) : name).normalize('NFC').toLowerCase()
    const called =
      marked ?? FOLDERS[role].known.map((known) => top.find(({ name }) => short(name) === known)).find((one) => one !== undefined)
    if (called !== undefined) roles[role] = called.name
  }
  return roles
}
