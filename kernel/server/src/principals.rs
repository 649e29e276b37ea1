//! Who may sign in: principals with bearer tokens from files, until sign-in has its own place.

use std::path::Path;

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::ids::{Code, DivisionCode, PrincipalId, UnitId};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::files::{self, FileError};
use crate::limits::{MAX_PRINCIPALS, MAX_PRINCIPALS_BYTES};
use crate::policy;

/// The fewest characters of a token.
const MIN_TOKEN_CHARS: usize = 8;

/// Somebody who signed in: a name with one role over one division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal {
    /// Their name in records and logs.
    pub(crate) name: PrincipalId,
    /// As what.
    pub(crate) role: Role,
    /// Over which division.
    pub(crate) division: DivisionCode,
    /// For which unit.
    pub(crate) unit: Option<UnitId>,
    /// The linked platform that signs in so, in the role of a channel.
    pub(crate) platform: Option<Code>,
}

impl Principal {
    /// As the core knows them.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Official {
            principal: self.name.clone(),
            role: self.role,
            unit: self.unit.clone(),
            division: self.division.clone(),
        }
    }
}

/// Everybody with a token.
#[derive(Debug, Default)]
pub(crate) struct Principals {
    entries: Vec<([u8; 32], Principal)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    principal: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Row {
    name: PrincipalId,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    token_sha256: Option<String>,
    role: Role,
    division: DivisionCode,
    #[serde(default)]
    unit: Option<UnitId>,
    #[serde(default)]
    platform: Option<Code>,
    /// Who it is, for people who read the file.
    #[serde(default, rename = "label")]
    _label: Option<String>,
}

/// A file of principals can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PrincipalsError {
    /// It can't be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It isn't TOML of the right shape.
    #[error("{file} 读不懂：{reason}")]
    Syntax {
        /// Which.
        file: String,
        /// What the parser said.
        reason: String,
    },
    /// A principal has no token, two, a short one or no digest.
    #[error(
        "{file} 中的 {name}：请只写 token（至少 {MIN_TOKEN_CHARS} 个字符）或 token-sha256（64 位十六进制）之一"
    )]
    Token {
        /// Which.
        file: String,
        /// Whose.
        name: PrincipalId,
    },
    /// A handler or head of no unit would reach nothing.
    #[error("{file} 中的 {name}：承办人和单位负责人须写明 unit")]
    Unit {
        /// Which.
        file: String,
        /// Whose.
        name: PrincipalId,
    },
    /// A platform that signed in as a person could do by itself what only people do.
    #[error("{file} 中的 {name}：链接平台的账号 role 须为 adapter")]
    Platform {
        /// Which.
        file: String,
        /// Whose.
        name: PrincipalId,
    },
    /// Two principals have one token: nobody could tell them apart.
    #[error("{file} 中的 {name} 与另一账号使用同一个令牌：请更换其中一个")]
    SameToken {
        /// Which.
        file: String,
        /// Whose.
        name: PrincipalId,
    },
    /// More than [`MAX_PRINCIPALS`].
    #[error("账号超过上限 {MAX_PRINCIPALS}：请减少 --principals 文件中的账号")]
    TooMany,
}

impl Principals {
    /// Adds everybody in a file.
    pub(crate) fn read(&mut self, path: &Path) -> Result<(), PrincipalsError> {
        let file = path.display().to_string();
        let content = files::read(path, MAX_PRINCIPALS_BYTES)?;
        let text = String::from_utf8(content).map_err(|error| PrincipalsError::Syntax {
            file: file.clone(),
            reason: error.to_string(),
        })?;
        self.add(&file, &text)
    }

    fn add(&mut self, file: &str, text: &str) -> Result<(), PrincipalsError> {
        let rows: File = toml::from_str(text).map_err(|error| PrincipalsError::Syntax {
            file: file.to_owned(),
            reason: error.to_string(),
        })?;
        for row in rows.principal {
            let refuse = |name| PrincipalsError::Token {
                file: file.to_owned(),
                name,
            };
            let Some(digest) = row.digest() else {
                return Err(refuse(row.name));
            };
            if self.find_digest(&digest).is_some() {
                return Err(PrincipalsError::SameToken {
                    file: file.to_owned(),
                    name: row.name,
                });
            }
            if policy::handles(row.role) && row.unit.is_none() {
                return Err(PrincipalsError::Unit {
                    file: file.to_owned(),
                    name: row.name,
                });
            }
            if row.platform.is_some() && row.role != Role::Adapter {
                return Err(PrincipalsError::Platform {
                    file: file.to_owned(),
                    name: row.name,
                });
            }
            let Row {
                name,
                role,
                division,
                unit,
                platform,
                ..
            } = row;
            self.entries.push((
                digest,
                Principal {
                    name,
                    role,
                    division,
                    unit,
                    platform,
                },
            ));
            if self.entries.len() > MAX_PRINCIPALS {
                return Err(PrincipalsError::TooMany);
            }
        }
        Ok(())
    }

