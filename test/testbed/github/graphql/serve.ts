import type { Parts } from '../parts.ts'

export const isGraphql = (path: string): boolean => path === '/graphql' || path === '/api/graphql'

export async function serveGraphql(_: Parts, __: Request): Promise<Response> {
  return Response.json({ message: 'not yet' }, { status: 501 })
}
