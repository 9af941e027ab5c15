// Exams are taken on phones: whether this is none, where it matters (A1).
import { computed, type ComputedRef } from 'vue'
import { thisDevice } from './browser'
import { useAccount } from '../state/account'

/** True on a tablet or a computer; never in a demo, which may be tried on anything. */
export function useWrongDevice(): ComputedRef<boolean> {
  const account = useAccount()
  return computed(() => thisDevice() !== 'phone' && account.server?.demo === false)
}
