import type { JsonValue } from '../../../src/contract/json.ts'

/** The part of the server's configuration that decides whether a migration works. Names and defaults as in a fresh 5.36.1. */
export interface ServerConfig {
  ServiceSettings: {
    SiteURL: string
    EnableAPITeamDeletion: boolean
    EnableAPIChannelDeletion: boolean
    EnableAPIUserDeletion: boolean
    EnableUserAccessTokens: boolean
    EnableBotAccountCreation: boolean
    EnableCustomEmoji: boolean
    EnableCustomGroups: boolean
    PostEditTimeLimit: number
    ThreadAutoFollow: boolean
    CollapsedThreads: string
    [key: string]: JsonValue
  }
  TeamSettings: {
    SiteName: string
    MaxUsersPerTeam: number
    MaxChannelsPerTeam: number
    EnableOpenServer: boolean
    ExperimentalViewArchivedChannels: boolean
    [key: string]: JsonValue
  }
  FileSettings: { EnableFileAttachments: boolean; MaxFileSize: number; ExtractContent: boolean; [key: string]: JsonValue }
  EmailSettings: {
    SendEmailNotifications: boolean
    SendPushNotifications: boolean
    RequireEmailVerification: boolean
    EnableSignUpWithEmail: boolean
    EnableSignInWithEmail: boolean
    EnableSignInWithUsername: boolean
    [key: string]: JsonValue
  }
  PasswordSettings: {
    MinimumLength: number
    Lowercase: boolean
    Number: boolean
    Uppercase: boolean
    Symbol: boolean
    [key: string]: JsonValue
  }
  LocalizationSettings: { DefaultServerLocale: string; DefaultClientLocale: string; AvailableLocales: string; [key: string]: JsonValue }
  ImportSettings: { Directory: string; RetentionDays: number; [key: string]: JsonValue }
  ElasticsearchSettings: { EnableIndexing: boolean; EnableSearching: boolean; [key: string]: JsonValue }
  GuestAccountsSettings: { Enable: boolean; [key: string]: JsonValue }
}
/** Sections to override, each with the keys to override. */
export type ConfigPatch = { readonly [S in keyof ServerConfig]?: Partial<ServerConfig[S]> }

export function defaultConfig(siteUrl: string): ServerConfig {
  return {
    ServiceSettings: {
      SiteURL: siteUrl,
      EnableAPITeamDeletion: false,
      EnableAPIChannelDeletion: false,
      EnableAPIUserDeletion: false,
      EnableUserAccessTokens: true,
      EnableBotAccountCreation: true,
      EnableCustomEmoji: true,
      EnableCustomGroups: true,
      PostEditTimeLimit: -1,
      ThreadAutoFollow: true,
      CollapsedThreads: 'disabled',
    },
    TeamSettings: {
      SiteName: 'Mattermost',
      MaxUsersPerTeam: 50,
      MaxChannelsPerTeam: 2000,
      EnableOpenServer: true,
      ExperimentalViewArchivedChannels: true,
    },
    FileSettings: { EnableFileAttachments: true, MaxFileSize: 104_857_600, ExtractContent: true },
    EmailSettings: {
      SendEmailNotifications: true,
      SendPushNotifications: true,
      RequireEmailVerification: false,
      EnableSignUpWithEmail: true,
      EnableSignInWithEmail: true,
      EnableSignInWithUsername: true,
    },
    PasswordSettings: { MinimumLength: 10, Lowercase: true, Number: true, Uppercase: true, Symbol: true },
    LocalizationSettings: { DefaultServerLocale: 'en', DefaultClientLocale: 'en', AvailableLocales: '' },
    ImportSettings: { Directory: './import', RetentionDays: 30 },
    ElasticsearchSettings: { EnableIndexing: false, EnableSearching: false },
    GuestAccountsSettings: { Enable: true },
  }
}

/** Lays a patch over the configuration, section by section; unknown sections are ignored as the server ignores them. */
export function patchConfig(config: ServerConfig, patch: Readonly<Record<string, unknown>>): void {
  for (const [section, values] of Object.entries(patch)) {
    if (section in config && typeof values === 'object' && values !== null) Object.assign(config[section as keyof ServerConfig], values)
  }
}
