// Entry of the candidate's app.
import 'vant/lib/index.css'
import '@/ui/tokens.css'
import '@/ui/base.css'
import './candidate.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { whenSignedOut } from '@/api/client'
import App from './App.vue'
import { router } from './router'
import { useAccount } from './state/account'
import { note, startNoting } from './state/device-log'
import { keepShell } from './state/shell'
import { words } from './state/words'

const app = createApp(App).use(createPinia()).use(words)
const account = useAccount()

whenSignedOut(() => {
  account.forget()
  const here = router.currentRoute.value
  // On the way to the first page its own guard decides: signing up has an address that can be opened.
  if (here.matched.length === 0) return
  if (!here.meta.open && here.name !== 'record') void router.replace({ name: 'sign-in', query: { to: here.fullPath } })
})
startNoting()
router.afterEach((to) => note(`page ${String(to.name)}`))
void account.loadServer().catch(() => undefined)
void keepShell()
app.use(router).mount('#app')
