// Entry of the staff console.
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { whenSignedOut } from '@/api/client'
import { createWords } from '@/ui/i18n'
import '@/ui/tokens.css'
import '@/ui/base.css'
import { useElements } from './elements'
import './console.css'
import './table.css'
import App from './App.vue'
import en from './locales/en'
import zh from './locales/zh-CN'
import { createConsoleRouter } from './router'
import { onKey } from './shortcuts'
import { useStaff } from './staff'
import { WORDS } from './words'

const app = createApp(App)
const pinia = createPinia()
const words = createWords({ 'zh-CN': { console: zh }, en: { console: en } })
const router = createConsoleRouter(pinia)

useElements(app)
app.use(pinia).use(words).use(router).provide(WORDS, words)
whenSignedOut(() => {
  useStaff(pinia).forget()
  if (router.currentRoute.value.name === 'sign-in') return
  void router.push({ name: 'sign-in', query: { next: router.currentRoute.value.fullPath } })
})
window.addEventListener('keydown', onKey)
app.mount('#app')
