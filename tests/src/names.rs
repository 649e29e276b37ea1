//! From the words of a golden case to codes: units, places, channels and people by name.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use crate::golden::{Golden, Mistake, Step, THE_CASE};
use crate::jurisdiction::{Jurisdiction, Principal};

/// A citizen who gave a name.
pub const CITIZEN: &str = "市民";
/// A citizen who gave none.
pub const ANONYMOUS: &str = "匿名市民";
/// Nobody: time passes.
pub const CLOCK: &str = "时钟";

/// What names mean in one jurisdiction.
#[derive(Debug, Clone)]
pub struct Names {
    jurisdiction: Jurisdiction,
    /// Division codes by name, of the jurisdiction only; several where a name isn't unique.
    places: BTreeMap<String, Vec<String>>,
    codes: BTreeMap<String, String>,
}

/// Who acts in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// The citizen, with the query code.
    Citizen,
    /// Nobody.
    Clock,
    /// An official.
    Official(&'a str),
}

impl Names {
    /// Takes the divisions (`code,name,level,parent` with a header) that lie in the jurisdiction, and those that it brings itself.
    #[must_use]
    pub fn new(jurisdiction: &Jurisdiction, divisions: &str) -> Self {
        let prefix = jurisdiction.division.trim_end_matches("00").to_owned();
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut codes = BTreeMap::new();
        let tables = [divisions, &jurisdiction.divisions, &jurisdiction.grids];
        for row in tables.iter().flat_map(|table| table.lines().skip(1)) {
            let mut cells = row.split(',');
            if let (Some(code), Some(name)) = (cells.next(), cells.next())
                && code.starts_with(&prefix)
            {
                places
                    .entry(name.to_owned())
                    .or_default()
                    .push(code.to_owned());
                codes.insert(code.to_owned(), name.to_owned());
            }
        }
        Self {
            jurisdiction: jurisdiction.clone(),
            places,
            codes,
        }
    }

    /// The identifier of a unit, by name or identifier.
    pub fn unit(&self, name: &str) -> Result<&str> {
        let mut units = self.jurisdiction.units.iter();
        match units.find(|unit| unit.name == name || unit.id == name) {
            Some(unit) => Ok(&unit.id),
            None => bail!("没有单位“{name}”：请核对 units.toml"),
        }
    }

    /// The name of a unit; its identifier where it has none here.
    #[must_use]
    pub fn unit_name<'a>(&'a self, id: &'a str) -> &'a str {
        let mut units = self.jurisdiction.units.iter();
        units
            .find(|unit| unit.id == id)
            .map_or(id, |unit| &unit.name)
    }

    /// The code of a place, by name, by `上级/名称`, or by code.
    pub fn place(&self, name: &str) -> Result<&str> {
        if let Some((code, _)) = self.codes.get_key_value(name) {
            return Ok(code);
        }
        let (above, name) = name
            .rsplit_once('/')
            .map_or((None, name), |(above, name)| (Some(above), name));
        let above = above.map(|above| self.place(above)).transpose()?;
        let inside = |code: &&String| {
            above.is_none_or(|above| code.starts_with(above.trim_end_matches("000")))
        };
        let found: Vec<&String> = self
            .places
            .get(name)
            .into_iter()
            .flatten()
            .filter(inside)
            .collect();
        match found.as_slice() {
            [code] => Ok(code),
            [] => bail!("没有区划“{name}”：请核对名称，或写代码"),
            many => bail!(
                "区划“{name}”有 {} 个：请写成“上级/名称”，或写代码",
                many.len()
            ),
        }
    }

