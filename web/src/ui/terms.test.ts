// An exam's own words take the place of the platform's, whatever signs they contain.
import { expect, test } from 'vitest'
import { createI18n } from 'vue-i18n'
import zh from './locales/zh-CN'
import { inBrackets } from './markup'

function wordsWith(term: Partial<Record<keyof typeof zh.term, string>>) {
  return createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': { ...zh, term: { ...zh.term, ...term } } } }).global
}

test('without terms of its own an exam is a 考试', () => {
  expect(wordsWith({}).t('home.pending')).toBe('您有待确认的考试')
})

test('an exam that says 录制 is a 录制 everywhere', () => {
  expect(wordsWith({ exam: '录制' }).t('exam.enter_formal')).toBe('进入正式录制')
})

test('a word from outside means itself, whatever signs it contains', () => {
  const odd = "a@b{c}|d'e\\f$g"
  expect(wordsWith({ exam: inBrackets(odd) }).t('home.tab_exams')).toBe(odd)
})
