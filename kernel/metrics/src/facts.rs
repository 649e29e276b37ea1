//! The countable facts of one case: what metrics need of it, and nothing that names a person.

mod parts;

use fengqiao_core::ids::{CaseId, Code, Digest, DivisionCode, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::window::Period;

pub use parts::{
    Asked, Card, ClockFact, Closing, FollowUp, Instants, Mediation, MediationOutcome, Order,
    OwnedClock, Rating, Replied, Reported, Satisfied, Settled, Turn, Validity,
};

/// One case as the formulas see it. Facts are never changed by an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseFacts {
    /// Its number.
    pub case: CaseId,
    /// What kind of matter: `complaint`, `suggestion`, `dispute`…
    pub kind: Code,
    /// The word of the jurisdiction's codebook, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Code>,
    /// What a suggestion is about, where somebody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Code>,
    /// The smallest division that is known to contain the place; the case counts there and in all above.
    pub place: DivisionCode,
    /// How it reached us.
    pub channel: Code,
    /// What the reporter is.
    pub reporter: Reporter,
    /// The unit that took it in (首问、首接), where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_by: Option<UnitId>,
    /// How often somebody came or called about it (次); the first time counts.
    pub visits: u32,
    /// How many people were received in all (人次); a matter is one, however many came.
    pub attendances: u32,
    /// The amount in dispute, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<u64>,
    /// Where it was settled.
    pub settled: Settled,
    /// An old matter that was handed over (历史积案).
    #[serde(default, skip_serializing_if = "is_false")]
    pub legacy: bool,
    /// An early sign of a dispute (苗头).
    #[serde(default, skip_serializing_if = "is_false")]
    pub early_sign: bool,
    /// A suggestion that was taken up (采纳).
    #[serde(default, skip_serializing_if = "is_false")]
    pub adopted: bool,
    /// When what happened first.
    pub instants: Instants,
    /// The units that it was given to as lead, in their order. The last one that wasn't let go leads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
    /// The deadlines of the first and of each later report.
    #[serde(
        default,
        alias = "report-clock",
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub report_clocks: Vec<OwnedClock>,
    /// The deadline of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_clock: Option<ClockFact>,
    /// Every closing, and when it was taken back by rework.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closings: Vec<Closing>,
    /// The reports of its result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Reported>,
    /// The answers to the citizen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Replied>,
    /// The citizen's ratings, rising; one that was rated again after rework has several.
    #[serde(
        default,
        alias = "rating",
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub ratings: Vec<Rating>,
    /// The times the citizen was asked again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUp>,
    /// The digest of the words of the reply, of an old system that tells no more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_digest: Option<Digest>,
    /// The case that this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<CaseId>,
    /// The case that this one was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<CaseId>,
    /// Mediations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mediations: Vec<Mediation>,
    /// Orders that were issued because of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<Order>,
    /// The kinds of the local procedures that it has or had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proceedings: Vec<Code>,
}

/// What the one who handed it in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reporter {
    /// 群众
    Citizen,
    /// 网格员
    GridOfficer,
    /// 志愿者
    Volunteer,
    /// 单位
    Unit,
}

/// How a case stands, for the count of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// In work.
    Open,
    /// Closed; archived counts as closed.
    Closed,
    /// Ended outside the loop.
    Ended,
}

impl CaseFacts {
    /// The closing that stands at an instant, if the case is closed then and hasn't ended otherwise.
    pub fn closed_as_of(&self, as_of: Timestamp) -> Option<&Closing> {
        if self.instants.ended_at.is_some_and(|at| at <= as_of) {
            return None;
        }
        let last = self.closings.iter().filter(|closing| closing.at <= as_of);
        last.max_by_key(|closing| closing.at)
            .filter(|closing| closing.taken_back_at.is_none_or(|at| at > as_of))
    }

    /// How it stands at an instant: exactly one of the three.
    pub fn standing_as_of(&self, as_of: Timestamp) -> Standing {
        if self.instants.ended_at.is_some_and(|at| at <= as_of) {
            Standing::Ended
        } else if self.closed_as_of(as_of).is_some() {
            Standing::Closed
        } else {
            Standing::Open
        }
    }

    /// The unit that leads, or led to the end: the last that was given the case and wasn't let go.
    pub fn lead_as_of(&self, as_of: Timestamp) -> Option<&UnitId> {
        let held =
            |turn: &&Turn| turn.given_at <= as_of && turn.left_at().is_none_or(|left| left > as_of);
        self.turns.iter().rev().find(held).map(|turn| &turn.unit)
    }

    /// When the result was reported: of the reports known at an instant, the last that stands.
    pub fn reported_as_of(&self, as_of: Timestamp) -> Option<Timestamp> {
        if self.reports.is_empty() {
            return self.instants.reported_at.filter(|at| *at <= as_of);
        }
        self.standing_report(as_of).map(|report| report.at)
    }

    /// When that report was confirmed, as far as was known.
    pub fn confirmed_as_of(&self, as_of: Timestamp) -> Option<Timestamp> {
        let confirmed_at = if self.reports.is_empty() {
            self.instants.confirmed_at
        } else {
            self.standing_report(as_of)?.confirmed_at
        };
        confirmed_at.filter(|at| *at <= as_of)
    }

    fn standing_report(&self, as_of: Timestamp) -> Option<&Reported> {
        let known = self.reports.iter().rev().find(|it| it.at <= as_of)?;
        let stands = known.taken_back_at.is_none_or(|at| at > as_of);
        stands.then_some(known)
    }

    /// The digests of what the citizen was told in a stretch of time that a question is about.
    pub(crate) fn words_in<'a>(&'a self, period: &'a Period) -> impl Iterator<Item = &'a Digest> {
        let only = self.instants.replied_at.filter(|_| self.replies.is_empty());
        let only = only.zip(self.reply_digest.as_ref());
        let all = self.replies.iter();
        let all = all.filter_map(|reply| Some((reply.at, reply.digest.as_ref()?)));
        let within = |(at, _): &(Timestamp, &Digest)| period.covers(*at);
        all.chain(only).filter(within).map(|(_, digest)| digest)
    }

    /// When the citizen was answered last, as far as was known at an instant.
    pub fn replied_as_of(&self, as_of: Timestamp) -> Option<Timestamp> {
        if self.replies.is_empty() {
            return self.instants.replied_at.filter(|at| *at <= as_of);
        }
        let known = self.replies.iter().rev().find(|it| it.at <= as_of);
        known.map(|reply| reply.at)
    }

    /// The rating that answers an asking: the last valid one from then on until the citizen was asked again.
    pub fn rating_of(&self, asked_at: Timestamp, as_of: Timestamp) -> Option<&Rating> {
        let mut later = self.instants.ratable_at.iter().copied();
        let until = later.find(|at| *at > asked_at);
        let answers = |it: &&Rating| {
            it.validity == Validity::Valid
                && asked_at <= it.at
                && it.at <= as_of
                && until.is_none_or(|until| it.at < until)
        };
        self.ratings.iter().rev().find(answers)
    }
}

/// A list, or the one thing that it holds: older records and other systems tell no more than the last.
fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        Many(Vec<T>),
        One(T),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::Many(all) => all,
        OneOrMany::One(one) => vec![one],
    })
}

fn is_false(mark: &bool) -> bool {
    !mark
}
