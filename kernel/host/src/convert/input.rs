//! What a hook is asked: the core's snapshot as the contract's record.

use bumpalo::Bump;
use fengqiao_core::ids::{Subject, UnitId};
use fengqiao_core::matter::{
    AssignmentRole, AssignmentState, AssistanceMode, MatterKind, Media, PartyRole,
};
use fengqiao_core::snapshot::{
    AssignmentView, ClockView, Group, HistoryView, MatterView, PlaceView, ProceedingView, Snapshot,
    SourceView,
};
use fengqiao_core::stage::StageName;
use fengqiao_service::ports::advisor::{AdviceError, GuardedMove};
use jiff::Timestamp;

use super::Meter;
use crate::bindings::guard::exports::fengqiao::guard::guard;
use crate::bindings::triage::fengqiao::types::snapshot as wit;
use crate::bindings::values;

/// A snapshot for a plugin: its texts are the case's own, its lists lie in `lists`; what it costs is counted on `meter`.
///
/// # Errors
/// The kernel itself filled in a word that the contract doesn't have.
pub(crate) fn snapshot<'a>(
    case: &'a Snapshot,
    lists: &'a Bump,
    meter: &mut Meter,
) -> Result<wit::Snapshot<'a>, AdviceError> {
    meter.record();
    Ok(wit::Snapshot {
        case: case.case.as_ref().map(|id| text(id.as_str(), meter)),
        stage: case.stage.map(stage),
        as_of: case.as_of.as_millisecond(),
        place: case.place.as_ref().map(|view| place(view, lists, meter)),
        matter: case.matter.as_ref().map(|view| matter(view, lists, meter)),
        parties: case.parties.as_ref().map(|view| {
            let party = |(role, unit): &'a (PartyRole, Option<UnitId>)| wit::Party {
                role: party_role(*role),
                unit: optional(unit.as_ref(), meter),
            };
            list(lists, view.parties.iter().map(party))
        }),
        source: case.source.as_ref().map(|view| source(view, meter)),
        history: case
            .history
            .as_ref()
            .map(|view| history(view, lists, meter)),
        assignments: case
            .assignments
            .as_ref()
            .map(|views| list(lists, views.iter().map(|view| assignment(view, meter)))),
        clocks: all(case.clocks.as_deref(), lists, |view| clock(view, meter))?,
        proceedings: all(case.proceedings.as_deref(), lists, |view| {
            proceeding(view, lists, meter)
        })?,
        withheld: {
            let words = case.withheld.iter().map(|group| group_word(*group));
            list(lists, words.map(|word| text(word, meter)))
        },
        ext: {
            let ext = case.ext.iter();
            list(
                lists,
                ext.map(|(group, json)| (text(group_word(*group), meter), text(json, meter))),
            )
        },
    })
}

/// A subject for a plugin.
pub(crate) fn subject(subject: &Subject, meter: &mut Meter) -> values::Subject {
    let mut own = |id: &str| text(id, meter).to_owned();
    match subject {
        Subject::Case(id) => values::Subject::Case(own(id.as_str())),
        Subject::Unit(id) => values::Subject::Unit(own(id.as_str())),
        Subject::Division(code) => values::Subject::Division(own(code.as_str())),
    }
}

/// A move for a guard.
pub(crate) fn guarded_move<'a>(command: &'a GuardedMove, meter: &mut Meter) -> guard::Move<'a> {
    guard::Move {
        code: text(&command.code, meter),
        document: text(&command.document, meter),
        actor: match command.actor_role.as_str() {
            "citizen" => guard::ActorRole::Citizen,
            "kernel" => guard::ActorRole::Kernel,
            "plugin" => guard::ActorRole::Plugin,
            role => guard::ActorRole::Official(text(role, meter)),
        },
        actor_unit: command.actor_unit.as_deref().map(|unit| text(unit, meter)),
    }
}

/// An event for a reaction.
pub(crate) fn event((code, document): &(String, String), meter: &mut Meter) -> values::Coded {
    values::Coded {
        code: text(code, meter).to_owned(),
        document: text(document, meter).to_owned(),
    }
}

/// Counts by name.
pub(crate) fn counts<'a>(
    counts: &'a [(String, u64)],
    lists: &'a Bump,
    meter: &mut Meter,
) -> &'a [(&'a str, u64)] {
    let counts = counts.iter();
    list(
        lists,
        counts.map(|(name, count)| (text(name, meter), *count)),
    )
}

