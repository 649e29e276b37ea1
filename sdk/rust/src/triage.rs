//! The hook `triage`: take it? Who, how fast, or a person first?

use crate::bindings::triage::exports::fengqiao::triage::triage as contract;
pub use crate::bindings::triage::exports::fengqiao::triage::triage::{
    Acceptance, Appointment, Limit, Need, Outcome as Answer, ResultOwed,
};
use crate::case::{AssignmentRole, Case};
use crate::export::{Adapter, call};
use crate::plugin::{Plugin, PluginError};
use crate::profile::{Mark, Provenance};
use crate::role::Role;

/// Routes cases. The nearest division's plugins are asked first; the first that doesn't pass decides.
pub trait Triage: Plugin {
    /// Answers about one case.
    ///
    /// # Errors
    /// The next plugin is asked, and at the end a person decides.
    fn triage(config: &Self::Config, case: &Case) -> Result<Answer, PluginError> {
        let _ = (config, case);
        Ok(Answer::Pass)
    }
}

impl Answer {
    /// A person decides first: at the desk of a division, in a role; `because` names the rule.
    pub fn need_human(desk: &str, role: Role, because: &str) -> Self {
        Self::NeedHuman(Need {
            desk: desk.to_owned(),
            role: role.as_str().to_owned(),
            because: because.to_owned(),
        })
    }
}

impl From<Acceptance> for Answer {
    fn from(acceptance: Acceptance) -> Self {
        Self::Accept(acceptance)
    }
}

impl Acceptance {
    /// This unit leads. Say also [`because`](Self::because) of which rule.
    pub fn lead(unit: &str) -> Self {
        Self {
            lead: unit.to_owned(),
            others: Vec::new(),
            clocks: Vec::new(),
            flags: Vec::new(),
            level: None,
            because: "triage".to_owned(),
        }
    }

    /// The rule that decided, as a stable code.
    #[must_use]
    pub fn because(mut self, rule: &str) -> Self {
        rule.clone_into(&mut self.because);
        self
    }

    /// This unit assists, and owes a result.
    #[must_use]
    pub fn assist(self, unit: &str) -> Self {
        self.with(unit, AssignmentRole::Assist, ResultOwed::Owed)
    }

    /// This unit supervises.
    #[must_use]
    pub fn supervise(self, unit: &str) -> Self {
        self.with(unit, AssignmentRole::Supervise, ResultOwed::NotOwed)
    }

    /// This unit is told.
    #[must_use]
    pub fn inform(self, unit: &str) -> Self {
        self.with(unit, AssignmentRole::Inform, ResultOwed::NotOwed)
    }

    /// A clock is shortened to `spec`, such as `5wd`; one that is shorter already stays.
    #[must_use]
    pub fn limit(mut self, clock: &str, spec: &str, provenance: Provenance) -> Self {
        self.clocks.push(Limit {
            name: clock.to_owned(),
            spec: spec.to_owned(),
            provenance: contract::Provenance {
                mark: match provenance.mark {
                    Mark::Stated => contract::Mark::Stated,
                    Mark::Law => contract::Mark::Law,
                    Mark::Elsewhere => contract::Mark::Elsewhere,
                    Mark::Assumed => contract::Mark::Assumed,
                },
                source: provenance.source,
                confirmed: provenance.confirmed,
            },
        });
        self
    }

    /// A fact for later rules.
    #[must_use]
    pub fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.to_owned());
        self
    }

    /// The division that handles it, where it isn't the place's own: the place's, or one above it.
    #[must_use]
    pub fn at_level(mut self, division: &str) -> Self {
        self.level = Some(division.to_owned());
        self
    }

    fn with(mut self, unit: &str, role: AssignmentRole, result: ResultOwed) -> Self {
        self.others.push(Appointment {
            unit: unit.to_owned(),
            role,
            result,
        });
        self
    }
}

impl<P: Triage> contract::Guest for Adapter<P> {
    fn triage(config: String, case: Case) -> Result<contract::Answer, PluginError> {
        let outcome = call::<P, _>(&config, |config| P::triage(config, &case))?;
        Ok(contract::Answer {
            outcome,
            ext: Vec::new(),
        })
    }
}
