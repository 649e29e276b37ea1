//! Whether a declared proceeding is sound: reachable, ending, without traps, every state owned.

use std::collections::{BTreeMap, BTreeSet};

use crate::allowance::DrawHow;
use crate::ids::Code;
use crate::proceeding::{End, Move, Mover, ProceedingGraph, State};

/// The most states that a proceeding may have.
pub const MAX_STATES: usize = 64;
/// The most moves that a proceeding may have.
pub const MAX_MOVES: usize = 256;
/// The most characters of a local name.
pub const MAX_LABEL_CHARS: usize = 60;
/// How many days before its opening a proceeding gathers cases.
pub const MAX_GATHERED_DAYS: u16 = 3_660;
/// The most fields that one move may require.
pub const MAX_REQUIRED_FIELDS: usize = 20;

/// What is wrong with a proceeding graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphFault {
    /// A word is used twice: for two states, or for two moves out of one state.
    #[error("`{0}` 重复")]
    Duplicate(Code),
    /// It is larger than allowed.
    #[error("{what}超过上限 {limit}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: usize,
    },
    /// A local name is missing.
    #[error("`{0}` 没有名称：请填写 label")]
    Unnamed(Code),
    /// The initial state isn't declared.
    #[error("初始状态 `{0}` 未声明")]
    NoInitial(Code),
    /// A move names a state that isn't declared.
    #[error("步骤 `{step}` 指向未声明的状态 `{state}`")]
    UnknownState {
        /// The move.
        step: Code,
        /// The state.
        state: Code,
    },
    /// Nobody may open the proceeding, or nobody may make a move.
    #[error("`{0}` 没有规定由谁执行：请填写 by")]
    Nobody(Code),
    /// A state can't be reached from the initial one.
    #[error("状态 `{0}` 无法从初始状态到达")]
    Unreachable(Code),
    /// From a state no end can be reached.
    #[error("状态 `{0}` 无法走到任何结束状态：请补充出路")]
    Trap(Code),
    /// A state that goes on has no move out of it.
    #[error("状态 `{0}` 没有任何后续步骤：请补充步骤或设为结束状态")]
    DeadEnd(Code),
    /// A state that goes on has nobody who is to act.
    #[error("状态 `{0}` 没有责任人：请填写 owner")]
    NoOwner(Code),
    /// The one who is to act in a state can't: no move out of it lists them.
    #[error("状态 `{0}` 的责任人没有可执行的步骤")]
    IdleOwner(Code),
    /// A plugin can't be the one who is to act: it advises.
    #[error("状态 `{0}` 的责任人不能是插件：请指定单位或人员")]
    PluginOwner(Code),
    /// An end has a move out of it, an owner or a clock.
    #[error("结束状态 `{0}` 不能再有步骤、责任人或时限")]
    EndGoesOn(Code),
    /// A breach move is named where no clock runs.
    #[error("状态 `{0}` 规定了超期步骤但没有时限")]
    BreachWithoutClock(Code),
    /// The breach move isn't a move out of that state that the kernel may make without anything filled in.
    #[error("状态 `{state}` 的超期步骤 `{step}` 须从该状态出发、允许 clock 执行且不要求填写内容")]
    BreachMove {
        /// The state.
        state: Code,
        /// The move.
        step: Code,
    },
    /// A move is left to the kernel's clock, but no breach makes it.
    #[error("步骤 `{0}` 仅由 clock 执行，但没有任何状态在超期时触发它")]
    ClockNeverMoves(Code),
    /// Breaches alone lead round and round: the kernel would never stop.
    #[error("状态 `{0}` 处于只靠超期推动的循环中：请让循环经过人工步骤")]
    ClockLoop(Code),
    /// A state's clock is limited to some matters; it runs whenever the state is entered.
    #[error("状态 `{0}` 的时限不能限定诉求性质或类别")]
    ClockFiltered(Code),
    /// A move reserves an amount that nobody is asked for.
    #[error("步骤 `{step}` 要预留额度，但没有要求填写金额 `{field}`")]
    DrawAmount {
        /// The move.
        step: Code,
        /// The field.
        field: Code,
    },
    /// The category of the cases that it gathers is asked of nobody when it is opened.
    #[error("汇集同类案件须在启动时填写类别 `{0}`：请列入 open.fields")]
    GatherField(Code),
    /// A state's clock has a length that no deadline can be computed from.
    #[error("状态 `{state}` 的时限无效：{reason}")]
    ClockLength {
        /// The state.
        state: Code,
        /// Why.
        reason: String,
    },
}

