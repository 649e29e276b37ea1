//! An invented county with its units, rules and people, and a way to say: given these steps, when this, then that.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::OnceLock;

use fengqiao_calendar::{Calendar, Roll, Spec};
use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::{Advice, Triage, TriageWord};
use fengqiao_core::case::Case;
use fengqiao_core::clock::{ClockRule, ExtendRule, Mark, PlacedRule, Provenance};
use fengqiao_core::command::{Command, Delivery, Naming, Registration};
use fengqiao_core::context::{Context, Directory, UnitFacts};
use fengqiao_core::decide::decide;
use fengqiao_core::decision::{Decision, Effect};
use fengqiao_core::docket::Grant;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::evolve::evolve;
use fengqiao_core::ids::{
    BindingId, BindingSetId, CaseId, Code, Digest, DivisionCode, PersonId, PersonRef, PrincipalId,
    Subject, TextId, TextRef, UnitId,
};
use fengqiao_core::matter::{
    Appointment, AssignmentRole, Evidence, Matter, MatterKind, Media, Party, PartyRole, Protection,
    ResultOwed, Source,
};
use fengqiao_core::proceeding::{End, GrantNeed, Move, Mover, OpenRule, ProceedingGraph, State};
use fengqiao_core::profile::{CloseOn, Rules};
use fengqiao_core::refusal::Refusal;
use fengqiao_core::stage::StageName;
use jiff::{SignedDuration, Timestamp};

use crate::invariants;

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
        moves: vec![
            step("agree", "in-session", "agreed", Mover::Lead),
            step("lapse", "in-session", "failed", Mover::Clock),
        ],
    }
}

/// The cases of the county, their history, and the time.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) rules: Rc<Rules>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) now: Timestamp,
    pub(crate) cases: BTreeMap<CaseId, Case>,
    pub(crate) log: Vec<Rc<Recorded>>,
    pub(crate) effects: Vec<Effect>,
}

pub(crate) fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::china().unwrap())
}

fn bindings() -> BindingSetId {
    BindingSetId::parse("set-1").unwrap()
}

impl Office {
    pub(crate) fn closing_on(close_on: CloseOn) -> Self {
        Office {
            rules: Rc::new(rules(close_on)),
            grants: Vec::new(),
            now: "2024-03-04T01:00:00Z".parse().unwrap(),
            cases: BTreeMap::new(),
            log: Vec::new(),
            effects: Vec::new(),
        }
    }

    pub(crate) fn new() -> Self {
        Office::closing_on(CloseOn::Rating)
    }

    /// With case `c1` registered and waiting for a lead.
    pub(crate) fn with_case() -> Self {
        let mut office = Office::new();
        office
            .take_in("c1", registration(), &Advice::default())
            .unwrap();
        office
    }

    pub(crate) fn take_in(
        &mut self,
        id: &str,
        registration: Registration,
        advice: &Advice,
    ) -> Result<Vec<Event>, Refusal> {
        self.send_advised(&clerk(), id, &register(registration), advice)
    }

    /// The rules, to change them for one test.
    pub(crate) fn rules_mut(&mut self) -> &mut Rules {
        Rc::make_mut(&mut self.rules)
    }

    pub(crate) fn case(&self, id: &str) -> &Case {
        &self.cases[&case_id(id)]
    }

    pub(crate) fn c1(&self) -> &Case {
        self.case("c1")
    }

    pub(crate) fn stage(&self) -> StageName {
        self.c1().stage.name()
    }

    pub(crate) fn pass(&mut self, words: &str) {
        let minutes = match spec(words) {
            Spec::Minutes(n) => i64::from(n),
            Spec::Hours(n) => i64::from(n) * 60,
            Spec::CalendarDays(n) => i64::from(n) * 60 * 24,
            _ => panic!("say minutes, hours or days"),
        };
        self.now += SignedDuration::from_mins(minutes);
    }

    /// Sends a command for `c1` that must be carried out.
    pub(crate) fn given(mut self, actor: Actor, command: Command) -> Self {
        self.send(&actor, "c1", &command)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", command.name()));
        self
    }

    pub(crate) fn after(mut self, words: &str) -> Self {
        self.pass(words);
        self
    }

    pub(crate) fn send(
        &mut self,
        actor: &Actor,
        id: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        self.send_advised(actor, id, command, &Advice::default())
    }

    /// What would be decided; nothing changes.
    pub(crate) fn would(
        &self,
        actor: &Actor,
        id: &str,
        command: &Command,
        advice: &Advice,
    ) -> Result<Decision, Refusal> {
        let id = case_id(id);
        let case = self.cases.get(&id);
        let other = other_of(case, command).and_then(|other| self.cases.get(&other));
        let binding_set = bindings();
        let context = Context {
            now: self.now,
            actor,
            calendar: calendar(),
            rules: &self.rules,
            bindings: &binding_set,
            units: &Register,
            grants: &self.grants,
        };
        decide(case, other, command, advice, &context, Some(&id))
    }

