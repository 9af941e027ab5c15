/** The console's words by section: `useTexts('live').t('phase.open')` reads `console.live.phase.open`. */
import type { ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Span } from './amounts'

export type Texts = {
  t: (key: string, params?: Record<string, unknown>) => string
  /** The text of a code the server sent, or the code itself when it is newer than this console. */
  named: (key: string, code: string) => string
  locale: ComputedRef<string>
}

export function useTexts(section: string): Texts {
  const { t, te, locale } = useI18n()
  const path = (key: string): string => `console.${section}.${key}`
  return {
    t: (key, params = {}) => t(path(key), params),
    named: (key, code) => (te(path(`${key}.${code}`)) ? t(path(`${key}.${code}`)) : code),
    locale: locale as unknown as ComputedRef<string>,
  }
}

/** Spans of time in the reader's language: `19 分钟`, `19 min`. */
export function useSpans(): (span: Span | null) => string {
  const { t } = useTexts('amount')
  return (span) => (span === null ? '' : span.unit === 'none' ? span.amount : t(span.unit, { amount: span.amount }))
}
