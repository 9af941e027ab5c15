// The one i18n of the app, reachable from stores; exams put their own terms into it.
import { createWords, switchLocale, useTerms, type Locale } from '@/ui/i18n'

export const words = createWords()

export function useAppWords() {
  return {
    locale: () => words.global.locale.value as Locale,
    switchLocale: (locale: Locale) => switchLocale(words, locale),
    useTerms: (terms: Record<string, string> | null) => useTerms(words, terms),
  }
}
