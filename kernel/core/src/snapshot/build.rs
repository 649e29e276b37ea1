//! Making a snapshot: only the declared groups, no reporter, no number of a person.

use jiff::Timestamp;

use super::{
    AssignmentView, ClockView, Group, HistoryView, MatterView, PartiesView, PlaceView,
    ProceedingView, Snapshot, SourceView,
};
use crate::case::Case;
use crate::docket::Docket;
use crate::ids::{Code, DivisionCode};
use crate::mask;
use crate::matter::{Party, PartyRole, Protection};
use crate::proceeding::End;
use crate::views::clock_state_word;

impl Group {
    /// Every group that is a part of the snapshot's record, in its order; later ones go into [`Snapshot::ext`].
    pub const ALL: [Group; 8] = [
        Group::Place,
        Group::Matter,
        Group::Parties,
        Group::Source,
        Group::History,
        Group::Assignments,
        Group::Clocks,
        Group::Proceedings,
    ];

    /// The groups that came after the contract's first version.
    pub const LATER: [Group; 2] = [Group::Nearby, Group::Care];
}

/// Those whose care matters to a rule. A guarded case tells nothing of whoever reports, not even this.
pub fn cared_for(case: &Case) -> impl Iterator<Item = &Party> {
    let reports =
        |party: &Party| matches!(party.role, PartyRole::Reporter | PartyRole::Representative);
    let open = case.protection == Protection::Open;
    let parties = case.parties.iter();
    parties.filter(move |party| open || !reports(party))
}

impl Snapshot {
    /// The same with groups that came later, of which it takes those that were declared.
    #[must_use]
    pub fn with(mut self, later: Vec<(Group, String)>, groups: &[Group]) -> Snapshot {
        let declared = later.into_iter();
        self.ext
            .extend(declared.filter(|(group, _)| groups.contains(group)));
        self
    }

    /// A case as a plugin sees it that declared `groups`. `text` is the statement's words; numbers in it are masked
    /// here once more, and the words of a confidential case are withheld. `related` are the counts that the
    /// manifest's queries asked for.
    pub fn of(
        case: &Case,
        groups: &[Group],
        text: &str,
        related: &[(Code, u64)],
        as_of: Timestamp,
    ) -> Snapshot {
        let declared = |group: Group| groups.contains(&group);
        let docket = docket_groups(&case.docket, groups);
        Snapshot {
            case: Some(case.id.clone()),
            stage: Some(case.stage.name()),
            as_of,
            place: declared(Group::Place).then(|| PlaceView {
                place: case.matter.place.clone(),
                path: case.matter.place.path(),
                handled_by: case.division.clone(),
                point: case.matter.point,
            }),
            matter: declared(Group::Matter).then(|| matter(case, text)),
            parties: declared(Group::Parties).then(|| parties(case)),
            source: declared(Group::Source).then(|| SourceView {
                channel: case.source.channel.clone(),
                first_receiver: case.source.first_receiver.clone(),
                assistance: case.source.assistance.as_ref().map(|a| a.mode),
                posted_at: case.source.posted_at,
                registered_at: case.registered_at,
            }),
            history: declared(Group::History).then(|| HistoryView {
                objections: case.objections,
                reworks: case.reworks,
                urges: case.urges,
                flags: case.flags.iter().cloned().collect(),
                level_moves: u32::try_from(case.levels.len()).unwrap_or(u32::MAX),
                contacted_at: case.contacted_at,
                arrived_at: case.arrived_at,
                related: related.to_vec(),
            }),
            assignments: declared(Group::Assignments).then(|| {
                let all = case.assignments.iter();
                all.map(|a| AssignmentView {
                    id: a.id,
                    unit: a.unit.clone(),
                    role: a.role,
                    state: a.state,
                })
                .collect()
            }),
            ..docket
        }
    }

    /// A unit's or a division's docket as a plugin sees it; matter, parties, source and assignments are a case's and
    /// so are absent, declared or not.
    pub fn of_docket(
        docket: &Docket,
        division: &DivisionCode,
        groups: &[Group],
        related: &[(Code, u64)],
        as_of: Timestamp,
    ) -> Snapshot {
        let declared = |group: Group| groups.contains(&group);
        Snapshot {
            as_of,
            place: declared(Group::Place).then(|| PlaceView {
                place: division.clone(),
                path: division.path(),
                handled_by: division.clone(),
                point: None,
            }),
            history: declared(Group::History).then(|| HistoryView {
                objections: 0,
                reworks: 0,
                urges: 0,
                flags: Vec::new(),
                level_moves: 0,
                contacted_at: None,
                arrived_at: None,
                related: related.to_vec(),
            }),
            ..docket_groups(docket, groups)
        }
    }
}

fn docket_groups(docket: &Docket, groups: &[Group]) -> Snapshot {
    let declared = |group: Group| groups.contains(&group);
    Snapshot {
        case: None,
        stage: None,
        as_of: Timestamp::UNIX_EPOCH,
        place: None,
        matter: None,
        parties: None,
        source: None,
        history: None,
        assignments: None,
        clocks: declared(Group::Clocks).then(|| clocks(docket)),
        proceedings: declared(Group::Proceedings).then(|| proceedings(docket)),
        withheld: Group::ALL.into_iter().filter(|g| !declared(*g)).collect(),
        ext: Vec::new(),
    }
}

fn matter(case: &Case, text: &str) -> MatterView {
    let matter = &case.matter;
    MatterView {
        kind: matter.kind,
        category: matter.category.clone(),
        text: match case.protection {
            Protection::Confidential => String::new(),
            Protection::Open | Protection::ReporterHidden => mask::text(text),
        },
        amount_fen: matter.amount_fen,
        people: matter.people,
        portfolios: matter.portfolios.clone(),
        marks: matter.marks.iter().cloned().collect(),
        evidence: case.evidence.iter().map(|piece| piece.media).collect(),
    }
}

/// A guarded case shows one reporter, whoever and however many they are; a reporter's unit is never shown.
fn parties(case: &Case) -> PartiesView {
    let reports =
        |party: &&Party| matches!(party.role, PartyRole::Reporter | PartyRole::Representative);
    let others = case.parties.iter().filter(|party| !reports(party));
    let others = others.map(|party| (party.role, party.unit.clone()));
    let reporters: Vec<_> = if case.protection == Protection::Open {
        let all = case.parties.iter().filter(reports);
        all.map(|party| (party.role, None)).collect()
    } else {
        vec![(PartyRole::Reporter, None)]
    };
    PartiesView {
        parties: reporters.into_iter().chain(others).collect(),
    }
}

fn clocks(docket: &Docket) -> Vec<ClockView> {
    let all = docket.clocks.iter();
    all.map(|clock| ClockView {
        id: clock.id,
        name: clock.name.clone(),
        owner: clock.owner.clone(),
        state: Code::word(clock_state_word(&clock.state)),
        due: clock.deadline.due,
    })
    .collect()
}

fn proceedings(docket: &Docket) -> Vec<ProceedingView> {
    let all = docket.proceedings.iter();
    all.map(|running| ProceedingView {
        id: running.id,
        kind: running.kind.clone(),
        state: running.state.clone(),
        end: Code::word(match running.end {
            End::Open => "open",
            End::Ends => "ends",
        }),
        issuer: running.issuer.clone(),
        addressee: running.addressee.clone(),
        about: running.about.clone(),
        fields: running
            .fields
            .iter()
            .map(|(code, text)| (code.clone(), text.clone()))
            .collect(),
        opened_at: running
            .history
            .first()
            .map_or(Timestamp::UNIX_EPOCH, |step| step.at),
    })
    .collect()
}
