//! What a guest may do that it shouldn't, each done by a guest that would answer otherwise.

use crate::guest::{Guest, REPLY};

/// Where a long text stands that no guest brings along.
const LONG: u32 = 65_536;

/// Bytes of an answer that nobody wants.
const TEN_MEGABYTES: u32 = 10 << 20;

/// It traps.
#[must_use]
pub fn traps(guest: Guest) -> Guest {
    guest.first("unreachable")
}

/// It runs and never ends.
#[must_use]
pub fn spins(guest: Guest) -> Guest {
    guest.first("(loop $spin (br $spin))")
}

/// It calls itself and never comes back.
#[must_use]
pub fn recurses(guest: Guest) -> Guest {
    let deeper = "(func $deeper (param i32) (result i32)
        (i32.add (i32.const 1) (call $deeper (local.get 0))))";
    guest
        .with(deeper)
        .first("(drop (call $deeper (i32.const 0)))")
}

/// It takes a MiB of memory again and again, and can't do without the one that it is denied.
#[must_use]
pub fn allocates(guest: Guest) -> Guest {
    guest.first(
        "(loop $more
            (if (i32.lt_s (memory.grow (i32.const 16)) (i32.const 0)) (then unreachable))
            (br $more))",
    )
}

/// It writes so many log lines of so many bytes before it answers.
#[must_use]
pub fn chatters(guest: Guest, lines: u32, bytes: u32) -> Guest {
    chattering(guest, lines, bytes, "(br_if $again (local.get $i))")
}

/// It writes log lines of so many bytes and never ends.
#[must_use]
pub fn chatters_without_end(guest: Guest, bytes: u32) -> Guest {
    chattering(guest, 0, bytes, "(br $again)")
}

fn chattering(guest: Guest, lines: u32, bytes: u32, again: &str) -> Guest {
    guest
        .imports("log", "log", "i32 i32 i32 i32")
        .first(&format!(
            "(memory.fill (i32.const {LONG}) (i32.const 97) (i32.const {bytes}))
             (local.set $i (i32.const {lines}))
             (loop $again
                (call $log (i32.const 1) (i32.const {LONG}) (i32.const {bytes}) (i32.const {REPLY}))
                (local.set $i (i32.sub (local.get $i) (i32.const 1)))
                {again})"
        ))
}

/// It answers ten megabytes in the text that stands at this place of its answer.
#[must_use]
pub fn answers_ten_megabytes(guest: Guest, at: usize) -> Guest {
    guest
        .pages(200)
        .number(at, LONG)
        .number(at + 4, TEN_MEGABYTES)
}
