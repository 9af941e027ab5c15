// The words of the apps: one catalogue for both, the console's own merged in, an exam's terms on top.
import { createI18n } from 'vue-i18n'
import { speak } from '@/api/client'
import en from './locales/en'
import zh from './locales/zh-CN'
import { inBrackets } from './markup'

export type Locale = 'zh-CN' | 'en'
/** Nested messages; leaves are texts. */
export interface Messages {
  [key: string]: string | Messages
}

const REMEMBERED = 'yikao.locale'
const TERM_NAMES = Object.keys(zh.term)

/** The language chosen before, else the browser's. */
export function preferredLocale(): Locale {
  const chosen = remembered()
  if (chosen === 'zh-CN' || chosen === 'en') return chosen
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

/** Builds the app's i18n; `extra` holds the messages an app adds to the common ones. */
export function createWords(extra?: Record<Locale, Messages>) {
  const locale = preferredLocale()
  const i18n = createI18n({
    legacy: false,
    locale,
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': { ...zh, ...extra?.['zh-CN'] }, en: { ...en, ...extra?.en } } as Record<Locale, Messages>,
  })
  applyLocale(locale)
  return i18n
}

export type Words = ReturnType<typeof createWords>

export function switchLocale(words: Words, locale: Locale): void {
  words.global.locale.value = locale
  applyLocale(locale)
  try {
    localStorage.setItem(REMEMBERED, locale)
  } catch {
    // Without storage the choice lasts until the page goes.
  }
}

/**
 * Puts an exam's own words (K16) in place of the platform's, or takes them off again.
 * They are the exam's language, so they show in the Chinese catalogue only.
 */
export function useTerms(words: Words, terms: Record<string, string> | null): void {
  const own = Object.entries(terms ?? {}).filter(([name, word]) => TERM_NAMES.includes(name) && word !== '')
  const escaped = own.map(([name, word]) => [name, inBrackets(word)])
  words.global.mergeLocaleMessage('zh-CN', { term: { ...zh.term, ...Object.fromEntries(escaped) } })
}

function applyLocale(locale: Locale): void {
  document.documentElement.lang = locale
  speak(locale)
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED)
  } catch {
    return null
  }
}
