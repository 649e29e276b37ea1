//! What waits for a word falls away with the part of whoever asked, and with the case.

use crate::command::{Command, Recipient, Waivable};
use crate::context::Context;
use crate::decide::draft::Draft;
use crate::decide::who;
use crate::docket::{Approval, ApprovalCause};
use crate::event::Event;
use crate::ids::{Code, Seq};
use crate::proceedings;
use crate::refusal::Refusal;
use crate::stage::StageName;

/// Somebody who asked and may no longer ask.
const WITHOUT_PART: &str = "asker-without-part";
/// The case came to an end before anybody decided.
const CASE_OVER: &str = "case-over";

impl Draft<'_> {
    /// Lets every approval lapse that nobody could want any more; whoever asked is told. Nothing that a binding proposed
    /// depends on a part.
    pub(super) fn lapse(&mut self) -> Result<(), Refusal> {
        let waiting = self.case.docket.approvals.iter().filter(|a| a.waits());
        let lapsed: Vec<(Approval, &'static str)> = waiting
            .filter_map(|approval| Some((approval.clone(), self.lost(approval)?)))
            .collect();
        for (approval, ground) in lapsed {
            if let Some(unit) = approval.asked_unit.clone() {
                self.notify(Recipient::Unit(unit), "approval.lapsed");
            }
            self.emit(lapsed_event(approval.id, &approval.what, ground))?;
        }
        Ok(())
    }

    /// Why an approval has no object any more, if it hasn't.
    fn lost(&self, approval: &Approval) -> Option<&'static str> {
        if !may_still_run(&approval.what, self.case.stage.name()) {
            return Some(CASE_OVER);
        }
        if approval.because == ApprovalCause::Proposal {
            return None;
        }
        let asker = approval.asker()?;
        let asks = Context {
            actor: &asker,
            ..*self.ctx
        };
        let may = who::may(&self.case, &approval.what, &asks).is_ok()
            && proceedings::has_part(&self.case.docket, &approval.what, &self.scene(), &asks);
        (!may).then_some(WITHOUT_PART)
    }
}

/// Whether a command that waits for a word could still be carried out at this stage: any while the case is open; after
/// that, those whose own check of the stage, or the lack of one, allows it.
fn may_still_run(what: &Command, at: StageName) -> bool {
    match what {
        Command::Protect { .. } | Command::FinishTask { .. } => true,
        Command::OpenProceeding { .. }
        | Command::MoveProceeding { .. }
        | Command::Rework { .. }
        | Command::Archive {}
        | Command::Rate { .. }
        | Command::FollowUp { .. }
        | Command::Answer { .. }
        | Command::Flag { .. } => at < StageName::Archived,
        Command::Waive { what, .. } => match what {
            Waivable::Report | Waivable::Reply => at.is_open(),
            _ => at < StageName::Archived,
        },
        _ => at.is_open(),
    }
}

fn lapsed_event(approval: Seq, what: &Command, ground: &'static str) -> Event {
    Event::ApprovalLapsed {
        approval,
        command: Code::word(what.name()),
        ground: Code::word(ground),
    }
}
