// What kind of browser this is: one inside another app cannot record reliably, and says so before anything starts.

/** The app whose inner browser this is, by its own name; null for a real browser. */
export function innerBrowserOf(userAgent: string): string | null {
  const found = INNER_BROWSERS.find(([mark]) => mark.test(userAgent))
  return found?.[1] ?? null
}

export type DeviceClass = 'phone' | 'tablet' | 'desktop'

/** Phone, tablet or desktop, as well as a browser tells; an iPad says it is a Mac but has a touch screen. */
export function deviceClass(userAgent: string, touchPoints: number): DeviceClass {
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) return 'tablet'
  if (/Android|HarmonyOS|OpenHarmony/.test(userAgent)) return /Mobile|; Phone|Phone;/.test(userAgent) ? 'phone' : 'tablet'
  return /iPhone|iPod|Mobile/.test(userAgent) ? 'phone' : 'desktop'
}

export const thisDevice = (): DeviceClass => deviceClass(navigator.userAgent, navigator.maxTouchPoints)

/** The model an Android browser names; iPhones and newer Chromes keep it to themselves. */
export function modelOf(userAgent: string): string | null {
  const android = /Android [\d.]+; ([^;)]+?)(?: Build\/[^;)]*)?[;)]/.exec(userAgent)?.[1]
  if (android !== undefined && android !== 'K') return android
  return /iPhone/.test(userAgent) ? 'iPhone' : null
}

export function canRecord(): boolean {
  return typeof MediaRecorder === 'function' && navigator.mediaDevices?.getUserMedia !== undefined
}

const INNER_BROWSERS: [RegExp, string][] = [
  [/MicroMessenger/i, '微信'],
  [/\bQQ\/\d/i, 'QQ'],
  [/DingTalk/i, '钉钉'],
  [/Weibo/i, '微博'],
  [/AlipayClient/i, '支付宝'],
  [/Lark|Feishu/i, '飞书'],
  [/baiduboxapp/i, '百度'],
  [/aweme|NewsArticle|BytedanceWebview/i, '抖音'],
  [/xhsdiscover/i, '小红书'],
]