/// A text, counted.
pub(crate) fn text<'a>(text: &'a str, meter: &mut Meter) -> &'a str {
    meter.record();
    meter.text(text);
    text
}

fn texts<'a, T: AsText>(items: &'a [T], lists: &'a Bump, meter: &mut Meter) -> &'a [&'a str] {
    list(lists, items.iter().map(|item| text(item.as_text(), meter)))
}

fn optional<'a, T: AsText>(item: Option<&'a T>, meter: &mut Meter) -> Option<&'a str> {
    item.map(|item| text(item.as_text(), meter))
}

fn list<T>(lists: &Bump, items: impl ExactSizeIterator<Item = T>) -> &[T] {
    lists.alloc_slice_fill_iter(items)
}

fn all<'a, T, W>(
    views: Option<&'a [T]>,
    lists: &'a Bump,
    convert: impl FnMut(&'a T) -> Result<W, AdviceError>,
) -> Result<Option<&'a [W]>, AdviceError> {
    let Some(views) = views else {
        return Ok(None);
    };
    let list = lists.alloc_slice_try_fill_iter(views.iter().map(convert))?;
    Ok(Some(list))
}

fn time(at: Timestamp) -> i64 {
    at.as_millisecond()
}

fn place<'a>(view: &'a PlaceView, lists: &'a Bump, meter: &mut Meter) -> wit::Place<'a> {
    wit::Place {
        place: text(view.place.as_str(), meter),
        path: texts(&view.path, lists, meter),
        handled_by: text(view.handled_by.as_str(), meter),
        point: view.point.map(|point| values::Point {
            lon_microdegrees: point.lon_microdegrees,
            lat_microdegrees: point.lat_microdegrees,
        }),
    }
}

fn matter<'a>(view: &'a MatterView, lists: &'a Bump, meter: &mut Meter) -> wit::Matter<'a> {
    wit::Matter {
        kind: matter_kind(view.kind),
        category: optional(view.category.as_ref(), meter),
        text: text(&view.text, meter),
        amount_fen: view.amount_fen,
        people: view.people,
        portfolios: texts(&view.portfolios, lists, meter),
        marks: texts(&view.marks, lists, meter),
        evidence: {
            let kinds = view.evidence.iter().map(|kind| media(*kind));
            list(lists, kinds.map(|kind| text(kind, meter)))
        },
    }
}

fn source<'a>(view: &'a SourceView, meter: &mut Meter) -> wit::Source<'a> {
    wit::Source {
        channel: text(view.channel.as_str(), meter),
        first_receiver: optional(view.first_receiver.as_ref(), meter),
        assistance: view.assistance.map(assistance),
        posted_at: view.posted_at.map(time),
        registered_at: time(view.registered_at),
    }
}

fn history<'a>(view: &'a HistoryView, lists: &'a Bump, meter: &mut Meter) -> wit::History<'a> {
    wit::History {
        objections: view.objections,
        reworks: view.reworks,
        urges: view.urges,
        flags: texts(&view.flags, lists, meter),
        level_moves: view.level_moves,
        contacted_at: view.contacted_at.map(time),
        arrived_at: view.arrived_at.map(time),
        related: {
            let counts = view.related.iter();
            list(
                lists,
                counts.map(|(name, count)| (text(name.as_str(), meter), *count)),
            )
        },
    }
}

fn assignment<'a>(view: &'a AssignmentView, meter: &mut Meter) -> wit::Assignment<'a> {
    wit::Assignment {
        id: view.id,
        unit: text(view.unit.as_str(), meter),
        role: assignment_role(view.role),
        state: assignment_state(view.state),
    }
}

fn clock<'a>(view: &'a ClockView, meter: &mut Meter) -> Result<wit::Clock<'a>, AdviceError> {
    Ok(wit::Clock {
        id: view.id,
        name: text(view.name.as_str(), meter),
        owner: optional(view.owner.as_ref(), meter),
        state: match view.state.as_str() {
            "running" => values::ClockState::Running,
            "paused" => values::ClockState::Paused,
            "met" => values::ClockState::Met,
            "breached" => values::ClockState::Breached,
            "cancelled" => values::ClockState::Cancelled,
            other => return Err(foreign_word("clock", other)),
        },
        due: time(view.due),
    })
}

