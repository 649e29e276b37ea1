//! What somebody wants done. `T` and `P` are words and people on the way in, their handles once they are recorded.

use fengqiao_calendar::Spec;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Role;
use crate::docket::{GrantTerms, Verdict};
use crate::ids::{BindingSetId, CaseId, Code, DivisionCode, PersonRef, Seq, TextRef, UnitId};
use crate::matter::{Appointment, AssignmentRole, Evidence, Matter, Party, Protection, Source};
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
    /// 撤回 by the requester.
    Withdraw { text: T },
    /// 终止: proposed by the lead, approved by the hub.
    Terminate { ground: Code, text: T },
    /// 并案: this case follows `into`.
    Merge { into: CaseId },
    /// 撤销并案
    Unmerge { text: T },
    /// 拆分: a part of this case becomes a case of its own, registered by the same commit.
    Split { new: CaseId, matter: Matter<T> },
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
    /// 移交 to another place; its binding set is added.
    Transfer {
        to: DivisionCode,
        bindings: BindingSetId,
        text: T,
    },
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

/// Everything that is known when a matter is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[serde(bound(deserialize = "T: Deserialize<'de>, P: Deserialize<'de>"))]
pub struct Registration<T = TextRef, P = PersonRef> {
    /// What it is about.
    pub matter: Matter<T>,
    /// How it reached us.
    pub source: Source,
    /// Whether the reporter gave a name.
    #[serde(default = "named")]
    pub naming: Naming,
    /// Who is in it.
    #[serde(default)]
    pub parties: Vec<Party<P>>,
    /// How closely the reporter is guarded; a report is guarded at least as `reporter-hidden`.
    #[serde(default = "open")]
    pub protection: Protection,
    /// What was handed in with it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

fn named() -> Naming {
    Naming::Named
}

fn open() -> Protection {
    Protection::Open
}

/// Whether the reporter gave a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// 实名
    Named,
    /// 匿名: answered through the query code, and never contacted.
    Anonymous,
}

/// A clock with a length that somebody wants for it; it can only shorten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NamedSpec {
    /// The clock.
    pub name: Code,
    /// How long.
    pub spec: Spec,
    /// Whose word it is.
    pub provenance: crate::clock::Provenance,
}

/// How a unit leaves its assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseHow {
    /// It did its part.
    Done,
    /// The hub lets it go.
    Excused,
}

/// What the hub says to an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// 同意退单: back to accepted.
    Upheld,
    /// 不同意: the lead stays, and is locked.
    Denied,
}

/// What the lead claims; the citizen's word comes with the follow-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// 已解决
    Solved,
    /// 未解决
    Unsolved,
}

/// Whether the answer reached the citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "delivery", deny_unknown_fields)]
pub enum Delivery {
    /// It did.
    Delivered {
        /// How: `sms`, `wechat`, `query-code`, `phone`, `in-person`…
        way: Code,
    },
    /// It couldn't, and this is why; the waiver of the reply.
    Undeliverable {
        /// Why.
        ground: Code,
    },
}

/// What a follow-up found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpResult {
    /// The citizen says that it is solved.
    Solved,
    /// The citizen says that it isn't.
    Unsolved,
    /// Nobody could be reached.
    Unreached,
}

/// How two cases belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same matter again.
    Repeats,
    /// A part of it.
    SplitFrom,
    /// Otherwise.
    Related,
}

/// What may be waived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "waived", content = "id")]
pub enum Waivable {
    /// The lead's report.
    Report,
    /// The reply to the citizen.
    Reply,
    /// The rating.
    Rating,
    /// The follow-up.
    FollowUp,
    /// A clock that still runs, never one of law.
    Clock(Seq),
    /// A proceeding that didn't come to its end.
    Proceeding(Seq),
}

/// Who is told something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "to", content = "id")]
pub enum Recipient {
    /// The requester.
    Citizen,
    /// A unit.
    Unit(UnitId),
    /// The hub of a division.
    Desk(DivisionCode),
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
            Command::Withdraw { .. } => "withdraw",
            Command::Terminate { .. } => "terminate",
            Command::Merge { .. } => "merge",
            Command::Unmerge { .. } => "unmerge",
            Command::Split { .. } => "split",
            Command::Link { .. } => "link",
            Command::HandUp { .. } => "hand-up",
            Command::HandDown { .. } => "hand-down",
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

