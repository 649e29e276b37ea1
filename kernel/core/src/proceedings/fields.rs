//! What is filled in at a move: short words, none of them a person's number.

use crate::ids::Code;
use crate::mask;
use crate::proceeding::Fields;
use crate::refusal::Refusal;

/// The most fields that one proceeding may hold.
pub const MAX_FIELDS: usize = 40;
/// The most characters that one field may have; longer words go through a text handle.
pub const MAX_FIELD_CHARS: usize = 200;

/// Checks that the required fields are filled in and that every field is short and free of phone and identity
/// numbers: fields stand in events, which never hold personal data.
pub(super) fn check(required: &[Code], given: &Fields, already: usize) -> Result<(), Refusal> {
    let filled = |code: &Code| given.get(code).is_some_and(|text| !text.trim().is_empty());
    if let Some(field) = required.iter().find(|code| !filled(code)) {
        return Err(Refusal::FieldMissing {
            field: field.clone(),
        });
    }
    if already + given.len() > MAX_FIELDS {
        return Err(Refusal::TooMany {
            limit: Code::word("fields"),
        });
    }
    for (field, text) in given {
        if text.chars().count() > MAX_FIELD_CHARS {
            return Err(invalid(field, format!("不得超过 {MAX_FIELD_CHARS} 个字符")));
        }
        if mask::text(text) != *text {
            return Err(invalid(field, "请勿填写电话号码或证件号码".to_owned()));
        }
    }
    Ok(())
}

fn invalid(field: &Code, reason: String) -> Refusal {
    Refusal::FieldInvalid {
        field: field.clone(),
        reason,
    }
}
