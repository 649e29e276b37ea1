//! Which of the two ways of approval holds: what makes a matter complex, and that no order takes the other way.

use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;

use crate::config::{ComplexIf, Config, Paths};
use crate::graph::{ISSUE_COMPLEX, ISSUE_SIMPLE};

const FEN_A_YUAN: u64 = 100;

/// The way that holds for a case.
pub(crate) fn way(paths: &Paths, case: &Case) -> Result<&'static str, PluginError> {
    Ok(if reasons(&paths.complex_if, case)?.is_empty() {
        ISSUE_SIMPLE
    } else {
        ISSUE_COMPLEX
    })
}

/// An order is approved on the way that holds for its matter, and on no other.
pub(crate) fn may_take(
    config: &Config,
    case: &Case,
    wanted: &Move,
) -> Result<Option<Verdict>, PluginError> {
    let Some(paths) = &config.paths else {
        return Ok(None);
    };
    let asks = |step: &str| wanted.is(&format!("{}/{step}", config.kind));
    if !asks(ISSUE_SIMPLE) && !asks(ISSUE_COMPLEX) {
        return Ok(None);
    }
    let reasons = reasons(&paths.complex_if, case)?;
    if asks(ISSUE_SIMPLE) && !reasons.is_empty() {
        let text = format!(
            "属复杂事项（{}），须走复杂事项的审批：请改报复杂事项审批人",
            reasons.join("、")
        );
        return Ok(Some(Verdict::refuse("complex-matter", &text)));
    }
    if asks(ISSUE_COMPLEX) && reasons.is_empty() {
        return Ok(Some(Verdict::refuse(
            "simple-matter",
            "属简单事项，不必报上级平台：请走简单事项的审批；确属复杂的，请先打上相应标记",
        )));
    }
    Ok(None)
}

/// Why a matter is complex, in words for whoever asks; empty for a simple one.
fn reasons(rule: &ComplexIf, case: &Case) -> Result<Vec<String>, PluginError> {
    let (matter, history) = (case.matter()?, case.history()?);
    let departments = u64::try_from(matter.portfolios.len()).unwrap_or(u64::MAX);
    let yuan = matter.amount_fen.unwrap_or(0) / FEN_A_YUAN;
    let counted = [
        reached(rule.people.as_ref(), u64::from(matter.people), "涉及", "人"),
        reached(rule.amount_yuan.as_ref(), yuan, "涉案", "元"),
        reached(rule.departments.as_ref(), departments, "涉及", "个部门"),
    ];
    let marked = rule
        .marks
        .iter()
        .filter(|marked| matter.is_marked(&marked.mark) || history.has_flag(&marked.mark))
        .map(|marked| marked.label.clone());
    Ok(counted.into_iter().flatten().chain(marked).collect())
}

fn reached(from: Option<&Count>, amount: u64, what: &str, unit: &str) -> Option<String> {
    from.filter(|from| amount >= from.value)
        .map(|_| format!("{what}{amount}{unit}"))
}
