//! The declared input `nearby`: the stations around a case's point and what covers it, as the kernel worked them out.

use std::collections::BTreeMap;

use fengqiao_sdk::prelude::*;

/// The name of the input.
const NEARBY: &str = "nearby";

/// What is around a point. The radius of each service is the kernel's business: here it is covered, or it isn't.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Nearby {
    /// The nearest first.
    pub(crate) stations: Vec<Station>,
    /// By service, whether a station within its radius offers it.
    pub(crate) covered: BTreeMap<String, bool>,
}

/// One station.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Station {
    /// The unit that runs it; none where nobody handles cases there.
    #[serde(default)]
    pub(crate) unit: Option<String>,
    /// What it offers.
    pub(crate) services: Vec<String>,
}

impl Nearby {
    /// What the kernel says of a case; nothing where its point isn't known.
    pub(crate) fn of(case: &Case) -> Result<Option<Self>, PluginError> {
        let Some((_, document)) = case.ext.iter().find(|(name, _)| name == NEARBY) else {
            return Ok(None);
        };
        serde_json::from_str(document)
            .map(Some)
            .map_err(|error| PluginError::bad_input(format!("`{NEARBY}`：{error}")))
    }

    /// The unit of the nearest station that offers a service, where the point is covered by it.
    pub(crate) fn unit_for(&self, service: &str) -> Option<&str> {
        if self.covered.get(service) != Some(&true) {
            return None;
        }
        let offers = |station: &&Station| station.services.iter().any(|own| own == service);
        self.stations.iter().find(offers)?.unit.as_deref()
    }

    /// Whether a service is one of the circle's, and no station within its radius offers it.
    pub(crate) fn lacks(&self, service: &str) -> bool {
        self.covered.get(service) == Some(&false)
    }
}
