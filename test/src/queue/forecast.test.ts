import { expect, test } from 'vitest'
import { budgetOf, withOverrides } from '../../../src/queue/budgets.ts'
import { forecast, forecastText } from '../../../src/queue/forecast.ts'

const budget = (requests: number, perMs = 60_000, concurrency = 8) => ({ requests, perMs, concurrency, source: 'test' })
const budgets = {
  'conversations.replies': budget(50),
  'conversations.history': budget(50),
  'users.list': budget(20),
  files: budget(1_000_000, 1_000, 4),
}

test('names the budget that decides, and how long it takes at best', () => {
  const ahead = forecast(
    [
      { key: 'conversations.history', count: 900 },
      { key: 'conversations.replies', count: 2_200 },
      { key: 'users.list', count: 3 },
      { key: 'files:T1', count: 6_015 },
    ],
    budgets,
  )
  expect(ahead).toMatchObject({ requests: 9_118, seconds: 43 * 60 + 1, narrowest: { key: 'conversations.replies' } })
  expect(forecastText(ahead)).toBe('this run needs 9,118 requests: 43 minutes; the narrowest budget is conversations.replies (50 per 60 s)')
})

test('counts units where requests cost more than one', () => {
  expect(forecast([{ key: 'users.list', count: 10, cost: 5 }], budgets).narrowest).toMatchObject({ units: 50, seconds: 121 })
})

test('is bound by connections where the rate does not bind', () => {
  expect(forecast([{ key: 'files', count: 4_000 }], budgets, 200).seconds).toBe(200)
})

test('says so when nothing is needed or no budget is known', () => {
  expect(forecastText(forecast([{ key: 'users.list', count: 0 }], budgets))).toBe('this run needs no requests')
  expect(forecastText(forecast([{ key: 'other', count: 1 }], budgets))).toBe(
    'this run needs 1 request: 1 second; no budget is known to limit it',
  )
})

test('the budget of a key is its own, or that of the longest prefix ending where a part ends', () => {
  const tiers = { tier3: budget(50), 'tier3:users': budget(7), 'files.': budget(9) }
  expect(budgetOf(tiers, 'tier3:conversations.history')?.requests).toBe(50)
  expect(budgetOf(tiers, 'tier3:users.list')?.requests).toBe(7)
  expect(budgetOf(tiers, 'files.info')?.requests).toBe(9)
  expect(budgetOf(tiers, 'tier30')).toBeUndefined()
})

test('the configuration changes what it names and nothing else', () => {
  const changed = withOverrides(budgets, { 'users.list': { requests: 5 }, 'conversations.history': {} })
  expect(changed['users.list']).toEqual({ requests: 5, perMs: 60_000, concurrency: 8, source: 'configuration' })
  expect(changed['conversations.replies']).toEqual(budgets['conversations.replies'])
  expect(withOverrides(budgets, { 'files:T1': { concurrency: 1 } })['files:T1']).toMatchObject({ requests: 1_000_000, concurrency: 1 })
})
