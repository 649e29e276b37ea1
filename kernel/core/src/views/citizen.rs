//! What the citizen sees: every step, every deadline and why, every reply; never how the offices talk to each other.

use jiff::Timestamp;
use serde::Serialize;

use super::accused::is_accused;
use super::lines::{self, Statement};
use super::timeline::Reader;
use super::{Sheet, Summary, words};
use crate::command::Naming;
use crate::ids::{Code, PrincipalId};
use crate::matter::{PartyRole, Protection};
use crate::stage::StageName;

/// How the citizen shows whose case it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof<'a> {
    /// They handed over the query code, which the caller compared with its hash.
    QueryCode,
    /// They are signed in.
    SignedIn(&'a PrincipalId),
}

/// A case as its citizen sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct CitizenView {
    /// The case.
    #[serde(flatten)]
    pub summary: Summary,
    /// Whether a name was given.
    pub naming: Naming,
    /// How closely the citizen is guarded.
    pub protection: Protection,
    /// The answers, oldest first.
    pub replies: Vec<ReplyLine>,
    /// The grades to choose from; empty where there is nothing to rate now.
    pub grades: Vec<(Code, String)>,
    /// What the stage means and what comes next, in the profile's words.
    pub notice: Option<String>,
}

/// An answer to the citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ReplyLine {
    /// When.
    pub at: Timestamp,
    /// The words; none for a waiver.
    pub text: Option<String>,
}

/// The case for its reporter or a representative; nothing for anybody else, and never for somebody accused in it.
pub fn view(sheet: &Sheet<'_>, proof: Proof<'_>) -> Option<CitizenView> {
    let case = sheet.case;
    if let Proof::SignedIn(principal) = proof {
        let own = case.parties.iter().any(|party| {
            matches!(party.role, PartyRole::Reporter | PartyRole::Representative)
                && party.principal.as_ref() == Some(principal)
        });
        if !own || is_accused(case, Some(principal), None) {
            return None;
        }
    }
    let stage = case.stage.name();
    let key = format!("stage.{}", stage.as_str());
    let notice = Code::parse(&key)
        .ok()
        .and_then(|code| sheet.rules.notices.get(&code))
        .map(|text| text.replace("{number}", case.id.as_str()));
    Some(CitizenView {
        summary: lines::summary(sheet, Reader::Citizen, Statement::Whole),
        naming: case.naming,
        protection: case.protection,
        replies: case
            .replies
            .iter()
            .map(|reply| ReplyLine {
                at: reply.at,
                text: reply.text.as_ref().and_then(|text| sheet.text(text)),
            })
            .collect(),
        grades: grades(sheet, stage),
        notice,
    })
}

fn grades(sheet: &Sheet<'_>, stage: StageName) -> Vec<(Code, String)> {
    let ratable = matches!(stage, StageName::Replied | StageName::Closed)
        && sheet.case.outcome.satisfied.is_none();
    let scale = sheet.rules.rating.as_ref().filter(|_| ratable);
    scale
        .iter()
        .flat_map(|scale| &scale.grades)
        .map(|grade| {
            let key = format!("grade.{}", grade.code);
            let label = words::label(sheet.rules, &key, &grade.label);
            (grade.code.clone(), label)
        })
        .collect()
}
