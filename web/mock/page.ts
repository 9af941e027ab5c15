// A candidate's page in a browser without a screen: opened by its address, answered as a test says, read and pressed by
// its test ids. A test file that uses it begins with `// @vitest-environment happy-dom`.
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, vi } from 'vitest'
import { createApp, type App as VueApp } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import App from '@/candidate/App.vue'
import { routes } from '@/candidate/router'
import { useAccount } from '@/candidate/state/account'
import { useAppWords, words } from '@/candidate/state/words'
import type { Locale } from '@/ui/i18n'
import { World } from './world'

/** What the server says, by method and path without `/api`; whatever is not here is not found. */
export type Answers = Record<string, unknown>

interface Options {
  locale?: Locale
  device?: keyof typeof AGENTS
  demo?: boolean
  /** What is done before the page comes up, with the stores in place. */
  before?: () => void
}

const AGENTS = {
  phone: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  computer: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
}

let app: VueApp | null = null

afterEach(() => {
  app?.unmount()
  app = null
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Opens the app at an address and waits until the page shows the element with this test id. */
export async function open(address: string, shows: string, answers: Answers, { locale = 'zh-CN', device = 'phone', demo = false, before }: Options = {}) {
  const asked = stubServer(answers)
  const heard = stubVoice()
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(AGENTS[device])
  useAppWords().switchLocale(locale)
  const pinia = createPinia()
  setActivePinia(pinia)
  const router = createRouter({ history: createMemoryHistory(), routes })
  app?.unmount()
  document.body.innerHTML = '<div id="app"></div>'
  app = createApp(App).use(pinia).use(words).use(router)
  useAccount().server = { name: '', version: '0.1.0', server_time: Date.now(), minimum_client: '0', keys: [], demo }
  useAccount().me = new World().signIn(false)
  before?.()
  await router.push(address)
  app.mount('#app')
  await see(shows)
  return { router, asked, heard, ...hands(router) }
}

/** Pages are loaded when they are gone to, which takes a busy machine a while. */
const PATIENCE = { timeout: 10_000 }

const hands = (router: Router) => ({
  see,
  text: (testid: string) => all(testid).map((each) => each.textContent?.replace(/\s+/g, ' ').trim() ?? ''),
  has: (testid: string) => all(testid).length > 0,
  press: async (testid: string) => (await see(testid)).click(),
  goesTo: (name: string) => vi.waitFor(() => { if (router.currentRoute.value.name !== name) throw new Error(`not at ${name}`) }, PATIENCE),
})

const all = (testid: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)]

/** Waits for an element by its test id. */
export function see(testid: string): Promise<HTMLElement> {
  return vi.waitFor(() => all(testid)[0] ?? Promise.reject(new Error(`no ${testid} in: ${document.body.textContent}`)), PATIENCE)
}

function stubServer(answers: Answers): string[] {
  const asked: string[] = []
  vi.stubGlobal('EventSource', class { addEventListener() {} close() {} })
  vi.stubGlobal('fetch', (url: string, { method = 'GET' }: { method?: string } = {}) => {
    const question = `${method} ${url.replace(/^\/api/, '')}`
    asked.push(question)
    const known = question in answers
    const body = known ? answers[question] : { code: 'route.not_found', title: question, detail: '', remedy: '' }
    return Promise.resolve(new Response(JSON.stringify(body), { status: known ? 200 : 404 }))
  })
  return asked
}

/** A phone with voices for both languages, and what they have read. */
function stubVoice(): string[] {
  const heard: string[] = []
  const voices = ['zh-CN', 'en-US'].map((lang) => ({ lang, localService: true }))
  vi.stubGlobal('SpeechSynthesisUtterance', class { constructor(readonly text: string) {} })
  vi.stubGlobal('speechSynthesis', { getVoices: () => voices, cancel: () => {}, speak: ({ text }: { text: string }) => heard.push(text) })
  return heard
}
