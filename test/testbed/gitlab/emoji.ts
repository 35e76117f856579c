/** Names GitLab knows (TanukiEmoji) among those that GitHub's reactions and people's habits lead to. GitHub's own names are not among them. */
const KNOWN = new Set(
  `thumbsup thumbsdown laughing smile smiley grinning tada confused heart rocket eyes clap fire 100 ok_hand pray star wave raised_hands
  joy cry sob thinking slight_smile white_check_mark x warning bulb muscle heart_eyes sparkles party_popper`.split(/\s+/),
)
/** What is wrong with the name of an award emoji, in GitLab's words: `+1`, `laugh` and `hooray` are no names here. */
export const emojiComplaint = (name: string): string | undefined => (KNOWN.has(name) ? undefined : 'Name is not a valid emoji name')
