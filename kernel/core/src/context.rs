//! What a decision may know besides the case: the time, the actor, the rules, the units.

use fengqiao_calendar::Calendar;
use jiff::Timestamp;

use crate::actor::Actor;
use crate::allowance::Allowance;
use crate::docket::Grant;
use crate::ids::{BindingSetId, Code, DivisionCode, UnitId};
use crate::profile::Rules;

/// Everything around a command; nothing else is looked up.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The time of the command.
    pub now: Timestamp,
    /// Who sent it.
    pub actor: &'a Actor,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The rules that the case is pinned to.
    pub rules: &'a Rules,
    /// The binding set that the case is pinned to after the command: for a registration the one in force at its place,
    /// for a transfer its own with the other place's added, and for everything else the one that the rules come from.
    pub bindings: &'a BindingSetId,
    /// The units that exist.
    pub units: &'a dyn Directory,
    /// The grants of the divisions on the case's path.
    pub grants: &'a [Grant],
    /// The allowances of those divisions whose dockets may be drawn on in this command.
    pub allowances: &'a [(DivisionCode, Vec<Allowance>)],
}

/// What the core asks about units and divisions; the service answers from its reference data.
pub trait Directory: Sync {
    /// The facts about a unit, if it exists.
    fn unit(&self, id: &UnitId) -> Option<UnitFacts>;
    /// Whether a division exists.
    fn has_division(&self, code: &DivisionCode) -> bool;
    /// The unit that keeps a room which can be booked, by the room's number in the register.
    fn keeper_of(&self, room: &Code) -> Option<UnitId>;
}

/// What the core needs to know about a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFacts {
    /// Where it belongs.
    pub division: DivisionCode,
    /// The units above it: the administrative and the business parent (双重管理), and theirs.
    pub superiors: Vec<UnitId>,
}
