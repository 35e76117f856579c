/** Which server the emulator plays. */
export interface Mode {
  readonly name: 'generic' | 'nextcloud' | 'radicale'
  readonly calendars: (login: string) => string
  readonly addressbooks: (login: string) => string
  readonly principal: (login: string) => string
  readonly root: string
  readonly dav: string
  /** Prefix of `DAV:` in answers; clients must not care. */
  readonly prefix: 'd' | 'D' | ''
  /** A PUT answers with the etag. */
  readonly putsEtag: boolean
  /** A place can be put as a whole. */
  readonly wholePuts: boolean
  readonly placeEtags: boolean
  readonly trash: boolean
  /** Who sends invitations, and what keeps it from doing so. */
  readonly schedules: 'never' | 'unless-agent' | 'unless-header'
}

const both = '1, 2, 3, access-control, extended-mkcol, calendar-access, addressbook'
export const modes: Readonly<Record<Mode['name'], Mode>> = {
  /** A server by the book, with RFC 6638: SCHEDULE-AGENT decides on PUT, Schedule-Reply on DELETE. */
  generic: {
    name: 'generic',
    root: '/dav/',
    principal: (login) => `/dav/principals/${encodeURIComponent(login)}/`,
    calendars: (login) => `/dav/calendars/${encodeURIComponent(login)}/`,
    addressbooks: (login) => `/dav/addressbooks/${encodeURIComponent(login)}/`,
    dav: `${both}, calendar-auto-schedule`,
    prefix: 'D',
    putsEtag: true,
    wholePuts: false,
    placeEtags: false,
    trash: false,
    schedules: 'unless-agent',
  },
  /** Nextcloud 29.0.6 as it was seen and as its source says. */
  nextcloud: {
    name: 'nextcloud',
    root: '/remote.php/dav/',
    principal: (login) => `/remote.php/dav/principals/users/${encodeURIComponent(login)}/`,
    calendars: (login) => `/remote.php/dav/calendars/${encodeURIComponent(login)}/`,
    addressbooks: (login) => `/remote.php/dav/addressbooks/users/${encodeURIComponent(login)}/`,
    dav: `${both}, calendar-auto-schedule, nc-calendar-search, nc-enable-birthday-calendar, nc-calendar-trashbin, nextcloud-checksum-update`,
    prefix: 'd',
    putsEtag: false,
    wholePuts: false,
    placeEtags: false,
    trash: true,
    schedules: 'unless-header',
  },
  /** Radicale 3.1.8: everything of a person in one folder, a collection can be put. */
  radicale: {
    name: 'radicale',
    root: '/',
    principal: (login) => `/${encodeURIComponent(login)}/`,
    calendars: (login) => `/${encodeURIComponent(login)}/`,
    addressbooks: (login) => `/${encodeURIComponent(login)}/`,
    dav: '1, 2, 3, calendar-access, addressbook, extended-mkcol',
    prefix: '',
    putsEtag: true,
    wholePuts: true,
    placeEtags: true,
    trash: false,
    schedules: 'never',
  },
}
