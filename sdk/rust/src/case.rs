//! A case as a plugin sees it: masked, and only the groups that its manifest declares.

pub use crate::bindings::shared::fengqiao::types::snapshot::{
    Assignment, Clock, History, Matter, Party, Place, Proceeding, Snapshot as Case, Source,
};
pub use crate::bindings::shared::fengqiao::types::values::{
    AssignmentRole, AssignmentState, ClockState, Level, Point, ProceedingEnd, Stage, Subject,
};
use crate::plugin::PluginError;

impl Case {
    /// Where.
    ///
    /// # Errors
    /// This and the other groups: it was withheld, because the manifest doesn't declare it for this hook.
    pub fn place(&self) -> Result<&Place, PluginError> {
        given(self.place.as_ref(), "place")
    }

    /// What.
    ///
    /// # Errors
    /// As for [`Case::place`].
    pub fn matter(&self) -> Result<&Matter, PluginError> {
        given(self.matter.as_ref(), "matter")
    }

    /// Who, without names.
    ///
    /// # Errors
    /// As for [`Case::place`].
    pub fn parties(&self) -> Result<&[Party], PluginError> {
        given(self.parties.as_deref(), "parties")
    }

    /// Through which channel, received by whom.
    ///
    /// # Errors
    /// As for [`Case::place`].
    pub fn source(&self) -> Result<&Source, PluginError> {
        given(self.source.as_ref(), "source")
    }

    /// What happened so far.
    ///
    /// # Errors
    /// As for [`Case::place`].
    pub fn history(&self) -> Result<&History, PluginError> {
        given(self.history.as_ref(), "history")
    }

    /// Which units have which parts.
    ///
    /// # Errors
    /// As for [`Case::place`].
    pub fn assignments(&self) -> Result<&[Assignment], PluginError> {
        given(self.assignments.as_deref(), "assignments")
    }

    /// Which clocks run or ran out.
    ///
    /// # Errors
    /// As for [`Case::place`].
    pub fn clocks(&self) -> Result<&[Clock], PluginError> {
        given(self.clocks.as_deref(), "clocks")
    }

    /// Which proceedings run or ended.
    ///
    /// # Errors
    /// As for [`Case::place`].
    pub fn proceedings(&self) -> Result<&[Proceeding], PluginError> {
        given(self.proceedings.as_deref(), "proceedings")
    }

    /// The unit that leads now; none before the dispatch.
    ///
    /// # Errors
    /// The group `assignments` was withheld.
    pub fn lead(&self) -> Result<Option<&str>, PluginError> {
        let lead = self.assignments()?.iter().find(|assignment| {
            assignment.role == AssignmentRole::Lead && assignment.state == AssignmentState::Active
        });
        Ok(lead.map(|assignment| assignment.unit.as_str()))
    }

    /// The proceeding with this number.
    ///
    /// # Errors
    /// The group `proceedings` was withheld.
    pub fn proceeding(&self, id: u32) -> Result<Option<&Proceeding>, PluginError> {
        Ok(self.proceedings()?.iter().find(|p| p.id == id))
    }

    /// The clock with this number.
    ///
    /// # Errors
    /// The group `clocks` was withheld.
    pub fn clock(&self, id: u32) -> Result<Option<&Clock>, PluginError> {
        Ok(self.clocks()?.iter().find(|clock| clock.id == id))
    }
}

impl Matter {
    /// Whether a receiver ticked this fact.
    pub fn is_marked(&self, mark: &str) -> bool {
        self.marks.iter().any(|own| own == mark)
    }

    /// Whether it is of this category.
    pub fn is_of(&self, category: &str) -> bool {
        self.category.as_deref() == Some(category)
    }

    /// Whether there is evidence of this kind: `photo`, `video`, `audio`, `document`.
    pub fn has_evidence(&self, media: &str) -> bool {
        self.evidence.iter().any(|own| own == media)
    }
}

impl Place {
    /// The division of a level that the place is or lies in.
    pub fn at(&self, level: Level) -> Option<&str> {
        let mut path = self.path.iter().map(String::as_str);
        path.find(|code| level_of(code) == level)
    }
}

impl History {
    /// Whether a rule set this fact.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|own| own == flag)
    }

    /// How many cases one of the manifest's queries found; none where it has no such query.
    pub fn related(&self, query: &str) -> Option<u64> {
        count(&self.related, query)
    }
}

impl Proceeding {
    /// What was filled in for a field.
    pub fn field(&self, code: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(own, _)| own == code)?;
        Some(value)
    }

    /// Whether it hasn't ended.
    pub fn is_open(&self) -> bool {
        self.end == ProceedingEnd::Open
    }
}

/// The level of a division, read from its code: 12 digits with trailing zeros, 15 for a grid.
pub fn level_of(code: &str) -> Level {
    let zeros = |from: usize| code.bytes().skip(from).all(|digit| digit == b'0');
    if code.len() > 12 {
        Level::Grid
    } else if zeros(2) {
        Level::Province
    } else if zeros(4) {
        Level::Prefecture
    } else if zeros(6) {
        Level::County
    } else if zeros(9) {
        Level::Township
    } else {
        Level::Village
    }
}

pub(crate) fn count(counts: &[(String, u64)], code: &str) -> Option<u64> {
    let (_, count) = counts.iter().find(|(own, _)| own == code)?;
    Some(*count)
}

pub(crate) fn given<T>(group: Option<T>, name: &str) -> Result<T, PluginError> {
    group.ok_or_else(|| {
        PluginError::bad_input(format!(
            "没有输入组 `{name}`：请在 plugin.toml 的 inputs 中为该扩展点声明"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_withheld_group_is_an_error_that_names_it() {
        let mut case = testing::case();
        case.matter = None;
        let error = case.matter().unwrap_err().to_string();
        assert!(error.contains("`matter`"), "{error}");
    }

    #[test]
    fn the_lead_is_the_active_one() {
        let mut case = testing::case();
        assert_eq!(case.lead(), Ok(None));
        let mut replaced = testing::assignment(1, "u1", AssignmentRole::Lead);
        replaced.state = AssignmentState::Replaced;
        let assist = testing::assignment(2, "u2", AssignmentRole::Assist);
        let lead = testing::assignment(3, "u3", AssignmentRole::Lead);
        case.assignments = Some(vec![replaced, assist, lead]);
        assert_eq!(case.lead(), Ok(Some("u3")));
    }

    #[test]
    fn a_place_knows_the_divisions_it_lies_in() {
        let place = testing::place("990101001001");
        assert_eq!(place.at(Level::Township), Some("990101001000"));
        assert_eq!(place.at(Level::County), Some("990101000000"));
        assert_eq!(place.at(Level::Grid), None);
    }

    #[test]
    fn a_level_is_read_from_the_digits() {
        let levels = [
            ("990000000000", Level::Province),
            ("990100000000", Level::Prefecture),
            ("990101000000", Level::County),
            ("990101001000", Level::Township),
            ("990101001001", Level::Village),
            ("990101001001001", Level::Grid),
        ];
        for (code, level) in levels {
            assert_eq!(level_of(code), level, "{code}");
        }
    }
}
