/** The app's i18n as an injection, for the one place that switches the language. */
import type { InjectionKey } from 'vue'
import type { Words } from '@/ui/i18n'

export const WORDS: InjectionKey<Words> = Symbol('words')
