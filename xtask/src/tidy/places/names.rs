//! Names that the table of divisions doesn't hold: places in pinyin, and local mechanisms.

/// The places themselves and what they belong to. No English word holds one of them.
pub(super) const PINYIN_ANYWHERE: &[&str] = &[
    "gaoming",
    "foshan",
    "langfang",
    "shenzhen",
    "gaoping",
    "jincheng",
    "dunhuang",
    "jiuquan",
    "guangdong",
    "hebei",
    "gansu",
];

/// Provinces and counties whose names are short; found as whole words. 固安, `guan`, is left out: it is a word of many.
pub(super) const PINYIN_WORDS: &[&str] = &[
    "shanxi",
    "anci",
    "guangyang",
    "yongqing",
    "xianghe",
    "dacheng",
    "wenan",
    "dachang",
    "bazhou",
    "sanhe",
    "luohu",
    "futian",
    "nanshan",
    "baoan",
    "longgang",
    "yantian",
    "longhua",
    "pingshan",
    "guangming",
];

/// The colours of warning cards: a ladder's steps are named by the jurisdiction's configuration.
pub(super) const CARDS: &[&str] = &[
    "yellow", "red card", "red_card", "red-card", "redcard", "黄牌", "红牌", "黄卡", "红卡",
];

/// Mechanisms by their local names. A plugin may carry its own; the kernel and the contract carry none.
pub(super) const MECHANISMS: &[&str] = &[
    "one-three-x",
    "one_three_x",
    "onethreex",
    "whistle",
    "吹哨",
    "发令",
    "格格",
    "点赞",
    "高明通",
    "码上办",
    "民意通",
    "群众说事",
    "有问不答",
    "举一反三",
    "一诉一议",
    "三率",
    "六位一体",
    "两单一表",
];
