// The three words of delivery, and the two that need explaining (N5, N9).
import { useI18n } from 'vue-i18n'
import type { DeliveryState } from '@/api/types'

export function useDeliveryWords() {
  const { t } = useI18n()

  function deliveryWord(state: DeliveryState): string {
    if (state === 'complete') return t('delivery.complete')
    if (state === 'damaged') return t('delivery.damaged')
    return state === 'lapsed' ? t('delivery.lapsed') : t('delivery.moving')
  }

  return { deliveryWord }
}
