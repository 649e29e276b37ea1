//! Who is there in every test: units, officials, forms that were filled in, and the rules of the place.

use fengqiao_calendar::{Roll, Spec};
use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::{Advice, GuardVerdict, GuardWord, Triage, TriageWord};
use fengqiao_core::clock::{ClockRule, ExtendRule, Mark, PlacedRule, Provenance};
use fengqiao_core::command::{Command, Delivery, Naming, Registration};
use fengqiao_core::context::{Directory, UnitFacts};
use fengqiao_core::ids::{
    BindingId, CaseId, Code, Digest, DivisionCode, PersonId, PersonRef, PrincipalId, TextId,
    TextRef, UnitId,
};
use fengqiao_core::matter::{
    Appointment, AssignmentRole, Evidence, Matter, MatterKind, Media, Party, PartyRole, Protection,
    ResultOwed, Source,
};
use fengqiao_core::proceeding::{End, GrantNeed, Move, Mover, OpenRule, ProceedingGraph, State};
use fengqiao_core::profile::{CloseOn, Rules};

pub(crate) const COUNTY: &str = "990101000000";
pub(crate) const TOWN: &str = "990101001000";
pub(crate) const VILLAGE: &str = "990101001001";
pub(crate) const OTHER_TOWN: &str = "990101002000";
pub(crate) const OTHER_COUNTY: &str = "990102000000";
pub(crate) const PREFECTURE: &str = "990100000000";

pub(crate) fn code(word: &str) -> Code {
    Code::parse(word).unwrap()
}

pub(crate) fn unit(word: &str) -> UnitId {
    UnitId::parse(word).unwrap()
}

pub(crate) fn division(digits: &str) -> DivisionCode {
    DivisionCode::parse(digits).unwrap()
}

pub(crate) fn case_id(word: &str) -> CaseId {
    CaseId::parse(word).unwrap()
}

pub(crate) fn text() -> TextRef {
    TextRef {
        id: TextId::parse("t1").unwrap(),
        chars: 12,
    }
}

pub(crate) fn no_text() -> TextRef {
    TextRef { chars: 0, ..text() }
}

pub(crate) fn spec(words: &str) -> Spec {
    words.parse().unwrap()
}

pub(crate) fn photo(n: u32) -> Evidence {
    Evidence {
        digest: Digest::parse(&format!("{n:064x}")).unwrap(),
        media: Media::Photo,
        session: None,
    }
}

/// The units of the county and its neighbour.
pub(crate) struct Register;

impl Directory for Register {
    fn unit(&self, id: &UnitId) -> Option<UnitFacts> {
        let (place, above): (&str, &[&str]) = match id.as_str() {
            "county-office" => (COUNTY, &[]),
            "roads" | "housing" | "water" => (COUNTY, &["county-office"]),
            "town-hall" => (TOWN, &["county-office"]),
            "committee" => (VILLAGE, &["town-hall", "county-office"]),
            "far-roads" => (OTHER_COUNTY, &[]),
            _ => return None,
        };
        Some(UnitFacts {
            division: division(place),
            superiors: above.iter().map(|u| unit(u)).collect(),
        })
    }

    fn keeper_of(&self, _: &Code) -> Option<UnitId> {
        None
    }

    fn has_division(&self, wanted: &DivisionCode) -> bool {
        [
            "990000000000",
            PREFECTURE,
            COUNTY,
            TOWN,
            VILLAGE,
            OTHER_TOWN,
            OTHER_COUNTY,
        ]
        .contains(&wanted.as_str())
    }
}

fn official(name: &str, role: Role, of: Option<&str>, reach: &str) -> Actor {
    Actor::Official {
        principal: PrincipalId::parse(name).unwrap(),
        role,
        unit: of.map(unit),
        division: division(reach),
    }
}

pub(crate) fn hub() -> Actor {
    official("hub-1", Role::Dispatcher, None, COUNTY)
}

