//! The countable facts of a period: one vocabulary for formulas and tallies, each with a code that never changes.

use serde::{Deserialize, Serialize};

use crate::formula::FormulaId;

/// What is counted, and so whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Cases (件), the lead's.
    Cases,
    /// Dispatches (派单), each the unit's that got it.
    Dispatches,
    /// Reports that are owed (应反馈), each the unit's whose deadline it is.
    Reports,
    /// Askings to rate (可评价), the lead's of that time.
    Askings,
    /// Ratings (评价), the lead's of that time.
    Ratings,
    /// Follow-ups (回访), the lead's.
    FollowUps,
    /// Mediations (调解), each the unit's that mediates.
    Mediations,
    /// Orders, as the issuer's.
    OrdersIssued,
    /// Orders, as the addressee's.
    OrdersReceived,
}

/// A row of the vocabulary.
struct Row {
    code: &'static str,
    label: &'static str,
    counted: Counted,
    /// The formula whose appeal takes an entry out of this count.
    belongs_to: Option<FormulaId>,
}

macro_rules! countables {
    ($($variant:ident $code:literal $label:literal $counted:ident $belongs_to:expr;)*) => {
        /// A countable fact of an entry in a period.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs, reason = "each is named, and its label is its sentence")]
        pub enum Countable { $($variant,)* }

        impl Countable {
            /// All of them, in the order in which tallies list them.
            pub const ALL: &'static [Countable] = &[$(Countable::$variant,)*];
        }

        const ROWS: [Row; COUNT] = [$(Row {
            code: $code,
            label: $label,
            counted: Counted::$counted,
            belongs_to: $belongs_to,
        },)*];
    };
}

/// How many there are.
pub(crate) const COUNT: usize = Countable::ALL.len();

countables! {
    // By the instant of registration.
    Registered "registered" "登记" Cases None;
    Open "open" "登记后在办" Cases None;
    RegisteredClosed "registered-closed" "登记后办结" Cases None;
    RegisteredEnded "registered-ended" "登记后终结" Cases None;
    Merged "merged" "并入他案" Cases None;
    DirectedElsewhere "directed-elsewhere" "引导到其他渠道" Cases None;
    FromCitizens "from-citizens" "群众提出" Cases None;
    FromGridOfficers "from-grid-officers" "网格员上报" Cases None;
    FromVolunteers "from-volunteers" "志愿者上报" Cases None;
    FromUnits "from-units" "单位转来" Cases None;

    // By the instant of acceptance.
    Accepted "accepted" "受理" Cases Some(FormulaId::ClosingRate);
    AcceptedClosed "accepted-closed" "受理后办结" Cases Some(FormulaId::ClosingRate);
    AcceptedBefore "accepted-before" "上期受理" Cases Some(FormulaId::Growth);
    Repeats "repeats" "重复诉求" Cases Some(FormulaId::RepeatShare);
    EarlySigns "early-signs" "苗头" Cases None;

    // By the instant of closing.
    Closed "closed" "办结" Cases Some(FormulaId::ClosingThroughput);
    ClosedFirstVisit "closed-first-visit" "一次来访且未重办即办结" Cases Some(FormulaId::FirstVisitClosing);
    ClosedOnTheSpot "closed-on-the-spot" "当场办结" Cases None;
    ClosedLegacy "closed-legacy" "历史积案办结" Cases Some(FormulaId::LegacyShare);
    ClosedWithinGrid "closed-within-grid" "网格内办结" Cases Some(FormulaId::LevelShareGrid);
    ClosedWithinVillage "closed-within-village" "村（社区）及以下办结" Cases Some(FormulaId::LevelShareVillage);
    ClosedWithinTownship "closed-within-township" "乡镇（街道）及以下办结" Cases Some(FormulaId::LevelShareTownship);
    ClosedWithinCounty "closed-within-county" "县（区）及以下办结" Cases Some(FormulaId::LevelShareCounty);
    ClosedWithinPrefecture "closed-within-prefecture" "市及以下办结" Cases Some(FormulaId::LevelSharePrefecture);

    // By the instant of rework.
    Reworked "reworked" "重办" Cases None;

    // By the due instant of the whole.
    Due "due" "应办结" Cases Some(FormulaId::OnTimeClosing);
    EndedBeforeDue "ended-before-due" "期限前已终结" Cases Some(FormulaId::OnTimeClosing);
    DueRunning "due-running" "期限未到" Cases Some(FormulaId::OnTimeClosing);
    ClosedOnTime "closed-on-time" "按时办结" Cases Some(FormulaId::OnTimeClosing);
    ClosingMissed "closing-missed" "逾期未办结" Cases Some(FormulaId::OnTimeClosing);

    // By the due instant of the report.
    ReportDue "report-due" "应反馈" Reports Some(FormulaId::OnTimeReporting);
    EndedBeforeReport "ended-before-report" "反馈期限前已终结" Reports Some(FormulaId::OnTimeReporting);
    ReportRunning "report-running" "反馈期限未到" Reports Some(FormulaId::OnTimeReporting);
    ReportedOnTime "reported-on-time" "按时反馈" Reports Some(FormulaId::OnTimeReporting);
    ReportMissed "report-missed" "逾期未反馈" Reports Some(FormulaId::OnTimeReporting);

    // By the instant of the rating.
    Ratings "ratings" "评价" Ratings Some(FormulaId::Satisfaction);
    RatingsInvalid "ratings-invalid" "无效评价" Ratings Some(FormulaId::Satisfaction);
    Satisfied "satisfied" "满意" Ratings Some(FormulaId::SatisfactionStrict);
    BasicallySatisfied "basically-satisfied" "基本满意" Ratings Some(FormulaId::Satisfaction);
    SatisfiedOrBasically "satisfied-or-basically" "满意和基本满意" Ratings Some(FormulaId::Satisfaction);
    Dissatisfied "dissatisfied" "不满意" Ratings Some(FormulaId::Satisfaction);

    // By the instant at which the citizen was asked to rate.
    Ratable "ratable" "可评价" Askings Some(FormulaId::Participation);
    RatableRated "ratable-rated" "已参评" Askings Some(FormulaId::Participation);

    // By the instant of dispatch.
    Dispatched "dispatched" "派单" Dispatches Some(FormulaId::ReturnRate);
    Returned "returned" "退单" Dispatches Some(FormulaId::ReturnRate);
    ContactLetGo "contact-let-go" "联系期限前已离手" Dispatches Some(FormulaId::ResponseRate);
    ContactNotOwed "contact-not-owed" "无需联系" Dispatches Some(FormulaId::ResponseRate);
    ContactRunning "contact-running" "联系期限未到" Dispatches Some(FormulaId::ResponseRate);
    ContactOwed "contact-owed" "应联系" Dispatches Some(FormulaId::ResponseRate);
    ContactedInTime "contacted-in-time" "限时内联系" Dispatches Some(FormulaId::ResponseRate);
    ContactMissed "contact-missed" "逾期未联系" Dispatches Some(FormulaId::ResponseRate);

    // By the instant of the follow-up.
    FollowUps "follow-ups" "回访" FollowUps Some(FormulaId::SolvedRate);
    Unreached "unreached" "回访未接通" FollowUps Some(FormulaId::SolvedRate);
    Solved "solved" "群众认为已解决" FollowUps Some(FormulaId::SolvedRate);
    Unsolved "unsolved" "群众认为未解决" FollowUps Some(FormulaId::SolvedRate);

    // By the instant at which a mediation was taken on.
    MediationsAccepted "mediations-accepted" "受理调解" Mediations Some(FormulaId::MediationSuccessAccepted);
    MediationsAcceptedAgreed "mediations-accepted-agreed" "受理后调解成功" Mediations Some(FormulaId::MediationSuccessAccepted);

    // By the instant at which a mediation ended.
    MediationsClosed "mediations-closed" "办结调解" Mediations Some(FormulaId::MediationSuccess);
    MediationsAgreed "mediations-agreed" "调解成功" Mediations Some(FormulaId::MediationSuccess);

    // By the instant of the order.
    OrdersIssued "orders-issued" "发出指令" OrdersIssued Some(FormulaId::OrderResponseIssuer);
    OrdersIssuedRecalled "orders-issued-recalled" "发出后撤回" OrdersIssued Some(FormulaId::OrderResponseIssuer);
    OrdersIssuedRunning "orders-issued-running" "发出指令期限未到" OrdersIssued Some(FormulaId::OrderResponseIssuer);
    OrdersIssuedAnswered "orders-issued-answered" "发出指令按时获响应" OrdersIssued Some(FormulaId::OrderResponseIssuer);
    OrdersReceived "orders-received" "接到指令" OrdersReceived Some(FormulaId::OrderResponseAddressee);
    OrdersReceivedRecalled "orders-received-recalled" "接到后被撤回" OrdersReceived Some(FormulaId::OrderResponseAddressee);
    OrdersReceivedRunning "orders-received-running" "接到指令期限未到" OrdersReceived Some(FormulaId::OrderResponseAddressee);
    OrdersReceivedAnswered "orders-received-answered" "按时响应指令" OrdersReceived Some(FormulaId::OrderResponseAddressee);
    OrdersReceivedMissed "orders-received-missed" "逾期未响应指令" OrdersReceived Some(FormulaId::OrderResponseAddressee);
}

