//! Each fault by itself, and random graphs against a checker that simply walks.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::allowance::{Draw, DrawHow};
use crate::fixture::{card, code, order, rule, state, step};
use crate::graph::{GraphFault, MAX_GATHERED_DAYS, MAX_MOVES, MAX_STATES, check};
use crate::ids::Code;
use crate::matter::MatterKind;
use crate::proceeding::{End, Gathers, GrantNeed, Mover, OpenRule, ProceedingGraph};
use fengqiao_calendar::Spec;

fn fault(change: impl FnOnce(&mut ProceedingGraph)) -> GraphFault {
    let mut graph = order();
    assert_eq!(check(&graph), Ok(()));
    change(&mut graph);
    check(&graph).unwrap_err()
}

#[test]
fn sound_graphs_are_admitted() {
    assert_eq!(check(&order()), Ok(()));
    assert_eq!(check(&card()), Ok(()));
}

#[test]
fn a_word_is_used_once() {
    let twice = fault(|g| g.states.push(g.states[0].clone()));
    assert_eq!(twice, GraphFault::Duplicate(code("issued")));
    let twice = fault(|g| g.moves.push(g.moves[0].clone()));
    assert_eq!(twice, GraphFault::Duplicate(code("sign")));
}

#[test]
fn the_initial_state_and_both_ends_of_a_move_exist() {
    let missing = fault(|g| g.initial = code("nowhere"));
    assert_eq!(missing, GraphFault::NoInitial(code("nowhere")));
    let missing = fault(|g| g.moves[0].to = code("nowhere"));
    let (step, state) = (code("sign"), code("nowhere"));
    assert_eq!(missing, GraphFault::UnknownState { step, state });
}

#[test]
fn somebody_may_open_and_make_each_move() {
    let nobody = fault(|g| g.open.by.clear());
    assert_eq!(nobody, GraphFault::Nobody(code("order")));
    let nobody = fault(|g| g.moves[0].by.clear());
    assert_eq!(nobody, GraphFault::Nobody(code("sign")));
}

#[test]
fn a_dead_end_is_refused() {
    let dead = fault(|g| g.states[2].end = End::Open);
    assert_eq!(dead, GraphFault::DeadEnd(code("done")));
}

#[test]
fn a_state_that_is_never_reached_is_refused() {
    let lost = fault(|g| g.states.push(state("lost", None, None)));
    assert_eq!(lost, GraphFault::Unreachable(code("lost")));
}

#[test]
fn states_that_only_lead_to_each_other_are_a_trap() {
    let trap = fault(|g| {
        g.states.push(state("a", Some(Mover::Addressee), None));
        g.states.push(state("b", Some(Mover::Addressee), None));
        g.moves.push(step("in", "signed", "a", &[Mover::Addressee]));
        g.moves.push(step("to", "a", "b", &[Mover::Addressee]));
        g.moves.push(step("fro", "b", "a", &[Mover::Addressee]));
    });
    assert_eq!(trap, GraphFault::Trap(code("a")));
}

#[test]
fn every_open_state_has_an_owner_who_can_act() {
    let nobody = fault(|g| g.states[1].owner = None);
    assert_eq!(nobody, GraphFault::NoOwner(code("signed")));
    let idle = fault(|g| g.states[1].owner = Some(Mover::Lead));
    assert_eq!(idle, GraphFault::IdleOwner(code("signed")));
    let plugin = fault(|g| g.states[1].owner = Some(Mover::Plugin));
    assert_eq!(plugin, GraphFault::PluginOwner(code("signed")));
    let clock = fault(|g| g.states[1].owner = Some(Mover::Clock));
    assert_eq!(clock, GraphFault::IdleOwner(code("signed")));
}

#[test]
fn an_end_goes_nowhere_and_has_no_owner_and_no_clock() {
    let end = GraphFault::EndGoesOn(code("done"));
    let moves = |g: &mut ProceedingGraph| {
        g.moves
            .push(step("again", "done", "issued", &[Mover::Lead]));
    };
    assert_eq!(fault(moves), end);
    assert_eq!(fault(|g| g.states[2].owner = Some(Mover::Lead)), end);
    let clock = |g: &mut ProceedingGraph| g.states[2].clock = Some(rule("x", Spec::Hours(1)));
    assert_eq!(fault(clock), end);
}

