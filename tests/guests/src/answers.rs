//! Guests that answer what a plugin may answer.

use crate::guest::Guest;

/// A guard that permits.
#[must_use]
pub fn permit() -> Guest {
    Guest::of("guard")
}

/// A guard that refuses with these words.
#[must_use]
pub fn refuse(code: &str, text: &str) -> Guest {
    Guest::of("guard").byte(4, 1).text(8, code).text(16, text)
}

/// A react with one proposal on a case.
#[must_use]
pub fn propose(case: &str, code: &str, document: &str) -> Guest {
    let mut guest = Guest::of("react");
    let mut proposal = vec![0; 4];
    for text in [case, code, document] {
        let (start, length) = guest.put(text.as_bytes());
        proposal.extend(start.to_le_bytes());
        proposal.extend(length.to_le_bytes());
    }
    let (list, _) = guest.put(&proposal);
    guest.number(4, list).number(8, 1)
}

/// A triage that accepts a matter for the county 990101000000, with this lead and the rule `nearest-unit`.
#[must_use]
pub fn accept(lead: &str) -> Guest {
    let mut guest = Guest::of("triage");
    let (flag, length) = guest.put(b"legacy");
    let flags = [flag, length].map(u32::to_le_bytes).concat();
    let (flags, _) = guest.put(&flags);
    guest
        .text(8, lead)
        .number(32, flags)
        .number(36, 1)
        .byte(40, 1)
        .text(44, "990101000000")
        .text(52, "nearest-unit")
}

/// A profile in these words, whatever they are.
#[must_use]
pub fn profile(text: &str) -> Guest {
    Guest::of("profile").text(4, text)
}
