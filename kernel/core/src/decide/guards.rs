//! The guards' word: one refusal refuses; a guard that can't answer is neither a yes nor a no.

use crate::actor::{Actor, Role};
use crate::advice::{Advice, GuardVerdict, GuardWord};
use crate::command::Command;
use crate::context::Context;
use crate::decide::draft::Draft;
use crate::docket::Verdict;
use crate::event::Event;
use crate::ids::{BindingId, Code};
use crate::refusal::Refusal;

/// Refuses where a guard does. The kernel's own commands (a breach, a mirror) ask nobody; of an approval, the words are
/// those on what is approved, and a refusal leaves it waiting.
pub(super) fn check(command: &Command, advice: &Advice, ctx: &Context<'_>) -> Result<(), Refusal> {
    if asks_nobody(command, ctx) {
        return Ok(());
    }
    for word in &advice.guards {
        if let GuardVerdict::Refuse { code, text } = &word.verdict {
            return Err(Refusal::Guard {
                code: code.clone(),
                text: text.clone(),
            });
        }
    }
    Ok(())
}

/// Whether the move waits for a person because its rule couldn't answer. An approval is that person's word.
pub(super) fn holds(command: &Command, advice: &Advice, ctx: &Context<'_>) -> bool {
    let held = |code: &Code| code.as_str() == command.name();
    !asks_nobody(command, ctx)
        && !matches!(command, Command::Decide { .. })
        && advice.guards.iter().any(|w| unavailable(w).is_some())
        && ctx.rules.holds.iter().any(held)
}

/// Records every guard that couldn't answer, for the district to see.
pub(super) fn note(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let silent: Vec<(BindingId, Code)> = draft
        .advice
        .guards
        .iter()
        .filter_map(unavailable)
        .map(|(binding, failure)| (binding.clone(), failure.clone()))
        .collect();
    silent
        .into_iter()
        .try_for_each(|(binding, failure)| draft.rule_unavailable(&binding, "guard", &failure))
}

impl Draft<'_> {
    /// A local rule couldn't answer: the case is marked, and a person gets a task.
    pub(super) fn rule_unavailable(
        &mut self,
        binding: &BindingId,
        hook: &'static str,
        failure: &Code,
    ) -> Result<(), Refusal> {
        self.emit(Event::RuleUnavailable {
            binding: binding.clone(),
            hook: Code::word(hook),
            failure: failure.clone(),
        })?;
        let flag = Code::word("local-rule-unavailable");
        if !self.case.flags.contains(&flag) {
            self.emit(Event::Flagged { flag })?;
        }
        self.raise(
            "local-rule-unavailable",
            self.case.division.clone(),
            Role::Dispatcher,
            &format!("本地规则 {binding} 未能作答（{failure}）：已按内核缺省规则处理，请人工核对"),
        )
    }
}

fn unavailable(word: &GuardWord) -> Option<(&BindingId, &Code)> {
    match &word.verdict {
        GuardVerdict::Unavailable { failure } => Some((&word.binding, failure)),
        GuardVerdict::Permit | GuardVerdict::Refuse { .. } => None,
    }
}

fn asks_nobody(command: &Command, ctx: &Context<'_>) -> bool {
    let says_no = matches!(
        command,
        Command::Decide {
            verdict: Verdict::Rejected,
            ..
        }
    );
    says_no || matches!(ctx.actor, Actor::Kernel)
}
