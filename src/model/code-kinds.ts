/** The kinds of the model that only code hosts have. */
export const codeKinds = [
  'repository',
  'repository-settings',
  'lfs-object',
  'label',
  'milestone',
  'issue',
  'change-request',
  'comment',
  'review',
  'thread',
  'timeline-event',
  'release',
  'discussion',
  'board',
] as const
