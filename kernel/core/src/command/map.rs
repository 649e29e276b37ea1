//! Replaces the words and people of a command, so that what is recorded holds only handles.

use super::{Command, Registration};
use crate::matter::{Matter, Party};

impl<T, P> Command<T, P> {
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
            Command::Seal { dossier, sha256 } => Command::Seal {
                dossier: text(dossier),
                sha256,
            },
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
            Command::HandOver { lead, text: t } => Command::HandOver {
                lead,
                text: text(t),
            },
            Command::Transfer { to, text: t } => Command::Transfer { to, text: text(t) },
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
            Command::SetAllowance {
                kind,
                year,
                ceiling_fen,
                text: t,
            } => Command::SetAllowance {
                kind,
                year,
                ceiling_fen,
                text: text(t),
            },
            Command::Book {
                room,
                from,
                until,
                about,
            } => Command::Book {
                room,
                from,
                until,
                about,
            },
            Command::CancelBooking { booking } => Command::CancelBooking { booking },
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
            came: self.came,
            visits: self.visits,
            portfolios: self.portfolios,
            marks: self.marks,
        }
    }
}
