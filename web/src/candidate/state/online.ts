// Whether the phone believes it has a network; it may be wrong, so nothing is refused because of it.
import { ref } from 'vue'

export const online = ref(navigator.onLine)

window.addEventListener('online', () => (online.value = true))
window.addEventListener('offline', () => (online.value = false))
