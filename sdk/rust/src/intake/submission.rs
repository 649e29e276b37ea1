//! What a message handed in, in the kernel's JSON form.

use std::collections::BTreeSet;

use serde::Serialize;

/// A matter as a channel hands it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Submission {
    matter: Matter,
    source: Source,
    naming: Naming,
    parties: Vec<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeats: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Matter {
    kind: String,
    category: Option<String>,
    place: String,
    text: String,
    amount_fen: Option<u64>,
    people: u32,
    portfolios: Vec<String>,
    marks: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Source {
    channel: String,
    first_receiver: Option<String>,
    external: Option<String>,
    posted_at: Option<String>,
}

impl Submission {
    /// A matter of a kind (`complaint`, `suggestion`, `consultation`, `report`, `dispute`, `petition`) at a division's code.
    pub fn new(channel: &str, kind: &str, place: &str, text: &str) -> Self {
        Self {
            matter: Matter {
                kind: kind.to_owned(),
                category: None,
                place: place.to_owned(),
                text: text.to_owned(),
                amount_fen: None,
                people: 0,
                portfolios: Vec::new(),
                marks: BTreeSet::new(),
            },
            source: Source {
                channel: channel.to_owned(),
                first_receiver: None,
                external: None,
                posted_at: None,
            },
            naming: Naming::Anonymous,
            parties: Vec::new(),
            repeats: None,
        }
    }

    /// The word of the jurisdiction's codebook.
    #[must_use]
    pub fn category(mut self, code: &str) -> Self {
        self.matter.category = Some(code.to_owned());
        self
    }

    /// The amount in dispute.
    #[must_use]
    pub fn amount_fen(mut self, fen: u64) -> Self {
        self.matter.amount_fen = Some(fen);
        self
    }

    /// How many people are concerned.
    #[must_use]
    pub fn people(mut self, people: u32) -> Self {
        self.matter.people = people;
        self
    }

    /// A portfolio (分管) that it needs.
    #[must_use]
    pub fn portfolio(mut self, code: &str) -> Self {
        self.matter.portfolios.push(code.to_owned());
        self
    }

    /// A fact that the sender ticked, such as `emergency`.
    #[must_use]
    pub fn mark(mut self, mark: &str) -> Self {
        self.matter.marks.insert(mark.to_owned());
        self
    }

    /// The unit that was asked first (首问、首接).
    #[must_use]
    pub fn first_receiver(mut self, unit: &str) -> Self {
        self.source.first_receiver = Some(unit.to_owned());
        self
    }

    /// The number it has in the sender's system.
    #[must_use]
    pub fn external(mut self, number: &str) -> Self {
        self.source.external = Some(number.to_owned());
        self
    }

    /// The same matter again, with words of its own: the number of the earlier message. It is a case of its own, linked to
    /// that one's; whether they are merged, a person decides.
    #[must_use]
    pub fn repeats(mut self, number: &str) -> Self {
        self.repeats = Some(number.to_owned());
        self
    }

    /// When the citizen posted it, as RFC 3339 with an offset.
    #[must_use]
    pub fn posted_at(mut self, time: &str) -> Self {
        self.source.posted_at = Some(time.to_owned());
        self
    }

    /// Who asks, by name.
    #[must_use]
    pub fn reporter(mut self, person: Person) -> Self {
        self.naming = Naming::Named;
        self.parties.push(Party {
            role: "reporter",
            person: Some(person),
            unit: None,
        });
        self
    }

    /// The unit on the other side of a dispute, who takes part.
    #[must_use]
    pub fn respondent(mut self, unit: &str) -> Self {
        self.parties.push(Party {
            role: "respondent",
            person: None,
            unit: Some(unit.to_owned()),
        });
        self
    }

    /// The unit that a report accuses: it never receives the report and never sees it.
    #[must_use]
    pub fn accused(mut self, unit: &str) -> Self {
        self.parties.push(Party {
            role: "accused",
            person: None,
            unit: Some(unit.to_owned()),
        });
        self
    }
}

/// Whether the reporter gave a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Naming {
    /// 实名
    Named,
    /// 匿名
    Anonymous,
}

/// Somebody in the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Party {
    role: &'static str,
    person: Option<Person>,
    unit: Option<String>,
}

/// A person's data. The kernel keeps it in an erasable table, and nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Person {
    /// 姓名
    pub name: String,
    /// 电话
    pub phone: Option<String>,
    /// 身份证号
    pub identity_number: Option<String>,
    /// 住址
    pub address: Option<String>,
}
