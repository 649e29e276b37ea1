//! What somebody wants done. `T` and `P` are words and people on the way in, their handles once they are recorded.

mod map;
mod parts;
mod stored;

pub use parts::*;

use fengqiao_calendar::Spec;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Role;
use crate::docket::{GrantTerms, Verdict};
use crate::ids::{
    BindingSetId, CaseId, Code, Digest, DivisionCode, PersonRef, Seq, TextRef, UnitId,
};
use crate::matter::{Appointment, Evidence, Matter, Protection};
use crate::proceeding::Fields;

/// A command; the table in design 03 says who may give it, when, and what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "do",
    deny_unknown_fields
)]
#[serde(bound(deserialize = "T: Deserialize<'de>, P: Deserialize<'de>"))]
#[allow(
    missing_docs,
    reason = "a field is named after what it holds; the variant says what it is for"
)]
pub enum Command<T = TextRef, P = PersonRef> {
    /// 登记: hand in a matter.
    Register(Box<Registration<T, P>>),
    /// 受理
    Accept {},
    /// 不予受理: the ground is told.
    Decline { ground: Code, text: T },
    /// 转介: the route is told. An emergency is immediate.
    Refer { route: Code, text: T },
    /// 派单: exactly one lead, any assists. Without a lead the local rule is asked.
    Dispatch {
        #[serde(default)]
        lead: Option<UnitId>,
        #[serde(default)]
        others: Vec<Appointment>,
        #[serde(default)]
        clocks: Vec<NamedSpec>,
    },
    /// Adds a unit that assists, supervises or is informed.
    Assign { appointment: Appointment },
    /// A unit is let go without a result, or reports its part done.
    Release {
        assignment: Seq,
        how: ReleaseHow,
        text: T,
    },
    /// 签收
    Sign {},
    /// 申请退单: the lead says that it isn't theirs.
    Object { text: T },
    /// 裁定: the hub or a common superior rules on the objection.
    Rule { ruling: Ruling, text: T },
    /// 联系诉求人
    Contact { text: T },
    /// 到场
    Arrive {
        #[serde(default)]
        evidence: Vec<Evidence>,
    },
    /// 进展
    Progress { text: T },
    /// 补充材料
    Attach { evidence: Vec<Evidence> },
    /// 延期: asked by the lead, granted by the role that the kernel names.
    Extend { clock: Seq, by: Spec, text: T },
    /// 挂起: with a condition and a review date.
    Suspend { review_at: Timestamp, text: T },
    /// 恢复
    Resume {},
    /// 反馈
    Report {
        text: T,
        #[serde(default)]
        evidence: Vec<Evidence>,
        #[serde(default)]
        solved: Option<Claim>,
    },
    /// 退回重办 before the reply.
    SendBack { text: T },
    /// 回复
    Reply { text: T, delivery: Delivery },
    /// 评价: a grade of the profile's scale.
    Rate {
        grade: Code,
        #[serde(default)]
        text: Option<T>,
    },
    /// 回访
    FollowUp {
        result: FollowUpResult,
        by: Code,
        #[serde(default)]
        text: Option<T>,
    },
    /// 办结 by a person.
    Close {},
    /// 重办 after the reply or the closing.
    Rework { text: T },
    /// 归档
    Archive {},
    /// 封卷: the whole way of the case as one text, with the digest of its bytes; the service makes both.
    Seal { dossier: T, sha256: Digest },
    /// 撤回 by the requester.
    Withdraw { text: T },
    /// 终止: proposed by the lead, approved by the hub.
    Terminate { ground: Code, text: T },
    /// 并案: this case follows `into`.
    Merge { into: CaseId },
    /// 撤销并案
    Unmerge { text: T },
    /// 拆分: a part of this case becomes a case of its own, registered by the same commit, under a number that the kernel gives it.
    Split {
        #[serde(default)]
        new: Option<CaseId>,
        matter: Matter<T>,
    },
    /// 关联
    Link { to: CaseId, relation: Relation },
    /// 上提: to an ancestor of the present level.
    HandUp {
        to: DivisionCode,
        #[serde(default)]
        lead: Option<UnitId>,
        reason: Code,
    },
    /// 下交: to a division below the present level.
    HandDown {
        to: DivisionCode,
        #[serde(default)]
        lead: Option<UnitId>,
        reason: Code,
    },
    /// 转办: another unit takes the lead over, at the present level.
    HandOver { lead: UnitId, text: T },
    /// 移交 to another place; its binding set is added.
    #[serde(deserialize_with = "stored::transfer")]
    Transfer { to: DivisionCode, text: T },
    /// 催办
    Urge { text: T },
    /// 批示
    Instruct {
        text: T,
        #[serde(default)]
        answer_within: Option<Spec>,
    },
    /// The answer to an instruction.
    Answer { instruction: Seq, text: T },
    /// 保护 of the reporter: tighter at once, looser with an approval.
    Protect { protection: Protection },
    /// 回避: this unit can't act in the case from now on.
    Recuse { unit: UnitId, text: T },
    /// A recorded waiver by a person who may waive it.
    Waive { what: Waivable, text: T },
    /// A person's word on what waits for it.
    Decide {
        approval: Seq,
        verdict: Verdict,
        #[serde(default)]
        text: Option<T>,
    },
    /// A task was done.
    FinishTask { task: Seq },
    /// 启动程序
    OpenProceeding {
        kind: Code,
        #[serde(default)]
        addressee: Option<UnitId>,
        #[serde(default)]
        about: Option<CaseId>,
        #[serde(default)]
        fields: Fields,
    },
    /// A move of a proceeding.
    MoveProceeding {
        proceeding: Seq,
        code: Code,
        #[serde(default)]
        fields: Fields,
    },
    /// 授权
    Grant { terms: GrantTerms },
    /// 撤销授权
    RevokeGrant { grant: Seq },
    /// 核定额度: a year's ceiling, from the document that the text names.
    SetAllowance {
        kind: Code,
        year: i16,
        ceiling_fen: u64,
        text: T,
    },
    /// 预约场所: a room of the register, on the docket of the unit that keeps it.
    Book {
        room: Code,
        from: Timestamp,
        until: Timestamp,
        #[serde(default)]
        about: Option<CaseId>,
    },
    /// 取消预约
    CancelBooking { booking: Seq },
    /// A binding (or the kernel) asks for a person's word on something of weight.
    AskApproval {
        what: Box<Command<T, P>>,
        role: Role,
    },
    /// A binding (or the kernel) starts a clock of its own.
    StartClock {
        rule: crate::clock::ClockRule,
        #[serde(default)]
        owner: Option<UnitId>,
    },
    /// A binding stops a clock that it started.
    StopClock { clock: Seq },
    /// A fact that later rules may read.
    Flag { flag: Code },
    /// Tells a unit or the citizen something, by notice code.
    Notify { notice: Code, to: Recipient },
    /// Raises a task for a person.
    RaiseTask {
        code: Code,
        desk: DivisionCode,
        role: Role,
        note: String,
    },
    /// 时限到期: sent by the kernel.
    Breach { clock: Seq },
    /// A merged case takes over the stage of its primary: sent by the kernel in the primary's own commit.
    Mirror { primary: CaseId },
    /// A newer notice of holidays moves a provisional deadline: sent by the kernel.
    Recompute { clock: Seq },
    /// 迁移 to another binding set, with a reason.
    Migrate { bindings: BindingSetId, text: T },
}