/// The hub of the town that the case lies in.
pub(crate) fn town_hub() -> Actor {
    official("hub-3", Role::Dispatcher, None, TOWN)
}

/// A second person at the same hub.
pub(crate) fn second() -> Actor {
    official("hub-2", Role::Dispatcher, None, COUNTY)
}

pub(crate) fn far_hub() -> Actor {
    official("hub-9", Role::Dispatcher, None, OTHER_COUNTY)
}

pub(crate) fn handler(of: &str) -> Actor {
    let place = Register.unit(&unit(of)).unwrap().division;
    official(
        &format!("{of}-1"),
        Role::UnitHandler,
        Some(of),
        place.as_str(),
    )
}

pub(crate) fn head(of: &str) -> Actor {
    let place = Register.unit(&unit(of)).unwrap().division;
    official(&format!("{of}-0"), Role::UnitHead, Some(of), place.as_str())
}

pub(crate) fn as_role(role: Role) -> Actor {
    official("somebody", role, None, COUNTY)
}

pub(crate) fn clerk() -> Actor {
    official("clerk-1", Role::Clerk, Some("town-hall"), TOWN)
}

/// Whoever holds the query code.
pub(crate) fn citizen() -> Actor {
    Actor::Citizen { principal: None }
}

pub(crate) fn plugin() -> Actor {
    plugin_of(COUNTY)
}

pub(crate) fn plugin_of(place: &str) -> Actor {
    Actor::Plugin {
        binding: BindingId::parse("b1").unwrap(),
        division: division(place),
        component: Digest::parse("abc").unwrap(),
    }
}

pub(crate) fn matter() -> Matter {
    Matter {
        kind: MatterKind::Complaint,
        category: None,
        place: division(VILLAGE),
        point: None,
        text: text(),
        amount_fen: None,
        people: 1,
        came: 0,
        visits: 0,
        portfolios: Vec::new(),
        marks: Default::default(),
    }
}

pub(crate) fn registration() -> Registration {
    Registration {
        matter: matter(),
        source: Source {
            channel: code("window"),
            first_receiver: None,
            external: None,
            posted_at: None,
            detected_at: None,
            assistance: None,
        },
        naming: Naming::Named,
        parties: vec![party(PartyRole::Reporter)],
        protection: Protection::Open,
        evidence: Vec::new(),
    }
}

pub(crate) fn party(role: PartyRole) -> Party {
    Party {
        role,
        person: Some(PersonRef {
            id: PersonId::parse("p1").unwrap(),
        }),
        unit: None,
        principal: None,
    }
}

pub(crate) fn register(registration: Registration) -> Command {
    Command::Register(Box::new(registration))
}

pub(crate) fn dispatch(lead: &str) -> Command {
    Command::Dispatch {
        lead: Some(unit(lead)),
        others: Vec::new(),
        clocks: Vec::new(),
    }
}

pub(crate) fn appointment(of: &str, role: AssignmentRole) -> Appointment {
    Appointment {
        unit: unit(of),
        role,
        result: ResultOwed::Owed,
    }
}

pub(crate) fn report() -> Command {
    Command::Report {
        text: text(),
        evidence: Vec::new(),
        solved: None,
    }
}

/// The dossier as one text, with a digest.
pub(crate) fn seal() -> Command {
    Command::Seal {
        dossier: text(),
        sha256: Digest::parse("d1").unwrap(),
    }
}

pub(crate) fn reply() -> Command {
    Command::Reply {
        text: text(),
        delivery: Delivery::Delivered { way: code("sms") },
    }
}

pub(crate) fn rate(grade: &str) -> Command {
    Command::Rate {
        grade: code(grade),
        text: None,
    }
}

/// The word of a triage bound to a place.
pub(crate) fn triage_of(place: &str, answer: Triage) -> Advice {
    Advice {
        triage: Some(TriageWord {
            binding: BindingId::parse("b1").unwrap(),
            division: division(place),
            component: Digest::parse("abc").unwrap(),
            answer,
        }),
        ..Advice::default()
    }
}

