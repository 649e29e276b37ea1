//! Why an assessment isn't made or recorded, as a problem.

use axum::http::StatusCode;
use fengqiao_metrics::NotARate;
use fengqiao_service::AssessError;
use fengqiao_service::ports::store::ImportError;

use super::Problem;

impl From<AssessError> for Problem {
    fn from(error: AssessError) -> Self {
        let detail = error.to_string();
        match error {
            AssessError::Rules(_) => refused("counting-rules-invalid", "统计口径无效", detail),
            AssessError::Appeal(_) => refused("appeal-invalid", "申诉无效", detail),
            AssessError::Bulletin(_) => refused("bulletin-invalid", "通报无效", detail),
            AssessError::Window(_) => refused("window-invalid", "统计期无效", detail),
            AssessError::TooManyCases(_) => refused("too-many-cases", "涉及案件过多", detail),
            AssessError::TooManyWords => refused("too-many-words", "细分过多", detail),
            AssessError::TooLongImport => refused("import-too-long", "导入过多", detail),
            AssessError::TwiceImported(_) => refused("imported-twice", "编号重复", detail),
            AssessError::Import(ImportError::OurOwn(case)) => {
                refused("our-own-case", "不是旧案", detail).with("case", case.as_str())
            }
            AssessError::Import(ImportError::Elsewhere(case)) => {
                forbidden(detail).with("case", case.as_str())
            }
            AssessError::Import(ImportError::Store(error)) => error.into(),
            AssessError::OutOfReach { line, division } => forbidden(detail)
                .with("line", line)
                .with("division", division.as_str()),
            AssessError::ForeignUnit { line, unit } => forbidden(detail)
                .with("line", line)
                .with("unit", unit.as_str()),
            AssessError::ImportedElsewhere { line, case } => forbidden(detail)
                .with("line", line)
                .with("case", case.as_str()),
            AssessError::NoPart { case, unit } => forbidden(detail)
                .with("case", case.as_str())
                .with("unit", unit.as_str()),
            AssessError::NoSuch(what, id) => Problem::new(
                StatusCode::NOT_FOUND,
                "no-such-record",
                "没有这条考核记录",
                format!("没有编号为 {id} 的{what}：请核对编号，或先查列表"),
            ),
            AssessError::Already(_) => {
                Problem::new(StatusCode::CONFLICT, "already-recorded", "已登记", detail)
            }
            AssessError::UnknownUnit(unit) => {
                refused("unknown-unit", "单位不存在", detail).with("unit", unit)
            }
            AssessError::NoScoring(_) => refused("no-scoring", "没有评分插件", detail),
            AssessError::NobodyToScore => refused("nobody-to-score", "没有可考核的单位", detail),
            AssessError::ScoringFailed {
                unit,
                failure,
                detail: words,
            } => refused("scoring-failed", "评分失败", detail)
                .with("unit", unit)
                .with("failure", failure)
                .with("reason", words),
            AssessError::Store(error) => error.into(),
        }
    }
}

impl From<NotARate> for Problem {
    fn from(error: NotARate) -> Self {
        refused("not-a-rate", "不是率", error.to_string())
    }
}

fn forbidden(detail: String) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "out-of-scope",
        "超出管辖范围",
        detail,
    )
}

fn refused(code: &str, title: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
}