    /// Whose token it is.
    pub(crate) fn find(&self, token: &str) -> Option<&Principal> {
        self.find_digest(&Sha256::digest(token.as_bytes()).into())
    }

    /// Looks at every entry whatever it finds, so that the time says nothing about the token.
    fn find_digest(&self, digest: &[u8; 32]) -> Option<&Principal> {
        let mut found = None;
        for (own, principal) in &self.entries {
            let difference = own
                .iter()
                .zip(digest)
                .fold(0, |difference, (a, b)| difference | (a ^ b));
            if difference == 0 {
                found = Some(principal);
            }
        }
        found
    }
}

impl Row {
    fn digest(&self) -> Option<[u8; 32]> {
        match (&self.token, &self.token_sha256) {
            (Some(token), None) if token.chars().count() >= MIN_TOKEN_CHARS => {
                Some(Sha256::digest(token.as_bytes()).into())
            }
            (None, Some(digest)) => hex::decode(digest).ok()?.try_into().ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"
        [[principal]]
        name = "clerk-1"
        token = "token-of-clerk-1"
        role = "clerk"
        division = "990101000000"
        label = "窗口一"

        [[principal]]
        name = "head-1"
        token-sha256 = "a3f5f1c2b8f6f6a36ad9ab2b5a0c8a3b3f3d6a4f6b1f0c9d8e7f6a5b4c3d2e1f"
        role = "unit-head"
        division = "990101000000"
        unit = "housing"
    "#;

    #[test]
    fn a_token_names_its_principal_and_another_names_nobody() {
        let mut principals = Principals::default();
        principals.add("two.toml", TWO).unwrap();
        assert_eq!(
            principals.find("token-of-clerk-1").unwrap().name.as_str(),
            "clerk-1"
        );
        assert!(principals.find("token-of-clerk-2").is_none());
        assert!(principals.find("").is_none());
    }

    #[test]
    fn two_principals_never_share_a_token() {
        let mut principals = Principals::default();
        principals.add("two.toml", TWO).unwrap();
        assert!(matches!(
            principals.add("again.toml", TWO),
            Err(PrincipalsError::SameToken { .. })
        ));
    }

    #[test]
    fn a_handler_belongs_to_a_unit() {
        let text = "[[principal]]\nname = \"x\"\ntoken = \"long-enough\"\nrole = \"unit-handler\"\ndivision = \"990101000000\"\n";
        assert!(matches!(
            Principals::default().add("x.toml", text),
            Err(PrincipalsError::Unit { .. })
        ));
    }

    #[test]
    fn a_platform_signs_in_as_a_channel_and_as_nobody_else() {
        let text = |role| {
            format!(
                "[[principal]]\nname = \"x\"\ntoken = \"long-enough\"\nrole = \"{role}\"\ndivision = \"990101000000\"\nplatform = \"p\"\n"
            )
        };
        let read = |role| Principals::default().add("x.toml", &text(role));
        read("adapter").unwrap();
        assert!(matches!(
            read("dispatcher"),
            Err(PrincipalsError::Platform { .. })
        ));
    }

    #[test]
    fn a_principal_without_a_usable_token_is_refused() {
        let row = |token: &str| {
            format!(
                "[[principal]]\nname = \"x\"\n{token}\nrole = \"clerk\"\ndivision = \"990101000000\"\n"
            )
        };
        for token in [
            "",
            "token = \"short\"",
            "token-sha256 = \"abc\"",
            "token = \"long-enough\"\ntoken-sha256 = \"ab\"",
        ] {
            let refused = Principals::default().add("x.toml", &row(token));
            assert!(
                matches!(refused, Err(PrincipalsError::Token { .. })),
                "{token}"
            );
        }
    }

    /// A row of a file, whose token nobody else has.
    fn row(name: &str) -> String {
        format!(
            "[[principal]]\nname = \"{name}\"\ntoken = \"token-of-{name}\"\nrole = \"clerk\"\ndivision = \"990101000000\"\n"
        )
    }

    #[test]
    fn one_process_knows_at_most_ten_thousand_principals() {
        let mut principals = Principals::default();
        principals.add("one.toml", &row("one")).unwrap();
        let somebody = principals.entries.remove(0).1;
        principals.entries = vec![([0; 32], somebody); MAX_PRINCIPALS - 1];
        principals.add("last.toml", &row("last")).unwrap();
        let refused = principals.add("more.toml", &row("more"));
        assert!(matches!(refused, Err(PrincipalsError::TooMany)));
    }

    #[test]
    fn a_file_of_principals_has_at_most_a_mebibyte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("principals.toml");
        let read = |bytes: usize| {
            let mut text = row("one");
            text.push('#');
            text.extend(std::iter::repeat_n('.', bytes - text.len()));
            files::tests::write(&path, &text);
            Principals::default().read(&path)
        };
        read(MAX_PRINCIPALS_BYTES).unwrap();
        let refused = read(MAX_PRINCIPALS_BYTES + 1);
        let Err(PrincipalsError::File(FileError::TooLarge { limit, .. })) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(limit, 1024 * 1024);
    }
}
