//! The service's own limits, each with a name.

/// The most rounds of reactions that one command may set off.
pub const MAX_REACTION_ROUNDS: u8 = 4;
/// How often a command of the kernel itself is decided anew after a conflict.
pub const MAX_KERNEL_TRIES: u32 = 3;
/// How often a person's command is decided anew because a docket that it only draws on or adds to had moved on.
pub const MAX_SHARED_TRIES: u32 = 8;
/// How many due clocks one sweep loads at a time.
pub const SWEEP_CLOCKS: u32 = 256;
/// How many effects one round of the dispatcher carries out.
pub const COURIER_ROUND: u32 = 256;
/// The most bindings that may be in force in one kernel.
pub const MAX_BINDINGS: usize = 10_000;
/// The most binding sets that are kept in memory: of those in force, and of those that cases are pinned to.
pub const MAX_KEPT_SETS: usize = 1_024;
/// The most characters that one text may have.
pub const MAX_TEXT_CHARS: usize = 8_000;
/// The most characters that a dossier may have.
pub const MAX_DOSSIER_CHARS: usize = 8_000_000;
/// The most characters that one field of a person may have.
pub const MAX_PERSON_CHARS: usize = 200;
/// The most cases that one import of an old system's takes.
pub const MAX_IMPORTED_CASES: usize = 20_000;
/// The most cases that are looked at together, in memory, for the watch and for elapsed times.
pub const MAX_LISTED_FACTS: usize = 200_000;
/// The most words that a count is broken down by.
pub const MAX_WORDS: usize = 1_000;
/// The most cases that are named as perhaps the same as another.
pub const MAX_ALIKE: u32 = 10;
/// For how many days a case of the same category at the same place may be the same.
pub const ALIKE_MATTER_DAYS: u32 = 30;
/// For how many days another case of the same reporter is of interest.
pub const ALIKE_REPORTER_DAYS: u32 = 90;
/// After how many hours a linked platform is named that didn't say that it has what went out.
pub const UNACKNOWLEDGED_HOURS: i64 = 24;
