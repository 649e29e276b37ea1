//! Who may give a command: roles by territory, units for their own parts, the citizen, the kernel, bindings.
//!
//! The service's policy says who may attempt a command; here stands what the loop itself demands.

use crate::actor::{Actor, Role};
use crate::case::Case;
use crate::command::{Command, ReleaseHow, Waivable};
use crate::context::Context;
use crate::ids::{Code, PrincipalId, Seq, UnitId};
use crate::matter::{AssignmentRole, AssignmentState, PartyRole};
use crate::refusal::Refusal;

/// Whether the actor may hand a matter in: every citizen, channel and official who works with cases.
pub(super) fn may_register(ctx: &Context<'_>) -> Result<(), Refusal> {
    let may = match ctx.actor {
        Actor::Citizen { .. } | Actor::Kernel => true,
        Actor::Plugin { .. } => false,
        Actor::Official { role, .. } => !matches!(
            role,
            Role::Assessor
                | Role::Discipline
                | Role::Publisher
                | Role::SystemAdmin
                | Role::SecurityAdmin
                | Role::Auditor
        ),
    };
    allow(may, "register")
}

/// Whether the actor may give this command on this case.
pub(super) fn may(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<(), Refusal> {
    check_barred(case, command, ctx)?;
    match ctx.actor {
        Actor::Kernel => allow(is_for_kernel(command), command.name()),
        Actor::Plugin { division, .. } => {
            if !is_for_plugins(command) {
                return Err(Refusal::NotForPlugins {
                    command: Code::word(command.name()),
                });
            }
            if division.contains(&case.matter.place) || division.contains(&case.division) {
                Ok(())
            } else {
                Err(Refusal::OutsideDivision {
                    division: case.division.clone(),
                })
            }
        }
        Actor::Citizen { principal } => {
            let may = is_party(case, principal.as_ref()) && is_for_citizens(command);
            allow(may, command.name())
        }
        Actor::Official { role, unit, .. } => {
            let official = Official {
                case,
                role: *role,
                unit: unit.as_ref(),
                ctx,
            };
            allow(official.may(command), command.name())
        }
    }
}

/// Whether the actor may tie another case to the one that the command is about: it lies within their reach, too, and
/// their unit isn't barred from it.
pub(super) fn may_tie(other: &Case, command: &Command, ctx: &Context<'_>) -> Result<(), Refusal> {
    check_barred(other, command, ctx)?;
    let reaches = ctx
        .actor
        .reach()
        .is_none_or(|reach| reach.contains(&other.division) || reach.contains(&other.matter.place));
    match ctx.actor {
        Actor::Plugin { .. } if !reaches => Err(Refusal::OutsideDivision {
            division: other.division.clone(),
        }),
        _ => allow(reaches, command.name()),
    }
}

/// What a binding may propose. It can't close, skip a step, or lengthen.
fn is_for_plugins(command: &Command) -> bool {
    matches!(
        command,
        Command::Assign { .. }
            | Command::Dispatch { .. }
            | Command::StartClock { .. }
            | Command::StopClock { .. }
            | Command::HandUp { .. }
            | Command::HandOver { .. }
            | Command::Flag { .. }
            | Command::Notify { .. }
            | Command::RaiseTask { .. }
            | Command::AskApproval { .. }
            | Command::OpenProceeding { .. }
            | Command::MoveProceeding { .. }
            | Command::Urge { .. }
            | Command::Link { .. }
            | Command::Protect { .. }
    )
}

/// What a binding may ask a person to approve: nothing that it does by itself or that only the kernel does, no
/// registration, no word in another's name.
pub(super) fn may_be_proposed(command: &Command) -> bool {
    !matches!(
        command,
        Command::Register(_)
            | Command::Decide { .. }
            | Command::AskApproval { .. }
            | Command::Breach { .. }
            | Command::Mirror { .. }
            | Command::Recompute { .. }
            | Command::Migrate { .. }
            | Command::Grant { .. }
            | Command::RevokeGrant { .. }
            | Command::SetAllowance { .. }
            | Command::Book { .. }
            | Command::CancelBooking { .. }
            | Command::Rate { .. }
            | Command::Withdraw { .. }
            | Command::StartClock { .. }
            | Command::StopClock { .. }
            | Command::Notify { .. }
            | Command::RaiseTask { .. }
            | Command::Merge { .. }
            | Command::Unmerge { .. }
            | Command::Link { .. }
            | Command::Split { .. }
            | Command::Seal { .. }
    )
}

fn is_for_kernel(command: &Command) -> bool {
    is_for_plugins(command)
        || matches!(
            command,
            Command::Breach { .. }
                | Command::Mirror { .. }
                | Command::Recompute { .. }
                | Command::Archive {}
                | Command::Close {}
        )
}

fn is_for_citizens(command: &Command) -> bool {
    matches!(
        command,
        Command::Attach { .. }
            | Command::Rate { .. }
            | Command::Withdraw { .. }
            | Command::Protect { .. }
            | Command::OpenProceeding { .. }
            | Command::MoveProceeding { .. }
    )
}

/// Whoever holds the query code, or is signed in as a requester.
fn is_party(case: &Case, principal: Option<&PrincipalId>) -> bool {
    let requests = |role| matches!(role, PartyRole::Reporter | PartyRole::Representative);
    principal.is_none_or(|principal| {
        let mut parties = case.parties.iter();
        parties.any(|p| requests(p.role) && p.principal.as_ref() == Some(principal))
    })
}

/// 回避: nobody acts in a case in which they or their unit are accused, or from which their unit is recused.
fn check_barred(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<(), Refusal> {
    if let Some(unit) = ctx.actor.unit()
        && case.bars(unit)
    {
        return Err(Refusal::Recused { unit: unit.clone() });
    }
    let accused = ctx.actor.principal().is_some_and(|p| case.accuses(p));
    allow(!accused, command.name())
}

fn allow(may: bool, command: &'static str) -> Result<(), Refusal> {
    if may {
        Ok(())
    } else {
        Err(Refusal::NotYours {
            command: Code::word(command),
        })
    }
}

/// An official and the case before them.
struct Official<'a> {
    case: &'a Case,
    role: Role,
    unit: Option<&'a UnitId>,
    ctx: &'a Context<'a>,
}

impl Official<'_> {
    fn may(&self, command: &Command) -> bool {
        match command {
            Command::Accept {} => self.hub() || self.is_first_receiver(),
            Command::Refer { .. } => self.hub() || self.meets_emergency(),
            Command::Sign {} => self.leads() || self.takes_part(),
            Command::Object { .. } => self.leads(),
            Command::Contact { .. } | Command::Arrive { .. } | Command::Progress { .. } => {
                self.leads() || self.takes_part()
            }
            Command::Attach { .. } => {
                self.hub()
                    || self.leads()
                    || self.takes_part()
                    || self.reaches(&[Role::Clerk, Role::GridOfficer, Role::Adapter])
            }
            Command::Release {
                assignment,
                how: ReleaseHow::Done,
                ..
            } => self.hub() || self.holds(*assignment),
            Command::Rule { .. } => self.hub() || self.is_superior(),
            Command::Extend { .. }
            | Command::Suspend { .. }
            | Command::Resume {}
            | Command::Reply { .. }
            | Command::Answer { .. }
            | Command::Terminate { .. } => self.hub() || self.leads(),
            // A lead whose objection was denied doesn't get rid of the case by another door.
            Command::HandUp { .. } | Command::HandDown { .. } => {
                self.hub() || (self.leads() && !self.case.locked)
            }
            Command::Report { .. } => self.leads(),
            Command::Rate { .. } | Command::Withdraw { .. } => self.reaches(&[Role::Adapter]),
            Command::FollowUp { .. } => self.reaches(&[Role::Dispatcher, Role::Supervisor]),
            Command::Urge { .. } => {
                self.reaches(&[Role::Dispatcher, Role::Supervisor, Role::Secretary])
                    || self.is_superior()
            }
            Command::Instruct { .. } => {
                self.reaches(&[Role::Supervisor, Role::Secretary]) || self.is_superior()
            }
            Command::Transfer { to, .. } => {
                self.hub() || (self.role == Role::Dispatcher && self.contains(to))
            }
            Command::Recuse { unit, .. } => {
                self.reaches(&[Role::Dispatcher, Role::Supervisor]) || self.unit == Some(unit)
            }
            // Nobody waives what they owe themselves.
            Command::Waive { what, .. } => {
                !self.owes(*what)
                    && match what {
                        Waivable::Proceeding(_) | Waivable::Clock(_) => {
                            self.reaches(&[Role::Dispatcher, Role::Supervisor])
                        }
                        _ => self.hub(),
                    }
            }
            Command::Decline { .. }
            | Command::Dispatch { .. }
            | Command::Assign { .. }
            | Command::Release { .. }
            | Command::HandOver { .. }
            | Command::SendBack { .. }
            | Command::Close {}
            | Command::Rework { .. }
            | Command::Archive {}
            | Command::Seal { .. }
            | Command::Merge { .. }
            | Command::Unmerge { .. }
            | Command::Split { .. }
            | Command::Link { .. }
            | Command::Protect { .. } => self.hub(),
            Command::Flag { .. } => {
                self.leads()
                    || self.reaches(&[
                        Role::Dispatcher,
                        Role::Secretary,
                        Role::InformationOfficer,
                        Role::GridOfficer,
                    ])
            }
            Command::FinishTask { task } => self.is_asked(*task),
            Command::Migrate { .. } => self.role == Role::SystemAdmin,
            // The approval and the graph name who may.
            Command::Decide { .. }
            | Command::OpenProceeding { .. }
            | Command::MoveProceeding { .. } => true,
            Command::Register(_)
            | Command::Grant { .. }
            | Command::RevokeGrant { .. }
            | Command::SetAllowance { .. }
            | Command::Book { .. }
            | Command::CancelBooking { .. }
            | Command::AskApproval { .. }
            | Command::StartClock { .. }
            | Command::StopClock { .. }
            | Command::Notify { .. }
            | Command::RaiseTask { .. }
            | Command::Breach { .. }
            | Command::Mirror { .. }
            | Command::Recompute { .. } => false,
        }
    }

    /// 枢纽: a dispatcher of the division that handles it, or of the place.
    fn hub(&self) -> bool {
        self.reaches(&[Role::Dispatcher])
    }

    fn reaches(&self, roles: &[Role]) -> bool {
        roles.contains(&self.role)
            && (self.contains(&self.case.division) || self.contains(&self.case.matter.place))
    }

    fn contains(&self, division: &crate::ids::DivisionCode) -> bool {
        let reach = self.ctx.actor.reach();
        reach.is_some_and(|reach| reach.contains(division))
    }

    /// Whether the role works on its unit's cases.
    fn works(&self) -> bool {
        matches!(
            self.role,
            Role::UnitHandler
                | Role::UnitHead
                | Role::GridOfficer
                | Role::Mediator
                | Role::InformationOfficer
                | Role::Secretary
                | Role::Clerk
                | Role::Dispatcher
        )
    }

    fn leads(&self) -> bool {
        self.works() && self.unit.is_some() && self.unit == self.case.stage.lead()
    }

    fn takes_part(&self) -> bool {
        let active = |a: &&crate::matter::Assignment| {
            a.state == AssignmentState::Active
                && a.role == AssignmentRole::Assist
                && Some(&a.unit) == self.unit
        };
        self.works() && self.case.assignments.iter().any(|a| active(&a))
    }

    fn holds(&self, assignment: Seq) -> bool {
        let mut assignments = self.case.assignments.iter();
        self.works() && assignments.any(|a| a.id == assignment && Some(&a.unit) == self.unit)
    }

    /// Whether their own unit leads the case, or owes what is to be waived.
    fn owes(&self, what: Waivable) -> bool {
        let docket = &self.case.docket;
        let owing = match what {
            Waivable::Clock(id) => {
                let clock = docket.clocks.iter().find(|c| c.id == id);
                clock.and_then(|c| c.owner.as_ref())
            }
            Waivable::Proceeding(id) => {
                let running = docket.proceedings.iter().find(|p| p.id == id);
                running.and_then(|p| p.addressee.as_ref())
            }
            _ => None,
        };
        self.unit.is_some() && (self.unit == owing || self.unit == self.case.stage.lead())
    }

    fn is_first_receiver(&self) -> bool {
        self.works() && self.unit.is_some() && self.unit == self.case.source.first_receiver.as_ref()
    }

    /// An emergency is referred by whoever takes it in.
    fn meets_emergency(&self) -> bool {
        let marks = &self.case.matter.marks;
        marks
            .iter()
            .any(|m| m.as_str() == super::register::EMERGENCY)
            && self.reaches(&[Role::Clerk, Role::GridOfficer])
    }

    /// A leader of a unit above the lead's, in either line of command.
    fn is_superior(&self) -> bool {
        let lead = self.case.stage.lead();
        let facts = lead.and_then(|lead| self.ctx.units.unit(lead));
        matches!(self.role, Role::UnitHead | Role::Secretary)
            && facts.is_some_and(|f| self.unit.is_some_and(|unit| f.superiors.contains(unit)))
    }

    /// Whoever the task is for, or the hub of its desk.
    fn is_asked(&self, task: Seq) -> bool {
        let task = self.case.docket.tasks.iter().find(|t| t.id == task);
        // A task that doesn't exist is refused as such.
        task.is_none_or(|task| {
            let role = self.role == task.role || self.role == Role::Dispatcher;
            let own_unit = task.unit.is_some() && task.unit.as_ref() == self.unit;
            own_unit || (role && self.contains(&task.desk))
        })
    }
}
