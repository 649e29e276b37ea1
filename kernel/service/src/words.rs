//! Words and people get handles; what is recorded holds only those.

use fengqiao_core::command::Command;
use fengqiao_core::ids::{Code, PersonId, PersonRef, TextId, TextRef};
use sha2::{Digest as _, Sha256};

use crate::limits::{MAX_PERSON_CHARS, MAX_TEXT_CHARS};
use crate::ports::Ids;
use crate::ports::store::Person;
use crate::request::SubmitError;

/// A command whose words and people were taken out, and what was taken out.
pub(crate) struct Interned {
    pub(crate) command: Command,
    pub(crate) texts: Vec<(TextId, String)>,
    pub(crate) persons: Vec<(PersonId, Person)>,
}

/// Takes words and people out of a command.
pub(crate) fn intern<I: Ids>(
    command: Command<String, Person>,
    ids: &I,
) -> Result<Interned, SubmitError> {
    let mut texts = Vec::new();
    let mut persons = Vec::new();
    let mut too_long = None;
    let command = command.map(
        &mut |words: String| {
            let chars = words.chars().count();
            if chars > MAX_TEXT_CHARS {
                too_long = Some(("text", MAX_TEXT_CHARS));
            }
            let id = ids.text();
            texts.push((id.clone(), words));
            TextRef {
                id,
                chars: u32::try_from(chars).unwrap_or(u32::MAX),
            }
        },
        &mut |person: Person| {
            let id = ids.person();
            persons.push((id.clone(), person));
            PersonRef { id }
        },
    );
    let long_person = persons.iter().any(|(_, person)| {
        [
            Some(&person.name),
            person.phone.as_ref(),
            person.identity_number.as_ref(),
            person.address.as_ref(),
        ]
        .into_iter()
        .flatten()
        .any(|field| field.chars().count() > MAX_PERSON_CHARS)
    });
    if long_person {
        too_long = Some(("person", MAX_PERSON_CHARS));
    }
    match too_long {
        Some((field, limit)) => Err(SubmitError::TooLong { field, limit }),
        None => Ok(Interned {
            command,
            texts,
            persons,
        }),
    }
}

/// A command with its words replaced by their digests: what a consultation's record holds.
pub(crate) fn digested(command: Command<String, Person>) -> Command<String, String> {
    command.map(&mut |words| sha256(words.as_bytes()), &mut |person| {
        sha256(person.name.as_bytes())
    })
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The word of a command or refusal as a code.
pub(crate) fn code(word: &str) -> Code {
    // Command names and refusal codes of the core are well formed; a guard's own code was checked when it came in.
    Code::parse(word).unwrap_or_else(|_| unreachable!("names of commands and refusals are codes"))
}
