//! What the service, the store or the clock says, as a problem.

use axum::http::StatusCode;
use fengqiao_service::ports::store::{CommitError, StoreError};
use fengqiao_service::{ReceiveError, SubmitError};

use super::Problem;
use crate::clock::Backwards;
use crate::files::FileError;

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        let detail = error.to_string();
        match error {
            SubmitError::Refused(refusal) => refusal.into(),
            SubmitError::NoSuchCase(id) => Problem::no_such("case", id.as_str()),
            SubmitError::NoSuchSubject(_) => {
                Problem::new(StatusCode::NOT_FOUND, "unknown-subject", "不存在", detail)
            }
            SubmitError::Stale { expected, actual } => Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "stale-version",
                "版本已更新",
                detail,
            )
            .with("expected", expected)
            .with("actual", actual),
            SubmitError::KeyReused => key_reused(detail),
            SubmitError::InFlight => in_flight(detail),
            SubmitError::MessageTaken => message_settled(detail),
            SubmitError::TooLong { field, limit } => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "too-long",
                "内容过长",
                detail,
            )
            .with("field", field)
            .with("limit", limit),
            SubmitError::Store(error) => error.into(),
            SubmitError::Inconsistent(reason) => {
                tracing::error!(reason, "内核自相矛盾，未写入");
                let detail = "内部不一致，未写入任何内容";
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "inconsistent",
                    "内部错误",
                    detail,
                )
            }
        }
    }
}

impl Problem {
    /// There is no sealed dossier: it can be sealed now, or lacks something.
    pub(crate) fn not_sealed(missing: Vec<String>) -> Self {
        let conflict = |code, detail| Self::new(StatusCode::CONFLICT, code, "尚未封卷", detail);
        if missing.is_empty() {
            return conflict("not-sealed", "卷宗尚未封存".to_owned())
                .next("请由分拨员封卷后再查阅");
        }
        conflict(
            "dossier-incomplete",
            format!("卷宗不完整：{}", missing.join("；")),
        )
        .with("missing", missing)
    }

    /// The sealed words were erased; the digest of what they were remains.
    pub(crate) fn dossier_erased(sha256: &str) -> Self {
        let detail = "卷宗的内容已依法删除，只留下封存时的摘要";
        Self::new(StatusCode::GONE, "dossier-erased", "内容已删除", detail).with("sha256", sha256)
    }
}

impl From<ReceiveError> for Problem {
    fn from(error: ReceiveError) -> Self {
        let detail = error.to_string();
        match error {
            ReceiveError::NoAdapter { channel, division } => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "no-adapter",
                "渠道没有读取的插件",
                detail,
            )
            .next("请核对渠道代码和区划，或请插件管理员为该渠道绑定插件后重发")
            .with("channel", channel.as_str())
            .with("division", division.as_str()),
            ReceiveError::NoSuchMessage(id) => Problem::no_such("message", id.as_str()),
            ReceiveError::Settled(_) => message_settled(detail),
            ReceiveError::Submit(error) => error.into(),
        }
    }
}

fn message_settled(detail: String) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "message-settled",
        "来件已处理",
        detail,
    )
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let detail = error.to_string();
        match error {
            StoreError::Unavailable(reason) => {
                tracing::error!(reason, "存储暂不可用");
                let detail = "存储暂不可用，本次请求未写入";
                Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "store-unavailable",
                    "暂不可用",
                    detail,
                )
                .retry_after(1)
            }
            StoreError::Corrupt(reason) => {
                tracing::error!(reason, "存储内容损坏");
                let detail = "存储中的内容无法读取";
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "store-corrupt",
                    "内部错误",
                    detail,
                )
            }
            StoreError::Cursor(_) => Problem::new(
                StatusCode::BAD_REQUEST,
                "invalid-cursor",
                "翻页位置无效",
                detail,
            )
            .next("请从第一页重新开始"),
        }
    }
}

impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Self {
        SubmitError::from(error).into()
    }
}

impl From<Backwards> for Problem {
    fn from(error: Backwards) -> Self {
        let detail = error.to_string();
        Problem::new(
            StatusCode::CONFLICT,
            "time-goes-forward",
            "时间不能倒退",
            detail,
        )
        .with("now", error.now.to_string())
        .next("请给出不早于当前演示时间的时刻")
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        tracing::error!(%error, "数据目录不可用");
        let detail = "数据目录暂不可用";
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "files-unavailable",
            "暂不可用",
            detail,
        )
        .retry_after(1)
    }
}

/// The key was used for something else.
pub(crate) fn key_reused(detail: String) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "key-reused",
        "Idempotency-Key 已用于其他内容",
        detail,
    )
    .next("新的请求请使用新的 Idempotency-Key")
}

fn in_flight(detail: String) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "in-flight",
        "同一请求正在处理",
        detail,
    )
    .retry_after(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_of_a_command_has_its_status_and_code() {
        let case = "20240202-990101-0001-0001".parse().unwrap();
        let table = [
            (SubmitError::NoSuchCase(case), 404, "no-such-case"),
            (
                SubmitError::Stale {
                    expected: 1,
                    actual: 2,
                },
                412,
                "stale-version",
            ),
            (SubmitError::KeyReused, 422, "key-reused"),
            (SubmitError::InFlight, 409, "in-flight"),
            (SubmitError::MessageTaken, 409, "message-settled"),
            (
                SubmitError::TooLong {
                    field: "text",
                    limit: 8,
                },
                422,
                "too-long",
            ),
            (
                SubmitError::Store(StoreError::Unavailable(String::new())),
                503,
                "store-unavailable",
            ),
            (
                SubmitError::Store(StoreError::Cursor("x".to_owned())),
                400,
                "invalid-cursor",
            ),
            (
                SubmitError::Inconsistent(String::new()),
                500,
                "inconsistent",
            ),
        ];
        for (error, status, code) in table {
            let problem = Problem::from(error);
            assert_eq!((problem.status().as_u16(), problem.code()), (status, code));
        }
    }

    #[test]
    fn what_went_wrong_inside_is_never_told_outside() {
        let problem = Problem::from(StoreError::Corrupt("row of somebody's data".to_owned()));
        assert!(!problem.body().to_string().contains("somebody"));
    }
}
