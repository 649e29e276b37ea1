//! Why a plugin, a binding or a file of reference data isn't taken, as a problem.

use axum::http::StatusCode;
use fengqiao_core::profile::ProfileError;
use fengqiao_service::ports::advisor::AdmitError;
use fengqiao_service::{ManageError, ReferenceError};

use super::Problem;

impl From<ManageError> for Problem {
    fn from(error: ManageError) -> Self {
        let detail = error.to_string();
        match error {
            ManageError::Admit(error) => error.into(),
            ManageError::Profile { binding, error } => {
                refused("profile-failed", "插件无法给出配置档案", detail)
                    .with("binding", binding.as_str())
                    .with("failure", error.kind())
            }
            ManageError::Rules(error) => error.into(),
            ManageError::UnknownDivision(division) => {
                refused("unknown-division", "区划不存在", detail)
                    .with("division", division.as_str())
            }
            ManageError::Duplicate(binding) => {
                refused("duplicate-binding", "绑定重复", detail).with("binding", binding.as_str())
            }
            ManageError::TooMany => refused("too-many-bindings", "绑定过多", detail),
            ManageError::Store(error) => error.into(),
        }
    }
}

impl From<AdmitError> for Problem {
    fn from(error: AdmitError) -> Self {
        let detail = error.to_string();
        match error {
            AdmitError::Component { rule, .. } => {
                refused("component-refused", "组件不能接纳", detail).with("rule", rule)
            }
            AdmitError::Manifest(_) => refused("manifest-mismatch", "组件说明与实际不符", detail),
            AdmitError::Config(_) => refused("config-invalid", "配置无效", detail),
            AdmitError::Unknown(digest) => {
                refused("unknown-plugin", "插件不存在", detail).with("plugin", digest.as_str())
            }
        }
    }
}

impl From<ProfileError> for Problem {
    fn from(error: ProfileError) -> Self {
        let detail = error.to_string();
        match error {
            ProfileError::Collision {
                division,
                key,
                first,
                second,
            } => refused("profile-collision", "配置档案冲突", detail)
                .with("division", division.as_str())
                .with("key", key)
                .with("bindings", vec![first.to_string(), second.to_string()]),
            ProfileError::Graph { binding, kind, .. } => {
                refused("graph-unsound", "程序图不成立", detail)
                    .with("binding", binding.as_str())
                    .with("kind", kind.as_str())
            }
            ProfileError::Malformed { binding, .. } => {
                refused("profile-malformed", "配置档案有误", detail)
                    .with("binding", binding.as_str())
            }
        }
    }
}

impl From<ReferenceError> for Problem {
    fn from(error: ReferenceError) -> Self {
        let detail = error.to_string();
        match error {
            ReferenceError::OutOfReach { division, .. } => Problem::new(
                StatusCode::FORBIDDEN,
                "out-of-scope",
                "超出管辖范围",
                detail,
            )
            .with("division", division.as_str()),
            ReferenceError::Everybodys { .. } => Problem::new(
                StatusCode::FORBIDDEN,
                "out-of-scope",
                "超出管辖范围",
                detail,
            ),
            ReferenceError::Data(data) => refused("reference-refused", "参考数据有误", detail)
                .with("file", data.file)
                .with("line", data.line)
                .with("reason", data.reason.to_string()),
            ReferenceError::Calendar(_) => refused("calendar-refused", "放假安排有误", detail),
            ReferenceError::UnknownKind { .. } => Problem::new(
                StatusCode::NOT_FOUND,
                "unknown-reference",
                "没有这种参考数据",
                detail,
            ),
            ReferenceError::Store(error) => error.into(),
        }
    }
}

fn refused(code: &str, title: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_that_is_not_admitted_names_the_rule() {
        let error = AdmitError::Component {
            rule: "wasi".to_owned(),
            reason: "imports wasi:cli".to_owned(),
        };
        let body = Problem::from(error).body();
        assert_eq!(
            (body["status"].as_u64(), body["rule"].as_str()),
            (Some(422), Some("wasi"))
        );
    }

    #[test]
    fn a_collision_names_both_bindings() {
        let error = ProfileError::Collision {
            division: "990101000000".parse().unwrap(),
            key: "rating".to_owned(),
            first: "one".parse().unwrap(),
            second: "two".parse().unwrap(),
        };
        let body = Problem::from(error).body();
        assert_eq!(body["code"], "profile-collision");
        assert_eq!(body["bindings"], serde_json::json!(["one", "two"]));
    }
}
