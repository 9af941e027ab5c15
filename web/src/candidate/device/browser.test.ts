// In-app browsers are told from real ones, phones from everything else.
import { expect, test } from 'vitest'
import { deviceClass, innerBrowserOf, modelOf } from './browser'

const android = 'Mozilla/5.0 (Linux; Android 13; V2203A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 14_3 like Mac OS X) AppleWebKit/605.1.15 Version/14.0 Mobile/15E148 Safari/604.1'
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/14.0 Safari/605.1.15'

test('WeChat is an inner browser', () => {
  expect(innerBrowserOf(`${android} MicroMessenger/8.0.40`)).toBe('微信')
})

test('QQ is an inner browser, the QQ browser is a real one', () => {
  expect(innerBrowserOf(`${android} QQ/8.9.75`)).toBe('QQ')
  expect(innerBrowserOf(`${android} MQQBrowser/14.1`)).toBeNull()
})

test('Safari and Chrome are real browsers', () => {
  expect(innerBrowserOf(iphone)).toBeNull()
  expect(innerBrowserOf(android)).toBeNull()
})

test('phones are phones', () => {
  expect(deviceClass(iphone, 5)).toBe('phone')
  expect(deviceClass(android, 5)).toBe('phone')
})

test('an iPad that says it is a Mac is a tablet, a Mac is none', () => {
  expect(deviceClass(mac, 5)).toBe('tablet')
  expect(deviceClass(mac, 0)).toBe('desktop')
})

test('an Android without Mobile is a tablet', () => {
  expect(deviceClass(android.replace(' Mobile', ''), 5)).toBe('tablet')
})

test('a model is told where the browser names one', () => {
  expect(modelOf(android)).toBe('V2203A')
  expect(modelOf(android.replace('V2203A', 'K'))).toBeNull()
})
