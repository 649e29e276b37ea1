//! Every limit of the process, by name; all of them are assumed unless a comment says where they come from.

use std::time::Duration;

/// Bytes of a JSON body or of a file of units or catalogues (design 08: at most 1 MiB).
pub(crate) const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Bytes of a file of divisions or of a register: the whole country down to villages is about 40 MiB.
pub(crate) const MAX_DIVISIONS_BYTES: usize = 64 * 1024 * 1024;

/// Places that one question about gaps may name.
pub(crate) const MAX_POINTS: usize = 5_000;

/// How far around a point stations may be looked for, in metres.
pub(crate) const MAX_WITHIN_METRES: u32 = 50_000;

/// Words that whoever is looked for in a register must have, all at once.
pub(crate) const MAX_WORDS_A_MATCH: usize = 10;

/// Bytes of an uploaded component (design 07: 4 MiB by default, never above 32 MiB).
pub(crate) const MAX_COMPONENT_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of an import of an old system's cases.
pub(crate) const MAX_IMPORT_BYTES: usize = 8 * 1024 * 1024;

/// Bytes that are read and thrown away after a body turned out too large, so that the sender gets to read the refusal.
pub(crate) const MAX_DRAINED_BYTES: usize = 16 * 1024 * 1024;

/// How deep objects and lists of a JSON body may nest (design 08).
pub(crate) const MAX_JSON_DEPTH: usize = 64;

/// Characters of an `Idempotency-Key`.
pub(crate) const MAX_KEY_CHARS: usize = 128;

/// Bytes of a file of principals.
pub(crate) const MAX_PRINCIPALS_BYTES: usize = 1024 * 1024;

/// Principals that one process knows.
pub(crate) const MAX_PRINCIPALS: usize = 10_000;

/// Bindings that one request may put in force.
pub(crate) const MAX_BINDINGS_A_REQUEST: usize = 200;

/// Pages of the store that one answer may go through to find rows that the caller may see.
pub(crate) const MAX_PAGES_READ: usize = 20;

/// How long an ordinary request may take.
pub(crate) const REQUEST_TIME: Duration = Duration::from_secs(30);

/// How long a request may take that compiles a component, loads reference data or moves the demonstration clock.
pub(crate) const LONG_REQUEST_TIME: Duration = Duration::from_secs(600);

/// How long requests that are under way may go on once the process was asked to stop.
pub(crate) const DRAIN_TIME: Duration = Duration::from_secs(20);

/// After how long without a finished look at the clocks the process calls itself ill.
pub(crate) const STALE_TICK: Duration = Duration::from_secs(30);

/// Requests a second that one principal may send in the long run: a stop for runaway programs, not for people.
pub(crate) const PRINCIPAL_PER_SECOND: u64 = 5_000;

/// Requests that one principal may send at once.
pub(crate) const PRINCIPAL_BURST: u64 = 20_000;

/// Requests a second without a token from one network address, behind which a whole office or village may be.
pub(crate) const ANONYMOUS_PER_SECOND: u64 = 20;

/// Requests without a token from one network address at once.
pub(crate) const ANONYMOUS_BURST: u64 = 1_000;

/// Networks whose rate is remembered at the same time; principals are remembered besides.
pub(crate) const MAX_RATED_SENDERS: usize = 100_000;

/// Networks that are looked at for each new one where there is no place: few, because everybody waits meanwhile.
pub(crate) const MAX_SENDERS_LOOKED_AT: usize = 8;

/// How often a registration is tried again when its number turned out taken.
pub(crate) const MAX_NUMBER_TRIES: u32 = 3;

/// Effects counted for the metric of the outbox; more are shown as this many.
pub(crate) const MAX_OUTBOX_COUNTED: u32 = 10_000;

/// Characters of a message's media type that are kept.
pub(crate) const MAX_MEDIA_CHARS: usize = 100;

/// Rows of a table that one request may hand in.
pub(crate) const MAX_BATCH_ROWS: usize = 200;

/// Numbers that a linked platform's list of open ones may have.
pub(crate) const MAX_OPEN_NUMBERS: usize = 10_000;
