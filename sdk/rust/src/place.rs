//! Inputs that came after the contract's first version: the stations near a case, and whether somebody in it is on a care list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::plugin::PluginError;

/// What is near the point of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearby {
    /// The nearest stations first, at most ten within five kilometres.
    pub stations: Vec<Station>,
    /// Of each service that the jurisdiction's catalogue `station-services` names: whether a station that offers it is
    /// within the radius that stands there.
    pub covered: BTreeMap<String, bool>,
}

/// A service station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// Its identifier.
    pub id: String,
    /// Its kind, a word of the jurisdiction.
    pub kind: String,
    /// Its division.
    pub division: String,
    /// The unit that runs it.
    #[serde(default)]
    pub unit: Option<String>,
    /// Its services.
    pub services: Vec<String>,
    /// How far it is in metres, rounded up.
    pub metres: u32,
}

impl Nearby {
    /// The nearest station with a service.
    pub fn nearest(&self, service: &str) -> Option<&Station> {
        let mut stations = self.stations.iter();
        stations.find(|station| station.services.iter().any(|own| own == service))
    }

    /// The services that have no station within their radius.
    pub fn gaps(&self) -> impl Iterator<Item = &str> {
        let gaps = self.covered.iter().filter(|(_, covered)| !**covered);
        gaps.map(|(service, _)| service.as_str())
    }
}

impl Case {
    /// The stations nearest to the case's point; none where the point isn't known or the jurisdiction has no stations.
    ///
    /// # Errors
    /// The manifest doesn't declare `nearby` for this hook.
    pub fn nearby(&self) -> Result<Option<Nearby>, PluginError> {
        self.later("nearby")
    }

    /// Whether somebody in the case is on a care list of its county; of a guarded case, somebody beside who reports it.
    ///
    /// # Errors
    /// The manifest doesn't declare `care` for this hook.
    pub fn is_in_care(&self) -> Result<bool, PluginError> {
        self.later("care")
    }

    fn later<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, PluginError> {
        let found = self.ext.iter().find(|(own, _)| own == name);
        let (_, json) = crate::case::given(found, name)?;
        serde_json::from_str(json).map_err(PluginError::bad_input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn nearby() -> Nearby {
        let station = |id: &str, service: &str, metres| Station {
            id: id.to_owned(),
            kind: "site".to_owned(),
            division: "990101001000".to_owned(),
            unit: None,
            services: vec![service.to_owned()],
            metres,
        };
        Nearby {
            stations: vec![station("a", "law", 80), station("b", "mind", 900)],
            covered: [("law".to_owned(), true), ("mind".to_owned(), false)].into(),
        }
    }

    #[test]
    fn a_case_without_the_declaration_says_which_is_missing() {
        let error = testing::case().nearby().unwrap_err().to_string();
        assert!(error.contains("`nearby`"), "{error}");
        assert!(testing::case().is_in_care().is_err());
    }

    #[test]
    fn what_is_near_is_read_as_the_kernel_writes_it() {
        let mut case = testing::case();
        case.ext = vec![testing::nearby(Some(&nearby())), testing::care(true)];
        let near = case.nearby().unwrap().unwrap();
        assert_eq!(
            near.nearest("mind").map(|station| station.metres),
            Some(900)
        );
        assert_eq!(near.nearest("appeal"), None);
        assert_eq!(near.gaps().collect::<Vec<_>>(), ["mind"]);
        assert_eq!(case.is_in_care(), Ok(true));
    }

    #[test]
    fn a_case_without_a_point_has_nothing_near() {
        let mut case = testing::case();
        case.ext = vec![testing::nearby(None), testing::care(false)];
        assert_eq!(case.nearby(), Ok(None));
        assert_eq!(case.is_in_care(), Ok(false));
    }
}
