//! Local procedures as declared state graphs (程序), and the procedures that run on them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::Role;
use crate::allowance::Draw;
use crate::clock::ClockRule;
use crate::ids::{CaseId, Code, PrincipalId, Seq, UnitId};

/// What was filled in at a move: short words by field; free text goes through a text handle.
pub type Fields = BTreeMap<Code, String>;

/// A procedure declared by a plugin as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProceedingGraph {
    /// Its kind: `upward-order`, `mediation`, `warning`…
    pub kind: Code,
    /// Its local name.
    pub label: String,
    /// Whether opening it needs a valid grant, or may be done by these roles only.
    pub open: OpenRule,
    /// Where it begins.
    pub initial: Code,
    /// Its states.
    pub states: Vec<State>,
    /// Its moves.
    pub moves: Vec<Move>,
    /// On a division's docket: which of the division's cases it is about, besides the one that gave rise to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gathers: Option<Gathers>,
}

/// A proceeding over many cases: all of one category in the division, registered from so long before it was
/// opened until it ended. Category, place and time of a registration never change, so that the list needs no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Gathers {
    /// The field that names the category; it must be filled in when the proceeding is opened.
    pub category_field: Code,
    /// How many calendar days before the opening, at most [`MAX_GATHERED_DAYS`](crate::graph::MAX_GATHERED_DAYS).
    pub within_days: u16,
}

/// What a proceeding gathers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// Cases of this category,
    pub category: Code,
    /// registered at or after this,
    pub since: Timestamp,
    /// and not after this; until now, as long as it is open.
    pub until: Option<Timestamp>,
}

/// Who may open a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OpenRule {
    /// Any of these.
    pub by: Vec<Mover>,
    /// Whether a grant to the opener's unit, naming the addressee, must be valid.
    pub grant: GrantNeed,
    /// What must be filled in.
    #[serde(default)]
    pub fields: Vec<Code>,
}

/// Whether a grant is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GrantNeed {
    /// Delegated authority: no grant, no order.
    Required,
    /// The role is enough.
    NotNeeded,
}

/// A state of a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct State {
    /// Its word.
    pub code: Code,
    /// Its local name.
    pub label: String,
    /// Who is to act in it; none in an end.
    #[serde(default)]
    pub owner: Option<Mover>,
    /// Whether it goes on from here.
    pub end: End,
    /// The clock that starts when it is entered and stops when it is left.
    #[serde(default)]
    pub clock: Option<ClockRule>,
    /// The move that the kernel makes when that clock is breached.
    #[serde(default)]
    pub on_breach: Option<Code>,
}

/// Whether a state ends its proceeding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It goes on.
    Open,
    /// It ends, well or badly.
    Ends,
}

/// A move of a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Move {
    /// Its word.
    pub code: Code,
    /// Its local name.
    pub label: String,
    /// Where it starts.
    pub from: Code,
    /// Where it leads.
    pub to: Code,
    /// Any of these may make it.
    pub by: Vec<Mover>,
    /// What must be filled in.
    #[serde(default)]
    pub fields: Vec<Code>,
    /// The role whose approval it needs: the move is made when they approve.
    #[serde(default)]
    pub approval: Option<Role>,
    /// What it draws on an allowance; where that isn't there, the move itself is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<Draw>,
}

impl ProceedingGraph {
    /// Whether some move draws on an allowance.
    pub fn draws(&self) -> bool {
        self.moves.iter().any(|step| step.draw.is_some())
    }
}

/// Who acts in a proceeding: a part in it, or a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Mover {
    /// The unit that opened it.
    Issuer,
    /// The unit that it is addressed to.
    Addressee,
    /// The requester of the case.
    Requester,
    /// The lead unit of the case.
    Lead,
    /// A plugin's proposal.
    Plugin,
    /// The kernel, when the state's clock is breached.
    Clock,
    /// An official in this role whose reach contains the subject.
    Role(Role),
}

/// A procedure that runs, or ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Proceeding {
    /// Its number in the docket.
    pub id: Seq,
    /// Its kind.
    pub kind: Code,
    /// Where it stands.
    pub state: Code,
    /// Whether that is an end.
    pub end: End,
    /// The unit that opened it; none for a plugin's or the kernel's.
    pub issuer: Option<UnitId>,
    /// The person who opened it.
    pub opened_by: Option<PrincipalId>,
    /// The unit that it is addressed to.
    pub addressee: Option<UnitId>,
    /// The case that gave rise to it, where the docket isn't that case's.
    pub about: Option<CaseId>,
    /// What was filled in so far.
    pub fields: Fields,
    /// Its way so far.
    pub history: Vec<Moved>,
}

impl Proceeding {
    /// What it gathers by its graph's word; nothing where it gathers nothing, or names no category.
    #[must_use]
    pub fn gathered(&self, gathers: &Gathers) -> Option<Gathered> {
        let category = self.fields.get(&gathers.category_field)?;
        let (first, last) = (self.history.first()?, self.history.last()?);
        let before = SignedDuration::from_hours(24 * i64::from(gathers.within_days));
        Some(Gathered {
            category: Code::parse(category).ok()?,
            since: first.at.checked_sub(before).ok()?,
            until: (self.end == End::Ends).then_some(last.at),
        })
    }
}

/// One step of a proceeding's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Moved {
    /// The move; `open` at the beginning.
    pub code: Code,
    /// Where it led.
    pub to: Code,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Timestamp {
        format!("2024-03-{day}T09:00:00Z").parse().unwrap()
    }

    #[test]
    fn a_proceeding_gathers_from_so_many_days_before_it_until_its_end() {
        let step = |code: &str, day: &str| Moved {
            code: Code::word("open"),
            to: Code::parse(code).unwrap(),
            at: at(day),
        };
        let mut found = Proceeding {
            id: "1".parse().unwrap(),
            kind: Code::word("common-problem"),
            state: Code::word("found"),
            end: End::Open,
            issuer: None,
            opened_by: None,
            addressee: None,
            about: None,
            fields: Fields::from([(Code::word("category"), "路灯损坏".to_owned())]),
            history: vec![step("found", "20")],
        };
        let gathers = Gathers {
            category_field: Code::word("category"),
            within_days: 10,
        };
        let gathered = found.gathered(&gathers).unwrap();
        assert_eq!(gathered.category.as_str(), "路灯损坏");
        assert_eq!((gathered.since, gathered.until), (at("10"), None));
        found.history.push(step("settled", "28"));
        found.end = End::Ends;
        assert_eq!(found.gathered(&gathers).unwrap().until, Some(at("28")));
        found.fields.clear();
        assert_eq!(found.gathered(&gathers), None);
    }
}
