//! The case of the hand-written handler: as much in it as the kernel's has, and one command.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long news for the citizen may take (five days).
const PROGRESS_MS: i64 = 5 * 24 * 60 * 60 * 1_000;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    pub id: String,
    pub version: u64,
    pub stage: String,
    pub division: String,
    pub place: String,
    pub category: String,
    pub kind: String,
    pub registered_at: i64,
    /// Matter, source, parties, history: never looked at here.
    pub rest: Value,
    pub assignments: Vec<Assignment>,
    pub clocks: Vec<Clock>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Assignment {
    pub unit: String,
    pub role: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Clock {
    pub id: u32,
    pub name: String,
    pub owner: String,
    pub spec: String,
    pub source: String,
    /// Why it is due then, in words for people.
    pub steps: Vec<String>,
    pub started_at: i64,
    pub due: i64,
    pub state: String,
    pub met_at: Option<i64>,
}

/// What a command made of a case.
pub struct Step {
    /// Name and JSON of each new event.
    pub events: Vec<(&'static str, String)>,
    /// The clock that was met.
    pub met: Option<u32>,
    /// The clock that was started.
    pub started: Clock,
    /// What is to be told.
    pub effect: String,
}

impl Case {
    /// A new case, registered, accepted, dispatched and signed for.
    pub fn in_handling(now: i64) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let lead = "990101-housing";
        let names = ["handle-total", "report", "progress"];
        let clocks = (1..)
            .zip(names)
            .map(|(id, name)| clock(id, name, lead, now));
        Self {
            id: format!(
                "990101-20240202-{:06}",
                NEXT.fetch_add(1, Ordering::Relaxed)
            ),
            version: 12,
            stage: "handling".to_owned(),
            division: "990101000000".to_owned(),
            place: "990101001001".to_owned(),
            category: "施工噪声".to_owned(),
            kind: "complaint".to_owned(),
            registered_at: now,
            rest: rest(),
            assignments: vec![Assignment {
                unit: lead.to_owned(),
                role: "lead".to_owned(),
            }],
            clocks: clocks.collect(),
        }
    }

    /// News for the citizen: the running clock is met, and the next one started.
    pub fn progress(&mut self, text_id: &str, chars: usize, now: i64) -> Step {
        let lead = self
            .assignments
            .first()
            .map_or_else(String::new, |lead| lead.unit.clone());
        let running = |clock: &&mut Clock| clock.name == "progress" && clock.state == "running";
        let met = self.clocks.iter_mut().find(running).map(|clock| {
            clock.state = "met".to_owned();
            clock.met_at = Some(now);
            clock.id
        });
        let id = self.clocks.len() as u32 + 1;
        let started = clock(id, "progress", &lead, now);
        self.clocks.push(started.clone());
        let text = json!({ "id": text_id, "chars": chars });
        let notice =
            json!({ "effect": "notice", "case": self.id, "code": "progressed", "to": "reporter" });
        let events = vec![
            (
                "progressed",
                json!({ "event": "progressed", "unit": lead, "text": text }).to_string(),
            ),
            (
                "clock-met",
                json!({ "event": "clock-met", "clock": met, "at": now }).to_string(),
            ),
            (
                "clock-started",
                json!({ "event": "clock-started", "clock": started }).to_string(),
            ),
        ];
        self.version += events.len() as u64;
        Step {
            events,
            met,
            started,
            effect: notice.to_string(),
        }
    }
}

fn clock(id: u32, name: &str, owner: &str, now: i64) -> Clock {
    Clock {
        id,
        name: name.to_owned(),
        owner: owner.to_owned(),
        spec: "5cd".to_owned(),
        source: "A: 本地做法".to_owned(),
        steps: vec![
            "自2026-11-22 17:35起5个自然日，起始当日不计，至2026-11-27 24:00".to_owned(),
            "截止时间为2026-11-27 24:00，按本地承诺不因节假日顺延".to_owned(),
            "日历版本 cn-2019..2026#531f8dd36068f1e9，未经本地文件确认".to_owned(),
        ],
        started_at: now,
        due: now + PROGRESS_MS,
        state: "running".to_owned(),
        met_at: None,
    }
}

fn rest() -> Value {
    json!({
        "matter": {
            "text": { "id": "t-0000000000000001", "chars": 46 }, "amount-fen": null, "people": 3,
            "portfolios": ["housing"], "marks": ["on-site"], "evidence": [],
            "point": { "lon-microdegrees": 112_884_213, "lat-microdegrees": 22_900_481 }
        },
        "source": { "channel": "hotline", "first-receiver": "990101-hub", "posted-at": null },
        "parties": [{ "role": "reporter", "person": { "id": "p-0000000000000001" } }],
        "outcome": { "closed": null, "solved": null, "satisfied": null },
        "binding-set": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
    })
}
