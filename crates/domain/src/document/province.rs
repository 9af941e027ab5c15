//! Provinces: the region codes of GB/T 2260, and the names that people write.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{half_width, is_invisible};

macro_rules! provinces {
    ($($name:ident $code:literal $short:literal $full:literal,)+) => {
        /// A province of the 高考, by its usual short name; or abroad, for candidates from elsewhere (B2).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Province {
            $(
                #[doc = $full]
                $name,
            )+
        }

        impl Province {
            /// Every province, by region code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The first two digits of its region codes (GB/T 2260); 0 abroad, where there are none.
            pub const fn region_code(self) -> u16 {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The short name, as it is stored and shown: 广东.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $short,)+
                }
            }

            /// The full name: 广东省.
            pub const fn full_name(self) -> &'static str {
                match self {
                    $(Self::$name => $full,)+
                }
            }
        }
    };
}

provinces! {
    Beijing 11 "北京" "北京市",
    Tianjin 12 "天津" "天津市",
    Hebei 13 "河北" "河北省",
    Shanxi 14 "山西" "山西省",
    InnerMongolia 15 "内蒙古" "内蒙古自治区",
    Liaoning 21 "辽宁" "辽宁省",
    Jilin 22 "吉林" "吉林省",
    Heilongjiang 23 "黑龙江" "黑龙江省",
    Shanghai 31 "上海" "上海市",
    Jiangsu 32 "江苏" "江苏省",
    Zhejiang 33 "浙江" "浙江省",
    Anhui 34 "安徽" "安徽省",
    Fujian 35 "福建" "福建省",
    Jiangxi 36 "江西" "江西省",
    Shandong 37 "山东" "山东省",
    Henan 41 "河南" "河南省",
    Hubei 42 "湖北" "湖北省",
    Hunan 43 "湖南" "湖南省",
    Guangdong 44 "广东" "广东省",
    Guangxi 45 "广西" "广西壮族自治区",
    Hainan 46 "海南" "海南省",
    Chongqing 50 "重庆" "重庆市",
    Sichuan 51 "四川" "四川省",
    Guizhou 52 "贵州" "贵州省",
    Yunnan 53 "云南" "云南省",
    Tibet 54 "西藏" "西藏自治区",
    Shaanxi 61 "陕西" "陕西省",
    Gansu 62 "甘肃" "甘肃省",
    Qinghai 63 "青海" "青海省",
    Ningxia 64 "宁夏" "宁夏回族自治区",
    Xinjiang 65 "新疆" "新疆维吾尔自治区",
    Taiwan 71 "台湾" "台湾省",
    HongKong 81 "香港" "香港特别行政区",
    Macau 82 "澳门" "澳门特别行政区",
    Abroad 0 "国外" "其他国家或地区",
}

impl Province {
    /// The province of a region code's first two digits; residence permits of Taiwan begin with 83.
    pub fn from_region_code(code: u16) -> Option<Self> {
        let code = if code == 83 { 71 } else { code };
        Self::ALL
            .iter()
            .copied()
            .filter(|province| *province != Self::Abroad)
            .find(|province| province.region_code() == code)
    }

    /// The province that a text means: its short or full name, other endings (广东省, 内蒙古自治区, 宁夏省), the name
    /// with a city behind it (广东省广州市), or its two-digit region code.
    pub fn recognise(text: &str) -> Option<Self> {
        let text: String =
            half_width(text).chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect();
        if let Ok(code) = text.parse::<u16>() {
            return Self::from_region_code(code);
        }
        let begins = |province: &&Self| text.starts_with(province.name()) || text == province.full_name();
        Self::ALL.iter().find(begins).copied()
    }
}

impl fmt::Display for Province {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Province {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Province {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::recognise(&text).ok_or_else(|| serde::de::Error::custom(format!("unknown province {text:?}")))
    }
}
