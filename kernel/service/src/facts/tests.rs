//! What counts of a case, told from its events; and that a past month counts the same after whatever came later.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::case::Case;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::evolve::evolve;
use fengqiao_core::ids::{CaseId, PrincipalId, Subject, UnitId};
use fengqiao_core::matter::AssignmentState;
use fengqiao_metrics::{
    Appeals, Basis, Book, CaseFacts, Countable, Counts, Period, Sheets, WatchRules, watch,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::of_case;

const VILLAGE: &str = "990101001001";

/// A day of May 2024, counted on into June, and an hour of it, in China.
fn at(day: i64, hour: i64) -> Timestamp {
    let begin: Timestamp = "2024-05-01T00:00:00+08:00".parse().unwrap();
    begin + jiff::SignedDuration::from_hours((day - 1) * 24 + hour)
}

/// A case and what happened to it.
#[derive(Clone, Default)]
struct History(Option<Case>);

impl History {
    fn registered() -> Self {
        Self::registered_with(json!({}))
    }

    fn registered_with(more: Value) -> Self {
        let mut matter = json!({ "kind": "complaint", "place": VILLAGE, "text": words() });
        let more = more.as_object().unwrap().clone();
        matter.as_object_mut().unwrap().extend(more);
        Self::default().then(
            at(1, 9),
            json!({
                "event": "registered", "case": "甲1", "matter": matter,
                "source": { "channel": "window" }, "naming": "named", "parties": [],
                "protection": "open", "evidence": [], "division": VILLAGE, "bindings": "set"
            }),
        )
    }

    fn then(self, at: Timestamp, event: Value) -> Self {
        self.by(Actor::Kernel, at, event)
    }

    fn by(self, actor: Actor, at: Timestamp, event: Value) -> Self {
        let event: Event = serde_json::from_value(event).unwrap();
        let before = self.0;
        let recorded = Recorded {
            subject: Subject::Case(CaseId::parse("甲1").unwrap()),
            version: before.as_ref().map_or(0, |case| case.docket.version) + 1,
            at,
            actor,
            event,
        };
        Self(Some(evolve(before, &recorded).unwrap()))
    }

    fn all(self, at: Timestamp, events: impl IntoIterator<Item = Value>) -> Self {
        let then = |history: Self, event| history.then(at, event);
        events.into_iter().fold(self, then)
    }

    fn facts(&self) -> CaseFacts {
        of_case(self.0.as_ref().unwrap()).facts
    }
}

fn stage(stage: &str, rest: Value) -> Value {
    let mut to = json!({ "stage": stage });
    let fields = to.as_object_mut().unwrap();
    fields.extend(rest.as_object().unwrap().clone());
    json!({ "event": "stage-moved", "to": to })
}

fn assigned(id: u32, unit: &str, given: Timestamp) -> Value {
    json!({ "event": "assigned", "assignment": {
        "id": id, "unit": unit, "role": "lead", "result": "owed", "state": "active", "given-at": given,
        "signed-at": null
    } })
}

fn released(id: u32, state: &str) -> Value {
    json!({ "event": "released", "assignment": id, "state": state, "text": null })
}

fn clock(id: u32, name: &str, owner: Option<&str>, start: Timestamp, due: Timestamp) -> Value {
    json!({ "event": "clock-started", "clock": {
        "id": id, "name": name, "owner": owner, "proceeding": null,
        "deadline": {
            "start": start, "due": due, "raw": due, "spec": "1cd", "roll": "local", "calendar": "none",
            "steps": ["一天"], "provisional": false, "changes": []
        },
        "rule": { "name": name, "spec": "1cd", "provenance": { "mark": "A", "source": "试验" } },
        "state": { "state": "running" }, "extensions": 0
    } })
}

fn met(id: u32) -> Value {
    json!({ "event": "clock-met", "clock": id })
}

fn cancelled(id: u32) -> Value {
    json!({ "event": "clock-cancelled", "clock": id })
}

fn breached(id: u32, due: Timestamp) -> Value {
    json!({ "event": "clock-breached", "clock": id, "at": due })
}

fn words() -> Value {
    json!({ "id": "t", "chars": 1 })
}

fn upheld() -> Value {
    json!({ "event": "ruled", "ruling": "upheld", "text": words() })
}

fn ended(day: i64) -> (Timestamp, Vec<Value>) {
    let to = stage("ended", json!({ "reason": { "why": "withdrawn" } }));
    (at(day, 9), vec![to])
}

/// Given to a unit on the second of May: to be contacted by the third, reported by the tenth, done by the thirtieth.
fn dispatched() -> History {
    let (begin, unit) = (at(2, 9), Some("bureau"));
    History::registered()
        .then(at(1, 10), stage("accepted", json!({})))
        .all(
            begin,
            [
                clock(10, "handle-total", None, at(1, 10), at(30, 9)),
                assigned(1, "bureau", begin),
                stage("dispatched", json!({ "lead": "bureau" })),
                clock(11, "contact", unit, begin, at(3, 9)),
                clock(12, "report", unit, begin, at(10, 9)),
            ],
        )
}

/// A report, met by its clock.
fn reported(history: History, when: Timestamp, id: u32, clock: u32) -> History {
    let report = json!({
        "event": "reported", "report": id, "unit": "bureau", "text": words(), "evidence": [], "claim": null
    });
    let to = stage("reported", json!({ "lead": "bureau", "report": id }));
    history.all(when, [report, to, met(clock)])
}

/// A reply, from which on a rating is waited for.
fn replied(history: History, when: Timestamp, id: u32, rate: u32) -> History {
    let reply = json!({
        "event": "replied", "reply": id, "text": words(), "delivery": { "delivery": "delivered", "way": "phone" }
    });
    let to = stage(
        "replied",
        json!({ "lead": "bureau", "report": id - 1, "reply": id }),
    );
    let until = when + jiff::SignedDuration::from_hours(240);
    history.all(when, [reply, to, clock(rate, "rate", None, when, until)])
}

fn rated(history: History, when: Timestamp, rate: u32, satisfied: &str) -> History {
    let rating = json!({ "event": "rated", "grade": "good", "satisfied": satisfied, "text": null });
    history.all(when, [rating, met(rate)])
}

fn closed(history: History, when: Timestamp, part: u32, total: Value) -> History {
    let lead = json!({ "lead": "bureau", "report": 20, "reply": 21 });
    history.all(
        when,
        [
            json!({ "event": "closed", "by-rule": "rating" }),
            stage("closed", lead),
            total,
            released(part, "done"),
        ],
    )
}

/// Reworked in June by the same unit: reported, answered, rated and closed once more.
fn reworked(history: History) -> History {
    let again = at(35, 9);
    let history = history.all(
        again,
        [
            json!({ "event": "reworked", "round": 1, "text": words() }),
            assigned(2, "bureau", again),
            stage("handling", json!({ "lead": "bureau" })),
            clock(31, "report", Some("bureau"), again, at(40, 9)),
            clock(35, "handle-total", None, at(1, 10), at(30, 9)),
            breached(35, at(30, 9)),
        ],
    );
    let history = reported(history, at(38, 9), 32, 31);
    let history = replied(history, at(39, 9), 33, 34);
    let late = json!({ "event": "clock-done-late", "clock": 35 });
    closed(rated(history, at(40, 9), 34, "no"), at(40, 9), 2, late)
}

fn may() -> Period {
    Period::new("2024-05".parse().unwrap(), at(32, 0)).unwrap()
}

fn count(history: &History, period: Period) -> Sheets {
    let book = Book::new(vec![history.facts()]).unwrap();
    Sheets::count(&book, &[], &Appeals::default(), period)
}

fn of(history: &History, unit: &str) -> Counts {
    count(history, may()).unit(&UnitId::parse(unit).unwrap())
}

fn fact(counts: &Counts, countable: Countable) -> u64 {
    counts.fact(countable, Basis::Raw)
}

#[test]
fn a_case_that_ended_is_still_its_units_and_no_return() {
    let (when, events) = ended(5);
    let end = [cancelled(10), cancelled(12), released(1, "excused")];
    let history = dispatched()
        .then(at(3, 8), met(11))
        .all(when, events)
        .all(when, end);
    let counts = of(&history, "bureau");
    let told = [
        Countable::Registered,
        Countable::RegisteredEnded,
        Countable::ContactedInTime,
        Countable::Returned,
    ];
    assert_eq!(told.map(|it| fact(&counts, it)), [1, 1, 1, 0]);
}

#[test]
fn only_an_upheld_objection_is_a_return_and_a_missed_contact_stays_missed() {
    let handed_on = |ruling: Option<Value>| {
        let history = dispatched().then(at(4, 9), breached(11, at(3, 9)));
        history.all(
            at(4, 10),
            ruling.into_iter().chain([
                released(1, "replaced"),
                stage("accepted", json!({})),
                cancelled(12),
                assigned(2, "town", at(4, 10)),
                stage("dispatched", json!({ "lead": "town" })),
            ]),
        )
    };
    let told = |history: &History| {
        let counts = of(history, "bureau");
        [Countable::ContactMissed, Countable::Returned].map(|it| fact(&counts, it))
    };
    assert_eq!(told(&handed_on(None)), [1, 0]);
    assert_eq!(told(&handed_on(Some(upheld()))), [1, 1]);
    let town = of(&handed_on(None), "town");
    assert_eq!(fact(&town, Countable::Registered), 1);
}

#[test]
fn a_contact_that_was_not_due_when_the_case_was_handed_on_is_nobodys_miss() {
    let history = dispatched().all(
        at(2, 10),
        [
            released(1, "replaced"),
            stage("accepted", json!({})),
            cancelled(11),
        ],
    );
    let counts = of(&history, "bureau");
    let told = [Countable::ContactLetGo, Countable::ContactMissed];
    assert_eq!(told.map(|it| fact(&counts, it)), [1, 0]);
}

/// Every place at which a month may have found the case.
fn months() -> Vec<History> {
    let reported = reported(dispatched().then(at(2, 20), met(11)), at(9, 9), 20, 12);
    let replied = replied(reported.clone(), at(12, 9), 21, 22);
    let rated = rated(replied.clone(), at(13, 9), 22, "yes");
    let closed = closed(rated.clone(), at(13, 9), 1, met(10));
    vec![reported, replied, rated, closed]
}

#[test]
fn rework_by_the_same_unit_is_no_other_dispatch() {
    let history = reworked(months().pop().unwrap());
    assert_eq!(history.facts().turns.len(), 1);
    assert_eq!(fact(&of(&history, "bureau"), Countable::Dispatched), 1);
}

#[test]
fn reports_and_ratings_of_every_round_count() {
    let facts = reworked(months().pop().unwrap()).facts();
    let due: Vec<Timestamp> = facts
        .report_clocks
        .iter()
        .map(|it| it.clock.due_at)
        .collect();
    assert_eq!(due, [at(10, 9), at(40, 9)]);
    assert_eq!(facts.ratings.len(), 2);
    assert_eq!(facts.instants.ratable_at, [at(12, 9), at(39, 9)]);
    assert_eq!(facts.reported_as_of(at(20, 0)), Some(at(9, 9)));
    assert_eq!(facts.reported_as_of(at(36, 0)), None);
    assert_eq!(facts.reported_as_of(at(38, 10)), Some(at(38, 9)));
}

#[test]
fn who_was_asked_stays_asked_where_the_rating_was_waived() {
    let waived = json!({ "event": "waived", "what": { "waived": "rating" }, "text": words() });
    let replied = months().remove(1);
    let history = replied.all(at(13, 9), [waived, cancelled(22)]);
    let counts = of(&history, "bureau");
    let told = [Countable::Ratable, Countable::RatableRated];
    assert_eq!(told.map(|it| fact(&counts, it)), [1, 0]);
}

#[test]
fn of_five_who_came_together_for_the_second_time_the_matter_is_one() {
    let history = History::registered_with(json!({ "came": 5, "visits": 2 }));
    let tallies = count(&history, may()).whole.tallies(Basis::Raw);
    let of = |code: &str| tallies.iter().find(|(it, _)| it == code).unwrap().1;
    let told = [of("registered"), of("attendances"), of("visits")];
    assert_eq!(told, [1, 5, 2]);
    let silent = |more| {
        let facts = History::registered_with(more).facts();
        (facts.attendances, facts.visits)
    };
    assert_eq!(silent(json!({})), (1, 1));
    assert_eq!(silent(json!({ "people": 30 })), (30, 1));
    assert_eq!(silent(json!({ "people": 30, "came": 5 })), (5, 1));
}

#[test]
fn the_hubs_answer_confirms_the_report_and_the_leads_own_does_not() {
    let official = |unit: Option<&str>| Actor::Official {
        principal: PrincipalId::parse("somebody").unwrap(),
        role: if unit.is_some() {
            Role::UnitHandler
        } else {
            Role::Dispatcher
        },
        unit: unit.map(|unit| UnitId::parse(unit).unwrap()),
        division: VILLAGE.parse().unwrap(),
    };
    let answer = json!({
        "event": "replied", "reply": 21, "text": { "id": "t", "chars": 30 },
        "delivery": { "delivery": "delivered", "way": "phone" }
    });
    let by = |unit| {
        let reported = months().remove(0);
        reported
            .by(official(unit), at(9, 11), answer.clone())
            .facts()
    };
    assert_eq!(by(None).confirmed_as_of(at(10, 0)), Some(at(9, 11)));
    assert_eq!(by(Some("bureau")).confirmed_as_of(at(10, 0)), None);
}

#[test]
fn a_past_month_counts_the_same_after_whatever_came_later() {
    let end = |history: History| {
        let (when, events) = ended(36);
        history.all(when, events)
    };
    let handed_on = |history: History| {
        let parts = &history.0.as_ref().unwrap().assignments;
        let active = parts[0].state == AssignmentState::Active;
        let history = history.then(at(36, 9), upheld());
        let history = history.all(at(36, 9), active.then(|| released(1, "replaced")));
        history.all(
            at(36, 9),
            [
                stage("accepted", json!({})),
                assigned(3, "town", at(36, 9)),
                stage("dispatched", json!({ "lead": "town" })),
            ],
        )
    };
    let waived = |history: History| {
        let waived = json!({ "event": "waived", "what": { "waived": "rating" }, "text": words() });
        history.then(at(36, 9), waived)
    };
    let later: [&dyn Fn(History) -> History; 5] = [&reworked, &end, &handed_on, &waived, &|it| {
        end(reworked(it))
    }];
    for (place, then) in months().into_iter().enumerate() {
        let watched = |history: &History| {
            let book = Book::new(vec![history.facts()]).unwrap();
            watch(&book, &Appeals::default(), &may(), &WatchRules::default())
        };
        for (number, go_on) in later.iter().enumerate() {
            let now = go_on(then.clone());
            assert_eq!(count(&now, may()), count(&then, may()), "{place} {number}");
            assert_eq!(watched(&now), watched(&then), "{place} {number}");
        }
    }
}
