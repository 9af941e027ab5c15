// What a screen reader is told when something changes that the eye would see.
import { ref } from 'vue'

export const announcement = ref('')

export function announce(text: string): void {
  announcement.value = ''
  requestAnimationFrame(() => {
    announcement.value = text
  })
}
