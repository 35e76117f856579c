/**
 * A path fit for logs: what may be an id, a file name or the name of a person becomes `:x`. Only the API's prefix and one word after it stay,
 * so definitions do better by naming their routes themselves.
 */
export function routeOfPath(pathname: string): string {
  const segments = pathname.split('/').filter((segment) => segment !== '')
  const words = segments.findIndex((segment) => !/^(api|rest|v\d+(\.\d+)?)$/.test(segment))
  return `/${segments.map((segment, at) => (words === -1 || at < words || (at === words && /^[a-z][a-z._-]{0,40}$/i.test(segment)) ? segment : ':x')).join('/')}`
}
