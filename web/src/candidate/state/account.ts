// Who is signed in on this phone, and what is theirs: signing out leaves their footage where it is (B9).
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { account as api, server as askServer } from '@/api/candidate'
import { isRefused } from '@/api/problem'
import type { Me, ServerInfo } from '@/api/types'
import { rememberAccount } from './memory'

const ASK_EVERY_MS = 3_000

export const useAccount = defineStore('account', () => {
  const me = ref<Me | null>(null)
  const server = ref<ServerInfo | null>(null)
  /** `false` until the server has said who this is, or that it is nobody. */
  const known = ref(false)
  /** The server ended the login while it was in use. */
  const thrownOut = ref(false)
  let asking: ReturnType<typeof setInterval> | undefined

  async function load(): Promise<void> {
    try {
      me.value = await api.me()
      thrownOut.value = false
      known.value = true
    } catch (error) {
      if (!isRefused(error) || error.status !== 401) throw error
      me.value = null
      known.value = true
    }
    rememberAccount(me.value?.account_id ?? null)
  }

  /** The page came up without the server: it is asked until it says who this is. */
  function keepAsking(): void {
    asking ??= setInterval(() => void load().catch(() => undefined).then(() => known.value && stopAsking()), ASK_EVERY_MS)
  }

  function stopAsking(): void {
    clearInterval(asking)
    asking = undefined
  }

  async function loadServer(): Promise<void> {
    server.value ??= await askServer()
  }

  /** `take_over`: the person said that this device goes on with the formal exam that is under way at another. */
  async function signIn(account: string, password: string, take_over = false): Promise<void> {
    await api.signIn({ account, password, take_over })
    await load()
  }

  async function signUp(contact: string, code: string, password: string): Promise<void> {
    await api.signUp({ contact, code, password })
    await load()
  }

  async function signOut(): Promise<void> {
    await api.endLogin('current')
    me.value = null
    rememberAccount(null)
  }

  function forget(): void {
    thrownOut.value = me.value !== null
    me.value = null
  }

  return { me, server, known, thrownOut, load, keepAsking, loadServer, signIn, signUp, signOut, forget }
})
