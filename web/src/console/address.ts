/** Filters live in the address: a list can be bookmarked, shared with a colleague, and survives a reload. */
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** One filter of the query string; its default is left out of the address. */
export function useFilter(name: string, fallback = ''): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const value = route.query[name]
      return typeof value === 'string' ? value : fallback
    },
    set: (value: string) => {
      const query = { ...route.query }
      delete query[name]
      if (name !== 'page') delete query.page
      if (value !== fallback) query[name] = value
      void router.replace({ query, hash: route.hash })
    },
  })
}

/** The page number in the address, from 1. */
export function usePage(): WritableComputedRef<number> {
  const page = useFilter('page', '1')
  return computed({
    get: () => Math.max(1, Number.parseInt(page.value, 10) || 1),
    set: (value: number) => { page.value = String(value) },
  })
}
