//! What happened, in local words, as far as a reader may know it.

use fengqiao_calendar::local_text;

use super::{Entry, Sheet, words};
use crate::actor::Actor;
use crate::allowance::yuan;
use crate::clock::names;
use crate::command::{Recipient, Ruling};
use crate::event::{Direction, Event, Recorded};
use crate::ids::{CaseId, Code, Seq, TextRef};
use crate::mask;
use crate::profile::Rules;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// The citizen whose case it is.
    Citizen,
    /// A unit that has a part in it.
    Handler,
    /// Supervision.
    Supervisor,
}

pub(super) fn entries(sheet: &Sheet<'_>, reader: Reader) -> Vec<Entry> {
    let shown = |recorded: &&Recorded| match reader {
        Reader::Citizen => is_for_citizen(&recorded.event),
        Reader::Handler => is_for_handler(&recorded.event),
        Reader::Supervisor => true,
    };
    sheet
        .history
        .iter()
        .filter(shown)
        .map(|recorded| Entry {
            at: recorded.at,
            what: what(sheet, &recorded.event),
            text: text(&recorded.event)
                .filter(|_| may_read(&recorded.event, reader))
                .and_then(|text| sheet.text(text))
                .map(|text| written(text, reader)),
            by: by(sheet.rules, &recorded.actor),
            unit: recorded.actor.unit().cloned(),
        })
        .collect()
}

/// Every step of the case and every move of a clock; never how the offices talk to each other.
fn is_for_citizen(event: &Event) -> bool {
    match event {
        Event::Objected { .. }
        | Event::Ruled { .. }
        | Event::Released { .. }
        | Event::Joined { .. }
        | Event::Parted { .. }
        | Event::Linked { .. }
        | Event::BindingsChanged { .. }
        | Event::Instructed { .. }
        | Event::Answered { .. }
        | Event::Recused { .. }
        | Event::Flagged { .. }
        | Event::ApprovalAsked { .. }
        | Event::ApprovalDecided { .. }
        | Event::TaskRaised { .. }
        | Event::TaskDone { .. }
        | Event::Granted { .. }
        | Event::GrantRevoked { .. }
        | Event::RoomBooked { .. }
        | Event::BookingCancelled { .. }
        | Event::AllowanceSet { .. }
        | Event::AllowanceReserved { .. }
        | Event::AllowanceSpent { .. }
        | Event::AllowanceReleased { .. }
        | Event::CaseListed { .. }
        | Event::AttemptRefused { .. }
        | Event::ProposalRefused { .. }
        | Event::RuleUnavailable { .. }
        | Event::Erased { .. } => false,
        Event::Notified { to, .. } => *to == Recipient::Citizen,
        // One that would have moved a clock.
        Event::ApprovalLapsed { command, .. } => matches!(command.as_str(), "extend" | "suspend"),
        _ => true,
    }
}

fn is_for_handler(event: &Event) -> bool {
    !matches!(
        event,
        Event::AttemptRefused { .. }
            | Event::ProposalRefused { .. }
            | Event::RuleUnavailable { .. }
            | Event::Erased { .. }
    )
}

/// Whose words a reader may read: the citizen those that are for them or theirs; a unit all but the reasons of a
/// recusal.
fn may_read(event: &Event, reader: Reader) -> bool {
    match reader {
        Reader::Citizen => matches!(
            event,
            Event::Told { .. }
                | Event::Progressed { .. }
                | Event::Suspended { .. }
                | Event::Replied { .. }
                | Event::Rated { .. }
                | Event::ClockExtended { .. }
        ),
        Reader::Handler => !matches!(event, Event::Recused { .. }),
        Reader::Supervisor => true,
    }
}

/// Officials read words with phone and identity numbers masked.
fn written(text: String, reader: Reader) -> String {
    match reader {
        Reader::Citizen => text,
        Reader::Handler | Reader::Supervisor => mask::text(&text),
    }
}

pub(super) fn text(event: &Event) -> Option<&TextRef> {
    match event {
        Event::Told { text, .. }
        | Event::Released { text, .. }
        | Event::Rated { text, .. }
        | Event::FollowedUp { text, .. }
        | Event::Waived { text, .. } => text.as_ref(),
        Event::Objected { text, .. }
        | Event::Ruled { text, .. }
        | Event::Contacted { text, .. }
        | Event::Progressed { text, .. }
        | Event::Suspended { text, .. }
        | Event::Reported { text, .. }
        | Event::SentBack { text, .. }
        | Event::Replied { text, .. }
        | Event::Reworked { text, .. }
        | Event::Unmerged { text, .. }
        | Event::BindingsChanged { text, .. }
        | Event::Urged { text, .. }
        | Event::Instructed { text, .. }
        | Event::Answered { text, .. }
        | Event::Recused { text, .. }
        | Event::AllowanceSet { text, .. }
        | Event::ClockExtended { text, .. } => Some(text),
        Event::ApprovalDecided { decision, .. } => decision.reason.as_ref(),
        _ => None,
    }
}

