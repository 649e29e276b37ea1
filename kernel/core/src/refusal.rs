//! Why a command was not carried out, as data for people.

use fengqiao_calendar::local_text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::allowance::yuan;
use crate::ids::{CaseId, Code, DivisionCode, Seq, UnitId};
use crate::stage::StageName;

/// A refusal; its code is stable, its words say what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "refusal"
)]
#[allow(missing_docs, reason = "the words of each refusal say what it means")]
pub enum Refusal {
    #[error("当前环节为“{at}”，不能执行“{command}”", at = .at.label())]
    WrongStage { command: Code, at: StageName },
    #[error("该案件已并入 {into}：请在主案件上操作，或先撤销并案")]
    Merged { into: CaseId },
    #[error("该角色不能执行“{command}”")]
    NotYours { command: Code },
    #[error("“{command}”不适用于该对象")]
    NotForThisSubject { command: Code },
    #[error("单位 {unit} 不存在：请核对单位代码")]
    UnknownUnit { unit: UnitId },
    #[error("区划 {division} 不存在：请核对区划代码")]
    UnknownDivision { division: DivisionCode },
    #[error("单位 {unit} 在本案中被举报或须回避，不能承办")]
    Recused { unit: UnitId },
    #[error("没有找到编号 {id} 的{what}")]
    NotFound { what: Code, id: Seq },
    #[error("派单必须指定主办单位")]
    LeadMissing,
    #[error("单位 {unit} 已在本案中承担工作")]
    AlreadyAssigned { unit: UnitId },
    #[error("已有待裁定的退单申请")]
    ObjectionPending,
    #[error("没有待裁定的退单申请")]
    NoObjection,
    #[error("退单次数已达上限 {limit}，或退单期限已过：请继续办理或报共同上级")]
    ObjectionClosed { limit: u32 },
    #[error("请填写说明文字")]
    TextMissing,
    #[error("请填写“{field}”")]
    FieldMissing { field: Code },
    #[error("“{field}”的内容无效：{reason}")]
    FieldInvalid { field: Code, reason: String },
    #[error("该类诉求须附现场照片后才能反馈")]
    EvidenceMissing,
    #[error("协办单位尚未完成：{units:?}；请先完成或由分拨员免除")]
    AssistsOpen { units: Vec<UnitId> },
    #[error("时限 {clock} 已经结束")]
    ClockOver { clock: Seq },
    #[error("时限 {clock} 依规定不得延长")]
    NotExtendable { clock: Seq },
    #[error("延长超过“{article}”允许的范围")]
    ExtensionTooLong { article: String },
    #[error("时限 {clock} 尚未到期")]
    NotDue { clock: Seq },
    #[error("该时限由法律规定，不得取消或放宽")]
    Statutory { clock: Seq },
    #[error("案件未挂起")]
    NotSuspended,
    #[error("案件已挂起：请先恢复")]
    Suspended,
    #[error("复核时间必须晚于当前时间")]
    ReviewInPast,
    #[error("评价等级 {grade} 不在本地评价表中")]
    UnknownGrade { grade: Code },
    #[error("已经评价过")]
    AlreadyRated,
    #[error("尚未满足办结条件：{missing}")]
    NotClosable { missing: Code },
    #[error("重办次数已达上限 {limit}")]
    ReworksExhausted { limit: u32 },
    #[error("重办期限已过")]
    ReworkWindowOver,
    #[error("尚有未结束的时限或程序，不能归档：{what}")]
    NotArchivable { what: Code },
    #[error("卷宗不完整：{}", .missing.join("；"))]
    DossierIncomplete { missing: Vec<String> },
    #[error("卷宗已经封存：请直接查阅")]
    AlreadySealed,
    #[error("不能并入自身或已并入他案、已办结的案件")]
    CannotMerge,
    #[error("该案件没有并案关系")]
    NotMerged,
    #[error("上提只能到本级的上级区划")]
    NotAnAncestor { division: DivisionCode },
    #[error("下交只能到本级的下级区划")]
    NotBelow { division: DivisionCode },
    #[error("联合诉求的代表不得超过 {limit} 人（《信访工作条例》第二十条）")]
    TooManyRepresentatives { limit: u32 },
    #[error("代为提出诉求须经本人同意")]
    ConsentMissing,
    #[error("没有待批准的事项 {id}，或已经作出决定")]
    NothingToDecide { id: Seq },
    #[error("提出人、其所在单位和主办单位不能批准自己的事项：请由其他有权人员决定")]
    SamePerson,
    #[error("须由本级“{role}”决定")]
    WrongApprover { role: Code },
    #[error("没有名为 {kind} 的程序")]
    UnknownProceeding { kind: Code },
    #[error("程序当前状态“{state}”没有“{code}”这一步")]
    NoSuchMove { state: Code, code: Code },
    #[error("没有有效授权：不能向单位 {addressee:?} 发出 {kind}")]
    NoGrant {
        kind: Code,
        addressee: Option<UnitId>,
    },
    #[error("授权无效：{reason}")]
    GrantInvalid { reason: String },
    #[error("没有设定 {year} 年度的“{allowance}”额度：请先由系统管理员核定")]
    NoAllowance { allowance: Code, year: i16 },
    #[error("超过上限：需要 {wanted} 元，“{allowance}”{year} 年度只剩 {left} 元", wanted = yuan(*.wanted_fen), left = yuan(*.left_fen))]
    OverCeiling {
        allowance: Code,
        year: i16,
        wanted_fen: u64,
        left_fen: u64,
    },
    #[error("“{allowance}”每年不得少于 {floor} 元", floor = yuan(*.floor_fen))]
    BelowFloor { allowance: Code, floor_fen: u64 },
    #[error("额度无效：{reason}")]
    AllowanceInvalid { reason: String },
    #[error("没有编号为 {room} 的场所由该单位管理：请在 rooms 登记册中核对")]
    UnknownRoom { room: Code },
    #[error("{room} 这段时间已被预约：最早从 {free} 起有空", free = local_text(*.free_from))]
    RoomTaken { room: Code, free_from: Timestamp },
    #[error("预约无效：{reason}")]
    BookingInvalid { reason: String },
    #[error("插件只能作用于本区划的单位、有效授权所列单位，或向上级报送")]
    OutsideDivision { division: DivisionCode },
    #[error("插件不能执行“{command}”")]
    NotForPlugins { command: Code },
    #[error("本地规则不允许：{text}")]
    Guard { code: Code, text: String },
    #[error("超过上限“{limit}”")]
    TooMany { limit: Code },
    #[error("时限无法计算：{reason}")]
    Clock { reason: String },
    #[error("内部规则相互矛盾，操作未执行：{fault}；请联系系统管理员")]
    Inconsistent { fault: String },
}

