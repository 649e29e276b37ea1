//! Local procedures (程序) as state graphs; the kernel checks them at activation and runs them.

use serde::{Deserialize, Serialize};

use super::{ClockRule, Draw, DrawHow};
use crate::role::Role;

/// A procedure: reachable states, each with an owner, and an end that every way leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProceedingGraph {
    /// Its kind: `upward-order`, `mediation`, `warning`…
    pub kind: String,
    /// Its local name.
    pub label: String,
    /// Who may open it.
    pub open: OpenRule,
    /// Where it begins.
    pub initial: String,
    /// Its states.
    pub states: Vec<State>,
    /// Its moves.
    pub moves: Vec<Move>,
    /// On a division's docket: which of the division's cases it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gathers: Option<Gathers>,
}

/// A proceeding over many cases: all of the category that a field names, registered in the division from so many days
/// before it was opened until it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Gathers {
    /// The field that names the category; it must be filled in when the proceeding is opened.
    pub category_field: String,
    /// How many calendar days.
    pub within_days: u16,
}

impl ProceedingGraph {
    /// A procedure that begins in `initial`; say who opens it, and add its states and moves.
    pub fn new(kind: &str, label: &str, initial: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            label: label.to_owned(),
            open: OpenRule {
                by: Vec::new(),
                grant: GrantNeed::NotNeeded,
                fields: Vec::new(),
            },
            initial: initial.to_owned(),
            states: Vec::new(),
            moves: Vec::new(),
            gathers: None,
        }
    }

    /// It is about every case of the category that `field` names, from so many days before it was opened.
    #[must_use]
    pub fn gathers(mut self, field: &str, within_days: u16) -> Self {
        self.gathers = Some(Gathers {
            category_field: field.to_owned(),
            within_days,
        });
        self
    }

    /// Any of these may open it.
    #[must_use]
    pub fn opened_by(mut self, by: impl IntoIterator<Item = Mover>) -> Self {
        self.open.by.extend(by);
        self
    }

    /// Opening it takes delegated authority: a valid grant that names the addressee.
    #[must_use]
    pub fn under_a_grant(mut self) -> Self {
        self.open.grant = GrantNeed::Required;
        self
    }

    /// What must be filled in to open it.
    #[must_use]
    pub fn asks<'a>(mut self, fields: impl IntoIterator<Item = &'a str>) -> Self {
        self.open
            .fields
            .extend(fields.into_iter().map(str::to_owned));
        self
    }

    /// Adds a state.
    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.states.push(state);
        self
    }

    /// Adds a move.
    #[must_use]
    pub fn step(mut self, step: Move) -> Self {
        self.moves.push(step);
        self
    }
}

/// Who may open a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OpenRule {
    /// Any of these.
    pub by: Vec<Mover>,
    /// Whether a grant to the opener's unit, naming the addressee, must be valid.
    pub grant: GrantNeed,
    /// What must be filled in.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// Whether a grant is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantNeed {
    /// No grant, no order.
    Required,
    /// The role is enough.
    NotNeeded,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct State {
    /// Its word.
    pub code: String,
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
    pub on_breach: Option<String>,
}

impl State {
    /// A state in which somebody is to act.
    pub fn new(code: &str, label: &str, owner: Mover) -> Self {
        Self {
            owner: Some(owner),
            ..Self::end(code, label, End::Open)
        }
    }

    /// A state in which the procedure has ended.
    pub fn last(code: &str, label: &str) -> Self {
        Self::end(code, label, End::Ends)
    }

    /// The clock that runs in it.
    #[must_use]
    pub fn within(mut self, clock: ClockRule) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The move that the kernel makes when that clock is breached; its movers must include [`Mover::Clock`].
    #[must_use]
    pub fn or_else(mut self, code: &str) -> Self {
        self.on_breach = Some(code.to_owned());
        self
    }

    fn end(code: &str, label: &str, end: End) -> Self {
        Self {
            code: code.to_owned(),
            label: label.to_owned(),
            owner: None,
            end,
            clock: None,
            on_breach: None,
        }
    }
}

/// Whether a state ends its proceeding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It goes on.
    Open,
    /// It ends, well or badly.
    Ends,
}

/// A move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Move {
    /// Its word.
    pub code: String,
    /// Its local name.
    pub label: String,
    /// Where it starts.
    pub from: String,
    /// Where it leads.
    pub to: String,
    /// Any of these may make it.
    pub by: Vec<Mover>,
    /// What must be filled in.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The role whose approval it needs: the move is made when they approve.
    #[serde(default)]
    pub approval: Option<Role>,
    /// What it draws on an allowance; where that isn't there, the move itself is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<Draw>,
}

impl Move {
    /// A move from one state to another.
    pub fn new(code: &str, label: &str, from: &str, to: &str) -> Self {
        Self {
            code: code.to_owned(),
            label: label.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            by: Vec::new(),
            fields: Vec::new(),
            approval: None,
            draw: None,
        }
    }

    /// Any of these may make it.
    #[must_use]
    pub fn by(mut self, by: impl IntoIterator<Item = Mover>) -> Self {
        self.by.extend(by);
        self
    }

    /// What must be filled in.
    #[must_use]
    pub fn asks<'a>(mut self, fields: impl IntoIterator<Item = &'a str>) -> Self {
        self.fields.extend(fields.into_iter().map(str::to_owned));
        self
    }

    /// It keeps, spends or frees money of an allowance; the field says how much, in fen.
    #[must_use]
    pub fn draws(mut self, how: DrawHow, allowance: &str, amount: &str) -> Self {
        self.draw = Some(Draw {
            allowance: allowance.to_owned(),
            how,
            amount: amount.to_owned(),
        });
        self
    }

    /// It is made only when somebody in this role approves.
    #[must_use]
    pub fn approved_by(mut self, role: Role) -> Self {
        self.approval = Some(role);
        self
    }
}

/// Who acts in a proceeding: a part in it, or a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