    /// The name of a place; its code where it has none here.
    #[must_use]
    pub fn place_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.codes.get(code).map_or(code, String::as_str)
    }

    /// The code of a channel, by name or code.
    pub fn channel(&self, name: &str) -> Result<&str> {
        let mut channels = self.jurisdiction.channels.iter();
        match channels.find(|channel| channel.name == name || channel.code == name) {
            Some(channel) => Ok(&channel.code),
            None => bail!("没有渠道“{name}”：请核对 channels.toml"),
        }
    }

    /// Who acts: a word for the citizen or the clock, a principal, or a unit's handler.
    pub fn who(&self, name: &str) -> Result<Who<'_>> {
        match name {
            CITIZEN | ANONYMOUS => return Ok(Who::Citizen),
            CLOCK => return Ok(Who::Clock),
            _ => {}
        }
        match self.official(name) {
            Some(principal) => Ok(Who::Official(&principal.token)),
            None => bail!(
                "没有人员“{name}”：请写 principals.toml 里的姓名、单位名、{CITIZEN}、{ANONYMOUS} 或 {CLOCK}"
            ),
        }
    }

    /// The official who acts under a name.
    #[must_use]
    pub fn official(&self, name: &str) -> Option<&Principal> {
        let mut principals = self.jurisdiction.principals.iter();
        principals
            .find(|principal| principal.name == name)
            .or_else(|| self.handler(self.unit(name).ok()?))
    }

    /// The one who handles a unit's cases.
    #[must_use]
    pub fn handler(&self, unit: &str) -> Option<&Principal> {
        let mut principals = self.jurisdiction.principals.iter();
        principals.find(|p| p.role == "unit-handler" && p.unit.as_deref() == Some(unit))
    }

    /// Checks every name of a golden case, so that a misspelt one is found before anything is played.
    ///
    /// # Errors
    /// The first name that nobody has, with file and line.
    pub fn check(&self, golden: &Golden) -> Result<(), Mistake> {
        let mut registered: Vec<&str> = Vec::new();
        for step in &golden.steps {
            self.check_step(step)
                .map_err(|error| golden.mistake(step.line, error.to_string()))?;
            if matches!(step.act.as_str(), "register" | "receive") {
                registered.push(&step.case);
            } else if step.on.is_none() && !registered.contains(&step.case.as_str()) {
                let reason = format!("“{}”还没有登记", step.case);
                return Err(golden.mistake(step.line, reason));
            }
            for field in ["into"] {
                if let Some(other) = step.text(field)
                    && !registered.contains(&other)
                {
                    return Err(golden.mistake(step.line, format!("“{other}”还没有登记")));
                }
            }
        }
        Ok(())
    }

    fn check_step(&self, step: &Step) -> Result<()> {
        self.who(&step.by)?;
        let expect = &step.expect;
        let units = [
            "lead",
            "unit",
            "addressee",
            "first-receiver",
            "accused",
            "grantee",
        ];
        let units = units
            .into_iter()
            .filter_map(|field| step.text(field))
            .chain(step.texts("assists"))
            .chain(step.texts("addressees"));
        let docket = |name: &&String| name.as_str() != THE_CASE;
        let expected = expect.lead.iter().chain(expect.assists.iter().flatten());
        let expected = expected.chain(expect.supervises.iter().flatten());
        let expected = expected
            .chain(expect.warnings.keys())
            .chain(expect.addressed.keys())
            .chain(expect.waits.keys().filter(docket));
        for name in units.chain(expected.map(String::as_str)) {
            self.unit(name)?;
        }
        if let Some(name) = &step.on
            && self.unit(name).is_err()
            && self.place(name).is_err()
        {
            bail!("没有单位或区划“{name}”：请核对 units.toml 和区划名称");
        }
        let places = ["place", "to", "scope"]
            .into_iter()
            .filter_map(|field| step.text(field));
        let common = expect
            .common_problem
            .as_ref()
            .map(|common| common.division.as_str());
        let allowance = expect.allowance.as_ref().map(|own| own.division.as_str());
        let divisions = common.into_iter().chain(allowance);
        for name in places.chain(expect.level.as_deref()).chain(divisions) {
            self.place(name)?;
        }
        step.text("channel")
            .map(|name| self.channel(name))
            .transpose()?;
        Ok(())
    }
}