#[test]
fn a_breach_makes_a_move_that_the_kernel_may_make_from_there() {
    let without = fault(|g| g.states[0].clock = None);
    assert_eq!(without, GraphFault::BreachWithoutClock(code("issued")));
    let wrong = |step: &str| GraphFault::BreachMove {
        state: code("issued"),
        step: code(step),
    };
    let elsewhere = fault(|g| g.states[0].on_breach = Some(code("conclude")));
    assert_eq!(elsewhere, wrong("conclude"));
    let not_clock = fault(|g| g.states[0].on_breach = Some(code("sign")));
    assert_eq!(not_clock, wrong("sign"));
    let fields = fault(|g| g.moves[1].fields = vec![code("why")]);
    assert_eq!(fields, wrong("expire"));
}

#[test]
fn a_move_left_to_the_clock_is_made_by_a_breach() {
    let idle = fault(|g| g.states[0].on_breach = None);
    assert_eq!(idle, GraphFault::ClockNeverMoves(code("expire")));
}

#[test]
fn breaches_alone_never_go_round() {
    let round = fault(|g| {
        g.states[1].on_breach = Some(code("remind"));
        g.moves
            .push(step("remind", "signed", "signed", &[Mover::Clock]));
    });
    assert_eq!(round, GraphFault::ClockLoop(code("signed")));
}

#[test]
fn a_state_clock_runs_for_every_matter_and_has_a_length() {
    let filtered = |g: &mut ProceedingGraph| {
        let clock = g.states[0].clock.as_mut().unwrap();
        clock.kinds = vec![MatterKind::Report];
    };
    assert_eq!(fault(filtered), GraphFault::ClockFiltered(code("issued")));
    let endless = |g: &mut ProceedingGraph| {
        g.states[0].clock.as_mut().unwrap().spec = Spec::Hours(0);
    };
    assert!(matches!(fault(endless), GraphFault::ClockLength { .. }));
}

#[test]
fn graphs_are_limited_and_named() {
    let states = |g: &mut ProceedingGraph| g.states = vec![g.states[0].clone(); MAX_STATES + 1];
    assert!(matches!(
        fault(states),
        GraphFault::TooLarge {
            limit: MAX_STATES,
            ..
        }
    ));
    let moves = |g: &mut ProceedingGraph| g.moves = vec![g.moves[0].clone(); MAX_MOVES + 1];
    assert!(matches!(
        fault(moves),
        GraphFault::TooLarge {
            limit: MAX_MOVES,
            ..
        }
    ));
    let unnamed = fault(|g| g.states[0].label.clear());
    assert_eq!(unnamed, GraphFault::Unnamed(code("issued")));
}

fn gathering(days: u16) -> Gathers {
    Gathers {
        category_field: code("category"),
        within_days: days,
    }
}

#[test]
fn what_a_proceeding_gathers_is_said_when_it_is_opened() {
    let nowhere = fault(|g| g.gathers = Some(gathering(30)));
    assert_eq!(nowhere, GraphFault::GatherField(code("category")));
    let mut graph = order();
    graph.open.fields = vec![code("category")];
    graph.gathers = Some(gathering(MAX_GATHERED_DAYS));
    assert_eq!(check(&graph), Ok(()));
}

#[test]
fn cases_are_gathered_of_at_most_ten_years() {
    let fault = fault(|g| g.gathers = Some(gathering(MAX_GATHERED_DAYS + 1)));
    assert!(matches!(fault, GraphFault::TooLarge { limit: 3_660, .. }));
}

#[test]
fn a_fault_is_told_in_chinese_with_the_word_it_is_about() {
    let text = fault(|g| g.states[2].end = End::Open).to_string();
    assert!(text.contains("done") && text.contains("没有任何后续步骤"));
}

