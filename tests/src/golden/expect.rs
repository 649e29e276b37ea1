//! What must hold after a step. Only these keys exist; a misspelt one is a mistake of the file.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What must hold after a step; what isn't written isn't compared.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Expect {
    /// The refusal's code; nothing else happened then.
    pub refused: Option<String>,
    /// What became of a channel's message: `registered`, `same` as the message that the case is, `declined`, `unread`.
    pub message: Option<String>,
    /// What became of what a linked platform said: `done`, `noted`, `refused`, `unknown`.
    pub said: Option<String>,
    /// What the linked platform was told of the case so far, by the changes' words, in this order.
    pub sent: Option<Vec<String>>,
    /// What doesn't agree between the linked platform and us in this case; empty where all does.
    pub apart: Option<Vec<String>>,
    /// The stage.
    pub stage: Option<String>,
    /// The unit that answers for the case.
    pub lead: Option<String>,
    /// The units that assist or assisted, in any order, and no others.
    pub assists: Option<Vec<String>>,
    /// The units that supervise, in any order, and no others.
    pub supervises: Option<Vec<String>>,
    /// Why an ended case ended: the ground or the route, or `withdrawn`.
    pub ended: Option<String>,
    /// The division that handles it now, by name or code.
    pub level: Option<String>,
    /// An open task at a desk: its code; `none` where there is none.
    pub task: Option<String>,
    /// At whose desk that task lies, by name or code.
    pub desk: Option<String>,
    /// Facts set by rules, all of them there, perhaps among others.
    pub flags: Option<Vec<String>>,
    /// When clocks are due: a date, or a time `2024-02-05 10:00`.
    pub due: BTreeMap<String, String>,
    /// How clocks stand: `running`, `met`, `breached`, `cancelled`, `paused`; `none` where there is no such clock.
    pub clocks: BTreeMap<String, String>,
    /// The state of the newest proceeding of each kind on the case; `none` where there is none.
    pub proceedings: BTreeMap<String, String>,
    /// The state of the newest proceeding of the case that is addressed to a unit; `none` where there is none.
    pub addressed: BTreeMap<String, String>,
    /// The state of the newest warning that this case caused on a unit's docket; `none` where there is none.
    pub warnings: BTreeMap<String, String>,
    /// Who has to decide something: the role that the newest undecided approval waits for, on the case (本案) or a unit's docket; `none`.
    pub waits: BTreeMap<String, String>,
    /// The three facts, or `none` for one that isn't there.
    pub outcome: Option<Outcome>,
    /// Whether the lead's handler can see who reported.
    pub handler_sees_reporter: Option<bool>,
    /// What the citizen reads on the way so far with the query code: the local words of the stages, in this order.
    pub citizen_sees: Option<Vec<String>>,
    /// Parts of what the citizen was told in so many words.
    pub told: Option<Vec<String>>,
    /// How often the case was reworked.
    pub reworks: Option<u64>,
    /// How often somebody was urged.
    pub urges: Option<u64>,
    /// How many other cases it is linked to.
    pub links: Option<usize>,
    /// A record of a common problem on a division's docket.
    pub common_problem: Option<CommonProblem>,
    /// How an allowance on a division's docket stands.
    pub allowance: Option<Allowance>,
}

/// The three facts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Outcome {
    /// 办结: `yes` or `none`.
    pub closed: Option<String>,
    /// 解决: `solved`, `unsolved`, `unreached` or `none`.
    pub solved: Option<String>,
    /// 满意: `yes`, `basically`, `no` or `none`.
    pub satisfied: Option<String>,
}

/// A common problem.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CommonProblem {
    /// On whose docket, by name or code.
    pub division: String,
    /// The kind of the proceeding.
    pub kind: String,
    /// Its state; `none` where there is none.
    pub state: String,
    /// How many cases it gathers.
    #[serde(default)]
    pub cases: Option<usize>,
}

/// An allowance, in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Allowance {
    /// On whose docket, by name or code.
    pub division: String,
    /// What it is for.
    pub kind: String,
    /// What was spent.
    #[serde(default)]
    pub spent_yuan: Option<u64>,
    /// What may still be reserved.
    #[serde(default)]
    pub left_yuan: Option<u64>,
}
