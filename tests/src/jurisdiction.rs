//! A jurisdiction's folder: bindings, divisions, units, grids, catalogues, registers, principals, channels and golden cases.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use serde::Deserialize;

use crate::files;
use crate::golden::{self, Golden};
use crate::month::Month;

/// Everything that one folder of a jurisdiction says.
#[derive(Debug, Clone)]
pub struct Jurisdiction {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// What people call it.
    pub title: String,
    /// The division that it is about.
    pub division: String,
    /// What binds which mechanism where.
    pub bindings: Vec<Binding>,
    /// Its units.
    pub units: Vec<Unit>,
    /// The text of `units.toml`, as it is uploaded.
    pub units_toml: String,
    /// The text of `divisions.csv`: the district and what lies below and above it; empty where the common table holds them.
    pub divisions: String,
    /// The text of `grids.csv`; empty where there is none.
    pub grids: String,
    /// Catalogues by name, as TOML text.
    pub catalogues: Vec<(String, String)>,
    /// Registers by file name, `kind.csv` or `kind.toml`, as text.
    pub registers: Vec<(String, String)>,
    /// How it counts, as it is uploaded; nothing where it says nothing about that.
    pub counting: Option<serde_json::Value>,
    /// Who acts in the demonstration.
    pub principals: Vec<Principal>,
    /// Ways by which matters come in.
    pub channels: Vec<Channel>,
    /// Its golden cases, by file name.
    pub cases: Vec<Golden>,
    /// Its golden months.
    pub months: Vec<Month>,
}

/// A mechanism in force for a division.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Binding {
    /// Its name.
    pub id: String,
    /// The mechanism.
    pub plugin: String,
    /// Where it is in force.
    pub division: String,
    /// Its place among those of the same division.
    pub order: u32,
    /// The channel that it reads.
    #[serde(default)]
    pub channel: Option<String>,
    /// What the mechanism is told about the place.
    #[serde(default)]
    pub config: toml::Table,
}

/// A unit, as far as the player needs to know it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "the fields of a unit are documented where the kernel reads them"
)]
pub struct Unit {
    pub id: String,
    pub name: String,
    pub division: String,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub portfolios: Vec<String>,
    #[serde(default)]
    pub parent: Option<String>,
    #[serde(default)]
    pub business_parent: Option<String>,
}

/// Somebody of the demonstration, with a token that is public.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Principal {
    /// The name.
    pub name: String,
    /// The bearer token.
    pub token: String,
    /// The role.
    pub role: String,
    /// How far it reaches.
    pub division: String,
    /// The unit, where the role belongs to one.
    #[serde(default)]
    pub unit: Option<String>,
    /// The linked platform that it is the account of.
    #[serde(default)]
    pub platform: Option<String>,
}

/// A way by which matters come in.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Channel {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// `online`, `counter` or `visit`.
    pub kind: String,
    /// Where the article names it.
    pub source: String,
}

impl Jurisdiction {
    /// Reads a folder whole.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line.
    pub fn load(folder: &Path) -> Result<Self> {
        let head: Head = toml_at(&folder.join("jurisdiction.toml"))?;
        let day_one: Date = head.jurisdiction.day_one.parse().with_context(|| {
            format!(
                "{}：day-one 不是日期",
                folder.join("jurisdiction.toml").display()
            )
        })?;
        let units_toml = files::text(&folder.join("units.toml"))?;
        let units: UnitsFile = parse(&folder.join("units.toml"), &units_toml)?;
        let principals: PrincipalsFile = toml_at(&folder.join("principals.toml"))?;
        let channels: ChannelsFile = toml_at(&folder.join("channels.toml"))?;
        let mut catalogues = Vec::new();
        for path in files::listed(&folder.join("catalogues"), "toml")? {
            catalogues.push((stem(&path), files::text(&path)?));
        }
        let mut registers = Vec::new();
        for extension in ["csv", "toml"] {
            for path in files::listed(&folder.join("registers"), extension)? {
                registers.push((format!("{}.{extension}", stem(&path)), files::text(&path)?));
            }
        }
        registers.sort();
        let mut cases = Vec::new();
        for path in files::listed(&folder.join("cases"), "toml")? {
            let text = files::text(&path)?;
            cases.push(golden::read(&path.display().to_string(), &text, day_one)?);
        }
        let loaded = Self {
            name: stem(folder),
            folder: folder.to_owned(),
            title: head.jurisdiction.title,
            division: head.jurisdiction.division,
            bindings: head.bindings,
            units: units.units,
            units_toml,
            divisions: if_there(&folder.join("divisions.csv"))?,
            grids: if_there(&folder.join("grids.csv"))?,
            catalogues,
            registers,
            counting: counting(&folder.join("counting.toml"))?,
            principals: principals.principals,
            channels: channels.channels,
            cases,
            months: Month::all(folder)?,
        };
        loaded.check()?;
        Ok(loaded)
    }

    /// Every jurisdiction of a folder, by name.
    ///
    /// # Errors
    /// The first folder that doesn't load.
    pub fn load_all(folder: &Path) -> Result<Vec<Self>> {
        let folders = files::folders_with(folder, "jurisdiction.toml")?;
        folders.iter().map(|folder| Self::load(folder)).collect()
    }

    /// A message as its sender sends it, from a file of the folder.
    ///
    /// # Errors
    /// There is no such file.
    pub fn payload(&self, file: &str) -> Result<Vec<u8>> {
        files::bytes(&self.folder.join(file))
    }

    /// The first principal in a role that reaches over the whole jurisdiction.
    #[must_use]
    pub fn principal(&self, role: &str) -> Option<&Principal> {
        let mut found = self.principals.iter();
        found.find(|principal| principal.role == role && principal.division == self.division)
    }

    fn check(&self) -> Result<()> {
        for role in ["system-admin", "publisher", "adapter", "dispatcher"] {
            ensure!(
                self.principal(role).is_some(),
                "{}/principals.toml：缺少辖区为 {} 的 {role}",
                self.folder.display(),
                self.division
            );
        }
        for channel in self.bindings.iter().filter_map(|own| own.channel.as_ref()) {
            ensure!(
                self.channels.iter().any(|known| known.code == *channel),
                "{}/jurisdiction.toml：渠道 {channel} 不在 channels.toml 中",
                self.folder.display()
            );
        }
        for principal in &self.principals {
            let known = |id: &String| self.units.iter().any(|unit| unit.id == *id);
            ensure!(
                principal.unit.as_ref().is_none_or(known),
                "{}/principals.toml：{} 的单位不存在",
                self.folder.display(),
                principal.name
            );
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    jurisdiction: About,
    #[serde(default, rename = "binding")]
    bindings: Vec<Binding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct About {
    title: String,
    division: String,
    #[serde(rename = "source")]
    _source: String,
    day_one: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitsFile {
    #[serde(default, rename = "unit")]
    units: Vec<Unit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrincipalsFile {
    #[serde(default, rename = "principal")]
    principals: Vec<Principal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelsFile {
    #[serde(default, rename = "channel")]
    channels: Vec<Channel>,
}

fn toml_at<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    parse(path, &files::text(path)?)
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        anyhow::anyhow!("{}:{line}：{}", path.display(), error.message())
    })
}

fn counting(path: &Path) -> Result<Option<serde_json::Value>> {
    match files::exists(path) {
        true => toml_at(path).map(Some),
        false => Ok(None),
    }
}

fn if_there(path: &Path) -> Result<String> {
    if files::exists(path) {
        files::text(path)
    } else {
        Ok(String::new())
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
