import { z } from 'zod'

/** Answers of the server, as far as they are read. Version 5.36.1 and 11.x agree in all of it. */
export const ClientConfig = z.object({
  Version: z.string(),
  SiteURL: z.string().default(''),
  MaxPostSize: z.string().optional(),
  MaxFileSize: z.string().optional(),
  EnablePostUsernameOverride: z.string().optional(),
  EnableCustomGroups: z.string().optional(),
})
export type ClientConfig = z.infer<typeof ClientConfig>
export const ServerConfig = z.object({
  TeamSettings: z.object({ MaxUsersPerTeam: z.number(), MaxChannelsPerTeam: z.number() }),
  FileSettings: z.object({ EnableFileAttachments: z.boolean(), MaxFileSize: z.number() }),
  ServiceSettings: z.object({
    EnableAPITeamDeletion: z.boolean().default(false),
    EnableAPIUserDeletion: z.boolean().default(false),
    EnableCustomEmoji: z.boolean().default(true),
  }),
  EmailSettings: z.object({ SendEmailNotifications: z.boolean().default(true) }).default({ SendEmailNotifications: true }),
})
export type ServerConfig = z.infer<typeof ServerConfig>
export const User = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string().default(''),
  first_name: z.string().default(''),
  last_name: z.string().default(''),
  nickname: z.string().default(''),
  position: z.string().default(''),
  roles: z.string().default(''),
  delete_at: z.number().default(0),
})
export type User = z.infer<typeof User>
export const Team = z.object({ id: z.string(), name: z.string(), display_name: z.string().default(''), delete_at: z.number().default(0) })
export type Team = z.infer<typeof Team>
export const Channel = z.object({
  id: z.string(),
  team_id: z.string().default(''),
  name: z.string(),
  display_name: z.string().default(''),
  type: z.enum(['O', 'P', 'D', 'G']),
  header: z.string().default(''),
  purpose: z.string().default(''),
  delete_at: z.number().default(0),
})
export type Channel = z.infer<typeof Channel>
export const Licence = z.object({ IsLicensed: z.string().default('false') })
export const Group = z.object({
  id: z.string(),
  name: z.string().nullish(),
  display_name: z.string().default(''),
  description: z.string().default(''),
})
export type Group = z.infer<typeof Group>
export const GroupMembers = z.object({ members: z.array(z.object({ id: z.string(), username: z.string() })).nullable() })
export const Bookmark = z.object({
  id: z.string(),
  owner_id: z.string(),
  display_name: z.string(),
  link_url: z.string().default(''),
  type: z.string(),
})
export type Bookmark = z.infer<typeof Bookmark>
export const Member = z.object({ user_id: z.string() })
const nullable = <T extends z.ZodType>(schema: T) =>
  z
    .array(schema)
    .nullish()
    .transform((list) => list ?? [])
export const Reaction = z.object({ user_id: z.string(), emoji_name: z.string() })
export const FileInfo = z.object({ id: z.string(), name: z.string(), size: z.number() })
export type FileInfo = z.infer<typeof FileInfo>
export const Post = z.object({
  id: z.string(),
  create_at: z.number(),
  edit_at: z.number().default(0),
  delete_at: z.number().default(0),
  is_pinned: z.boolean().default(false),
  user_id: z.string(),
  channel_id: z.string(),
  root_id: z.string().default(''),
  message: z.string(),
  type: z.string().default(''),
  props: z.record(z.string(), z.json()).nullish(),
  file_ids: z.array(z.string()).nullish(),
  metadata: z
    .object({ files: nullable(FileInfo), reactions: nullable(Reaction) })
    .partial()
    .nullish(),
})
export type Post = z.infer<typeof Post>
export const PostList = z.object({ order: z.array(z.string()).nullish(), posts: z.record(z.string(), Post).nullish() })
export const Upload = z.object({ id: z.string(), file_offset: z.number().default(0), file_size: z.number() })
export const Job = z.object({
  id: z.string(),
  status: z.string(),
  progress: z.number().default(0),
  last_activity_at: z.number().default(0),
  data: z.record(z.string(), z.string()).nullish(),
})
export type Job = z.infer<typeof Job>
export const Emoji = z.object({ id: z.string(), name: z.string(), creator_id: z.string().default('') })
export type Emoji = z.infer<typeof Emoji>
export const ServerError = z.object({ id: z.string().default(''), message: z.string().default(''), detailed_error: z.string().default('') })
