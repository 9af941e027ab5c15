// The candidate's pages by address. Who may see what is the server's business; this only knows who is signed in.
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { innerBrowserOf } from './device/browser'
import { useAccount } from './state/account'
import { rememberedAccount, rememberedSitting } from './state/memory'
import { useRecording } from './state/recording'

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./exams/HomePage.vue'), meta: { tabs: true } },
  { path: '/sign-in', name: 'sign-in', component: () => import('./account/SignInPage.vue'), meta: { open: true } },
  { path: '/sign-up', name: 'sign-up', component: () => import('./account/SignUpPage.vue'), props: { kind: 'phone' }, meta: { open: true } },
  { path: '/sign-up/email', name: 'sign-up-email', component: () => import('./account/SignUpPage.vue'), props: { kind: 'email' }, meta: { open: true } },
  { path: '/reset-password', name: 'reset-password', component: () => import('./account/ResetPasswordPage.vue'), meta: { open: true } },
  { path: '/identity', name: 'identity', component: () => import('./account/IdentityPage.vue') },
  { path: '/identity/appeal', name: 'appeal', component: () => import('./account/AskDeskPage.vue') },
  { path: '/identity/review', name: 'document-review', component: () => import('./account/AskDeskPage.vue') },
  { path: '/profile', name: 'profile', component: () => import('./account/ProfilePage.vue') },
  { path: '/my/correction', name: 'correction', component: () => import('./account/CorrectionPage.vue') },
  { path: '/e/:exam', name: 'exam-link', component: () => import('./exams/ExamLinkPage.vue'), meta: { open: true } },
  { path: '/e/:exam/:major', name: 'confirm', component: () => import('./exams/ConfirmPage.vue') },
  { path: '/enrolments/:enrolment', name: 'exam', component: () => import('./exams/ExamPage.vue') },
  { path: '/enrolments/:enrolment/tasks/:task', name: 'task', component: () => import('./tasks/TaskPage.vue') },
  { path: '/enrolments/:enrolment/check', name: 'check', component: () => import('./check/DeviceCheckPage.vue') },
  { path: '/enrolments/:enrolment/enter/:session', name: 'enter', component: () => import('./exams/EnterPage.vue') },
  { path: '/sittings/:sitting', name: 'sitting', component: () => import('./sitting/SittingPage.vue'), meta: { sitting: true } },
  { path: '/sittings/:sitting/subjects/:subject', name: 'subject', component: () => import('./sitting/SubjectPage.vue'), meta: { sitting: true } },
  { path: '/sittings/:sitting/subjects/:subject/record', name: 'record', component: () => import('./recorder/RecorderPage.vue'), meta: { bare: true } },
  { path: '/sittings/:sitting/subjects/:subject/takes/:take', name: 'take', component: () => import('./sitting/TakePage.vue'), meta: { sitting: true } },
  { path: '/sittings/:sitting/delivery', name: 'delivery', component: () => import('./sitting/DeliveryPage.vue'), meta: { sitting: true } },
  { path: '/sittings/:sitting/receipts', name: 'receipts', component: () => import('./sitting/ReceiptsPage.vue'), meta: { sitting: true } },
  { path: '/my', name: 'my', component: () => import('./my/MyPage.vue'), meta: { tabs: true } },
  { path: '/my/consents', name: 'consents', component: () => import('./my/ConsentsPage.vue') },
  { path: '/my/consents/:kind(faces|guardian)', name: 'consent', component: () => import('./my/ConsentPage.vue') },
  { path: '/face', name: 'face', component: () => import('./face/FacePage.vue') },
  { path: '/desk', name: 'desk', component: () => import('./desk/DeskPage.vue') },
  { path: '/my/logins', name: 'logins', component: () => import('./my/LoginsPage.vue') },
  { path: '/open-in-browser', name: 'open-in-browser', component: () => import('./gate/OpenInBrowserPage.vue'), meta: { open: true, gate: true } },
  { path: '/no-storage', name: 'no-storage', component: () => import('./gate/NoStoragePage.vue'), meta: { open: true, gate: true } },
  { path: '/unreachable', name: 'unreachable', component: () => import('./gate/UnreachablePage.vue'), meta: { open: true, gate: true } },
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('./gate/NotFoundPage.vue'), meta: { open: true } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  if (to.meta.gate) return true
  if (innerBrowserOf(navigator.userAgent) !== null) return { name: 'open-in-browser', query: { to: to.fullPath } }
  const account = useAccount()
  if (!account.known) await account.load().catch(() => undefined)
  if (!account.known) return withoutServer(to)
  if (account.me === null) return to.meta.open ? true : { name: 'sign-in', query: onwards(to) }
  return openFootage(account.me.account_id, to)
})

/** A reload without a network in mid-exam: the footage of whoever was signed in is here, and goes on being here. */
function withoutServer(to: RouteLocationNormalized) {
  const account_id = rememberedAccount()
  const is_in_exam = to.meta.sitting === true || to.name === 'record'
  if (account_id === null || !is_in_exam || rememberedSitting(String(to.params.sitting)) === null) {
    return { name: 'unreachable', query: onwards(to) }
  }
  useAccount().keepAsking()
  return openFootage(account_id, to)
}

async function openFootage(account_id: string, to: RouteLocationNormalized) {
  try {
    await useRecording().open(account_id)
    return true
  } catch (error) {
    console.error(error)
    return { name: 'no-storage', query: onwards(to) }
  }
}

function onwards(to: RouteLocationNormalized): Record<string, string> {
  return to.fullPath === '/' ? {} : { to: to.fullPath }
}

// The heading of a new page takes the focus, so that a screen reader reads where it is.
router.afterEach((_to, from) => {
  if (from.matched.length > 0) requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus())
})
