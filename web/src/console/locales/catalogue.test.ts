import { describe, expect, it } from 'vitest'
import en from './en'
import zh from './zh-CN'

type Messages = { [key: string]: string | Messages }

function keys(messages: Messages, path = ''): string[] {
  return Object.entries(messages).flatMap(([key, value]) => (typeof value === 'string' ? [path + key] : keys(value, `${path}${key}.`)))
}

function placeholders(messages: Messages, path = ''): string[] {
  return Object.entries(messages).flatMap(([key, value]) => (typeof value === 'string'
    ? [`${path}${key}: ${(value.match(/\{\w+\}/g) ?? []).sort().join(' ')}`] : placeholders(value, `${path}${key}.`)))
}

describe('the console’s words', () => {
  it('are the same set in both languages', () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort())
  })

  it('take the same parameters in both languages', () => {
    expect(placeholders(en).sort()).toEqual(placeholders(zh).sort())
  })
})
