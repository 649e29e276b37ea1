//! What the player reads out of the kernel's JSON; the one place that knows where things stand in it.

use jiff::Timestamp;
use serde_json::Value;

/// A view of a case, or a unit's or division's docket.
#[derive(Debug, Clone, Copy)]
pub struct View<'a>(pub &'a Value);

/// A unit's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its number.
    pub id: u64,
    /// Which unit.
    pub unit: String,
    /// `lead`, `assist`, `supervise`, `inform`.
    pub role: String,
    /// `active`, `done`, `excused`, `replaced`.
    pub state: String,
}

/// A deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Its number.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// `running`, `paused`, `met`, `breached`, `cancelled`.
    pub state: String,
    /// When it is due.
    pub due: Option<Timestamp>,
}

/// A local procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proceeding {
    /// Its number.
    pub id: u64,
    /// Its kind.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// The unit that it is addressed to.
    pub addressee: Option<String>,
    /// The case that gave rise to it.
    pub about: Option<String>,
}

/// Something that waits for a person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its number.
    pub id: u64,
    /// Whose word.
    pub role: String,
    /// The number of the proceeding that it would move.
    pub proceeding: Option<u64>,
}

impl<'a> View<'a> {
    /// The number of the case.
    #[must_use]
    pub fn id(self) -> Option<String> {
        self.word(&["case", "id"])
    }

    /// How many events the subject has.
    #[must_use]
    pub fn version(self) -> Option<u64> {
        self.0
            .get("version")
            .or_else(|| self.0.get("docket")?.get("version"))?
            .as_u64()
    }

    /// The stage's name.
    #[must_use]
    pub fn stage(self) -> Option<String> {
        self.word(&["stage"])
    }

    /// The stage in local words.
    #[must_use]
    pub fn stage_label(self) -> Option<String> {
        self.word(&["stage-label"]).or_else(|| {
            self.0
                .get("stage")?
                .get("label")?
                .as_str()
                .map(str::to_owned)
        })
    }

    /// The unit that answers for the case.
    #[must_use]
    pub fn lead(self) -> Option<String> {
        let led = self
            .parts()
            .into_iter()
            .rev()
            .find(|part| part.role == "lead" && part.state != "replaced");
        self.word(&["lead"]).or(led.map(|part| part.unit))
    }

    /// The parts that units have or had.
    #[must_use]
    pub fn parts(self) -> Vec<Part> {
        let part = |value: &Value| {
            Some(Part {
                id: number(value, "id")?,
                unit: text(value, &["unit"])?,
                role: text(value, &["role"])?,
                state: text(value, &["state"])?,
            })
        };
        self.list("assignments").iter().filter_map(part).collect()
    }

    /// The deadlines, in the order in which they were started.
    #[must_use]
    pub fn clocks(self) -> Vec<Clock> {
        let clock = |value: &Value| {
            let due = value
                .get("due")
                .or_else(|| value.get("deadline")?.get("due"));
            Some(Clock {
                id: number(value, "id")?,
                name: text(value, &["name"])?,
                state: text(value, &["state"])?,
                due: due.and_then(|due| due.as_str()?.parse().ok()),
            })
        };
        self.list("clocks").iter().filter_map(clock).collect()
    }

    /// The local procedures, in the order in which they were opened.
    #[must_use]
    pub fn proceedings(self) -> Vec<Proceeding> {
        let proceeding = |value: &Value| {
            Some(Proceeding {
                id: number(value, "id")?,
                kind: text(value, &["kind"])?,
                state: text(value, &["state"])?,
                addressee: text(value, &["addressee"]),
                about: text(value, &["about"]),
            })
        };
        self.list("proceedings")
            .iter()
            .filter_map(proceeding)
            .collect()
    }

    /// What waits for a person's word, in the order in which it was asked.
    #[must_use]
    pub fn waiting(self) -> Vec<Approval> {
        let none = |value: &Value, key: &str| value.get(key).is_none_or(Value::is_null);
        let undecided = |value: &&Value| {
            none(value, "decision") && none(value, "verdict") && none(value, "lapsed")
        };
        let approval = |value: &Value| {
            let what = value.get("what");
            Some(Approval {
                id: number(value, "id")?,
                role: text(value, &["role"])?,
                proceeding: number(value, "proceeding")
                    .or_else(|| what.and_then(|what| number(what, "proceeding"))),
            })
        };
        self.list("approvals")
            .iter()
            .filter(undecided)
            .filter_map(approval)
            .collect()
    }

    /// The number of the newest grant to a unit that wasn't taken back.
    #[must_use]
    pub fn grant_to(self, unit: &str) -> Option<u64> {
        let in_force = |value: &&Value| value.get("revoked-at").is_none_or(Value::is_null);
        let to_unit = |value: &&Value| {
            let terms = value.get("terms");
            terms.and_then(|terms| text(terms, &["grantee"])).as_deref() == Some(unit)
        };
        let mut grants = self.list("grants").iter().rev();
        let found = grants.find(|value| in_force(value) && to_unit(value))?;
        number(found, "id")
    }