/// A random graph: up to five states, any moves between them, some breaches.
fn any_graph() -> impl Strategy<Value = ProceedingGraph> {
    let word = |n: usize| format!("s{n}");
    (1usize..6).prop_flat_map(move |size| {
        let ends = proptest::collection::vec(any::<bool>(), size);
        let moves = proptest::collection::vec((0..size, 0..size, any::<bool>()), 0..10);
        let breaches = proptest::collection::vec(proptest::option::of(0usize..10), size);
        (ends, moves, breaches).prop_map(move |(ends, moves, breaches)| {
            let states = ends
                .iter()
                .zip(&breaches)
                .enumerate()
                .map(|(n, (end, breach))| {
                    let owner = (!end).then_some(Mover::Lead);
                    let mut state = state(&word(n), owner, None);
                    if let (false, Some(step)) = (end, breach) {
                        state.clock = Some(rule("c", Spec::Hours(1)));
                        state.on_breach = Some(code(&format!("m{step}")));
                    }
                    state
                });
            let moves = moves.iter().enumerate().map(|(n, (from, to, approved))| {
                let by = [Mover::Lead, Mover::Clock];
                let mut step = step(&format!("m{n}"), &word(*from), &word(*to), &by);
                step.approval = approved.then_some(crate::actor::Role::Secretary);
                step
            });
            ProceedingGraph {
                kind: code("random"),
                label: "随机".to_owned(),
                open: OpenRule {
                    by: vec![Mover::Lead],
                    grant: GrantNeed::NotNeeded,
                    fields: Vec::new(),
                },
                initial: code("s0"),
                states: states.collect(),
                gathers: None,
                moves: moves.collect(),
            }
        })
    })
}

/// The states that a walk from `start` can come to, step by step.
fn walk(graph: &ProceedingGraph, start: &Code) -> BTreeSet<Code> {
    let mut seen = BTreeSet::from([start.clone()]);
    let mut todo = vec![start.clone()];
    while let Some(at) = todo.pop() {
        for step in graph.moves.iter().filter(|step| step.from == at) {
            if seen.insert(step.to.clone()) {
                todo.push(step.to.clone());
            }
        }
    }
    seen
}

/// What the rule says, written down without regard to how it is checked.
fn is_sound(graph: &ProceedingGraph) -> bool {
    let reached = walk(graph, &graph.initial);
    let is_end = |code: &Code| {
        graph
            .states
            .iter()
            .any(|s| &s.code == code && s.end == End::Ends)
    };
    graph.states.iter().all(|state| {
        let out: Vec<_> = graph
            .moves
            .iter()
            .filter(|m| m.from == state.code)
            .collect();
        let breach = state.on_breach.as_ref();
        let breach = breach.map(|code| out.iter().any(|m| &m.code == code));
        reached.contains(&state.code)
            && walk(graph, &state.code).iter().any(is_end)
            && (state.end == End::Ends) == out.is_empty()
            && breach.unwrap_or(true)
            && halts(graph, &state.code)
    })
}

/// Whether breaches alone come to a halt from here: after more steps than there are states they went round.
fn halts(graph: &ProceedingGraph, start: &Code) -> bool {
    let mut at = start.clone();
    for _ in 0..=graph.states.len() {
        let state = graph.states.iter().find(|s| s.code == at).unwrap();
        let step = graph
            .moves
            .iter()
            .find(|m| m.from == at && Some(&m.code) == state.on_breach.as_ref());
        match step {
            Some(step) if step.approval.is_none() => at = step.to.clone(),
            _ => return true,
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn exactly_the_sound_graphs_are_admitted(graph in any_graph()) {
        prop_assert_eq!(check(&graph).is_ok(), is_sound(&graph));
    }
}

#[test]
fn the_random_graphs_contain_sound_ones() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let sound = (0..2_000)
        .filter(|_| check(&any_graph().new_tree(&mut runner).unwrap().current()).is_ok())
        .count();
    assert!(sound >= 20, "{sound} sound graphs of 2000");
}

#[test]
fn what_a_move_reserves_is_asked_for() {
    let draw = |graph: &mut ProceedingGraph| {
        graph.moves[0].draw = Some(Draw {
            allowance: code("fund"),
            how: DrawHow::Reserve,
            amount: code("amount-fen"),
        });
    };
    let (step, field) = (code("sign"), code("amount-fen"));
    assert_eq!(fault(draw), GraphFault::DrawAmount { step, field });
    let mut asked = order();
    draw(&mut asked);
    asked.moves[0].fields = vec![code("amount-fen")];
    assert_eq!(check(&asked), Ok(()));
    assert!(asked.draws() && !order().draws());
}