fn proceeding<'a>(
    view: &'a ProceedingView,
    lists: &'a Bump,
    meter: &mut Meter,
) -> Result<wit::Proceeding<'a>, AdviceError> {
    Ok(wit::Proceeding {
        id: view.id,
        kind: text(view.kind.as_str(), meter),
        state: text(view.state.as_str(), meter),
        end: match view.end.as_str() {
            "open" => values::ProceedingEnd::Open,
            "ends" => values::ProceedingEnd::Ends,
            other => return Err(foreign_word("proceeding", other)),
        },
        issuer: optional(view.issuer.as_ref(), meter),
        addressee: optional(view.addressee.as_ref(), meter),
        about: optional(view.about.as_ref(), meter),
        fields: {
            let fields = view.fields.iter();
            list(
                lists,
                fields.map(|(name, value)| (text(name.as_str(), meter), text(value, meter))),
            )
        },
        opened_at: time(view.opened_at),
    })
}

fn foreign_word(of: &str, word: &str) -> AdviceError {
    AdviceError::Unavailable(format!("the contract has no {of} state `{word}`"))
}

fn stage(stage: StageName) -> values::Stage {
    match stage {
        StageName::Registered => values::Stage::Registered,
        StageName::Accepted => values::Stage::Accepted,
        StageName::Dispatched => values::Stage::Dispatched,
        StageName::Handling => values::Stage::Handling,
        StageName::Reported => values::Stage::Reported,
        StageName::Replied => values::Stage::Replied,
        StageName::Closed => values::Stage::Closed,
        StageName::Archived => values::Stage::Archived,
        StageName::Ended => values::Stage::Ended,
    }
}

fn assignment_role(role: AssignmentRole) -> values::AssignmentRole {
    match role {
        AssignmentRole::Lead => values::AssignmentRole::Lead,
        AssignmentRole::Assist => values::AssignmentRole::Assist,
        AssignmentRole::Supervise => values::AssignmentRole::Supervise,
        AssignmentRole::Inform => values::AssignmentRole::Inform,
    }
}

fn assignment_state(state: AssignmentState) -> values::AssignmentState {
    match state {
        AssignmentState::Active => values::AssignmentState::Active,
        AssignmentState::Done => values::AssignmentState::Done,
        AssignmentState::Excused => values::AssignmentState::Excused,
        AssignmentState::Replaced => values::AssignmentState::Replaced,
    }
}

fn matter_kind(kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::Complaint => "complaint",
        MatterKind::Suggestion => "suggestion",
        MatterKind::Consultation => "consultation",
        MatterKind::Report => "report",
        MatterKind::Dispute => "dispute",
        MatterKind::Petition => "petition",
    }
}

fn media(media: Media) -> &'static str {
    match media {
        Media::Photo => "photo",
        Media::Video => "video",
        Media::Audio => "audio",
        Media::Document => "document",
    }
}

fn party_role(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Reporter => "reporter",
        PartyRole::Representative => "representative",
        PartyRole::Respondent => "respondent",
        PartyRole::Accused => "accused",
    }
}

fn assistance(mode: AssistanceMode) -> &'static str {
    match mode {
        AssistanceMode::Guided => "guided",
        AssistanceMode::Helped => "helped",
        AssistanceMode::Delegated => "delegated",
    }
}

fn group_word(group: Group) -> &'static str {
    match group {
        Group::Place => "place",
        Group::Matter => "matter",
        Group::Parties => "parties",
        Group::Source => "source",
        Group::History => "history",
        Group::Assignments => "assignments",
        Group::Clocks => "clocks",
        Group::Proceedings => "proceedings",
        Group::Nearby => "nearby",
        Group::Care => "care",
    }
}

/// Identifiers of every kind, as they are written.
trait AsText {
    fn as_text(&self) -> &str;
}

macro_rules! as_text {
    ($($name:ident),*) => {
        $(impl AsText for fengqiao_core::ids::$name {
            fn as_text(&self) -> &str {
                self.as_str()
            }
        })*
    };
}

as_text!(CaseId, Code, DivisionCode, UnitId);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn groups_that_came_later_reach_the_plugin_under_their_names() {
        let docket = fengqiao_core::docket::Docket::default();
        let division = "990101000000".parse().unwrap();
        let groups = [Group::Nearby, Group::Care];
        let later = vec![
            (Group::Nearby, "null".to_owned()),
            (Group::Care, "true".to_owned()),
        ];
        let seen = Snapshot::of_docket(&docket, &division, &groups, &[], Timestamp::UNIX_EPOCH);
        let seen = seen.with(later, &groups);
        let lists = Bump::new();
        let given = snapshot(&seen, &lists, &mut Meter::default()).unwrap();
        let expected = [("nearby", "null"), ("care", "true")];
        assert_eq!(given.ext, expected);
    }
}
