//! What doesn't agree between a linked platform and us, order by order: named, with what to do about it.

use fengqiao_core::case::Case;
use fengqiao_core::clock::ClockState;
use fengqiao_core::ids::{CaseId, Code, UnitId};
use fengqiao_core::matter::AssignmentState;
use fengqiao_core::stage::StageName;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::Service;
use crate::limits::UNACKNOWLEDGED_HOURS;
use crate::ports::advisor::Advisor;
use crate::ports::store::{
    LinkedOutcome, LinkedStand, LinkedState, OpenList, Page, Store, StoreError,
};
use crate::ports::{Clock, Ids};

/// How a platform and we disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mismatch {
    /// What went out wasn't acknowledged in time.
    Unacknowledged,
    /// The platform has it, and said nothing before a clock of the unit ran out.
    Silent,
    /// They say that it is done; here it is open.
    DoneThere,
    /// What they said last was refused.
    Refused,
    /// It was taken back or is over here; there it is still worked on.
    OverHere,
    /// It is open here, and not in their list.
    OnlyOurs,
    /// It is open in their list, and was never sent.
    OnlyTheirs,
    /// They said something about a number that was never sent.
    Unknown,
}

impl Mismatch {
    /// What it is and what to do.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unacknowledged => "已发出，平台逾时未确认收到：请检查对接程序是否在取件",
            Self::Silent => "平台已收到，时限已过仍无任何状态：请催办承办单位",
            Self::DoneThere => "平台报已办结，本系统未接受，案件仍在办：请按退回理由补报",
            Self::Refused => "平台最近一条状态未被接受：请按理由更正后重报",
            Self::OverHere => "本系统已收回或结案，平台仍在办：请平台结束该件",
            Self::OnlyOurs => "本系统在办，平台在办清单中没有：请平台核对是否漏接",
            Self::OnlyTheirs => "平台在办清单中有，本系统从未派出：请平台核对编号",
            Self::Unknown => "平台报来的编号本系统从未派出：请平台核对编号",
        }
    }
}

/// One line of what doesn't agree.
#[derive(Debug, Clone)]
pub struct MismatchRow {
    /// How.
    pub kind: Mismatch,
    /// The order's number, as it was sent or as the platform gave it.
    pub number: Code,
    /// The platform's own number of it.
    pub theirs: Option<Code>,
    /// The case, where there is one.
    pub case: Option<CaseId>,
    /// The unit, where there is one.
    pub unit: Option<UnitId>,
    /// Why it was refused.
    pub refusal: Option<Code>,
    /// Since when.
    pub since: Timestamp,
}

/// Which part of the list a page is of, and after which row; the parts follow each other.
enum Place {
    Orders(Option<String>),
    Unknown(Option<String>),
    Theirs(Option<String>),
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// What doesn't agree with a platform: of each page's orders, statuses or listed numbers those that don't, of cases
    /// that the reader may know of. Answers where the next page begins.
    pub async fn reconcile(
        &self,
        platform: &Code,
        page: &Page,
        sees: &(dyn Fn(&Case) -> bool + Send + Sync),
    ) -> Result<(Vec<MismatchRow>, Option<String>), StoreError> {
        match place(page.after.as_deref())? {
            Place::Orders(after) => self.orders_apart(platform, after, page.limit, sees).await,
            Place::Unknown(after) => self.unknown_apart(platform, after, page.limit).await,
            Place::Theirs(after) => self.theirs_apart(platform, after, page.limit).await,
        }
    }

    async fn orders_apart(
        &self,
        platform: &Code,
        after: Option<String>,
        limit: u32,
        sees: &(dyn Fn(&Case) -> bool + Send + Sync),
    ) -> Result<(Vec<MismatchRow>, Option<String>), StoreError> {
        let open = self.store.linked_open(platform).await?;
        let page = Page { after, limit };
        let stands = self.store.linked_stands(platform, &page).await?;
        let now = self.clock.now();
        let mut rows = Vec::new();
        for stand in &stands {
            let case = self.store.case(&stand.order.case).await?;
            if let Some(case) = case.filter(|case| sees(case)) {
                let kinds = apart(stand, &case, open.as_ref(), now);
                rows.extend(
                    kinds
                        .into_iter()
                        .map(|(kind, since)| row(kind, since, stand)),
                );
            }
        }
        let last = stands.last().map(|stand| stand.order.number.as_str());
        Ok((rows, next("o", "u", stands.len(), limit, last)))
    }

    async fn unknown_apart(
        &self,
        platform: &Code,
        after: Option<String>,
        limit: u32,
    ) -> Result<(Vec<MismatchRow>, Option<String>), StoreError> {
        let page = Page { after, limit };
        let unknown = self.store.linked_unknown(platform, &page).await?;
        let last = unknown.last().map(|kept| kept.cursor.as_str());
        let next = next("u", "t", unknown.len(), limit, last);
        let rows = unknown.into_iter().map(|kept| MismatchRow {
            kind: Mismatch::Unknown,
            number: kept.record.number,
            theirs: kept.record.theirs,
            case: None,
            unit: None,
            refusal: None,
            since: kept.record.at,
        });
        Ok((rows.collect(), next))
    }