/// Checks a graph before it is admitted; the first fault found is told.
pub fn check(graph: &ProceedingGraph) -> Result<(), GraphFault> {
    check_words(graph)?;
    check_ends_of_moves(graph)?;
    for state in &graph.states {
        match state.end {
            End::Ends => check_end(graph, state)?,
            End::Open => check_open(graph, state)?,
        }
    }
    check_clock_moves(graph)?;
    check_draws(graph)?;
    check_gathers(graph)?;
    check_reach(graph)?;
    check_clock_loops(graph)
}

/// Sizes, names, and that every word is used once: a state's in the graph, a move's among those out of one state.
fn check_words(graph: &ProceedingGraph) -> Result<(), GraphFault> {
    limit("状态数", graph.states.len(), MAX_STATES)?;
    limit("步骤数", graph.moves.len(), MAX_MOVES)?;
    check_label(&graph.kind, &graph.label)?;
    limit("必填项数", graph.open.fields.len(), MAX_REQUIRED_FIELDS)?;
    let mut states = BTreeSet::new();
    for state in &graph.states {
        check_label(&state.code, &state.label)?;
        if !states.insert(&state.code) {
            return Err(GraphFault::Duplicate(state.code.clone()));
        }
    }
    let mut moves = BTreeSet::new();
    for step in &graph.moves {
        check_label(&step.code, &step.label)?;
        limit("必填项数", step.fields.len(), MAX_REQUIRED_FIELDS)?;
        if !moves.insert((&step.from, &step.code)) {
            return Err(GraphFault::Duplicate(step.code.clone()));
        }
    }
    Ok(())
}

fn check_label(code: &Code, label: &str) -> Result<(), GraphFault> {
    if label.trim().is_empty() {
        return Err(GraphFault::Unnamed(code.clone()));
    }
    limit("名称字数", label.chars().count(), MAX_LABEL_CHARS)
}

fn check_ends_of_moves(graph: &ProceedingGraph) -> Result<(), GraphFault> {
    let declared = |code: &Code| graph.states.iter().any(|state| &state.code == code);
    if !declared(&graph.initial) {
        return Err(GraphFault::NoInitial(graph.initial.clone()));
    }
    if graph.open.by.is_empty() {
        return Err(GraphFault::Nobody(graph.kind.clone()));
    }
    for step in &graph.moves {
        for state in [&step.from, &step.to] {
            if !declared(state) {
                return Err(GraphFault::UnknownState {
                    step: step.code.clone(),
                    state: state.clone(),
                });
            }
        }
        if step.by.is_empty() {
            return Err(GraphFault::Nobody(step.code.clone()));
        }
    }
    Ok(())
}

fn check_end(graph: &ProceedingGraph, state: &State) -> Result<(), GraphFault> {
    let goes_on = moves_out(graph, &state.code).next().is_some();
    let busy = state.owner.is_some() || state.clock.is_some() || state.on_breach.is_some();
    if goes_on || busy {
        return Err(GraphFault::EndGoesOn(state.code.clone()));
    }
    Ok(())
}

fn check_open(graph: &ProceedingGraph, state: &State) -> Result<(), GraphFault> {
    let code = || state.code.clone();
    if moves_out(graph, &state.code).next().is_none() {
        return Err(GraphFault::DeadEnd(code()));
    }
    if let Some(rule) = &state.clock {
        if !rule.kinds.is_empty() || !rule.categories.is_empty() {
            return Err(GraphFault::ClockFiltered(code()));
        }
        rule.spec.check().map_err(|error| GraphFault::ClockLength {
            state: code(),
            reason: error.to_string(),
        })?;
    }
    if let Some(step) = &state.on_breach {
        if state.clock.is_none() {
            return Err(GraphFault::BreachWithoutClock(code()));
        }
        let fits = breach_move(graph, state)
            .is_some_and(|m| m.by.contains(&Mover::Clock) && m.fields.is_empty());
        if !fits {
            return Err(GraphFault::BreachMove {
                state: code(),
                step: step.clone(),
            });
        }
    }
    let owner = state.owner.ok_or_else(|| GraphFault::NoOwner(code()))?;
    if owner == Mover::Plugin {
        return Err(GraphFault::PluginOwner(code()));
    }
    let may_act = match owner {
        Mover::Clock => state.on_breach.is_some(),
        _ => moves_out(graph, &state.code).any(|m| m.by.contains(&owner)),
    };
    if may_act {
        Ok(())
    } else {
        Err(GraphFault::IdleOwner(code()))
    }
}

