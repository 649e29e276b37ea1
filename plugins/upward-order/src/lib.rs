//! The mechanism of the upward order: somebody at the base orders a unit above or beside them, with timed steps.

mod complexity;
mod config;
mod graph;
mod outgoing;
#[cfg(test)]
mod tests;

use fengqiao_sdk::case::{AssignmentRole, AssignmentState, Level, Place, level_of};
use fengqiao_sdk::directory;
use fengqiao_sdk::guard::{Move, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::LocalRules;
use fengqiao_sdk::propose;

use config::{Assign, Config, LevelThen, Only};

struct UpwardOrder;

impl Plugin for UpwardOrder {
    type Config = Config;
}

impl Profile for UpwardOrder {
    fn profile(config: &Config) -> Result<LocalRules, PluginError> {
        config.check()?;
        Ok(config.profile.clone().proceeding(graph::graph(config)))
    }
}

impl Guard for UpwardOrder {
    /// An order is for what can't be done at the base: to a unit outside it, in charge of something that the matter needs.
    fn guard(config: &Config, case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        if let Some(verdict) = complexity::may_take(config, case, wanted)? {
            return Ok(verdict);
        }
        if !wanted.is(&format!("{}/open", config.kind)) {
            return Ok(Verdict::Permit);
        }
        if let Some(only) = &config.only
            && !is_meant(only, case)?
        {
            return Ok(Verdict::refuse(
                "not-for-orders",
                "这类事项不能发令：只用于规定的诉求性质或带规定标记的事项，请按普通诉求办理，或先核对性质和标记",
            ));
        }
        if config.beyond.is_none() && config.platform_kind.is_none() {
            return Ok(Verdict::Permit);
        }
        let addressee = match wanted.get::<String>("addressee")? {
            Some(id) => directory::unit(&id)?,
            None => None,
        };
        let Some(addressee) = addressee else {
            return Ok(Verdict::refuse("addressee-missing", "请写明接收指令的单位"));
        };
        if Some(&addressee.kind) == config.platform_kind.as_ref() {
            return Ok(to_platform(case.place()?, &addressee.division));
        }
        let Some(beyond) = config.beyond else {
            return Ok(Verdict::Permit);
        };
        let outside = rank(level_of(&addressee.division)) > rank(beyond.level());
        let needed = case
            .matter()?
            .portfolios
            .iter()
            .any(|portfolio| addressee.has_portfolio(portfolio));
        if outside && needed {
            return Ok(Verdict::Permit);
        }
        Ok(Verdict::refuse(
            "no-outside-department",
            "本级能办的不能发令：至少需要一个本级以外、分管该事项的部门，请先勾选所需分管事项",
        ))
    }
}

impl React for UpwardOrder {
    fn react(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
        if !matches!(reaction.subject, Subject::Case(_)) {
            return Ok(Vec::new());
        }
        let mut proposals = outgoing::written(config, reaction)?;
        proposals.extend(outgoing::gone_out(config, reaction)?);
        proposals.extend(outgoing::late(config, reaction)?);
        if let Some(paths) = &config.paths {
            proposals.extend(outgoing::closed(paths, reaction)?);
        }
        proposals.extend(signed(config, reaction)?);
        Ok(proposals)
    }
}

/// Whoever signs for the order has a part in the case from then on.
fn signed(config: &Config, reaction: &Reaction) -> Result<Vec<Proposal>, PluginError> {
    let Some(rule) = &config.on_sign else {
        return Ok(Vec::new());
    };
    let case = &reaction.after;
    let mut proposals = Vec::new();
    for event in reaction.all("proceeding-moved") {
        let order = event
            .get::<u32>("proceeding")?
            .map(|id| case.proceeding(id))
            .transpose()?
            .flatten();
        let Some(order) = order.filter(|order| order.kind == config.kind) else {
            continue;
        };
        if event.get::<String>("code")?.as_deref() != Some("sign") {
            continue;
        }
        let Some(unit) = order.addressee.as_deref() else {
            continue;
        };
        let taken = case
            .assignments()?
            .iter()
            .any(|own| own.unit == unit && own.state == AssignmentState::Active);
        if rule.assign == Assign::Lead {
            proposals.extend(taken_over(config, &reaction.subject, case, unit)?);
            continue;
        }
        if !taken {
            proposals.push(propose::assign(unit, role(rule.assign)).on(&reaction.subject));
        }
        if rule.level == LevelThen::HandUp
            && let Some(unit) = directory::unit(unit)?
            && rank(level_of(&unit.division)) > rank(level_of(&case.place()?.handled_by))
        {
            proposals
                .push(propose::hand_up(&unit.division, None, "upward-order").on(&reaction.subject));
        }
    }
    Ok(proposals)
}

fn is_meant(only: &Only, case: &Case) -> Result<bool, PluginError> {
    let matter = case.matter()?;
    Ok(only.kinds.contains(&matter.kind) || only.marks.iter().any(|mark| matter.is_marked(mark)))
}

/// Level by level: the platform of the next level up, and no other.
fn to_platform(place: &Place, division: &str) -> Verdict {
    let present = rank(level_of(&place.handled_by));
    let mut above = place.path.iter().rev();
    let next = above.find(|above| rank(level_of(above)) > present);
    if next.is_some_and(|next| next == division) {
        Verdict::Permit
    } else {
        Verdict::refuse(
            "one-level-at-a-time",
            "逐级吹哨：请向上一级平台吹哨，不能越级，也不能向平级平台吹哨",
        )
    }
}

/// Whoever signs takes the case over, at their level: a platform by the rule of that level, a department by itself.
fn taken_over(
    config: &Config,
    subject: &Subject,
    case: &Case,
    unit: &str,
) -> Result<Option<Proposal>, PluginError> {
    let Some(unit) = directory::unit(unit)? else {
        return Ok(None);
    };
    if rank(level_of(&unit.division)) <= rank(level_of(&case.place()?.handled_by)) {
        return Ok(None);
    }
    let is_platform = Some(&unit.kind) == config.platform_kind.as_ref();
    let lead = (!is_platform).then_some(unit.id.as_str());
    Ok(Some(
        propose::hand_up(&unit.division, lead, "upward-order").on(subject),
    ))
}

fn role(assign: Assign) -> AssignmentRole {
    match assign {
        Assign::Lead => AssignmentRole::Lead,
        Assign::Assist => AssignmentRole::Assist,
        Assign::Supervise => AssignmentRole::Supervise,
        Assign::Inform => AssignmentRole::Inform,
    }
}

/// Higher levels have higher ranks.
fn rank(level: Level) -> u8 {
    level as u8
}

fengqiao_sdk::export!(UpwardOrder: profile, guard, react);
