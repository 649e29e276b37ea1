//! The one table that every contender decides by: 40 categories, each with a lead, its assists and a limit.

use Level::{County, Township};

/// Whose unit it is: the county's, or that of the township where the matter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// 区县
    County,
    /// 镇街
    Township,
}

impl Level {
    /// Where its division stands in a path from the province down.
    pub const fn depth(self) -> usize {
        match self {
            County => 2,
            Township => 3,
        }
    }
}

/// A unit before it is known where: its level and its name there.
pub type Office = (Level, &'static str);

/// One category.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The word of the codebook.
    pub category: &'static str,
    /// Who leads.
    pub lead: Office,
    /// Who assists.
    pub assists: &'static [Office],
    /// By when the lead reports.
    pub limit: &'static str,
}

/// What every contender must answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The lead unit.
    pub lead: String,
    /// The assisting units.
    pub assists: Vec<String>,
    /// The limit.
    pub limit: String,
}

/// The identifier of an office in a place, whose path goes from the province down.
pub fn unit(path: &[impl AsRef<str>], (level, name): Office) -> Option<String> {
    let division = path.get(level.depth())?.as_ref();
    Some([division, "-", name].concat())
}

/// The decision itself, for whoever keeps the table in Rust.
pub fn decide(category: &str, path: &[impl AsRef<str>]) -> Option<Answer> {
    let row = ROWS.iter().find(|row| row.category == category)?;
    let assists = row.assists.iter().map(|office| unit(path, *office));
    Some(Answer {
        lead: unit(path, row.lead)?,
        assists: assists.collect::<Option<_>>()?,
        limit: row.limit.to_owned(),
    })
}

const fn row(
    category: &'static str,
    lead: Office,
    assists: &'static [Office],
    limit: &'static str,
) -> Row {
    Row {
        category,
        lead,
        assists,
        limit,
    }
}

/// The rows; invented, but of the kind that a district keeps.
#[rustfmt::skip]
pub static ROWS: [Row; 40] = [
    row("占道经营", (Township, "综合行政执法办公室"), &[(County, "城市管理局")], "3wd"),
    row("油烟扰民", (County, "生态环境局"), &[(Township, "综合行政执法办公室")], "5wd"),
    row("施工噪声", (County, "城市管理局"), &[(County, "住房建设局"), (County, "生态环境局")], "24h"),
    row("违法建设", (County, "城市管理局"), &[(County, "自然资源局"), (Township, "规划建设办公室")], "10wd"),
    row("井盖缺失", (County, "市政管理所"), &[], "24h"),
    row("道路破损", (County, "交通运输局"), &[(County, "市政管理所")], "3wd"),
    row("路灯不亮", (County, "市政管理所"), &[], "3wd"),
    row("积水内涝", (County, "水务局"), &[(County, "市政管理所"), (Township, "应急管理办公室")], "24h"),
    row("供水中断", (County, "水务局"), &[], "24h"),
    row("供电故障", (County, "供电所"), &[], "24h"),
    row("燃气泄漏", (County, "住房建设局"), &[(County, "消防救援大队"), (Township, "应急管理办公室")], "2h"),
    row("垃圾清运", (Township, "环境卫生服务站"), &[(County, "城市管理局")], "3wd"),
    row("河道污染", (County, "生态环境局"), &[(County, "水务局")], "5wd"),
    row("电动车充电", (Township, "应急管理办公室"), &[(County, "消防救援大队")], "3wd"),
    row("消防通道堵塞", (County, "消防救援大队"), &[(Township, "综合行政执法办公室")], "24h"),
    row("高空抛物", (Township, "派出所"), &[(Township, "社区工作办公室")], "24h"),
    row("邻里纠纷", (Township, "人民调解委员会"), &[(Township, "司法所")], "30cd"),
    row("婚姻家庭纠纷", (Township, "人民调解委员会"), &[(Township, "司法所"), (Township, "妇女联合会")], "30cd"),
    row("宅基地纠纷", (Township, "规划建设办公室"), &[(Township, "人民调解委员会"), (County, "自然资源局")], "30cd"),
    row("山林水利纠纷", (County, "自然资源局"), &[(County, "水务局"), (Township, "人民调解委员会")], "30cd"),
    row("物业收费", (County, "住房建设局"), &[(Township, "社区工作办公室"), (County, "市场监督管理局")], "10wd"),
    row("业主委员会选举", (Township, "社区工作办公室"), &[(County, "住房建设局")], "15wd"),
    row("房屋漏水", (Township, "社区工作办公室"), &[(County, "住房建设局")], "5wd"),
    row("农民工欠薪", (County, "人力资源社会保障局"), &[(County, "住房建设局"), (County, "总工会")], "10wd"),
    row("劳动合同纠纷", (County, "人力资源社会保障局"), &[(County, "总工会")], "15wd"),
    row("社会保险", (County, "人力资源社会保障局"), &[], "5wd"),
    row("医疗纠纷", (County, "卫生健康局"), &[(County, "司法局")], "30cd"),
    row("医疗收费", (County, "卫生健康局"), &[(County, "医疗保障局")], "10wd"),
    row("食品安全", (County, "市场监督管理局"), &[(County, "公安局")], "5wd"),
    row("虚假宣传", (County, "市场监督管理局"), &[], "7wd"),
    row("预付卡退款", (County, "市场监督管理局"), &[(County, "商务局")], "10wd"),
    row("校园管理", (County, "教育局"), &[(Township, "派出所")], "5wd"),
    row("入学资格", (County, "教育局"), &[], "10wd"),
    row("公交线路", (County, "交通运输局"), &[], "10wd"),
    row("停车收费", (County, "交通运输局"), &[(County, "市场监督管理局")], "7wd"),
    row("低保申请", (Township, "民政办公室"), &[(County, "民政局")], "10wd"),
    row("残疾人补贴", (Township, "民政办公室"), &[(County, "残疾人联合会")], "10wd"),
    row("户口登记", (Township, "派出所"), &[(County, "公安局")], "5wd"),
    row("征地补偿", (County, "自然资源局"), &[(Township, "规划建设办公室"), (County, "财政局")], "15wd"),
    row("惠农补贴", (County, "农业农村局"), &[(County, "财政局"), (Township, "农业服务中心")], "10wd"),
];