    async fn theirs_apart(
        &self,
        platform: &Code,
        after: Option<String>,
        limit: u32,
    ) -> Result<(Vec<MismatchRow>, Option<String>), StoreError> {
        let Some(open) = self.store.linked_open(platform).await? else {
            return Ok((Vec::new(), None));
        };
        let numbers = open.numbers.iter();
        let later = numbers.filter(|number| after.as_deref() < Some(number.as_str()));
        let numbers: Vec<&Code> = later.take(limit as usize).collect();
        let mut rows = Vec::new();
        for number in &numbers {
            if self.store.linked_order(platform, number).await?.is_none() {
                rows.push(MismatchRow {
                    kind: Mismatch::OnlyTheirs,
                    number: (*number).clone(),
                    theirs: None,
                    case: None,
                    unit: None,
                    refusal: None,
                    since: open.at,
                });
            }
        }
        let last = numbers.last().map(|number| number.as_str());
        let full = numbers.len() == limit as usize;
        Ok((rows, last.filter(|_| full).map(|last| format!("t.{last}"))))
    }
}

/// Where a cursor leads.
fn place(after: Option<&str>) -> Result<Place, StoreError> {
    let Some(cursor) = after else {
        return Ok(Place::Orders(None));
    };
    let unknown = || StoreError::Cursor(cursor.to_owned());
    let (part, last) = cursor.split_once('.').ok_or_else(unknown)?;
    let last = (!last.is_empty()).then(|| last.to_owned());
    match part {
        "o" => Ok(Place::Orders(last)),
        "u" => Ok(Place::Unknown(last)),
        "t" => Ok(Place::Theirs(last)),
        _ => Err(unknown()),
    }
}

/// Goes on in this part as long as its pages are full, and then in the one that follows it.
fn next(
    part: &str,
    following: &str,
    read: usize,
    limit: u32,
    last: Option<&str>,
) -> Option<String> {
    let last = last.filter(|_| read == limit as usize);
    Some(match last {
        Some(last) => format!("{part}.{last}"),
        None => format!("{following}."),
    })
}

fn row(kind: Mismatch, since: Timestamp, stand: &LinkedStand) -> MismatchRow {
    let last = stand.last.as_ref();
    let is_refused = matches!(
        kind,
        Mismatch::DoneThere | Mismatch::Refused | Mismatch::OverHere
    );
    MismatchRow {
        kind,
        number: stand.order.number.clone(),
        theirs: last.and_then(|last| last.theirs.clone()),
        case: Some(stand.order.case.clone()),
        unit: Some(stand.order.unit.clone()),
        refusal: last
            .filter(|_| is_refused)
            .and_then(|last| last.refusal.clone()),
        since,
    }
}

/// How an order doesn't agree, each with since when.
fn apart(
    stand: &LinkedStand,
    case: &Case,
    open: Option<&OpenList>,
    now: Timestamp,
) -> Vec<(Mismatch, Timestamp)> {
    let mut apart = Vec::new();
    let is_open = is_open(stand, case);
    let late = SignedDuration::from_hours(UNACKNOWLEDGED_HOURS);
    if let Some(since) = stand.unacknowledged_since
        && now.duration_since(since) > late
    {
        apart.push((Mismatch::Unacknowledged, since));
    }
    let has_it = stand.unacknowledged_since.is_none();
    if is_open
        && has_it
        && !stand.is_worked_on
        && let Some(since) = overdue(stand, case, now)
    {
        apart.push((Mismatch::Silent, since));
    }
    let refused = stand.last.as_ref();
    let refused = refused.filter(|last| last.outcome == LinkedOutcome::Refused);
    match refused {
        Some(last) if !is_open => apart.push((Mismatch::OverHere, last.at)),
        Some(last) if last.state == LinkedState::Reported => {
            apart.push((Mismatch::DoneThere, last.at));
        }
        Some(last) => apart.push((Mismatch::Refused, last.at)),
        None => {}
    }
    // A list that is older than what went out last says nothing of it.
    if let Some(open) = open.filter(|open| open.at >= stand.sent_at) {
        let listed = open.numbers.contains(&stand.order.number);
        if listed && !is_open && refused.is_none() {
            apart.push((Mismatch::OverHere, open.at));
        } else if !listed && is_open {
            apart.push((Mismatch::OnlyOurs, open.at));
        }
    }
    apart
}

/// Whether the unit still has to work on it.
pub(super) fn is_open(stand: &LinkedStand, case: &Case) -> bool {
    let is_over = matches!(
        case.stage.name(),
        StageName::Closed | StageName::Archived | StageName::Ended
    );
    let mut parts = case.assignments.iter();
    let part = parts.find(|part| part.id == stand.order.assignment);
    !is_over && part.is_some_and(|part| part.state == AssignmentState::Active)
}

/// When the first clock of the unit ran out that it didn't meet.
fn overdue(stand: &LinkedStand, case: &Case, now: Timestamp) -> Option<Timestamp> {
    let own = case.docket.clocks.iter();
    let own = own.filter(|clock| clock.owner.as_ref() == Some(&stand.order.unit));
    let late = own.filter_map(|clock| match clock.state {
        ClockState::Breached { at, done_at: None } => Some(at),
        ClockState::Running if clock.deadline.is_breached(now) => Some(clock.deadline.due),
        _ => None,
    });
    late.min()
}
