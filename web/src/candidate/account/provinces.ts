// 高考省份 as rosters name them: the short name, which is also what is sent.
import { useI18n } from 'vue-i18n'

export const PROVINCES = [
  '北京', '天津', '河北', '山西', '内蒙古', '辽宁', '吉林', '黑龙江', '上海', '江苏', '浙江', '安徽', '福建', '江西', '山东', '河南', '湖北',
  '湖南', '广东', '广西', '海南', '重庆', '四川', '贵州', '云南', '西藏', '陕西', '甘肃', '青海', '宁夏', '新疆', '香港', '澳门', '台湾',
] as const

/** For candidates from elsewhere. */
export const OUTSIDE = '国外'

/** The name of a province as it is shown: abroad has one in the reader's language. */
export function useProvinceName(): (province: string) => string {
  const { t } = useI18n()
  return (province) => (province === OUTSIDE ? t('identity.province_outside') : province)
}

const CODES = [
  '11', '12', '13', '14', '15', '21', '22', '23', '31', '32', '33', '34', '35', '36', '37', '41', '42',
  '43', '44', '45', '46', '50', '51', '52', '53', '54', '61', '62', '63', '64', '65', '81', '82', '71',
]

/** Where an ID card was first issued: a guess at the 高考省份, which the candidate may change. */
export function provinceOf(number: string): string | null {
  return PROVINCES[CODES.indexOf(number.slice(0, 2))] ?? null
}
