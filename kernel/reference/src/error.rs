//! Why a file of reference data was refused: the file, the line and what to do about it.

use std::fmt;
use std::sync::Arc;

/// Where a row was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file's name as the loader was told it.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: u64,
}

impl Origin {
    pub(crate) fn refuse(&self, reason: Reason) -> DataError {
        DataError {
            file: self.file.to_string(),
            line: self.line,
            reason: Box::new(reason),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 第 {} 行", self.file, self.line)
    }
}

/// The first thing found wrong with a load. Nothing of that load is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} 第 {line} 行：{reason}")]
pub struct DataError {
    /// The file to open.
    pub file: String,
    /// The line to look at, counted from 1.
    pub line: u64,
    /// What is wrong there.
    pub reason: Box<Reason>,
}

/// What is wrong with a row, in words that tell the person who keeps the file what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The file isn't readable as CSV or TOML here.
    #[error("格式读不懂（{detail}），请按样例改正")]
    Syntax {
        /// What the parser said.
        detail: String,
    },
    /// The row has more or fewer fields than the header.
    #[error("本行有 {fields} 项，表头有 {columns} 列，请对齐")]
    WrongWidth {
        /// Columns of the header.
        columns: u64,
        /// Fields of the row.
        fields: u64,
    },
    /// The header lacks a column.
    #[error("表头缺少“{column}”列，请补上")]
    MissingColumn {
        /// The column that must be there.
        column: String,
    },
    /// The header, or a row, has a column that nobody would read.
    #[error("不认识“{column}”列，请删去，或改成规定的列名")]
    UnknownColumn {
        /// The column as written.
        column: String,
    },
    /// The header names a column twice.
    #[error("表头有两个“{column}”列，请删去一个")]
    DuplicateColumn {
        /// The column as written.
        column: String,
    },
    /// A field that must be filled in is empty.
    #[error("“{field}”没有填写，请填写")]
    Empty {
        /// The field.
        field: String,
    },
    /// A field is longer than its limit.
    #[error("“{field}”太长（上限 {limit}），请缩短")]
    TooLong {
        /// The field.
        field: String,
        /// The limit: characters for names, bytes for catalogue fields.
        limit: usize,
    },
    /// A field has surrounding space or control characters.
    #[error("“{field}”的值“{value}”首尾有空白或含控制字符，请清除")]
    Untidy {
        /// The field.
        field: String,
        /// The value with its control characters made visible.
        value: String,
    },
    /// There are more rows than a snapshot may hold.
    #[error("{what}超过上限 {limit}，请拆分或删减")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// The code isn't 12 digits, or 15 for a grid.
    #[error("区划代码“{code}”不合规则：应为 12 位数字，网格为 15 位，请核对")]
    BadDivisionCode {
        /// The code as written.
        code: String,
    },
    /// The identifier can't name a unit.
    #[error("单位编号“{id}”不合规则（{detail}），请改正")]
    BadUnitId {
        /// The identifier as written.
        id: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The level column disagrees with the level that the code itself has.
    #[error("级别写作“{stated}”，而代码 {code} 是“{actual}”级，请改正其中之一")]
    WrongLevel {
        /// The division.
        code: String,
        /// The level column.
        stated: String,
        /// The level read from the code.
        actual: &'static str,
    },
    /// The parent isn't of a higher level, or a grid lies elsewhere than in a village or township. Every cycle has such a row.
    #[error(
        "{code} 的上级 {parent} 级别不对：上级必须高于本级，网格的上级必须是村（社区）或乡镇（街道），请改正"
    )]
    WrongParentLevel {
        /// The division.
        code: String,
        /// Its parent as written.
        parent: String,
    },
    /// A village or a grid names no parent.
    #[error("{code} 没有上级：村（社区）和网格必须填写上级，请补上")]
    NoParent {
        /// The division.
        code: String,
    },
    /// Two rows carry one division code.
    #[error("区划 {code} 重复，{first}已有，请删去一处")]
    DuplicateDivision {
        /// The division.
        code: String,
        /// Where it stood first.
        first: Origin,
    },
    /// The division is already in force in the data that this load was to be added to.
    #[error("区划 {code} 已经在用，补充数据只能增加，请从本文件删去")]
    DivisionInForce {
        /// The division.
        code: String,
    },
    /// The row names a division that isn't loaded.
    #[error("“{field}”写的区划 {code} 不存在，请核对代码，或先导入该区划")]
    UnknownDivision {
        /// The field.
        field: String,
        /// The division as written.
        code: String,
    },
    /// Two rows carry one unit identifier.
    #[error("单位编号 {id} 重复，{first}已有，请改用别的编号")]
    DuplicateUnit {
        /// The unit.
        id: String,
        /// Where it stood first.
        first: Origin,
    },
    /// Two units of one division have the same name, so that nobody could tell them apart.
    #[error("{division} 已有同名单位“{name}”（{first}），请改名或删去一处")]
    DuplicateUnitName {
        /// The name.
        name: String,
        /// Their division.
        division: String,
        /// Where the name stood first.
        first: Origin,
    },
    /// The row names a unit that isn't loaded.
    #[error("“{field}”写的单位 {id} 不存在，请核对编号，或先登记该单位")]
    UnknownUnit {
        /// The field.
        field: String,
        /// The unit as written.
        id: String,
    },
    /// Units supervise each other in a circle.
    #[error("上级关系绕成了圈：{}，请断开一处", .units.join(" → "))]
    SupervisionCycle {
        /// The units of the circle, each followed by a parent of it; the first stands again at the end.
        units: Vec<String>,
    },
    /// One unit lists a portfolio twice.
    #[error("职责“{portfolio}”在本单位写了两次，请删去一次")]
    DuplicatePortfolio {
        /// The portfolio.
        portfolio: String,
    },
    /// The catalogue's head refers to itself inconsistently.
    #[error("目录声明有误：{detail}")]
    BadHead {
        /// What to change.
        detail: &'static str,
    },
    /// Two rows of a catalogue have one key.
    #[error("目录项“{key}”重复，{first}已有，请删去一处")]
    DuplicateKey {
        /// The key columns, joined by a slash.
        key: String,
        /// Where it stood first.
        first: Origin,
    },
    /// One item is given to two leads where their divisions overlap.
    #[error("事项“{item}”同时归“{lead}”和“{other}”牵头（{first}），且地域重叠，请只留一个")]
    TwoLeads {
        /// The item.
        item: String,
        /// The lead on this line.
        lead: String,
        /// The lead on the other line.
        other: String,
        /// The other line.
        first: Origin,
    },
    /// Two rows are for one matter where their divisions overlap.
    #[error("事项“{matter}”与{first}重叠：同一事项在同一地域只能有一行，请合并或错开地域、有效期")]
    Overlap {
        /// The columns that a matter is found by, joined by a slash.
        matter: String,
        /// The other line.
        first: Origin,
    },
    /// A matter has a row elsewhere, and none in this place.
    #[error("事项“{matter}”在 {code}（{name}）没有对应的行，请补齐")]
    NoRowFor {
        /// The columns that a matter is found by, joined by a slash.
        matter: String,
        /// The place.
        code: String,
        /// Its name.
        name: String,
    },
    /// A row uses a value that the codebook doesn't have.
    #[error("“{column}”的值“{value}”不在规定的类别中，请改用规定的类别，或先增补类别")]
    NotInCodebook {
        /// The column.
        column: String,
        /// The value.
        value: String,
    },
    /// The codebook has values without a row.
    #[error("目录有空白：“{column}”缺少 {}，请补齐", .missing.join("、"))]
    Gap {
        /// The column.
        column: String,
        /// The values without a row, in the codebook's order.
        missing: Vec<String>,
    },
    /// Two catalogues with one code are in force for one division.
    #[error("目录 {code} 在同一区划装了两份，请只留一份")]
    DuplicateCatalogue {
        /// The catalogue.
        code: String,
    },
    /// A value can't be read as what the field holds.
    #[error("“{field}”的值“{value}”不对：{wanted}")]
    BadValue {
        /// The field.
        field: String,
        /// The value as written.
        value: String,
        /// What is expected.
        wanted: &'static str,
    },
    /// Two rows of a register carry one identifier on the same day.
    #[error("编号 {id} 重复，{first}已有，且有效期重叠：请删去一处，或错开有效期")]
    DuplicateRow {
        /// The identifier.
        id: String,
        /// Where it stood first.
        first: Origin,
    },
    /// The row names a row of another register that isn't loaded.
    #[error("“{field}”写的编号 {id} 在 {of} 中不存在，请核对编号，或先导入 {of}")]
    UnknownRow {
        /// The field.
        field: String,
        /// The identifier as written.
        id: String,
        /// The other register.
        of: &'static str,
    },
    /// The words of a column are those of a catalogue that isn't loaded.
    #[error("“{field}”的类别在目录 {code} 中规定，而本行的区划没有这个目录，请先导入")]
    NoCodebook {
        /// The field.
        field: String,
        /// The catalogue.
        code: &'static str,
    },
    /// The row must stand in a grid.
    #[error("{code} 不是网格：这里应填写 15 位网格代码，请改正")]
    NotAGrid {
        /// The division as written.
        code: String,
    },
    /// Nobody is responsible for a grid of a county that says who is responsible for its grids.
    #[error("网格 {grid}（{name}）没有人负责，请在岗位表中补上")]
    NobodyInGrid {
        /// The grid.
        grid: String,
        /// Its name.
        name: String,
    },
    /// A grid has two teams of one kind.
    #[error("网格 {grid} 的“{kind}”队伍重复，{first}已有，请删去一处")]
    TeamTwice {
        /// The grid.
        grid: String,
        /// The kind.
        kind: String,
        /// Where it stood first.
        first: Origin,
    },
    /// A unit is reached through two platforms.
    #[error("单位 {unit} 已在{first}经另一链接平台派单，请删去一处")]
    LinkedTwice {
        /// The unit.
        unit: String,
        /// Where it stood first.
        first: Origin,
    },
    /// A unit is linked by somebody, or through a platform, of another place.
    #[error(
        "单位 {unit} 或链接平台 {platform} 不属本行的区划：单位须在本行区划之内，本行区划须在平台的区划之内"
    )]
    LinkedElsewhere {
        /// The unit.
        unit: String,
        /// The platform.
        platform: String,
    },
    /// A grid lacks teams that its codebook has.
    #[error("网格 {grid} 的队伍不齐，缺少 {}，请补齐", .missing.join("、"))]
    TeamsMissing {
        /// The grid.
        grid: String,
        /// The kinds without a team.
        missing: Vec<String>,
    },
}
