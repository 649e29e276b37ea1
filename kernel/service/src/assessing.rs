//! Metrics and assessments: counts over the facts that the store keeps, and what assessors record.

mod appeals;
mod bulletins;
mod counting;
mod importing;
mod lists;
mod sheets;

use fengqiao_core::ids::{CaseId, DivisionCode, UnitId};
use fengqiao_metrics::{AppealError, Appeals, BulletinError, CountingRules, CountingRulesError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Service;
use crate::limits::{MAX_IMPORTED_CASES, MAX_WORDS};
use crate::ports::advisor::{AdviceError, Advisor};
use crate::ports::store::{
    AssessmentKind, AssessmentRecord, ImportError, Kept, MAX_PAGE_ROWS, Page, Store, StoreError,
};
use crate::ports::{Clock, Ids};

pub use appeals::{AppealRow, AppealWanted};
pub use bulletins::BulletinRow;
pub use counting::{Asked, Counted};
pub use sheets::{AssessmentSheet, Scored, SheetFailure};

/// Why an assessment isn't made or recorded.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    /// The place's way of counting isn't right.
    #[error(transparent)]
    Rules(#[from] CountingRulesError),
    /// The appeal isn't right.
    #[error(transparent)]
    Appeal(#[from] AppealError),
    /// The bulletin isn't right.
    #[error(transparent)]
    Bulletin(#[from] BulletinError),
    /// The window isn't one.
    #[error(transparent)]
    Window(#[from] fengqiao_metrics::WindowError),
    /// A case of the import isn't within reach, or it isn't an old one.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// More than one answer can hold; a narrower question is needed.
    #[error("统计期内涉及 {0} 件案件，超过一次可列的上限，请缩短统计期或指定下级区划")]
    TooManyCases(usize),
    /// More words than anybody reads.
    #[error("按该项细分超过 {MAX_WORDS} 类，请换一种细分或缩小范围")]
    TooManyWords,
    /// An import is too long.
    #[error("一次最多导入 {MAX_IMPORTED_CASES} 件旧案，请分批导入")]
    TooLongImport,
    /// A number stands twice in one import.
    #[error("旧案编号 {0} 在同一次导入中出现两次，请核对")]
    TwiceImported(String),
    /// A place isn't within reach.
    #[error("第 {line} 件旧案的区划 {division} 不在您的管辖范围内，请只导入本区划及其下级的旧案")]
    OutOfReach {
        /// Which of the cases, from 1.
        line: usize,
        /// Where.
        division: DivisionCode,
    },
    /// A unit isn't within reach.
    #[error("第 {line} 件旧案写有其他区划的单位 {unit}，请只填本区划及其下级的单位")]
    ForeignUnit {
        /// Which of the cases, from 1.
        line: usize,
        /// Whose part it would be.
        unit: UnitId,
    },
    /// The number belongs to what another division imported.
    #[error("第 {line} 件旧案的编号 {case} 已由其他区划导入，请由原导入区划或其上级更正")]
    ImportedElsewhere {
        /// Which of the cases, from 1.
        line: usize,
        /// Its number.
        case: CaseId,
    },
    /// The unit had no part in the case.
    #[error("单位 {unit} 没有承办过案件 {case}，不能就该案申诉")]
    NoPart {
        /// Which case.
        case: CaseId,
        /// Which unit.
        unit: UnitId,
    },
    /// There is no such thing.
    #[error("没有编号为 {1} 的{0}")]
    NoSuch(&'static str, String),
    /// It was recorded before.
    #[error("{0}此前已经登记，不能重复")]
    Already(&'static str),
    /// A unit that isn't there.
    #[error("单位 {0} 不存在或不在本区划内，请核对单位编号")]
    UnknownUnit(String),
    /// Nobody scores there.
    #[error("区划 {0} 及其上级没有绑定考核评分插件，请先绑定")]
    NoScoring(DivisionCode),
    /// There is nobody to score.
    #[error("统计期内没有可考核的单位")]
    NobodyToScore,
    /// The plugin couldn't score somebody; nothing was published.
    #[error("考核评分插件不能为单位 {unit} 评分（{failure}），本期考核表未生成")]
    ScoringFailed {
        /// Whom.
        unit: String,
        /// The failure's kind.
        failure: String,
        /// In the plugin's own words.
        detail: String,
    },
    /// What was recorded can't be read back.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Something that was made up, and the record of it, which the caller commits together with its answer: so the one is
/// never there without the other. There is no record where nothing is new.
#[derive(Debug)]
pub struct Filed<R> {
    /// It.
    pub row: R,
    /// What is to be recorded.
    pub record: Option<AssessmentRecord>,
}

impl AssessError {
    /// Somebody recorded one of that kind and name before.
    pub fn already(kind: AssessmentKind) -> Self {
        AssessError::Already(label(kind))
    }

    pub(crate) fn scoring(unit: &str, error: &AdviceError) -> Self {
        AssessError::ScoringFailed {
            unit: unit.to_owned(),
            failure: error.kind().to_owned(),
            detail: error.to_string(),
        }
    }
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// How a division counts: by its own rules, or those of the nearest division above it that has some.
    pub async fn counting_rules(
        &self,
        division: &DivisionCode,
    ) -> Result<CountingRules, AssessError> {
        for place in division.path().iter().rev() {
            let mut page = Page {
                after: None,
                limit: MAX_PAGE_ROWS,
            };
            loop {
                let kept = self
                    .store
                    .assessments(AssessmentKind::Rules, Some(place), &page)
                    .await?;
                let own = kept.iter().find(|kept| kept.record.division == *place);
                if let Some(kept) = own {
                    return read(&kept.record.record);
                }
                // Those of the divisions below stand among its own.
                let Some(last) = kept.last() else { break };
                page.after = Some(last.cursor.clone());
            }
        }
        Ok(CountingRules::default())
    }

    /// From its record on the division counts so; what was published stays as it was.
    pub fn set_counting_rules(
        &self,
        division: &DivisionCode,
        rules: CountingRules,
    ) -> Result<Filed<CountingRules>, AssessError> {
        rules.check()?;
        let name = self.ids.text().to_string();
        let record = self.record(AssessmentKind::Rules, name, division, &rules)?;
        Ok(Filed {
            row: rules,
            record: Some(record),
        })
    }

    /// The appeals of a division and below it, with what was decided.
    pub(crate) async fn appeals_in(&self, division: &DivisionCode) -> Result<Appeals, AssessError> {
        Ok(Appeals::new(self.appeals(division).await?)?)
    }

    /// The record of something, as it is kept for good.
    fn record<R: Serialize>(
        &self,
        kind: AssessmentKind,
        name: String,
        division: &DivisionCode,
        record: &R,
    ) -> Result<AssessmentRecord, AssessError> {
        Ok(AssessmentRecord {
            kind,
            name,
            division: division.clone(),
            at: self.clock.now(),
            record: write(record)?,
        })
    }

    /// Everything of a kind in a division and below it, the oldest first.
    async fn all(
        &self,
        kind: AssessmentKind,
        division: &DivisionCode,
    ) -> Result<Vec<AssessmentRecord>, AssessError> {
        let mut all = Vec::new();
        let mut page = Page {
            after: None,
            limit: MAX_PAGE_ROWS,
        };
        loop {
            let rows = self.store.assessments(kind, Some(division), &page).await?;
            page.after = rows.last().map(|kept| kept.cursor.clone());
            all.extend(rows.into_iter().map(|kept| kept.record));
            if page.after.is_none() {
                all.reverse();
                return Ok(all);
            }
        }
    }
}

/// The rows of a list, and where the next page begins.
pub struct Listed<R> {
    /// The newest first.
    pub rows: Vec<R>,
    /// After which row, where there may be more.
    pub next: Option<String>,
}

impl<R> Listed<R> {
    /// A page of the store, each record read as a row.
    fn of(
        kept: Vec<Kept<AssessmentRecord>>,
        page: &Page,
        row: impl FnMut(AssessmentRecord) -> Result<R, AssessError>,
    ) -> Result<Self, AssessError> {
        let wanted = usize::try_from(page.limit.clamp(1, MAX_PAGE_ROWS)).unwrap_or(usize::MAX);
        let last = kept.last().filter(|_| kept.len() >= wanted);
        let next = last.map(|last| last.cursor.clone());
        let rows = kept.into_iter().map(|kept| kept.record).map(row);
        Ok(Self {
            rows: rows.collect::<Result<_, _>>()?,
            next,
        })
    }
}

fn label(kind: AssessmentKind) -> &'static str {
    match kind {
        AssessmentKind::Rules => "统计口径",
        AssessmentKind::Appeal => "申诉",
        AssessmentKind::AppealDecision => "申诉结论",
        AssessmentKind::Bulletin => "本期通报",
        AssessmentKind::Acknowledgement => "签收",
        AssessmentKind::Sheet => "本期考核表",
        AssessmentKind::SheetFailure => "未生成的考核表",
    }
}

fn read<R: DeserializeOwned>(json: &str) -> Result<R, AssessError> {
    let read = serde_json::from_str(json);
    read.map_err(|error| AssessError::Store(StoreError::Corrupt(error.to_string())))
}

fn write<R: Serialize>(record: &R) -> Result<String, AssessError> {
    let json = serde_json::to_string(record);
    json.map_err(|error| AssessError::Store(StoreError::Corrupt(error.to_string())))
}
