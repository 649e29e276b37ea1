//! How much one case may hold; every limit is assumed, has one name, and is refused with that name.

use crate::ids::Code;
use crate::refusal::Refusal;

/// Pieces of evidence on one case.
pub const MAX_EVIDENCE: usize = 200;
/// Parts that units have or had.
pub const MAX_ASSIGNMENTS: usize = 64;
/// Tasks that plugins may raise on one case.
pub const MAX_TASKS: usize = 200;
/// Cases that one case is linked to.
pub const MAX_LINKS: usize = 64;
/// Cases that follow one primary.
pub const MAX_FOLLOWERS: usize = 200;
/// Reports on one case, those sent back included.
pub const MAX_REPORTS: usize = 32;
/// Instructions on one case.
pub const MAX_INSTRUCTIONS: usize = 64;
/// Clocks that one case ever had; people's and plugins' commands that start one stop here.
pub const MAX_CLOCKS: usize = 500;
/// Facts that rules may set on one case.
pub const MAX_FLAGS: usize = 64;
/// People and units in one case.
pub const MAX_PARTIES: usize = 64;
/// Ticked facts and portfolios of one matter.
pub const MAX_MARKS: usize = 64;
/// Moves of the level.
pub const MAX_LEVEL_MOVES: usize = 64;
/// Characters of a task's note.
pub const MAX_NOTE_CHARS: usize = 500;
/// Objections to one case where no profile says (assumed).
pub const DEFAULT_OBJECTIONS: u32 = 1;
/// Reworks of one case where no profile says (assumed).
pub const DEFAULT_REWORKS: u32 = 2;

/// Refuses where `count` is more than `most`.
pub(super) fn within(count: usize, most: usize, limit: &'static str) -> Result<(), Refusal> {
    if count <= most {
        Ok(())
    } else {
        Err(Refusal::TooMany {
            limit: Code::word(limit),
        })
    }
}
