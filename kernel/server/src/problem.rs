//! What a sender is told when something isn't done, and the only place where an HTTP status is chosen for it (RFC 9457).

mod assess;
mod core;
mod kernel;
mod manage;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// The media type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong, in a stable code and in words that say what to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug, Clone, PartialEq)]
struct Parts {
    status: StatusCode,
    code: String,
    title: &'static str,
    detail: String,
    next: &'static str,
    more: Map<String, Value>,
    retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with its stable code.
    pub(crate) fn new(
        status: StatusCode,
        code: &str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self(Box::new(Parts {
            status,
            code: code.to_owned(),
            title,
            detail: detail.into(),
            next: next_step(status),
            more: Map::new(),
            retry_after_s: None,
        }))
    }

    /// What to do next, where the status alone doesn't say it well.
    pub(crate) fn next(mut self, next: &'static str) -> Self {
        self.0.next = next;
        self
    }

    /// A fact for programs: the field, the limit, the version.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.more.insert(name.to_owned(), value.into());
        self
    }

    /// In how many seconds to try again.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The JSON object.
    pub(crate) fn body(&self) -> Value {
        let parts = &self.0;
        let mut body = parts.more.clone();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put(
            "type",
            format!("urn:fengqiao:problem:{}", parts.code).into(),
        );
        put("title", parts.title.into());
        put("status", parts.status.as_u16().into());
        put("code", parts.code.as_str().into());
        put("detail", parts.detail.as_str().into());
        put("next", parts.next.into());
        Value::Object(body)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.body().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        let mut put = |name: HeaderName, value: HeaderValue| headers.insert(name, value);
        if self.status() == StatusCode::UNAUTHORIZED {
            put(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.0.retry_after_s {
            put(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(ProblemCode(self.0.code));
        response
    }
}

/// The code of the problem that a response carries, for log and metrics.
#[derive(Debug, Clone)]
pub(crate) struct ProblemCode(pub(crate) String);

fn next_step(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "请在 Authorization 头中提供有效的 Bearer 令牌",
        StatusCode::FORBIDDEN => "请由有权的角色或单位办理",
        StatusCode::NOT_FOUND => "请核对编号或地址",
        StatusCode::CONFLICT => "请刷新后按当前状态办理",
        StatusCode::PRECONDITION_FAILED => "请重新读取后，用新的 ETag 再试",
        StatusCode::PAYLOAD_TOO_LARGE => "请缩减内容后再试",
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => "请按 Retry-After 稍后用同一个 Idempotency-Key 重试",
        StatusCode::INTERNAL_SERVER_ERROR => "未写入任何内容，请联系系统管理员并提供 X-Request-Id",
        _ => "请按说明修改后再试",
    }
}

/// Problems of the protocol itself, before anything of the kernel is asked.
impl Problem {
    pub(crate) fn empty_message() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "empty-message",
            "来件是空的",
            "来件没有内容：请原样发送正文；表格须有表头和至少一行",
        )
    }

    pub(crate) fn table_unreadable(why: &str) -> Self {
        let detail = format!("不是可以读取的 CSV 表格：{why}");
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "table-unreadable",
            "表格无法读取",
            detail,
        )
    }

    pub(crate) fn too_many_rows(limit: usize) -> Self {
        let detail = format!("一次最多 {limit} 行：请分几次发送");
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "too-many-rows",
            "行数过多",
            detail,
        )
        .with("limit", limit)
    }

    pub(crate) fn no_such_route() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no-such-route",
            "没有这个地址",
            "没有这个地址：接口一览见 / 或 /openapi.json",
        )
    }

    pub(crate) fn method_not_allowed() -> Self {
        let detail = "该地址不支持这种方法：接口一览见 / 或 /openapi.json";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "方法不支持",
            detail,
        )
    }

    pub(crate) fn media_type(expected: &str) -> Self {
        let detail = format!("请求内容的类型应为 {expected}");
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "内容类型不支持",
            detail,
        )
        .with("expected", expected)
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        let detail = format!("请求内容超过上限 {limit} 字节");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            "内容过大",
            detail,
        )
        .with("limit", limit)
    }

    pub(crate) fn body_unreadable() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "body-unreadable",
            "内容没有收全",
            "请求内容在收全之前中断",
        )
    }

    pub(crate) fn invalid_utf8() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid-utf8",
            "编码无效",
            "请求内容不是有效的 UTF-8 文本",
        )
    }

    pub(crate) fn json_too_deep(limit: usize) -> Self {
        let detail = format!("JSON 嵌套超过 {limit} 层");
        Self::new(StatusCode::BAD_REQUEST, "json-too-deep", "嵌套过深", detail).with("limit", limit)
    }

    pub(crate) fn malformed_json(line: usize, column: usize) -> Self {
        let detail = format!("JSON 在第 {line} 行第 {column} 列读不懂");
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed-json",
            "格式错误",
            detail,
        )
        .with("line", line)
        .with("column", column)
    }

    pub(crate) fn invalid_document(reason: &str) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-document",
            "内容无效",
            format!("内容不符合接口约定：{reason}"),
        )
    }

    pub(crate) fn invalid_parameter(field: &str, reason: &str) -> Self {
        let detail = format!("参数“{field}”无效：{reason}");
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid-parameter",
            "参数无效",
            detail,
        )
        .with("field", field)
    }

    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "未登录",
            "令牌缺失或无效",
        )
    }

    pub(crate) fn key_missing() -> Self {
        let detail = "每个写请求都须带 Idempotency-Key 头，重试时使用同一个值";
        Self::new(
            StatusCode::BAD_REQUEST,
            "idempotency-key-missing",
            "缺少 Idempotency-Key",
            detail,
        )
    }

    pub(crate) fn key_invalid(limit: usize) -> Self {
        let detail = format!("Idempotency-Key 应为 1 到 {limit} 个可见的 ASCII 字符");
        Self::new(
            StatusCode::BAD_REQUEST,
            "idempotency-key-invalid",
            "Idempotency-Key 无效",
            detail,
        )
        .with("limit", limit)
    }

    pub(crate) fn version_missing() -> Self {
        let detail = "修改案件或台账须带 If-Match 头，值为读取时得到的 ETag";
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "if-match-missing",
            "缺少 If-Match",
            detail,
        )
        .next("请先读取案件，再带上其 ETag 提交")
    }

    pub(crate) fn version_invalid() -> Self {
        let detail = "If-Match 应为读取时得到的 ETag，例如 \"3\"";
        Self::new(
            StatusCode::BAD_REQUEST,
            "if-match-invalid",
            "If-Match 无效",
            detail,
        )
    }

    pub(crate) fn too_fast(retry_after_s: u64) -> Self {
        let detail = format!("请求过于频繁：请在 {retry_after_s} 秒后再试");
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "请求过于频繁",
            detail,
        )
        .retry_after(retry_after_s)
    }

    pub(crate) fn timed_out(limit_s: u64) -> Self {
        let detail = format!("未能在 {limit_s} 秒内完成");
        Self::new(StatusCode::GATEWAY_TIMEOUT, "timed-out", "处理超时", detail)
            .with("limit", limit_s)
            .retry_after(1)
    }
}

