//! Names of things: validated, ordered, printable, never generated here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most characters an identifier or code may have.
pub const MAX_ID_CHARS: usize = 96;

/// Why a string isn't an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Empty, too long, or with a control character or white space.
    #[error("`{0}` 不是有效的标识：1 到 {MAX_ID_CHARS} 个字符，不含空白与控制字符")]
    Malformed(String),
    /// Not 12 digits, nor 15 for a grid.
    #[error("`{0}` 不是区划代码：应为 12 位数字，网格为 15 位")]
    Division(String),
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        pub struct $name(String);

        impl $name {
            /// Checks and wraps a name.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let fits = !text.is_empty()
                    && text.chars().count() <= MAX_ID_CHARS
                    && !text.chars().any(|c| c.is_whitespace() || c.is_control());
                if fits { Ok(Self(text.to_owned())) } else { Err(IdError::Malformed(text.chars().take(MAX_ID_CHARS).collect())) }
            }

            /// The name as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

text_id!(
    /// A case number (诉求编号), given by the kernel at registration.
    CaseId
);
text_id!(
    /// An organisation that can be given work (单位).
    UnitId
);
text_id!(
    /// Somebody who acts: the name in the token file, later in the sign-in.
    PrincipalId
);
text_id!(
    /// A handle of erasable free text (a statement, a report, a reason).
    TextId
);
text_id!(
    /// A handle of an erasable person (name, phone, identity number, address).
    PersonId
);
text_id!(
    /// A word of a codebook: category, channel, role of a place, notice, flag, proceeding kind, state, move, clock.
    Code
);
text_id!(
    /// A plugin with its configuration, in force for one division.
    BindingId
);
text_id!(
    /// The digest of the bindings along a division path that a case is pinned to.
    BindingSetId
);
text_id!(
    /// The digest of a piece of evidence (lower-case hexadecimal SHA-256).
    Digest
);

impl Code {
    /// A word that the kernel itself uses; every call names a constant that [`Code::parse`] accepts.
    pub fn word(word: &'static str) -> Code {
        debug_assert!(Code::parse(word).is_ok());
        Code(word.to_owned())
    }
}

/// A statistical division code: 12 digits, plus 3 for a grid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct DivisionCode(String);

/// The level of a division (级), from the whole country down to a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// 网格
    Grid,
    /// 村、社区
    Village,
    /// 乡镇、街道
    Township,
    /// 县、区
    County,
    /// 地级市
    Prefecture,
    /// 省
    Province,
}

impl DivisionCode {
    /// Checks and wraps a code.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let fits = matches!(text.len(), 12 | 15)
            && text.bytes().all(|b| b.is_ascii_digit())
            && !text.starts_with("00");
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Division(text.chars().take(MAX_ID_CHARS).collect()))
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level, read from the trailing zeros.
    pub fn level(&self) -> Level {
        let zeros = |from: usize| self.0.bytes().skip(from).take(12 - from).all(|b| b == b'0');
        if self.0.len() == 15 {
            Level::Grid
        } else if zeros(2) {
            Level::Province
        } else if zeros(4) {
            Level::Prefecture
        } else if zeros(6) {
            Level::County
        } else if zeros(9) {
            Level::Township
        } else {
            Level::Village
        }
    }

    /// The digits that every division inside this one begins with.
    pub fn prefix(&self) -> &str {
        let digits = match self.level() {
            Level::Province => 2,
            Level::Prefecture => 4,
            Level::County => 6,
            Level::Township => 9,
            Level::Village => 12,
            Level::Grid => 15,
        };
        self.0.get(..digits).unwrap_or(&self.0)
    }

    /// Whether `other` is this division or lies inside it.
    pub fn contains(&self, other: &DivisionCode) -> bool {
        other.0.starts_with(self.prefix())
    }

    /// The division one level up, by its digits; none above a province.
    pub fn parent(&self) -> Option<DivisionCode> {
        let digits = match self.level() {
            Level::Province => return None,
            Level::Prefecture => 2,
            Level::County => 4,
            Level::Township => 6,
            Level::Village => 9,
            Level::Grid => 12,
        };
        self.0
            .get(..digits)
            .map(|prefix| DivisionCode(format!("{prefix:0<12}")))
    }

    /// This division and all above it, the province first.
    pub fn path(&self) -> Vec<DivisionCode> {
        let mut path = vec![self.clone()];
        while let Some(parent) = path.last().and_then(DivisionCode::parent) {
            path.push(parent);
        }
        path.reverse();
        path
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DivisionCode {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for DivisionCode {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<DivisionCode> for String {
    fn from(code: DivisionCode) -> String {
        code.0
    }
}

/// What events belong to: each subject has its own version count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "subject", content = "id")]
pub enum Subject {
    /// One matter.
    Case(CaseId),
    /// A unit's own docket: cards, answers.
    Unit(UnitId),
    /// A division's own docket: grants, common problems.
    Division(DivisionCode),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Case(id) => write!(f, "case:{id}"),
            Subject::Unit(id) => write!(f, "unit:{id}"),
            Subject::Division(code) => write!(f, "division:{code}"),
        }
    }
}

/// A number inside one subject: of an assignment, a clock, a proceeding, an approval, a task, a report.
pub type Seq = u32;

/// Erasable free text, by its handle; the words themselves are never in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextRef {
    /// Where the words are kept.
    pub id: TextId,
    /// How many characters they have; 0 means that nothing was written.
    pub chars: u32,
}

impl TextRef {
    /// No words: where the kernel acts, nobody wrote any.
    pub(crate) fn nothing() -> Self {
        Self {
            id: TextId("none".to_owned()),
            chars: 0,
        }
    }
}

/// An erasable person, by its handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonRef {
    /// Where name, phone and address are kept.
    pub id: PersonId,
}