fn by(rules: &Rules, actor: &Actor) -> String {
    match actor {
        Actor::Official { role, .. } => {
            words::label(rules, &format!("role.{}", role.as_str()), role.label())
        }
        Actor::Citizen { .. } => words::label(rules, "role.citizen", "诉求人"),
        Actor::Plugin { .. } => "本地规则".to_owned(),
        Actor::Kernel => "系统".to_owned(),
    }
}

pub(super) fn what(sheet: &Sheet<'_>, event: &Event) -> String {
    let Sheet { case, rules, .. } = *sheet;
    let said = |word: &str, default: &str| words::label(rules, &format!("event.{word}"), default);
    match event {
        Event::Registered { .. } => said("registered", "诉求登记"),
        Event::StageMoved { to } => rules.stage_label(to.name()).to_owned(),
        Event::Told { notice, .. } | Event::Notified { notice, .. } => {
            notice_words(sheet, notice, &case.id)
        }
        Event::Assigned { assignment } => {
            let part = words::part(rules, assignment.role);
            format!("{}：{part} {}", said("assigned", "交办"), assignment.unit)
        }
        Event::Signed { assignment } => unit_did(sheet, *assignment, &said("signed", "签收")),
        Event::Released { assignment, .. } => {
            unit_did(sheet, *assignment, &said("released", "退出办理"))
        }
        Event::Objected { .. } => said("objected", "申请退单"),
        Event::Ruled { ruling, .. } => match ruling {
            Ruling::Upheld => said("ruled-upheld", "同意退单"),
            Ruling::Denied => said("ruled-denied", "不同意退单"),
        },
        Event::Contacted { .. } => said("contacted", "联系诉求人"),
        Event::Arrived { .. } => said("arrived", "到达现场"),
        Event::Progressed { .. } => said("progressed", "办理进展"),
        Event::Attached { .. } => said("attached", "补充材料"),
        Event::Suspended { review_at, .. } => {
            let until = local_text(*review_at);
            format!("{}，{until} 前复核", said("suspended", "挂起"))
        }
        Event::Resumed {} => said("resumed", "恢复办理"),
        Event::Reported { .. } => said("reported", "反馈办理结果"),
        Event::SentBack { .. } => said("sent-back", "退回重办"),
        Event::Replied { .. } => said("replied", "回复诉求人"),
        Event::Rated { grade, .. } => {
            let grades = rules.rating.iter().flat_map(|scale| &scale.grades);
            let label = grades.filter(|g| &g.code == grade).map(|g| &g.label).next();
            let label = label.map_or(grade.as_str(), String::as_str);
            format!("{}：{label}", said("rated", "评价"))
        }
        Event::FollowedUp { .. } => said("followed-up", "回访"),
        Event::Closed { .. } => said("closed", "办结"),
        Event::Sealed { .. } => said("sealed", "封卷"),
        Event::Reworked { .. } => said("reworked", "重办"),
        Event::Waived { what, .. } => format!("免除{}", words::waived(*what)),
        _ => around(sheet, event),
    }
}

/// Events around the loop: other cases, the level, clocks, procedures, approvals, tasks.
fn around(sheet: &Sheet<'_>, event: &Event) -> String {
    let Sheet { case, rules, .. } = *sheet;
    let clock = |id: Seq, what: &str| {
        let named = case.docket.clocks.iter().find(|c| c.id == id);
        let name = named.map_or_else(String::new, |c| words::clock(rules, &c.name));
        format!("{name}{what}")
    };
    match event {
        Event::Merged { into } => format!("并入 {into}"),
        Event::Joined { case } => format!("{case} 并入本案"),
        Event::Unmerged { from, .. } => format!("不再并入 {from}"),
        Event::Parted { case } => format!("{case} 不再并入本案"),
        Event::Split { new } => format!("拆分出 {new}"),
        Event::Linked { to, .. } => format!("关联 {to}"),
        Event::LevelMoved { to, direction, .. } => match direction {
            Direction::Up => format!("上提至 {to}"),
            Direction::Down => format!("下交至 {to}"),
            Direction::Sideways => format!("移交至 {to}"),
        },
        Event::BindingsChanged { .. } => "本地规则版本变更".to_owned(),
        Event::Urged { .. } => words::label(rules, "event.urged", "催办"),
        Event::Instructed { .. } => words::label(rules, "event.instructed", "批示"),
        Event::Answered { .. } => words::label(rules, "event.answered", "批示办理情况"),
        Event::Protected { .. } => "调整对诉求人的保护".to_owned(),
        Event::Recused { unit, .. } => format!("{unit} 回避"),
        Event::Flagged { flag } => words::label(rules, &format!("flag.{flag}"), flag.as_str()),
        Event::ClockStarted { clock } => {
            let (name, due) = (words::clock(rules, &clock.name), clock.deadline.due);
            format!("{name}开始，{} 到期", local_text(due))
        }
        Event::ClockMet { clock: id } => clock(*id, "按时完成"),
        Event::ClockDoneLate { clock: id } => clock(*id, "超期完成"),
        Event::ClockBreached { clock: id, at } => {
            clock(*id, &format!("已于 {} 到期", local_text(*at)))
        }
        Event::ClockCancelled { clock: id } => clock(*id, "取消"),
        Event::ClockPaused { clock: id } => clock(*id, "暂停"),
        Event::ClockResumed {
            clock: id,
            deadline,
        } => clock(*id, &format!("恢复，{} 到期", local_text(deadline.due))),
        Event::ClockExtended {
            clock: id,
            deadline,
            article,
            ..
        } => {
            let due = local_text(deadline.due);
            clock(*id, &format!("依{article}延长至 {due}"))
        }
        Event::ClockRecomputed {
            clock: id,
            deadline,
        } => {
            let due = local_text(deadline.due);
            clock(*id, &format!("依新的放假安排改为 {due} 到期"))
        }
        _ => procedure(sheet, event),
    }
}

