/** Properties of vCard 4.0 (RFC 6350, 6474, 6715, 9554; read 2026-11-25) that 3.0 does not have. There they are called `X-` and the name, or as below. */
export const onlyIn4: ReadonlySet<string> = new Set(
  `KIND MEMBER GENDER LANG RELATED ANNIVERSARY XML CLIENTPIDMAP CALADRURI BIRTHPLACE DEATHPLACE DEATHDATE EXPERTISE HOBBY INTEREST
  ORG-DIRECTORY CREATED GRAMGENDER LANGUAGE PRONOUNS SOCIALPROFILE JSPROP`.split(/\s+/),
)

/** Apple's names for groups, which most address books of version 3.0 know. */
const apple: Readonly<Record<string, string>> = { KIND: 'X-ADDRESSBOOKSERVER-KIND', MEMBER: 'X-ADDRESSBOOKSERVER-MEMBER' }

/** Names in 3.0 that are called otherwise in 4.0. `X-BDAY` holds what BDAY of 3.0 cannot: words, or a day without its month. */
export const names3: ReadonlyMap<string, string> = new Map([
  ['X-BDAY', 'BDAY'],
  ...Object.entries(apple).map(([name, renamed]) => [renamed, name] as const),
])

/** The name in 3.0 of a property of 4.0. */
export function name3(name: string): string {
  return apple[name] ?? (onlyIn4.has(name) ? `X-${name}` : name)
}

/** Properties that are addresses. */
export const addresses: ReadonlySet<string> = new Set('URL IMPP CALURI FBURL CALADRURI MEMBER SOURCE SOCIALPROFILE'.split(' '))

/** Parameters of 4.0 that 3.0 does not have; there they are called `X-` and the name. */
export const params4: ReadonlySet<string> = new Set(
  `PREF ALTID PID MEDIATYPE CALSCALE SORT-AS GEO TZ LEVEL INDEX CC AUTHOR AUTHOR-NAME CREATED DERIVED LABEL PHONETIC PROP-ID SCRIPT
  SERVICE-TYPE USERNAME JSPTR`.split(/\s+/),
)
