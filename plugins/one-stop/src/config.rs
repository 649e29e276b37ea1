//! What a place sets.

use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, LocalRules, Mover, Provenance};

/// The whole configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) centre: Centre,
    /// Tables (category, item) → lead, tier, whom to whistle for, papers, flags; the first that knows an item is followed.
    pub(crate) catalogues: Vec<String>,
    /// What stands between category and item in a matter's category.
    #[serde(default = "slash")]
    pub(crate) separator: String,
    pub(crate) intake: Intake,
    pub(crate) papers: Papers,
    pub(crate) residency: Residency,
    pub(crate) spot: Spot,
    #[serde(default)]
    pub(crate) whistle: Option<Whistle>,
    #[serde(default)]
    pub(crate) hard: Option<Hard>,
    #[serde(default)]
    pub(crate) hand_over: Option<HandOver>,
    #[serde(default)]
    pub(crate) appointment: Option<Appointment>,
    #[serde(default)]
    pub(crate) emergency: Option<Emergency>,
    #[serde(default)]
    pub(crate) profile: LocalRules,
}

fn slash() -> String {
    "/".to_owned()
}

/// The centre itself: its unit, and who works at its desk.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Centre {
    pub(crate) unit: String,
    pub(crate) role: Role,
}

/// The form on which a clerk only ticks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Intake {
    pub(crate) form: String,
    pub(crate) title: String,
    /// How many boxes it has, and how many may be ticked.
    pub(crate) at_most: Count,
    /// Each box: the mark that it sets, and its words.
    pub(crate) ticks: Vec<(String, String)>,
}

/// A number with where it comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Count {
    pub(crate) value: u32,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// Whether the papers that an item takes are complete.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Papers {
    /// The mark of a matter whose papers are.
    pub(crate) mark: String,
    /// The fact of one whose papers aren't.
    pub(crate) flag: String,
    /// Who tells the citizen at once what is missing.
    pub(crate) told_by: Role,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// How units are at the centre.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Residency {
    /// The table unit → mode, days.
    pub(crate) catalogue: String,
    /// The modes; of units alike, the one with the earlier mode is asked first.
    #[serde(rename = "mode")]
    pub(crate) modes: Vec<Mode>,
}

/// A local word for a way to be at the centre.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Mode {
    pub(crate) word: String,
    pub(crate) presence: Presence,
    /// Until when a unit on call is there.
    #[serde(default)]
    pub(crate) clock: Option<ClockRule>,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// What a mode means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Presence {
    /// Always there.
    Present,
    /// There on its days, by appointment on the others.
    ByShift,
    /// Comes when it is called.
    OnCall,
    /// Comes when it was agreed on.
    ByAppointment,
    /// Never comes: the citizen is taken there.
    Guided,
}

/// What is done while the citizen waits.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Spot {
    pub(crate) flag: String,
    pub(crate) clocks: Vec<Limit>,
}

/// The order by which a town or a department is called to the centre.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Whistle {
    /// The kind of the proceeding.
    pub(crate) kind: String,
    pub(crate) flag: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// What the centre itself takes, to talk it over with everybody.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Hard {
    pub(crate) marks: Vec<String>,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// Whoever was asked first is responsible until somebody takes the case over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct HandOver {
    pub(crate) kind: String,
    pub(crate) label: String,
    pub(crate) flag: String,
    /// Until when the other unit answers.
    pub(crate) clock: ClockRule,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

/// A date on which a unit comes to the centre.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Appointment {
    pub(crate) kind: String,
    pub(crate) label: String,
    /// Who fixes the date, beside the unit.
    pub(crate) fix_by: Vec<Mover>,
    /// Until when there is a date.
    pub(crate) fix: ClockRule,
    /// Until when the unit has come, from when the date was fixed; no date lies later.
    pub(crate) keep: ClockRule,
    /// How often a date may be changed; never, where the place doesn't say.
    #[serde(default)]
    pub(crate) changes: Option<Count>,
}

/// Where an emergency is sent at once.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Emergency {
    pub(crate) mark: String,
    pub(crate) route: String,
    #[serde(rename = "provenance")]
    _provenance: Provenance,
}

impl Config {
    /// What the schema can't say: the form has no more boxes than may be ticked, and whoever is on call has a clock.
    pub(crate) fn check(&self) -> Result<(), PluginError> {
        let boxes = u32::try_from(self.intake.ticks.len()).unwrap_or(u32::MAX);
        let most = self.intake.at_most.value;
        if boxes > most {
            return Err(PluginError::bad_config(format!(
                "勾选表有 {boxes} 项，超过 at-most 的 {most} 项：请删减勾选项"
            )));
        }
        let mut modes = self.residency.modes.iter();
        match modes.find(|mode| mode.presence == Presence::OnCall && mode.clock.is_none()) {
            Some(mode) => Err(PluginError::bad_config(format!(
                "“{}”须写明多久到中心：请填写 clock",
                mode.word
            ))),
            None => Ok(()),
        }
    }

    /// The division whose desk is the centre's.
    pub(crate) fn desk(&self, place: &Place) -> Result<String, PluginError> {
        let centre = directory::unit(&self.centre.unit)?;
        Ok(centre.map_or_else(|| place.handled_by.clone(), |unit| unit.division))
    }
}
