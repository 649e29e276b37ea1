//! A component in text, for what the encoder doesn't make.

use crate::guest::ANSWER;
use crate::manifest::{manifest, with_manifest};

/// A component of the `profile` hook in text: several memories, tables, instances, handles.
///
/// `core` is what stands before the module that answers; `body` runs in it before the answer, an empty profile.
#[must_use]
pub fn by_hand(core: &str, imports: &str, with: &str, body: &str) -> Vec<u8> {
    let text = format!(
        r#"(component
            (import "fengqiao:types/values@0.1.0" (instance $values
                (type $coded-type (record (field "code" string) (field "document" string)))
                (export "coded" (type $coded (eq $coded-type)))
                (type $error-type (variant
                    (case "bad-config" string) (case "bad-input" string) (case "cannot-answer" string)
                    (case "denied" string) (case "other" $coded)))
                (export "plugin-error" (type (eq $error-type)))))
            (alias export $values "plugin-error" (type $error))
            {core}
            (core module $answers
                {imports}
                (memory (export "memory") 1)
                (data (i32.const {ANSWER}) "\00\00\00\00\00\04\00\00\02\00\00\00")
                (data (i32.const 1024) "{{}}")
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 2048))
                (func (export "profile") (param i32 i32) (result i32) {body} (i32.const {ANSWER})))
            (core instance $guest (instantiate $answers {with}))
            (func $profile (param "config" string) (result (result string (error $error)))
                (canon lift (core func $guest "profile") (memory (core memory $guest "memory")) (realloc (core func $guest "realloc"))))
            (instance $hook (export "profile" (func $profile)))
            (export "fengqiao:profile/profile@0.1.0" (instance $hook)))"#
    );
    let component = wat::parse_str(text).unwrap();
    with_manifest(component, &manifest("profile", &["log"], ""))
}