    /// The same command with its words and people replaced, in the order in which they stand.
    pub fn map<T2, P2>(
        self,
        text: &mut impl FnMut(T) -> T2,
        person: &mut impl FnMut(P) -> P2,
    ) -> Command<T2, P2> {
        match self {
            Command::Register(r) => Command::Register(Box::new(r.map(text, person))),
            Command::Accept {} => Command::Accept {},
            Command::Decline { ground, text: t } => Command::Decline {
                ground,
                text: text(t),
            },
            Command::Refer { route, text: t } => Command::Refer {
                route,
                text: text(t),
            },
            Command::Dispatch {
                lead,
                others,
                clocks,
            } => Command::Dispatch {
                lead,
                others,
                clocks,
            },
            Command::Assign { appointment } => Command::Assign { appointment },
            Command::Release {
                assignment,
                how,
                text: t,
            } => Command::Release {
                assignment,
                how,
                text: text(t),
            },
            Command::Sign {} => Command::Sign {},
            Command::Object { text: t } => Command::Object { text: text(t) },
            Command::Rule { ruling, text: t } => Command::Rule {
                ruling,
                text: text(t),
            },
            Command::Contact { text: t } => Command::Contact { text: text(t) },
            Command::Arrive { evidence } => Command::Arrive { evidence },
            Command::Progress { text: t } => Command::Progress { text: text(t) },
            Command::Attach { evidence } => Command::Attach { evidence },
            Command::Extend { clock, by, text: t } => Command::Extend {
                clock,
                by,
                text: text(t),
            },
            Command::Suspend { review_at, text: t } => Command::Suspend {
                review_at,
                text: text(t),
            },
            Command::Resume {} => Command::Resume {},
            Command::Report {
                text: t,
                evidence,
                solved,
            } => Command::Report {
                text: text(t),
                evidence,
                solved,
            },
            Command::SendBack { text: t } => Command::SendBack { text: text(t) },
            Command::Reply { text: t, delivery } => Command::Reply {
                text: text(t),
                delivery,
            },
            Command::Rate { grade, text: t } => Command::Rate {
                grade,
                text: t.map(text),
            },
            Command::FollowUp {
                result,
                by,
                text: t,
            } => Command::FollowUp {
                result,
                by,
                text: t.map(text),
            },
            Command::Close {} => Command::Close {},
            Command::Rework { text: t } => Command::Rework { text: text(t) },
            Command::Archive {} => Command::Archive {},
            Command::Withdraw { text: t } => Command::Withdraw { text: text(t) },
            Command::Terminate { ground, text: t } => Command::Terminate {
                ground,
                text: text(t),
            },
            Command::Merge { into } => Command::Merge { into },
            Command::Unmerge { text: t } => Command::Unmerge { text: text(t) },
            Command::Split { new, matter } => Command::Split {
                new,
                matter: matter.map(text),
            },
            Command::Link { to, relation } => Command::Link { to, relation },
            Command::HandUp { to, lead, reason } => Command::HandUp { to, lead, reason },
            Command::HandDown { to, lead, reason } => Command::HandDown { to, lead, reason },
            Command::Transfer {
                to,
                bindings,
                text: t,
            } => Command::Transfer {
                to,
                bindings,
                text: text(t),
            },
            Command::Urge { text: t } => Command::Urge { text: text(t) },
            Command::Instruct {
                text: t,
                answer_within,
            } => Command::Instruct {
                text: text(t),
                answer_within,
            },
            Command::Answer {
                instruction,
                text: t,
            } => Command::Answer {
                instruction,
                text: text(t),
            },
            Command::Protect { protection } => Command::Protect { protection },
            Command::Recuse { unit, text: t } => Command::Recuse {
                unit,
                text: text(t),
            },
            Command::Waive { what, text: t } => Command::Waive {
                what,
                text: text(t),
            },
            Command::Decide {
                approval,
                verdict,
                text: t,
            } => Command::Decide {
                approval,
                verdict,
                text: t.map(text),
            },
            Command::FinishTask { task } => Command::FinishTask { task },
            Command::OpenProceeding {
                kind,
                addressee,
                about,
                fields,
            } => Command::OpenProceeding {
                kind,
                addressee,
                about,
                fields,
            },
            Command::MoveProceeding {
                proceeding,
                code,
                fields,
            } => Command::MoveProceeding {
                proceeding,
                code,
                fields,
            },
            Command::Grant { terms } => Command::Grant { terms },
            Command::RevokeGrant { grant } => Command::RevokeGrant { grant },
            Command::AskApproval { what, role } => {
                let what: Command<T, P> = *what;
                Command::AskApproval {
                    what: Box::new(map_boxed(what, text, person)),
                    role,
                }
            }
            Command::StartClock { rule, owner } => Command::StartClock { rule, owner },
            Command::StopClock { clock } => Command::StopClock { clock },
            Command::Flag { flag } => Command::Flag { flag },
            Command::Notify { notice, to } => Command::Notify { notice, to },
            Command::RaiseTask {
                code,
                desk,
                role,
                note,
            } => Command::RaiseTask {
                code,
                desk,
                role,
                note,
            },
            Command::Breach { clock } => Command::Breach { clock },
            Command::Mirror { primary } => Command::Mirror { primary },
            Command::Recompute { clock } => Command::Recompute { clock },
            Command::Migrate { bindings, text: t } => Command::Migrate {
                bindings,
                text: text(t),
            },
        }
    }
}

/// Recursion through trait objects, so that the generic `map` is instantiated once.
fn map_boxed<T, P, T2, P2>(
    command: Command<T, P>,
    text: &mut dyn FnMut(T) -> T2,
    person: &mut dyn FnMut(P) -> P2,
) -> Command<T2, P2> {
    command.map(&mut |t| text(t), &mut |p| person(p))
}

impl<T, P> Registration<T, P> {
    fn map<T2, P2>(
        self,
        text: &mut impl FnMut(T) -> T2,
        person: &mut impl FnMut(P) -> P2,
    ) -> Registration<T2, P2> {
        Registration {
            matter: self.matter.map(text),
            source: self.source,
            naming: self.naming,
            parties: self
                .parties
                .into_iter()
                .map(|p| Party {
                    role: p.role,
                    person: p.person.map(&mut *person),
                    unit: p.unit,
                    principal: p.principal,
                })
                .collect(),
            protection: self.protection,
            evidence: self.evidence,
        }
    }
}

impl<T> Matter<T> {
    fn map<T2>(self, text: &mut impl FnMut(T) -> T2) -> Matter<T2> {
        Matter {
            kind: self.kind,
            category: self.category,
            place: self.place,
            point: self.point,
            text: text(self.text),
            amount_fen: self.amount_fen,
            people: self.people,
            portfolios: self.portfolios,
            marks: self.marks,
        }
    }
}

/// Whether a role counts as one that owes a result by default.
impl AssignmentRole {
    /// The Chinese word.
    pub fn label(self) -> &'static str {
        match self {
            AssignmentRole::Lead => "主办",
            AssignmentRole::Assist => "协办",
            AssignmentRole::Supervise => "督办",
            AssignmentRole::Inform => "知会",
        }
    }
}