    /// Open tasks: number, code and the desk's division.
    #[must_use]
    pub fn tasks(self) -> Vec<(u64, String, String)> {
        let open = |value: &&Value| value.get("done-at").is_none_or(Value::is_null);
        let task = |value: &Value| {
            Some((
                number(value, "id")?,
                text(value, &["code"])?,
                text(value, &["desk"]).unwrap_or_default(),
            ))
        };
        self.list("tasks")
            .iter()
            .filter(open)
            .filter_map(task)
            .collect()
    }

    /// Numbers of instructions without an answer.
    #[must_use]
    pub fn instructions(self) -> Vec<u64> {
        let open = |value: &&Value| value.get("answer").is_none_or(Value::is_null);
        self.list("instructions")
            .iter()
            .filter(open)
            .filter_map(|value| number(value, "id"))
            .collect()
    }

    /// Facts set by rules.
    #[must_use]
    pub fn flags(self) -> Vec<String> {
        self.list("flags").iter().filter_map(word).collect()
    }

    /// The division that handles the case now.
    #[must_use]
    pub fn division(self) -> Option<String> {
        self.word(&["division", "level", "handled-by"])
    }

    /// Why an ended case ended: the route, the ground, or `withdrawn`.
    #[must_use]
    pub fn ended(self) -> Option<String> {
        let moves = self
            .list("events")
            .iter()
            .rev()
            .filter_map(|recorded| recorded.get("event")?.get("to"));
        let reason = moves.filter_map(|to| to.get("reason")).next()?;
        text(reason, &["route", "ground", "why"])
    }

    /// What local rules proposed in vain: the proposal and the code of its refusal, oldest first.
    #[must_use]
    pub fn refused_proposals(self) -> Vec<String> {
        let refused = |recorded: &Value| {
            let event = recorded.get("event")?;
            let (binding, proposal, code) = (
                text(event, &["binding"])?,
                text(event, &["proposal"])?,
                text(event, &["code"])?,
            );
            Some(format!("{binding} {proposal}（{code}）"))
        };
        self.list("events").iter().filter_map(refused).collect()
    }

    /// The stages that the case went through, in local words.
    #[must_use]
    pub fn way(self) -> Vec<String> {
        let moved = |recorded: &Value| {
            recorded
                .get("event")?
                .get("event")?
                .as_str()
                .map(|event| event == "stage-moved")
        };
        let both = self.list("events").iter().zip(self.list("timeline"));
        let labels = both
            .filter(|(recorded, _)| moved(recorded) == Some(true))
            .filter_map(|(_, entry)| text(entry, &["what"]));
        labels.collect()
    }

    /// What happened, in the words that this reader gets.
    #[must_use]
    pub fn told(self) -> Vec<String> {
        self.list("timeline")
            .iter()
            .filter_map(|entry| text(entry, &["what"]))
            .collect()
    }

    /// One of the three facts: `closed`, `solved`, `satisfied`.
    #[must_use]
    pub fn fact(self, name: &str) -> Option<String> {
        let fact = self
            .0
            .get("outcome")?
            .get(name)
            .filter(|fact| !fact.is_null())?;
        text(fact, &["value"]).or_else(|| word(fact))
    }

    /// A count: `reworks`, `urges`.
    #[must_use]
    pub fn count(self, name: &str) -> u64 {
        self.0.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    /// What was spent of the newest allowance of a kind, and what is left of it, in fen.
    #[must_use]
    pub fn allowance(self, kind: &str) -> Option<(u64, u64)> {
        let mut all = self.list("allowances").iter().rev();
        let own = all.find(|own| text(own, &["kind"]).as_deref() == Some(kind))?;
        let spent = number(own, "spent-fen")?;
        let reservations = own.get("reservations")?.as_array()?.iter();
        let reserved: u64 = reservations.filter_map(|kept| number(kept, "fen")).sum();
        let left = number(own, "ceiling-fen")?.saturating_sub(spent + reserved);
        Some((spent, left))
    }

    /// Cases that a docket refers to.
    #[must_use]
    pub fn cases(self) -> usize {
        self.list("cases").len()
    }

    /// How many other cases it is linked to.
    #[must_use]
    pub fn links(self) -> u64 {
        u64::try_from(self.list("links").len()).unwrap_or(u64::MAX)
    }

    /// Whether some text occurs anywhere in it.
    #[must_use]
    pub fn mentions(self, words: &str) -> bool {
        self.0.to_string().contains(words)
    }

    fn word(self, keys: &[&str]) -> Option<String> {
        text(self.0, keys)
    }

    fn list(self, key: &str) -> &'a [Value] {
        let own = self.0.get(key).or_else(|| self.0.get("docket")?.get(key));
        own.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

fn number(value: &Value, key: &str) -> Option<u64> {
    value.get(key)?.as_u64()
}

fn text(value: &Value, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| word(value.get(key)?))
}

/// A word that stands by itself, or inside what describes it.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => ["id", "code", "state", "stage", "unit", "value", "name"]
            .iter()
            .find_map(|key| object.get(*key)?.as_str().map(str::to_owned)),
        _ => None,
    }
}
