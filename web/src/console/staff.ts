/** Who is signed in, the schools they work for, and the one they look at. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { account } from '@/api/candidate'
import { schools as schoolRoutes } from '@/api/console'
import type { SchoolBrief } from '@/api/console-types'
import { isRefused } from '@/api/problem'
import type { Me, Role } from '@/api/types'
import { setServerTime } from './clock'

const SCHOOL_REMEMBERED = 'yikao.console.school'

export const useStaff = defineStore('staff', () => {
  const me = shallowRef<Me | null>(null)
  const schools = shallowRef<SchoolBrief[]>([])
  const schoolId = ref<string | null>(localStorage.getItem(SCHOOL_REMEMBERED))
  const asked = ref(false)

  const roles = computed(() => me.value?.roles ?? [])
  const isOperator = computed(() => roles.value.some((grant) => grant.role === 'operator'))
  const isAtDesk = computed(() => roles.value.some((grant) => grant.role === 'agent' || grant.role === 'steward'))
  /** Helps candidates (客服). */
  const helps = computed(() => roles.value.some((grant) => grant.role === 'agent'))
  const isStaff = computed(() => roles.value.some((grant) => grant.role !== 'candidate'))
  const school = computed(() => schools.value.find((known) => known.id === schoolId.value)
    ?? schools.value.find((known) => rolesIn(known.id).length > 0) ?? schools.value[0] ?? null)

  /** Asks who is signed in; nobody is no error. */
  async function load(): Promise<void> {
    try {
      me.value = await account.me()
      setServerTime(me.value.server_time)
      schools.value = isStaff.value ? await schoolRoutes.mine() : []
    } catch (error) {
      if (!isRefused(error) || error.status !== 401) throw error
      me.value = null
    } finally {
      asked.value = true
    }
  }

  async function signIn(name: string, password: string): Promise<void> {
    await account.signIn({ account: name, password })
    await load()
  }

  async function signOut(): Promise<void> {
    await account.endLogin('current')
    forget()
  }

  function forget(): void {
    me.value = null
    schools.value = []
  }

  function choose(id: string): void {
    schoolId.value = id
    localStorage.setItem(SCHOOL_REMEMBERED, id)
  }

  /** The roles held in a school; an operator's platform role does not count. */
  function rolesIn(id: string | null | undefined): Role[] {
    return roles.value.filter((grant) => grant.school_id === id).map((grant) => grant.role)
  }

  /** A judge who is nothing else sees submitted answers only. */
  function onlyJudges(id: string | null | undefined): boolean {
    const held = rolesIn(id)
    return held.length > 0 && held.every((role) => role === 'judge') && !isOperator.value
  }

  return {
    me, schools, school, schoolId, asked, roles, isOperator, isAtDesk, isStaff, helps,
    load, signIn, signOut, forget, choose, rolesIn, onlyJudges,
  }
})