/// Problems of policy.
impl Problem {
    pub(crate) fn role_forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "role-forbidden",
            "无权使用",
            "您的角色不能使用这个接口",
        )
    }

    pub(crate) fn not_yours(command: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-yours",
            "无权办理",
            format!("该角色不能执行“{command}”"),
        )
        .with("command", command)
    }

    pub(crate) fn out_of_scope(what: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "out-of-scope",
            "超出管辖范围",
            format!("{what}不在您的管辖范围内"),
        )
    }

    pub(crate) fn wrong_query_code() -> Self {
        let detail = "编号与查询码不符";
        Self::new(StatusCode::NOT_FOUND, "wrong-query-code", "查不到", detail)
            .next("请核对回执上的编号与查询码")
    }

    pub(crate) fn no_such(what: &'static str, id: &str) -> Self {
        let (code, detail) = match what {
            "room" => (
                "no-such-room",
                format!("没有编号为 {id} 的可预约场所：可查 /v1/registers/rooms"),
            ),
            "case" => ("no-such-case", format!("没有编号为 {id} 的案件")),
            "unit" => ("unknown-unit", format!("没有编号为 {id} 的单位")),
            "division" => ("unknown-division", format!("没有代码为 {id} 的区划")),
            "platform" => (
                "no-such-platform",
                format!("没有编号为 {id} 的链接平台：可查 /v1/registers/linked-platforms"),
            ),
            _ => ("no-such-thing", format!("没有 {id}")),
        };
        Self::new(StatusCode::NOT_FOUND, code, "不存在", detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_carries_the_members_of_rfc_9457_and_what_to_do() {
        let body = Problem::body_too_large(5).body();
        for member in ["type", "title", "status", "code", "detail", "next", "limit"] {
            assert!(body.get(member).is_some(), "{member}");
        }
        assert_eq!(body["status"], 413);
    }

    #[test]
    fn a_rate_limit_says_when_to_come_back() {
        let response = Problem::too_fast(7).into_response();
        assert_eq!(response.headers()[RETRY_AFTER], "7");
        assert_eq!(response.headers()[CONTENT_TYPE], PROBLEM_JSON);
    }
}
