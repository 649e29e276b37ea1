//! A refusal of the core as a problem.

use axum::http::StatusCode;
use fengqiao_core::refusal::Refusal;
use serde_json::Value;

use super::Problem;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, title) = status(&refusal);
        let mut problem = Problem::new(status, refusal.code(), title, refusal.to_string());
        if let Ok(Value::Object(facts)) = serde_json::to_value(&refusal) {
            for (name, value) in facts {
                match name.as_str() {
                    "refusal" => {}
                    "code" => problem = problem.with("move", value),
                    _ => problem = problem.with(&name, value),
                }
            }
        }
        problem
    }
}

/// Whoever sent it may not: 403. The case isn't where the command needs it: 409. The command itself has to change: 422.
fn status(refusal: &Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::NotYours { .. }
        | Refusal::SamePerson
        | Refusal::WrongApprover { .. }
        | Refusal::NoGrant { .. }
        | Refusal::OutsideDivision { .. }
        | Refusal::NotForPlugins { .. } => (StatusCode::FORBIDDEN, "无权办理"),
        Refusal::WrongStage { .. }
        | Refusal::Merged { .. }
        | Refusal::AlreadyAssigned { .. }
        | Refusal::ObjectionPending
        | Refusal::NoObjection
        | Refusal::ObjectionClosed { .. }
        | Refusal::AssistsOpen { .. }
        | Refusal::ClockOver { .. }
        | Refusal::NotDue { .. }
        | Refusal::NotSuspended
        | Refusal::Suspended
        | Refusal::AlreadyRated
        | Refusal::NotClosable { .. }
        | Refusal::ReworksExhausted { .. }
        | Refusal::ReworkWindowOver
        | Refusal::NotArchivable { .. }
        | Refusal::DossierIncomplete { .. }
        | Refusal::AlreadySealed
        | Refusal::CannotMerge
        | Refusal::NotMerged
        | Refusal::NothingToDecide { .. }
        | Refusal::NoAllowance { .. }
        | Refusal::OverCeiling { .. }
        | Refusal::RoomTaken { .. }
        | Refusal::NoSuchMove { .. } => (StatusCode::CONFLICT, "当前状态不允许"),
        Refusal::Inconsistent { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "内部错误"),
        Refusal::Guard { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "本地规则不允许"),
        Refusal::NotForThisSubject { .. }
        | Refusal::UnknownUnit { .. }
        | Refusal::UnknownDivision { .. }
        | Refusal::Recused { .. }
        | Refusal::NotFound { .. }
        | Refusal::LeadMissing
        | Refusal::TextMissing
        | Refusal::FieldMissing { .. }
        | Refusal::FieldInvalid { .. }
        | Refusal::EvidenceMissing
        | Refusal::NotExtendable { .. }
        | Refusal::ExtensionTooLong { .. }
        | Refusal::Statutory { .. }
        | Refusal::ReviewInPast
        | Refusal::UnknownGrade { .. }
        | Refusal::NotAnAncestor { .. }
        | Refusal::NotBelow { .. }
        | Refusal::TooManyRepresentatives { .. }
        | Refusal::ConsentMissing
        | Refusal::UnknownProceeding { .. }
        | Refusal::GrantInvalid { .. }
        | Refusal::BelowFloor { .. }
        | Refusal::AllowanceInvalid { .. }
        | Refusal::UnknownRoom { .. }
        | Refusal::BookingInvalid { .. }
        | Refusal::TooMany { .. }
        | Refusal::Clock { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "内容须修改"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_core::ids::Code;
    use fengqiao_core::stage::StageName;

    fn code(word: &str) -> Code {
        word.parse().unwrap()
    }

    #[test]
    fn a_wrong_stage_is_a_conflict_that_names_the_stage() {
        let problem = Problem::from(Refusal::WrongStage {
            command: code("sign"),
            at: StageName::Closed,
        });
        assert_eq!(
            (problem.status().as_u16(), problem.code()),
            (409, "wrong-stage")
        );
        assert_eq!(problem.body()["at"], "closed");
    }

    #[test]
    fn who_may_not_is_forbidden() {
        for refusal in [
            Refusal::SamePerson,
            Refusal::NotYours {
                command: code("rule"),
            },
        ] {
            assert_eq!(Problem::from(refusal).status(), StatusCode::FORBIDDEN);
        }
    }

    #[test]
    fn a_guards_refusal_carries_the_guards_own_code() {
        let refusal = Refusal::Guard {
            code: code("photo-first"),
            text: "请先拍照".to_owned(),
        };
        let problem = Problem::from(refusal);
        assert_eq!(
            (problem.status().as_u16(), problem.code()),
            (422, "photo-first")
        );
        assert_eq!(problem.body()["code"], "photo-first");
    }

    #[test]
    fn a_move_that_is_missing_keeps_both_codes_apart() {
        let problem = Problem::from(Refusal::NoSuchMove {
            state: code("issued"),
            code: code("sign"),
        });
        assert_eq!(problem.body()["code"], "no-such-move");
        assert_eq!(problem.body()["move"], "sign");
    }
}