impl Countable {
    fn row(self) -> &'static Row {
        // The table is made from the same list as the enum, so the index is always inside.
        &ROWS[self as usize]
    }

    /// Its code, in tallies and in JSON.
    pub fn code(self) -> &'static str {
        self.row().code
    }

    /// What people read.
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// What is counted.
    pub fn counted(self) -> Counted {
        self.row().counted
    }

    /// The formula whose granted appeal takes an entry out of this count; none: an appeal never does.
    pub fn belongs_to(self) -> Option<FormulaId> {
        self.row().belongs_to
    }
}

/// A set of countable facts, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Countables(u128);

const _: () = assert!(COUNT <= 128);

impl Countables {
    pub(crate) const NONE: Countables = Countables(0);

    /// Whether one is in it.
    pub(crate) fn has(self, countable: Countable) -> bool {
        self.0 & bit(countable) != 0
    }

    /// Puts one in where a condition holds.
    pub(crate) fn put(&mut self, countable: Countable, holds: bool) {
        if holds {
            self.0 |= bit(countable);
        }
    }

    /// Those that aren't in another set.
    pub(crate) fn without(self, other: Countables) -> Countables {
        Countables(self.0 & !other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The places in the table of those in it, rising.
    pub(crate) fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros() as usize;
            left &= left.checked_sub(1)?;
            Some(place)
        })
    }
}

fn bit(countable: Countable) -> u128 {
    1 << (countable as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_in_tallies_is_the_name_in_json() {
        for countable in Countable::ALL {
            let json = serde_json::to_string(countable).unwrap();
            assert_eq!(json, format!("\"{}\"", countable.code()));
        }
    }

    #[test]
    fn a_set_gives_back_the_places_that_were_put_in() {
        let mut set = Countables::NONE;
        set.put(Countable::Registered, true);
        set.put(Countable::Closed, true);
        set.put(Countable::Open, false);
        let places: Vec<usize> = set.places().collect();
        assert_eq!(
            places,
            [Countable::Registered as usize, Countable::Closed as usize]
        );
    }
}