    /// Decides, folds every event in, checks the invariants, and lets followers mirror, as the service does.
    pub(crate) fn send_advised(
        &mut self,
        actor: &Actor,
        id: &str,
        command: &Command,
        advice: &Advice,
    ) -> Result<Vec<Event>, Refusal> {
        let decision = self.would(actor, id, command, advice)?;
        let id = case_id(id);
        let before = self.cases.get(&id).cloned();
        let mut events = Vec::new();
        for (subject, event) in decision.events {
            events.push(event.clone());
            self.record(&subject, event, actor);
        }
        self.effects.extend(decision.effects);
        invariants::check(
            before.as_ref(),
            &self.cases[&id],
            &events,
            actor,
            &self.rules,
        );
        let moved = before.as_ref().map(|c| &c.stage) != Some(&self.cases[&id].stage);
        if moved && !matches!(command, Command::Mirror { .. }) {
            let followers = self.cases[&id].followers.clone();
            for follower in followers {
                let mirror = Command::Mirror {
                    primary: id.clone(),
                };
                self.send(&Actor::Kernel, follower.as_str(), &mirror)?;
            }
        }
        Ok(events)
    }

    fn record(&mut self, subject: &Subject, event: Event, actor: &Actor) {
        let Subject::Case(id) = subject else {
            panic!("a case's decision stays on cases: {subject}");
        };
        let case = self.cases.remove(id);
        let before = case.clone();
        let recorded = Recorded {
            subject: subject.clone(),
            version: case.as_ref().map_or(0, |c| c.docket.version) + 1,
            at: self.now,
            actor: actor.clone(),
            event,
        };
        let case = evolve(case, &recorded).expect("evolve accepts what decide produces");
        invariants::check_event(before.as_ref(), &case, &recorded);
        self.cases.insert(id.clone(), case);
        self.log.push(Rc::new(recorded));
    }

    /// The kernel notices every clock that has run out.
    pub(crate) fn notice_breaches(&mut self) {
        let ids: Vec<CaseId> = self.cases.keys().cloned().collect();
        for id in ids {
            let now = self.now;
            let overdue = |case: &Case| {
                let mut clocks = case.docket.clocks.iter();
                let clock = clocks.find(|c| {
                    c.state == fengqiao_core::clock::ClockState::Running
                        && c.deadline.is_breached(now)
                })?;
                Some(clock.id)
            };
            for _ in 0..20 {
                let Some(clock) = overdue(&self.cases[&id]) else {
                    break;
                };
                self.send(&Actor::Kernel, id.as_str(), &Command::Breach { clock })
                    .expect("a clock that ran out is breached");
            }
        }
    }
}

fn other_of(case: Option<&Case>, command: &Command) -> Option<CaseId> {
    match command {
        Command::Merge { into } => Some(into.clone()),
        Command::Link { to, .. } => Some(to.clone()),
        Command::Mirror { primary } => Some(primary.clone()),
        Command::Unmerge { .. } => case?.merged.as_ref().map(|m| m.into.clone()),
        _ => None,
    }
}

/// A case dispatched to the roads department.
pub(crate) fn dispatched() -> Office {
    Office::with_case().given(hub(), dispatch("roads"))
}

pub(crate) fn handling() -> Office {
    dispatched().given(handler("roads"), Command::Sign {})
}

pub(crate) fn reported() -> Office {
    handling().given(handler("roads"), report())
}

pub(crate) fn replied() -> Office {
    reported().given(handler("roads"), reply())
}

pub(crate) fn closed() -> Office {
    replied().given(citizen(), rate("satisfied"))
}

pub(crate) fn archived() -> Office {
    closed().given(hub(), Command::Archive {})
}

/// Given an office, when somebody commands, then these events happen, in this order, among others.
#[track_caller]
pub(crate) fn check(mut given: Office, who: &Actor, when: Command, then: &[&str]) -> Office {
    let events = given
        .send(who, "c1", &when)
        .unwrap_or_else(|refusal| panic!("{} was refused: {refusal}", when.name()));
    let names: Vec<String> = events.iter().map(name).collect();
    let mut rest = names.iter();
    for wanted in then {
        assert!(rest.any(|n| n == wanted), "no `{wanted}` in {names:?}");
    }
    given
}

/// Given an office, when somebody commands, then it is refused with this code and nothing changes.
#[track_caller]
pub(crate) fn refuses(mut given: Office, who: &Actor, when: Command, code: &str) {
    let before = given.cases.clone();
    match given.send(who, "c1", &when) {
        Ok(events) => panic!(
            "{} went through: {:?}",
            when.name(),
            events.iter().map(name).collect::<Vec<_>>()
        ),
        Err(refusal) => assert_eq!(refusal.code(), code, "{refusal}"),
    }
    assert_eq!(given.cases, before);
}

pub(crate) fn name(event: &Event) -> String {
    let value = serde_json::to_value(event).unwrap();
    value["event"].as_str().unwrap().to_owned()
}