impl<T, P> Command<T, P> {
    /// The command's word, as profiles, guards, metrics and pages use it.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Register(_) => "register",
            Command::Accept {} => "accept",
            Command::Decline { .. } => "decline",
            Command::Refer { .. } => "refer",
            Command::Dispatch { .. } => "dispatch",
            Command::Assign { .. } => "assign",
            Command::Release { .. } => "release",
            Command::Sign {} => "sign",
            Command::Object { .. } => "object",
            Command::Rule { .. } => "rule",
            Command::Contact { .. } => "contact",
            Command::Arrive { .. } => "arrive",
            Command::Progress { .. } => "progress",
            Command::Attach { .. } => "attach",
            Command::Extend { .. } => "extend",
            Command::Suspend { .. } => "suspend",
            Command::Resume {} => "resume",
            Command::Report { .. } => "report",
            Command::SendBack { .. } => "send-back",
            Command::Reply { .. } => "reply",
            Command::Rate { .. } => "rate",
            Command::FollowUp { .. } => "follow-up",
            Command::Close {} => "close",
            Command::Rework { .. } => "rework",
            Command::Archive {} => "archive",
            Command::Seal { .. } => "seal",
            Command::Withdraw { .. } => "withdraw",
            Command::Terminate { .. } => "terminate",
            Command::Merge { .. } => "merge",
            Command::Unmerge { .. } => "unmerge",
            Command::Split { .. } => "split",
            Command::Link { .. } => "link",
            Command::HandUp { .. } => "hand-up",
            Command::HandDown { .. } => "hand-down",
            Command::HandOver { .. } => "hand-over",
            Command::Transfer { .. } => "transfer",
            Command::Urge { .. } => "urge",
            Command::Instruct { .. } => "instruct",
            Command::Answer { .. } => "answer",
            Command::Protect { .. } => "protect",
            Command::Recuse { .. } => "recuse",
            Command::Waive { .. } => "waive",
            Command::Decide { .. } => "decide",
            Command::FinishTask { .. } => "finish-task",
            Command::OpenProceeding { .. } => "open-proceeding",
            Command::MoveProceeding { .. } => "move-proceeding",
            Command::Grant { .. } => "grant",
            Command::RevokeGrant { .. } => "revoke-grant",
            Command::SetAllowance { .. } => "set-allowance",
            Command::Book { .. } => "book",
            Command::CancelBooking { .. } => "cancel-booking",
            Command::AskApproval { .. } => "ask-approval",
            Command::StartClock { .. } => "start-clock",
            Command::StopClock { .. } => "stop-clock",
            Command::Flag { .. } => "flag",
            Command::Notify { .. } => "notify",
            Command::RaiseTask { .. } => "raise-task",
            Command::Breach { .. } => "breach",
            Command::Mirror { .. } => "mirror",
            Command::Recompute { .. } => "recompute",
            Command::Migrate { .. } => "migrate",
        }
    }
}
