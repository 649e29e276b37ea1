//! Formulas, cohorts, lineage, tallies and scores: numbers that list their cases. Pure.
//!
//! Facts come in as [`CaseFacts`]. [`Sheets`] holds everybody's counts after one pass; [`metric()`] answers one formula with
//! the cases above, below and taken out. What isn't a part of a whole is refused the name of a rate.

mod account;
mod appeal;
mod book;
mod breakdown;
mod bulletin;
mod count;
mod countable;
mod counting_rules;
mod elapsed;
mod entry;
mod facts;
mod formula;
mod fraction;
mod held;
mod judge;
pub mod limits;
mod lineage;
mod metric;
mod named;
mod published;
mod pyramid;
mod ranking;
mod score;
mod selection;
mod share;
mod sheet;
mod suggestions;
mod tally;
mod value;
mod watch;
mod window;

pub use account::{CaseAccount, Procedure, StateReached, UnitAccount};
pub use appeal::{Appeal, AppealDecision, AppealError, AppealOutcome, Appeals};
pub use book::{Book, TwiceTold};
pub use breakdown::{Dimension, Slice, breakdown, word};
pub use bulletin::{Acknowledged, Bulletin, BulletinDraft, BulletinError, Column, Line};
pub use count::{Counts, Exclusion, Figure, Split};
pub use countable::{Countable, Counted};
pub use counting_rules::{CardRule, CountingRules, CountingRulesError, MediationRule, OrderRule};
pub use elapsed::{Elapsed, Span, elapsed, elapsed_by_unit};
pub use facts::{
    Asked, Card, CaseFacts, ClockFact, Closing, FollowUp, Instants, Mediation, MediationOutcome,
    Order, OwnedClock, Rating, Replied, Reported, Reporter, Satisfied, Settled, Standing, Turn,
    Validity,
};
pub use formula::{Form, Formula, FormulaId, Kind};
pub use fraction::{Fraction, Percent, Places};
pub use judge::Basis;
pub use lineage::{Excluded, Lineage, Member, Reason};
pub use metric::{Metric, Question, members, metric};
pub use named::{NamedRate, NamedRates, NamedRatesError};
pub use published::{Contradiction, ContradictionError, Reading};
pub use pyramid::{Pyramid, Step};
pub use ranking::{BestWindow, Candidate, Ranked, best_window, rank};
pub use score::{GradeStep, Grades, ScoreError, ScoreLine, ScoreSheet};
pub use selection::{Scope, Selection, Trait};
pub use share::{Share, ShareMetric};
pub use sheet::{Counting, Sheets};
pub use suggestions::{Suggested, suggestions};
pub use tally::CARD_PREFIX;
pub use value::{Growth, NotARate, Rate, Throughput, Value};
pub use watch::{Concern, Finding, WatchRules, watch};
pub use window::{Period, Window, WindowError};
