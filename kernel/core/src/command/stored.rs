//! Commands that were recorded in another form than the one in which they are written today.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::ids::DivisionCode;

/// A transfer as it may be read: it once named its binding set, which is the kernel's own word now.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Transfer<T> {
    to: DivisionCode,
    text: T,
    #[serde(default, rename = "bindings")]
    _bindings: IgnoredAny,
}

pub(super) fn transfer<'de, D, T>(from: D) -> Result<(DivisionCode, T), D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let Transfer { to, text, .. } = Transfer::deserialize(from)?;
    Ok((to, text))
}

#[cfg(test)]
mod tests {
    use crate::command::Command;

    #[test]
    fn a_transfer_that_was_recorded_with_its_binding_set_is_read_without_it() {
        let now =
            r#"{"do":"transfer","to":"990102000000","text":{"id":"t1","chars":4}}"#.to_owned();
        let then = now.replacen(r#""text""#, r#""bindings":"set-2","text""#, 1);
        let (read, old): (Command, Command) = (
            serde_json::from_str(&now).unwrap(),
            serde_json::from_str(&then).unwrap(),
        );
        assert_eq!(old, read);
        assert_eq!(serde_json::to_string(&old).unwrap(), now);
        let unknown = now.replacen(r#""text""#, r#""beyond":1,"text""#, 1);
        assert!(serde_json::from_str::<Command>(&unknown).is_err());
    }
}
