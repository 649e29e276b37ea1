//! The same decision as a guest of extism: JSON in, JSON out, the table in its code.

#![allow(
    unsafe_code,
    reason = "the peer's macro exports its function by an unmangled name"
)]

use extism_pdk::{Error, FnResult, Json, plugin_fn};
use serde::{Deserialize, Serialize};

/// What it needs of the case; the rest is skipped over.
#[derive(Deserialize)]
struct Case {
    place: Place,
    matter: Matter,
}

#[derive(Deserialize)]
struct Place {
    path: Vec<String>,
}

#[derive(Deserialize)]
struct Matter {
    category: String,
}

#[derive(Serialize)]
struct Answer {
    lead: String,
    assists: Vec<String>,
    limit: String,
}

#[plugin_fn]
pub fn triage(Json(case): Json<Case>) -> FnResult<Json<Answer>> {
    let found = bench_table::decide(&case.matter.category, &case.place.path);
    let answer = found.ok_or_else(|| Error::msg("no row"))?;
    Ok(Json(Answer {
        lead: answer.lead,
        assists: answer.assists,
        limit: answer.limit,
    }))
}
