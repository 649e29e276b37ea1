//! Score sheets as a rule answers them, checked, and grades by points.

use std::collections::BTreeSet;

use fengqiao_core::ids::Code;
use serde::{Deserialize, Serialize};

use crate::limits::{MAX_GRADE_STEPS, MAX_SCORE_LINES};

/// How a unit did in a period, item by item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScoreSheet {
    /// Each item that counts.
    pub lines: Vec<ScoreLine>,
    /// The sum in hundredths of a point.
    pub total_hundredths: i64,
    /// The grade, where the rule gives one itself.
    #[serde(default)]
    pub grade: Option<Code>,
}

/// One item of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScoreLine {
    /// Its code, stable.
    pub code: Code,
    /// What people read.
    pub label: String,
    /// Its points in hundredths; negative takes away.
    pub points_hundredths: i64,
    /// How they came about.
    pub explanation: String,
}

/// Why a score sheet or a scale isn't taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// More items than anybody reads.
    #[error("评分表超过 {MAX_SCORE_LINES} 行")]
    TooManyLines,
    /// One code stands twice.
    #[error("评分项 {0} 出现两次")]
    Twice(Code),
    /// The sum isn't the sum.
    #[error("总分 {told} 与各项之和不符（应为 {summed}，单位为百分之一分）")]
    Sum {
        /// What the sheet says.
        told: i64,
        /// What its lines add up to.
        summed: i128,
    },
    /// No steps, too many, or not falling.
    #[error("等次应有 1 到 {MAX_GRADE_STEPS} 档，且分数线从高到低、互不相同")]
    Scale,
}

impl ScoreSheet {
    /// Whether the lines add up to what it says.
    pub fn check(&self) -> Result<(), ScoreError> {
        if self.lines.len() > MAX_SCORE_LINES {
            return Err(ScoreError::TooManyLines);
        }
        let mut codes = BTreeSet::new();
        if let Some(line) = self.lines.iter().find(|line| !codes.insert(&line.code)) {
            return Err(ScoreError::Twice(line.code.clone()));
        }
        let points = self
            .lines
            .iter()
            .map(|line| i128::from(line.points_hundredths));
        let summed: i128 = points.sum();
        if summed != i128::from(self.total_hundredths) {
            let told = self.total_hundredths;
            return Err(ScoreError::Sum { told, summed });
        }
        Ok(())
    }
}

/// One step of a scale of grades.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GradeStep {
    /// Its code.
    pub code: Code,
    /// The local word (好、较好、一般、差).
    pub label: String,
    /// The points that it takes, in hundredths.
    pub at_least_hundredths: i64,
}

/// A scale of grades, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<GradeStep>", into = "Vec<GradeStep>")]
pub struct Grades(Vec<GradeStep>);

impl Grades {
    /// Checks the scale.
    pub fn new(steps: Vec<GradeStep>) -> Result<Self, ScoreError> {
        let falling =
            steps.is_sorted_by(|one, next| one.at_least_hundredths > next.at_least_hundredths);
        if steps.is_empty() || steps.len() > MAX_GRADE_STEPS || !falling {
            return Err(ScoreError::Scale);
        }
        Ok(Self(steps))
    }

    /// The best grade that the points reach; none below the lowest step.
    pub fn of(&self, points_hundredths: i64) -> Option<&GradeStep> {
        let mut steps = self.0.iter();
        steps.find(|step| points_hundredths >= step.at_least_hundredths)
    }
}

impl TryFrom<Vec<GradeStep>> for Grades {
    type Error = ScoreError;
    fn try_from(steps: Vec<GradeStep>) -> Result<Self, ScoreError> {
        Self::new(steps)
    }
}

impl From<Grades> for Vec<GradeStep> {
    fn from(grades: Grades) -> Vec<GradeStep> {
        grades.0
    }
}
