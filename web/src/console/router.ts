/** The console's pages. Everything but the sign-in page asks first who is there. */
import type { Pinia } from 'pinia'
import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router'
import { paths } from './paths'
import { useStaff } from './staff'

const inShell: RouteRecordRaw[] = [
  { path: '', name: 'home', component: () => import('./exams/HomePage.vue') },
  { path: 'schools/:school/exams', name: 'exams', component: () => import('./exams/ExamsPage.vue'), props: true },
  { path: 'schools/:school/exams/new', name: 'new-exam', component: () => import('./exams/NewExamPage.vue'), props: true },
  { path: 'schools/:school/members', name: 'members', component: () => import('./school/MembersPage.vue'), props: true },
  {
    path: 'exams/:exam',
    component: () => import('./exam/ExamPage.vue'),
    props: true,
    children: [
      { path: '', redirect: (to) => paths.settings(String(to.params.exam)) },
      { path: 'settings', name: 'settings', component: () => import('./exam/SettingsTab.vue') },
      { path: 'roster', name: 'roster', component: () => import('./roster/RosterTab.vue') },
      { path: 'live', name: 'live', component: () => import('./live/LiveTab.vue') },
      { path: 'to-review', name: 'to-review', component: () => import('./review/ToReviewTab.vue') },
    ],
  },
  { path: 'sittings/:sitting', name: 'sitting', component: () => import('./review/SittingPage.vue'), props: true },
  { path: 'desk', name: 'desk', component: () => import('./desk/QueuePage.vue') },
  { path: 'desk/reviews/:review', name: 'desk-review', component: () => import('./desk/ReviewPage.vue'), props: true },
  { path: 'desk/messages/:candidate?', name: 'conversations', component: () => import('./desk/ConversationsPage.vue'), props: true },
  { path: 'desk/candidates/:candidate?', name: 'people', component: () => import('./desk/PeoplePage.vue'), props: true },
  { path: 'desk/record', name: 'desk-record', component: () => import('./desk/AuditPage.vue') },
  { path: 'support/contacts', name: 'contact-change', component: () => import('./support/ContactChangePage.vue') },
  { path: 'operator/messages', name: 'messages', component: () => import('./operator/MessagesPage.vue') },
  { path: 'operator/activation-codes', name: 'activation-codes', component: () => import('./operator/ActivationPage.vue') },
  { path: 'operator/jobs', name: 'jobs', component: () => import('./operator/JobsPage.vue') },
  { path: 'operator/schools', name: 'schools', component: () => import('./operator/SchoolsPage.vue') },
  { path: ':unknown(.*)*', name: 'nowhere', component: () => import('./shell/NowherePage.vue') },
]

export function createConsoleRouter(pinia: Pinia): Router {
  const router = createRouter({
    history: createWebHistory('/console/'),
    routes: [
      { path: '/sign-in', name: 'sign-in', component: () => import('./signin/SignInPage.vue') },
      { path: '/', component: () => import('./shell/ShellPage.vue'), children: inShell },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
  router.beforeEach(async (to) => {
    const staff = useStaff(pinia)
    if (!staff.asked) await staff.load().catch(() => undefined)
    if (to.name !== 'sign-in' && !staff.isStaff) return { name: 'sign-in', query: { next: to.fullPath } }
    return true
  })
  return router
}
