//! Which roles belong together: who does one sort of thing.

use fengqiao_core::actor::Role;

/// Who works on cases.
pub(super) const CASEWORK: &[Role] = &[
    Role::Clerk,
    Role::GridOfficer,
    Role::Dispatcher,
    Role::UnitHandler,
    Role::UnitHead,
    Role::Secretary,
    Role::InformationOfficer,
    Role::Mediator,
    Role::Supervisor,
    Role::Discipline,
];

/// Who reads cases: casework and those who check. A channel reads with the query code, as its citizen would.
pub(super) const READERS: &[Role] = &[
    Role::Clerk,
    Role::GridOfficer,
    Role::Dispatcher,
    Role::UnitHandler,
    Role::UnitHead,
    Role::Secretary,
    Role::InformationOfficer,
    Role::Mediator,
    Role::Supervisor,
    Role::Discipline,
    Role::Assessor,
    Role::Auditor,
];

/// Who sees a whole case in their territory, guarded or not: who takes it in, hands it out, leads, supervises, checks.
pub(super) const WHOLE_VIEW: &[Role] = &[
    Role::Clerk,
    Role::Dispatcher,
    Role::Secretary,
    Role::Supervisor,
    Role::Discipline,
    Role::Assessor,
    Role::Auditor,
];

/// Who sends commands to cases: casework, the channels, and the administrator who moves a case to another binding set.
pub(super) const SENDERS: &[Role] = &[
    Role::Clerk,
    Role::GridOfficer,
    Role::Dispatcher,
    Role::UnitHandler,
    Role::UnitHead,
    Role::Secretary,
    Role::InformationOfficer,
    Role::Mediator,
    Role::Supervisor,
    Role::Discipline,
    Role::Assessor,
    Role::Adapter,
    Role::SystemAdmin,
];

/// Who takes matters in.
pub(super) const CHANNELS: &[Role] = &[
    Role::Clerk,
    Role::GridOfficer,
    Role::Dispatcher,
    Role::Adapter,
    Role::UnitHandler,
    Role::UnitHead,
    Role::Secretary,
    Role::InformationOfficer,
    Role::Mediator,
    Role::Supervisor,
];

/// Who reads and settles what no adapter could read: the hub, which sees whole cases anyway.
pub(super) const MESSAGE_READERS: &[Role] = &[Role::Clerk, Role::Dispatcher];

/// Who hands in what a channel sent, as it is: the channels themselves, and the desks that stand in for them.
pub(super) const DOORS: &[Role] = &[Role::Adapter, Role::Clerk, Role::Dispatcher];

/// As what a linked platform signs in; which platform it is stands beside its name.
pub(super) const PLATFORMS: &[Role] = &[Role::Adapter];

/// Who sees what doesn't agree with a linked platform: the platform itself, and who answers for the place.
pub(super) const RECONCILERS: &[Role] = &[
    Role::Adapter,
    Role::Dispatcher,
    Role::Supervisor,
    Role::SystemAdmin,
    Role::Auditor,
];

/// Who hears from a citizen what the citizen may say themselves.
pub(super) const CITIZENS_WORD: &[Role] = &[
    Role::Clerk,
    Role::GridOfficer,
    Role::Dispatcher,
    Role::UnitHandler,
    Role::UnitHead,
    Role::InformationOfficer,
    Role::Mediator,
    Role::Supervisor,
    Role::Adapter,
];

/// Who sees how the rules came to their word.
pub(super) const CHECKERS: &[Role] = &[
    Role::Dispatcher,
    Role::Supervisor,
    Role::Discipline,
    Role::Assessor,
    Role::Publisher,
    Role::SystemAdmin,
    Role::SecurityAdmin,
    Role::Auditor,
];

/// Who keeps plugins, bindings and reference data.
pub(super) const KEEPERS: &[Role] = &[Role::Publisher, Role::SystemAdmin];

/// Who looks for people and bodies that fit a case: those who hand out work in a place.
pub(super) const MATCHERS: &[Role] = &[
    Role::Clerk,
    Role::GridOfficer,
    Role::Dispatcher,
    Role::Secretary,
    Role::Supervisor,
];

/// Who may decide what waits for a word.
pub(super) const DECIDERS: &[Role] = &[
    Role::Clerk,
    Role::GridOfficer,
    Role::Dispatcher,
    Role::UnitHandler,
    Role::UnitHead,
    Role::Secretary,
    Role::InformationOfficer,
    Role::Mediator,
    Role::Supervisor,
    Role::Discipline,
    Role::Assessor,
    Role::SystemAdmin,
];

/// Who may record a fact that later rules read; the core asks besides that they lead or reach over the case.
pub(super) const FLAGGERS: &[Role] = &[
    Role::GridOfficer,
    Role::Dispatcher,
    Role::UnitHandler,
    Role::UnitHead,
    Role::Secretary,
    Role::InformationOfficer,
];

/// Who reads figures: a unit its own, everybody else those of their division.
pub(super) const FIGURES: &[Role] = &[
    Role::Dispatcher,
    Role::UnitHandler,
    Role::UnitHead,
    Role::Secretary,
    Role::Supervisor,
    Role::Assessor,
    Role::Discipline,
    Role::SystemAdmin,
    Role::Auditor,
];

/// Who speaks for a unit towards those who assess it.
pub(super) const ASSESSED: &[Role] = &[Role::UnitHandler, Role::UnitHead];

/// Who assesses.
pub(super) const ASSESSORS: &[Role] = &[Role::Assessor];

/// Nobody gives these commands from outside: plugins propose them, or the kernel gives them itself.
pub(super) const NOBODY: &[Role] = &[];