fn procedure(sheet: &Sheet<'_>, event: &Event) -> String {
    let Sheet { case, rules, .. } = *sheet;
    match event {
        Event::ProceedingOpened { proceeding } => {
            format!("启动{}", words::proceeding(rules, &proceeding.kind))
        }
        Event::ProceedingMoved {
            proceeding, code, ..
        } => {
            let running = case.docket.proceedings.iter().find(|p| p.id == *proceeding);
            running.map_or_else(
                || code.to_string(),
                |p| {
                    let step = words::proceeding_move(rules, &p.kind, code);
                    format!("{}：{step}", words::proceeding(rules, &p.kind))
                },
            )
        }
        Event::ApprovalAsked { approval } => {
            let role = approval.role;
            let role = words::label(rules, &format!("role.{}", role.as_str()), role.label());
            format!("提请{role}审批")
        }
        Event::ApprovalDecided { decision, .. } => match decision.verdict {
            crate::docket::Verdict::Approved => "审批同意".to_owned(),
            crate::docket::Verdict::Rejected => "审批不同意".to_owned(),
        },
        Event::ApprovalLapsed {
            command, ground, ..
        } => {
            let wanted = words::label(rules, &format!("command.{command}"), words::asked(command));
            let because = match ground.as_str() {
                "case-over" => "案件已结束",
                _ => "提出单位不再承担本案",
            };
            format!("{wanted}的申请失效：{because}")
        }
        Event::TaskRaised { task } => {
            let label = words::label(rules, &format!("task.{}", task.code), task.code.as_str());
            format!("待办：{label}")
        }
        Event::TaskDone { .. } => "待办完成".to_owned(),
        Event::AttemptRefused { command, code } => format!("操作 {command} 被拒绝：{code}"),
        Event::ProposalRefused { proposal, code, .. } => {
            format!("本地规则的建议 {proposal} 被拒绝：{code}")
        }
        Event::RuleUnavailable { hook, failure, .. } => {
            format!("本地规则 {hook} 不可用：{failure}")
        }
        Event::Erased { .. } => "个人信息已删除".to_owned(),
        Event::CaseListed { case } => format!("列入案件 {case}"),
        Event::Granted { .. } => "授权".to_owned(),
        Event::GrantRevoked { .. } => "撤销授权".to_owned(),
        Event::RoomBooked { booking } => format!("预约场所 {}", booking.room),
        Event::BookingCancelled { .. } => "取消场所预约".to_owned(),
        Event::AllowanceSet { ceiling_fen, .. } => format!("核定额度 {} 元", yuan(*ceiling_fen)),
        Event::AllowanceReserved { fen, .. } => format!("预留 {} 元", yuan(*fen)),
        Event::AllowanceSpent { fen, .. } => format!("支出 {} 元", yuan(*fen)),
        Event::AllowanceReleased { fen, .. } => format!("退回 {} 元", yuan(*fen)),
        _ => String::new(),
    }
}

fn unit_did(sheet: &Sheet<'_>, assignment: Seq, what: &str) -> String {
    let unit = sheet.case.assignments.iter().find(|a| a.id == assignment);
    unit.map_or_else(|| what.to_owned(), |a| format!("{what}：{}", a.unit))
}

/// A notice in the profile's words, with the case number and the date by which the case is to be handled.
fn notice_words(sheet: &Sheet<'_>, notice: &Code, case: &CaseId) -> String {
    let Some(words) = sheet.rules.notices.get(notice) else {
        return words::label(
            sheet.rules,
            &format!("notice.{notice}"),
            "已向诉求人告知办理情况",
        );
    };
    let clocks = sheet.case.docket.clocks.iter();
    let due = clocks
        .filter(|clock| clock.name.as_str() == names::HANDLE_TOTAL)
        .map(|clock| local_text(clock.deadline.due))
        .next_back()
        .unwrap_or_default();
    words
        .replace("{number}", case.as_str())
        .replace("{due}", &due)
}
