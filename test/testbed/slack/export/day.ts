const PACIFIC = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles', year: 'numeric', month: '2-digit', day: '2-digit' })

/** The day Slack files a message under: `2026-03-01`, by the clocks of Los Angeles. */
export const pacificDay = (milliseconds: number): string => PACIFIC.format(milliseconds)