pub(crate) fn guards(verdict: GuardVerdict) -> Advice {
    Advice {
        guards: vec![
            GuardWord {
                binding: BindingId::parse("b0").unwrap(),
                verdict: GuardVerdict::Permit,
            },
            GuardWord {
                binding: BindingId::parse("b1").unwrap(),
                verdict,
            },
        ],
        ..Advice::default()
    }
}

pub(crate) fn silent_guard() -> Advice {
    guards(GuardVerdict::Unavailable {
        failure: code("trap"),
    })
}

pub(crate) fn accept_with(lead: &str) -> Triage {
    Triage::Accept {
        lead: unit(lead),
        others: Vec::new(),
        clocks: Vec::new(),
        flags: Vec::new(),
        level: None,
        because: code("known-category"),
    }
}

pub(crate) fn assumed() -> Provenance {
    Provenance {
        mark: Mark::A,
        source: "测试".to_owned(),
        confirmed: None,
    }
}

pub(crate) fn clock_rule(name: &str, words: &str) -> ClockRule {
    ClockRule {
        name: code(name),
        spec: spec(words),
        roll: Roll::Local,
        kinds: Vec::new(),
        categories: Vec::new(),
        provenance: assumed(),
        pause_article: None,
        extend: None,
    }
}

fn movable(name: &str, words: &str) -> ClockRule {
    ClockRule {
        pause_article: Some("本地办法第三条".to_owned()),
        extend: Some(ExtendRule {
            article: "本地办法第四条".to_owned(),
            by: spec("10wd"),
            times: 1,
        }),
        ..clock_rule(name, words)
    }
}

/// The rules of the county: every kernel clock has a length, one category needs a photo, mediation is declared.
pub(crate) fn rules(close_on: CloseOn) -> Rules {
    let mut rules = Rules::law();
    rules.close_on = close_on;
    rules.photo_categories.insert(code("illegal-building"));
    rules
        .proceedings
        .insert(code("mediation"), mediation_graph());
    let local = [
        clock_rule("accept", "1wd"),
        movable("handle-total", "15wd"),
        clock_rule("sign", "2h"),
        clock_rule("contact", "24h"),
        clock_rule("arrive", "3wd"),
        movable("report", "5wd"),
        clock_rule("progress", "3wd"),
        clock_rule("reply", "2wd"),
        clock_rule("object", "2wd"),
        clock_rule("rate", "5cd"),
    ];
    let placed = local.into_iter().map(|rule| PlacedRule {
        division: Some(division(COUNTY)),
        rule,
    });
    rules.clocks.extend(placed);
    rules
}

fn mediation_graph() -> ProceedingGraph {
    let state = |word: &str, end, clock| State {
        code: code(word),
        label: word.to_owned(),
        owner: Some(Mover::Lead),
        end,
        clock,
        on_breach: (word == "in-session").then(|| code("lapse")),
    };
    let step = |word: &str, from: &str, to: &str, by| Move {
        code: code(word),
        label: word.to_owned(),
        from: code(from),
        to: code(to),
        by: vec![by],
        fields: Vec::new(),
        approval: None,
        draw: None,
    };
    ProceedingGraph {
        kind: code("mediation"),
        label: "调解".to_owned(),
        open: OpenRule {
            by: vec![Mover::Lead, Mover::Plugin, Mover::Role(Role::Dispatcher)],
            grant: GrantNeed::NotNeeded,
            fields: Vec::new(),
        },
        initial: code("in-session"),
        states: vec![
            state("in-session", End::Open, Some(clock_rule("session", "30cd"))),
            state("agreed", End::Ends, None),
            state("failed", End::Ends, None),
        ],
        gathers: None,
        moves: vec![
            step("agree", "in-session", "agreed", Mover::Lead),
            step("lapse", "in-session", "failed", Mover::Clock),
        ],
    }
}