impl Refusal {
    /// The code as a word; a guard's own where a guard refused.
    pub fn into_code(self) -> Code {
        match self {
            Refusal::Guard { code, .. } => code,
            own => Code::word(own.own_code()),
        }
    }

    /// The stable kebab-case code; for a guard's refusal the guard's own.
    pub fn code(&self) -> &str {
        match self {
            Refusal::Guard { code, .. } => code.as_str(),
            own => own.own_code(),
        }
    }

    fn own_code(&self) -> &'static str {
        match self {
            Refusal::WrongStage { .. } => "wrong-stage",
            Refusal::Merged { .. } => "merged",
            Refusal::NotYours { .. } => "not-yours",
            Refusal::NotForThisSubject { .. } => "not-for-this-subject",
            Refusal::UnknownUnit { .. } => "unknown-unit",
            Refusal::UnknownDivision { .. } => "unknown-division",
            Refusal::Recused { .. } => "recused",
            Refusal::NotFound { .. } => "not-found",
            Refusal::LeadMissing => "lead-missing",
            Refusal::AlreadyAssigned { .. } => "already-assigned",
            Refusal::ObjectionPending => "objection-pending",
            Refusal::NoObjection => "no-objection",
            Refusal::ObjectionClosed { .. } => "objection-closed",
            Refusal::TextMissing => "text-missing",
            Refusal::FieldMissing { .. } => "field-missing",
            Refusal::FieldInvalid { .. } => "field-invalid",
            Refusal::EvidenceMissing => "evidence-missing",
            Refusal::AssistsOpen { .. } => "assists-open",
            Refusal::ClockOver { .. } => "clock-over",
            Refusal::NotExtendable { .. } => "not-extendable",
            Refusal::ExtensionTooLong { .. } => "extension-too-long",
            Refusal::NotDue { .. } => "not-due",
            Refusal::Statutory { .. } => "statutory",
            Refusal::NotSuspended => "not-suspended",
            Refusal::Suspended => "suspended",
            Refusal::ReviewInPast => "review-in-past",
            Refusal::UnknownGrade { .. } => "unknown-grade",
            Refusal::AlreadyRated => "already-rated",
            Refusal::NotClosable { .. } => "not-closable",
            Refusal::ReworksExhausted { .. } => "reworks-exhausted",
            Refusal::ReworkWindowOver => "rework-window-over",
            Refusal::NotArchivable { .. } => "not-archivable",
            Refusal::DossierIncomplete { .. } => "dossier-incomplete",
            Refusal::AlreadySealed => "already-sealed",
            Refusal::CannotMerge => "cannot-merge",
            Refusal::NotMerged => "not-merged",
            Refusal::NotAnAncestor { .. } => "not-an-ancestor",
            Refusal::NotBelow { .. } => "not-below",
            Refusal::TooManyRepresentatives { .. } => "too-many-representatives",
            Refusal::ConsentMissing => "consent-missing",
            Refusal::NothingToDecide { .. } => "nothing-to-decide",
            Refusal::SamePerson => "same-person",
            Refusal::WrongApprover { .. } => "wrong-approver",
            Refusal::UnknownProceeding { .. } => "unknown-proceeding",
            Refusal::NoSuchMove { .. } => "no-such-move",
            Refusal::NoGrant { .. } => "no-grant",
            Refusal::GrantInvalid { .. } => "grant-invalid",
            Refusal::NoAllowance { .. } => "no-allowance",
            Refusal::OverCeiling { .. } => "over-ceiling",
            Refusal::BelowFloor { .. } => "below-floor",
            Refusal::AllowanceInvalid { .. } => "allowance-invalid",
            Refusal::UnknownRoom { .. } => "unknown-room",
            Refusal::RoomTaken { .. } => "room-taken",
            Refusal::BookingInvalid { .. } => "booking-invalid",
            Refusal::OutsideDivision { .. } => "outside-division",
            Refusal::NotForPlugins { .. } => "not-for-plugins",
            Refusal::Guard { .. } => "guard",
            Refusal::TooMany { .. } => "too-many",
            Refusal::Clock { .. } => "clock",
            Refusal::Inconsistent { .. } => "inconsistent",
        }
    }
}
