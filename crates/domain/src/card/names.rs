//! Names on cards: where a letter could not be read for certain, one that people are named with is likelier.

use super::Letter;

/// From this likelihood on a letter is what was read.
const CERTAIN: f32 = 0.97;
/// How much likelier a letter of this list is in a name than one of the thousands that are not on it.
const FAVOUR: f32 = 30.0;

/// 姓: the hundred that nearly everybody has, and the beginnings of compound ones.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏\
苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常\
欧司上诸";

/// Letters of given names, the usual ones of several generations, and of names that were written down by their sound.
const GIVEN: &str = "一万三丰丹丽义乐云亚亦京仁仪伟佩佳依俊俐保信倩健元兰光克兴军冬冰凌凤凯刚利力勇勤北华卓南博卫印\
卿双发可吉君启和品哲唯嘉国园圆坤城培士壮多天太奇奕奥好如妍妙妮姗姝姣姿娅娇娜娟娥婉婕婧婷媛嫒嫣子存孝学宁宇安宏宗宝\
宜宸家容宽富寒尔尚尧山岚岩峰峻川巧帅帆希平广庆康廷建弘张强彤彦彩彬影征心志忠念怀怡思恒恩悦惠慧成才承抒振捷提敏文\
斌斯新旭旺昊昌明易星春昭昱晋晓晔晗晟晨景晴晶智曦曼月朋木本权杉杰松林枫柏柔柯桂桃桐桦梁梅梓梦森楚楠楷榕民永汐江沁沐沛\
沙治法泉波泰泽洁洋津洪浩海涛涵淇淑清渊温湘溪源滢滨漫潇澄澜灵灿炎炫烁烨然焕焱煊煜煦熙燕爱爽玉玥玮玲珂珊珍珠珺琛琦琪\
琬琳琴琼瑀瑄瑜瑞瑶瑾璇璐璟瓒生甜田男畅皓益盈盛真睿石磊礼祎祥祺福禹秀科秋童竹笑筠筱策素紫红纯绍细绮维绪缘美翔翠翊\
翰耀聪肖育能腾致航良艳艺芊芬芝芮芯花芳芷苏苑若英苗茂茗茜茹荣荷莉莎莲莹菁菊菡菲萌萍萱落蓉蓓蓝蔓蔚蕊蕾薇蝶行裕西言诗诚语\
诺谦豪贝贤贵赫超越跃路轩辉辰达迪运远逊逸道邦郁采里金鑫钊钧钰铃铭锋锐锦长闻阳雁雄雅雨雪雯霄霆霏霖霜露霞青静韬韵顺颂颖飒\
飞馨香驰骁骏高鸣鸿鹏麒麟龙懿古买";

/// From this likelihood on a letter needs no second look.
const SURE: f32 = 0.6;

/// A name, and whether each of its letters was read for certain.
#[derive(Debug)]
pub(super) struct ReadName {
    pub(super) text: String,
    pub(super) certain: bool,
}

/// The likeliest name that these letters spell.
pub(super) fn likeliest<'a>(letters: impl Iterator<Item = &'a Letter>) -> ReadName {
    let mut name = ReadName { text: String::new(), certain: true };
    for letter in letters {
        let Some((read, sure)) = letter.likely.first().copied() else { continue };
        let usual = if name.text.is_empty() { SURNAMES } else { GIVEN };
        let worth = |(of, sure): &(char, f32)| if usual.contains(*of) { sure * FAVOUR } else { *sure };
        let best = letter.likely.iter().max_by(|a, b| worth(a).total_cmp(&worth(b)));
        let taken = if sure >= CERTAIN { read } else { best.map_or(read, |(of, _)| *of) };
        name.certain &= taken == read && sure >= SURE;
        name.text.push(taken);
    }
    name
}
