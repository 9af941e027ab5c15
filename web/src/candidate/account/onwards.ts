// Where to go after signing in: where the candidate was going, if that is a page of ours.
import type { LocationQuery } from 'vue-router'

export function onwards(query: LocationQuery): string {
  const to = query.to
  return typeof to === 'string' && to.startsWith('/') && !to.startsWith('//') ? to : '/'
}
