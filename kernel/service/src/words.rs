//! Words and people get handles; what is recorded holds only those.

use fengqiao_core::command::Command;
use fengqiao_core::ids::{Code, PersonId, PersonRef, TextId, TextRef};
use fengqiao_core::matter::PartyRole;
use fengqiao_core::refusal::Refusal;
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
    check_sign_ins(&command)?;
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

/// A sign-in name stands in the event and can't be erased: an official's is a name at work, a citizen's isn't. Whoever
/// lets citizens sign in has to give them handles that lead nowhere once they are erased.
fn check_sign_ins(command: &Command<String, Person>) -> Result<(), SubmitError> {
    let Command::Register(registration) = command else {
        return Ok(());
    };
    let mut parties = registration.parties.iter();
    if parties.any(|party| party.role != PartyRole::Accused && party.principal.is_some()) {
        return Err(Refusal::FieldInvalid {
            field: Code::word("principal"),
            reason: "只有被举报的工作人员可以写账号；群众的账号不得写入".to_owned(),
        }
        .into());
    }
    Ok(())
}

/// A command with its words replaced by their digests and its people by nothing: what a consultation's record holds. A
/// name is too short for a digest to hide it.
pub(crate) fn digested(command: Command<String, Person>) -> Command<String, String> {
    command.map(&mut |words| sha256(words.as_bytes()), &mut |_| {
        "somebody".to_owned()
    })
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use fengqiao_core::ids::{CaseId, DivisionCode};
    use jiff::Timestamp;

    use super::*;
    use crate::ports::QueryCode;

    /// Counts up: n1, n2…
    #[derive(Default)]
    struct Numbers(AtomicU32);

    impl Numbers {
        fn next(&self) -> String {
            format!("n{}", self.0.fetch_add(1, Ordering::Relaxed) + 1)
        }
    }

    impl Ids for Numbers {
        fn case(&self, _: &DivisionCode, _: Timestamp) -> CaseId {
            CaseId::parse(&self.next()).unwrap()
        }
        fn text(&self) -> TextId {
            TextId::parse(&self.next()).unwrap()
        }
        fn person(&self) -> PersonId {
            PersonId::parse(&self.next()).unwrap()
        }
        fn query_code(&self) -> QueryCode {
            QueryCode {
                code: self.next(),
                hash: self.next(),
            }
        }
    }

    fn ids() -> Numbers {
        Numbers::default()
    }

    #[test]
    fn a_recorded_command_holds_handles_and_lengths_but_no_words() {
        let words = "家里漏水，电话13800138000";
        let interned = intern(
            Command::Progress {
                text: words.to_owned(),
            },
            &ids(),
        )
        .unwrap();
        let recorded = serde_json::to_string(&interned.command).unwrap();
        assert_eq!(
            recorded,
            r#"{"do":"progress","text":{"id":"n1","chars":18}}"#
        );
        assert_eq!(
            interned.texts,
            [(TextId::parse("n1").unwrap(), words.to_owned())]
        );
    }

    #[test]
    fn a_citizens_sign_in_name_never_stands_in_a_registration() {
        let register = |role: &str| -> Command<String, Person> {
            let command = serde_json::json!({
                "do": "register",
                "matter": { "kind": "complaint", "place": "990101001001", "text": "路坏了" },
                "source": { "channel": "window" },
                "parties": [{ "role": role, "principal": "wang-1990" }],
            });
            serde_json::from_value(command).unwrap()
        };
        for role in ["reporter", "representative", "respondent"] {
            let refused = intern(register(role), &ids());
            assert!(matches!(refused, Err(SubmitError::Refused(_))), "{role}");
        }
        assert!(intern(register("accused"), &ids()).is_ok());
    }

    #[test]
    fn a_text_over_the_limit_is_refused() {
        let fits = Command::Progress {
            text: "字".repeat(MAX_TEXT_CHARS),
        };
        assert!(intern(fits, &ids()).is_ok());
        let long = Command::Progress {
            text: "字".repeat(MAX_TEXT_CHARS + 1),
        };
        assert!(matches!(
            intern(long, &ids()),
            Err(SubmitError::TooLong { field: "text", .. })
        ));
    }

    #[test]
    fn every_field_of_a_person_is_limited() {
        let register = |person: Person| {
            let person = serde_json::to_value(person).unwrap();
            let command = serde_json::json!({
                "do": "register",
                "matter": { "kind": "complaint", "place": "990101001001", "text": "路灯坏了" },
                "source": { "channel": "window" },
                "parties": [{ "role": "reporter", "person": person }],
            });
            intern(serde_json::from_value(command).unwrap(), &ids())
        };
        let fits = "字".repeat(MAX_PERSON_CHARS);
        let long = "字".repeat(MAX_PERSON_CHARS + 1);
        let everywhere = Person {
            name: fits.clone(),
            phone: Some(fits.clone()),
            identity_number: Some(fits.clone()),
            address: Some(fits.clone()),
        };
        assert!(register(everywhere.clone()).is_ok());
        let mut people = [(); 4].map(|()| everywhere.clone());
        people[0].name.clone_from(&long);
        people[1].phone = Some(long.clone());
        people[2].identity_number = Some(long.clone());
        people[3].address = Some(long);
        for person in people {
            let refused = register(person.clone());
            assert!(
                matches!(
                    refused,
                    Err(SubmitError::TooLong {
                        field: "person",
                        limit: 200
                    })
                ),
                "{person:?}"
            );
        }
    }

    #[test]
    fn a_consultations_record_holds_digests_in_the_place_of_words() {
        let digested = digested(Command::Urge {
            text: "张三催办".to_owned(),
        });
        let text = serde_json::to_string(&digested).unwrap();
        assert!(
            !text.contains("张三") && text.contains(&sha256("张三催办".as_bytes())),
            "{text}"
        );
    }
}
