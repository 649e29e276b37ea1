//! What unit tests share: a small invented county with its units, officials and a calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use fengqiao_calendar::{Calendar, Roll, Spec};
use jiff::{SignedDuration, Timestamp};

use crate::actor::{Actor, Role};
use crate::allowance::Allowance;
use crate::clock::{ClockRule, Mark, Provenance};
use crate::context::{Context, Directory, UnitFacts};
use crate::docket::{Docket, Grant, GrantTerms};
use crate::event::{Event, Recorded};
use crate::ids::{
    BindingId, BindingSetId, Code, Digest, DivisionCode, PrincipalId, Subject, UnitId,
};
use crate::proceeding::{End, GrantNeed, Move, Mover, OpenRule, ProceedingGraph, State};
use crate::profile::Rules;

mod facts;
pub(crate) mod story;

pub(crate) const PROVINCE: &str = "990000000000";
pub(crate) const COUNTY: &str = "990101000000";
pub(crate) const TOWN: &str = "990101001000";
pub(crate) const VILLAGE: &str = "990101001001";
pub(crate) const OTHER_COUNTY: &str = "990102000000";

pub(crate) fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

pub(crate) fn unit(text: &str) -> UnitId {
    UnitId::parse(text).unwrap()
}

pub(crate) fn division(text: &str) -> DivisionCode {
    DivisionCode::parse(text).unwrap()
}

/// Tuesday, 2024-03-05, 10:00 in China, and so many hours later.
pub(crate) fn hour(hours: i64) -> Timestamp {
    let start: Timestamp = "2024-03-05T10:00:00+08:00".parse().unwrap();
    start
        .checked_add(SignedDuration::from_hours(hours))
        .unwrap()
}

pub(crate) fn official(name: &str, role: Role, own: Option<&str>, reach: &str) -> Actor {
    Actor::Official {
        principal: PrincipalId::parse(name).unwrap(),
        role,
        unit: own.map(unit),
        division: division(reach),
    }
}

pub(crate) fn plugin(reach: &str) -> Actor {
    Actor::Plugin {
        binding: BindingId::parse("binding-1").unwrap(),
        division: division(reach),
        component: Digest::parse("00ff").unwrap(),
    }
}

pub(crate) const CITIZEN: Actor = Actor::Citizen { principal: None };

/// The invented county: units by name and division.
pub(crate) struct County;

impl Directory for County {
    fn unit(&self, id: &UnitId) -> Option<UnitFacts> {
        let place = match id.as_str() {
            "committee" | "bureau" | "petition-office" => COUNTY,
            "town-centre" => TOWN,
            "village" => VILLAGE,
            "elsewhere" => OTHER_COUNTY,
            _ => return None,
        };
        Some(UnitFacts {
            division: division(place),
            superiors: Vec::new(),
        })
    }

    fn has_division(&self, code: &DivisionCode) -> bool {
        [PROVINCE, COUNTY, TOWN, VILLAGE, OTHER_COUNTY].contains(&code.as_str())
    }

    fn keeper_of(&self, room: &Code) -> Option<UnitId> {
        match room.as_str() {
            "hearing-room" | "small-room" => Some(unit("bureau")),
            "far-room" => Some(unit("elsewhere")),
            _ => None,
        }
    }
}

/// The State Council's notices, read once.
pub(crate) fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::china().unwrap())
}

/// A world that commands are given in; what tests change are its rules and grants.
pub(crate) struct World {
    pub(crate) calendar: Calendar,
    pub(crate) rules: Rules,
    pub(crate) grants: Vec<Grant>,
    pub(crate) allowances: Vec<(DivisionCode, Vec<Allowance>)>,
    bindings: BindingSetId,
}

impl World {
    pub(crate) fn new(graphs: &[ProceedingGraph]) -> World {
        let mut rules = Rules::law();
        for graph in graphs {
            rules.proceedings.insert(graph.kind.clone(), graph.clone());
        }
        World {
            calendar: calendar().clone(),
            rules,
            grants: Vec::new(),
            allowances: Vec::new(),
            bindings: BindingSetId::parse("set-1").unwrap(),
        }
    }

    pub(crate) fn ctx<'a>(&'a self, actor: &'a Actor, now: Timestamp) -> Context<'a> {
        Context {
            now,
            actor,
            calendar: &self.calendar,
            rules: &self.rules,
            bindings: &self.bindings,
            units: &County,
            grants: &self.grants,
            allowances: &self.allowances,
        }
    }
}

/// A docket after these events; a case's docket is folded like a unit's.
pub(crate) fn folded(
    docket: &Docket,
    subject: &Subject,
    events: &[Event],
    now: Timestamp,
) -> Docket {
    let subject = match subject {
        Subject::Case(_) => Subject::Unit(unit("bureau")),
        Subject::Unit(_) | Subject::Division(_) => subject.clone(),
    };
    events.iter().fold(docket.clone(), |docket, event| {
        let recorded = Recorded {
            subject: subject.clone(),
            version: docket.version + 1,
            at: now,
            actor: Actor::Kernel,
            event: event.clone(),
        };
        docket.evolve(&recorded).unwrap()
    })
}