/// A move that only the clock may make is no way out unless a breach makes it.
fn check_clock_moves(graph: &ProceedingGraph) -> Result<(), GraphFault> {
    let by_breach = |step: &Move| {
        let from = graph.states.iter().find(|state| state.code == step.from);
        from.is_some_and(|state| state.on_breach.as_ref() == Some(&step.code))
    };
    let idle = graph
        .moves
        .iter()
        .find(|step| step.by.iter().all(|m| *m == Mover::Clock) && !by_breach(step));
    idle.map_or(Ok(()), |step| {
        Err(GraphFault::ClockNeverMoves(step.code.clone()))
    })
}

/// What a move reserves is asked for by the move itself or at the opening.
fn check_draws(graph: &ProceedingGraph) -> Result<(), GraphFault> {
    for step in &graph.moves {
        if let Some(draw) = &step.draw
            && draw.how == DrawHow::Reserve
            && !step.fields.contains(&draw.amount)
            && !graph.open.fields.contains(&draw.amount)
        {
            return Err(GraphFault::DrawAmount {
                step: step.code.clone(),
                field: draw.amount.clone(),
            });
        }
    }
    Ok(())
}

/// What it gathers is said when it is opened, and is of a time that somebody can look through.
fn check_gathers(graph: &ProceedingGraph) -> Result<(), GraphFault> {
    let Some(gathers) = &graph.gathers else {
        return Ok(());
    };
    let days = usize::from(gathers.within_days);
    limit("汇集天数", days, usize::from(MAX_GATHERED_DAYS))?;
    match graph.open.fields.contains(&gathers.category_field) {
        true => Ok(()),
        false => Err(GraphFault::GatherField(gathers.category_field.clone())),
    }
}

/// Every state is reachable from the initial one, and from every state an end is.
fn check_reach(graph: &ProceedingGraph) -> Result<(), GraphFault> {
    let forward: Vec<_> = graph.moves.iter().map(|m| (&m.from, &m.to)).collect();
    let backward: Vec<_> = graph.moves.iter().map(|m| (&m.to, &m.from)).collect();
    let reached = closure(&forward, BTreeSet::from([&graph.initial]));
    let ends = graph.states.iter().filter(|state| state.end == End::Ends);
    let ending = closure(&backward, ends.map(|state| &state.code).collect());
    for state in &graph.states {
        if !reached.contains(&state.code) {
            return Err(GraphFault::Unreachable(state.code.clone()));
        }
        if !ending.contains(&state.code) {
            return Err(GraphFault::Trap(state.code.clone()));
        }
    }
    Ok(())
}

fn closure<'a>(edges: &[(&'a Code, &'a Code)], mut seen: BTreeSet<&'a Code>) -> BTreeSet<&'a Code> {
    loop {
        let before = seen.len();
        for (from, to) in edges {
            if seen.contains(from) {
                seen.insert(to);
            }
        }
        if seen.len() == before {
            return seen;
        }
    }
}

/// Breaches whose move needs nobody's approval lead on by themselves; they must come to a halt.
fn check_clock_loops(graph: &ProceedingGraph) -> Result<(), GraphFault> {
    let automatic: BTreeMap<&Code, &Code> = graph
        .states
        .iter()
        .filter_map(|state| breach_move(graph, state))
        .filter(|step| step.approval.is_none())
        .map(|step| (&step.from, &step.to))
        .collect();
    for start in automatic.keys() {
        let mut at = *start;
        for _ in 0..=automatic.len() {
            match automatic.get(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        if automatic.contains_key(at) {
            return Err(GraphFault::ClockLoop((*start).clone()));
        }
    }
    Ok(())
}

fn breach_move<'a>(graph: &'a ProceedingGraph, state: &State) -> Option<&'a Move> {
    let code = state.on_breach.as_ref()?;
    moves_out(graph, &state.code).find(|step| &step.code == code)
}

fn moves_out<'a>(graph: &'a ProceedingGraph, from: &Code) -> impl Iterator<Item = &'a Move> {
    graph.moves.iter().filter(move |step| step.from == *from)
}

fn limit(what: &'static str, size: usize, limit: usize) -> Result<(), GraphFault> {
    if size > limit {
        Err(GraphFault::TooLarge { what, limit })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
