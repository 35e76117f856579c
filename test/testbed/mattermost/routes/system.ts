import { patchConfig } from '../config.ts'
import { Refusal } from '../refusal.ts'
import { body, json, ok, query, requireAdmin, type Route } from './ask.ts'

export const systemRoutes: readonly Route[] = [
  {
    route: 'GET /system/ping',
    open: true,
    answer: () => json({ AndroidLatestVersion: '', AndroidMinVersion: '', IosLatestVersion: '', IosMinVersion: '', status: 'OK' }),
  },
  {
    route: 'GET /config',
    answer: (ask) => {
      requireAdmin(ask)
      return json(ask.store.config)
    },
  },
  {
    route: 'PUT /config/patch',
    answer: async (ask) => {
      requireAdmin(ask)
      patchConfig(ask.store.config, await body(ask, 'config'))
      patchConfig(ask.store.config, ask.store.environment)
      return json(ask.store.config)
    },
  },
  {
    route: 'GET /config/environment',
    answer: (ask) => {
      requireAdmin(ask)
      const fixed = Object.entries(ask.store.environment).map(([section, values]) => [
        section,
        Object.fromEntries(Object.keys(values).map((name) => [name, true])),
      ])
      return json(Object.fromEntries(fixed))
    },
  },
  {
    route: 'GET /config/client',
    open: true,
    answer: (ask) => {
      if (query(ask, 'format') !== 'old') throw new Refusal('api.config.client.old_format.app_error', 501, 'Please specify format=old.')
      const { config, version, licence } = ask.store
      const settings = {
        Version: version,
        BuildNumber: version,
        BuildHash: 'testbed',
        BuildEnterpriseReady: licence === undefined ? 'false' : 'true',
        SiteURL: config.ServiceSettings.SiteURL,
        SiteName: config.TeamSettings.SiteName,
        DefaultClientLocale: config.LocalizationSettings.DefaultClientLocale,
        MaxFileSize: String(config.FileSettings.MaxFileSize),
        MaxPostSize: '16383',
        EnableCustomEmoji: String(config.ServiceSettings.EnableCustomEmoji),
        EnableCustomGroups: String(ask.store.can.customGroups && licence !== undefined && config.ServiceSettings.EnableCustomGroups),
        CollapsedThreads: config.ServiceSettings.CollapsedThreads,
      }
      return json(settings)
    },
  },
  {
    route: 'GET /license/client',
    open: true,
    answer: ({ store }) =>
      json(store.licence === undefined ? { IsLicensed: 'false' } : { IsLicensed: 'true', SkuShortName: store.licence }),
  },
  {
    route: 'POST /caches/invalidate',
    answer: (ask) => {
      requireAdmin(ask)
      ask.store.forgetKnownFiles()
      return ok()
    },
  },
]