pub(crate) fn empty() -> Docket {
    Docket {
        next: 1,
        ..Docket::default()
    }
}

pub(crate) fn rule(name: &str, spec: Spec) -> ClockRule {
    ClockRule {
        name: code(name),
        spec,
        roll: Roll::Local,
        kinds: Vec::new(),
        categories: Vec::new(),
        provenance: Provenance {
            mark: Mark::A,
            source: "测试假定".to_owned(),
            confirmed: None,
        },
        pause_article: None,
        extend: None,
    }
}

pub(crate) fn state(name: &str, owner: Option<Mover>, clock: Option<ClockRule>) -> State {
    State {
        code: code(name),
        label: format!("状态{name}"),
        owner,
        end: if owner.is_some() {
            End::Open
        } else {
            End::Ends
        },
        clock,
        on_breach: None,
    }
}

pub(crate) fn step(name: &str, from: &str, to: &str, by: &[Mover]) -> Move {
    Move {
        code: code(name),
        label: format!("步骤{name}"),
        from: code(from),
        to: code(to),
        by: by.to_vec(),
        fields: Vec::new(),
        approval: None,
        draw: None,
    }
}

/// An order: issued → (sign) signed → (conclude) done; unsigned in an hour it expires; recalled by its issuer with
/// the secretary's approval.
pub(crate) fn order() -> ProceedingGraph {
    let mut issued = state(
        "issued",
        Some(Mover::Addressee),
        Some(rule("order-sign", Spec::Hours(1))),
    );
    issued.on_breach = Some(code("expire"));
    let signed = state(
        "signed",
        Some(Mover::Addressee),
        Some(rule("order-conclude", Spec::Hours(24))),
    );
    let mut conclude = step("conclude", "signed", "done", &[Mover::Addressee]);
    conclude.fields = vec![code("result")];
    let mut recall = step(
        "recall",
        "signed",
        "recalled",
        &[Mover::Issuer, Mover::Role(Role::Secretary)],
    );
    recall.approval = Some(Role::Secretary);
    ProceedingGraph {
        kind: code("order"),
        label: "指令".to_owned(),
        open: OpenRule {
            by: vec![Mover::Role(Role::GridOfficer), Mover::Plugin],
            grant: GrantNeed::Required,
            fields: vec![code("matter")],
        },
        initial: code("issued"),
        states: vec![
            issued,
            signed,
            state("done", None, None),
            state("expired", None, None),
            state("recalled", None, None),
        ],
        gathers: None,
        moves: vec![
            step("sign", "issued", "signed", &[Mover::Addressee]),
            step("expire", "issued", "expired", &[Mover::Clock]),
            conclude,
            recall,
        ],
    }
}

/// A card on a unit's docket: raised by a rule, answered by the unit, otherwise escalated after the discipline
/// officer's approval.
pub(crate) fn card() -> ProceedingGraph {
    let mut raised = state(
        "raised",
        Some(Mover::Addressee),
        Some(rule("card-answer", Spec::Hours(24))),
    );
    raised.on_breach = Some(code("escalate"));
    let mut escalate = step(
        "escalate",
        "raised",
        "referred",
        &[Mover::Clock, Mover::Plugin],
    );
    escalate.approval = Some(Role::Discipline);
    ProceedingGraph {
        kind: code("card"),
        label: "提示单".to_owned(),
        open: OpenRule {
            by: vec![Mover::Plugin],
            grant: GrantNeed::NotNeeded,
            fields: Vec::new(),
        },
        initial: code("raised"),
        states: vec![
            raised,
            state("answered", None, None),
            state("referred", None, None),
        ],
        gathers: None,
        moves: vec![
            step("answer", "raised", "answered", &[Mover::Addressee]),
            escalate,
        ],
    }
}

pub(crate) fn terms() -> GrantTerms {
    GrantTerms {
        grantor: unit("committee"),
        grantee: unit("village"),
        kind: code("order"),
        addressees: vec![unit("bureau"), unit("elsewhere")],
        scope: division(VILLAGE),
        from: hour(-1),
        until: hour(1000),
    }
}

pub(crate) fn granted() -> Grant {
    Grant {
        id: 1,
        terms: terms(),
        revoked_at: None,
    }
}

pub(crate) fn filled(fields: &[(&str, &str)]) -> BTreeMap<Code, String> {
    let fields = fields.iter();
    fields
        .map(|(key, text)| (code(key), (*text).to_owned()))
        .collect()
}

pub(crate) fn codes(words: &[&str]) -> BTreeSet<Code> {
    words.iter().map(|word| code(word)).collect()
}
