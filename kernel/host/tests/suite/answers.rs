//! What guests say becomes the core's words, and nothing else does.

use fengqiao_core::advice::{GuardVerdict, Triage};
use fengqiao_core::command::Command;
use fengqiao_core::ids::Subject;
use fengqiao_guests::Guest;
use fengqiao_guests::answers::{accept, permit, profile, propose, refuse};
use fengqiao_host::canonical_json;
use fengqiao_service::ports::advisor::{AdviceError, Advisor as _, Reading};

use crate::desk::{Desk, case, signing};

fn bad_output<T>(rule: &str) -> Result<T, AdviceError> {
    Err(AdviceError::BadOutput(rule.to_owned()))
}

#[tokio::test]
async fn a_guard_permits() {
    let verdict = Desk::new().guard(&permit().component()).await;
    assert_eq!(verdict, Ok(GuardVerdict::Permit));
}

#[tokio::test]
async fn a_guard_refuses_with_a_code_and_words() {
    let verdict = Desk::new()
        .guard(&refuse("photo-missing", "请补充现场照片").component())
        .await;
    let expected = GuardVerdict::Refuse {
        code: "photo-missing".parse().unwrap(),
        text: "请补充现场照片".to_owned(),
    };
    assert_eq!(verdict, Ok(expected));
}

#[tokio::test]
async fn a_refusal_without_words_is_no_answer() {
    let verdict = Desk::new().guard(&refuse("rule", " ").component()).await;
    assert_eq!(verdict, bad_output("refusal-text"));
}

#[tokio::test]
async fn a_plugin_reads_its_own_configuration() {
    let desk = Desk::new();
    let echo = refuse("echo", "").does(
        "(i32.store (i32.const 272) (i32.load (local.get 0)))
         (i32.store (i32.const 276) (i32.load offset=4 (local.get 0)))
         (i32.const 256)",
    );
    let mut binding = desk.bind(&echo.component()).await;
    binding.config = r#"{"天数":5}"#.to_owned();
    let verdict = desk.advisor.guard(&binding, &case(), &signing()).await;
    let expected = GuardVerdict::Refuse {
        code: "echo".parse().unwrap(),
        text: binding.config.clone(),
    };
    assert_eq!(verdict, Ok(expected));
}

#[tokio::test]
async fn a_triage_accepts_with_its_lead_and_its_rule() {
    let triage = Desk::new().triage(&accept("u-town-1").component()).await;
    let expected = Triage::Accept {
        lead: "u-town-1".parse().unwrap(),
        others: Vec::new(),
        clocks: Vec::new(),
        flags: vec!["legacy".parse().unwrap()],
        level: Some("990101000000".parse().unwrap()),
        because: "nearest-unit".parse().unwrap(),
    };
    assert_eq!(triage, Ok(Some(expected)));
}

#[tokio::test]
async fn a_triage_that_passes_says_nothing() {
    let triage = Desk::new()
        .triage(&Guest::of("triage").byte(4, 4).component())
        .await;
    assert_eq!(triage, Ok(None));
}

#[tokio::test]
async fn a_triage_sends_a_matter_to_a_desk() {
    let need = |role| {
        let guest = Guest::of("triage").byte(4, 3);
        guest
            .text(8, "990101001000")
            .text(16, role)
            .text(24, "unclear")
    };
    let desk = Desk::new();
    let triage = desk.triage(&need("dispatcher").component()).await;
    let expected = Triage::NeedHuman {
        desk: "990101001000".parse().unwrap(),
        role: fengqiao_core::actor::Role::Dispatcher,
        because: "unclear".parse().unwrap(),
    };
    assert_eq!(triage, Ok(Some(expected)));
    let triage = desk.triage(&need("emperor").component()).await;
    assert_eq!(triage, bad_output("role"));
}

#[tokio::test]
async fn a_malformed_unit_is_no_answer() {
    let triage = Desk::new().triage(&accept("two words").component()).await;
    assert_eq!(triage, bad_output("unit-id"));
}

#[tokio::test]
async fn a_malformed_division_is_no_answer() {
    let triage = Desk::new()
        .triage(&accept("u-1").text(44, "12345").component())
        .await;
    assert_eq!(triage, bad_output("division-code"));
}

#[tokio::test]
async fn an_outcome_that_this_kernel_does_not_know_is_no_answer() {
    let desk = Desk::new();
    let triage = Guest::of("triage")
        .byte(4, 5)
        .text(8, "hold")
        .text(16, "{}");
    assert_eq!(
        desk.triage(&triage.component()).await,
        bad_output("unknown-outcome")
    );
    let guard = Guest::of("guard")
        .byte(4, 2)
        .text(8, "defer")
        .text(16, "{}");
    assert_eq!(
        desk.guard(&guard.component()).await,
        bad_output("unknown-outcome")
    );
}

#[tokio::test]
async fn advice_that_this_kernel_does_not_know_is_no_answer() {
    let mut guest = Guest::of("triage");
    let (name, length) = guest.put(b"bribe");
    let pair = [name, length, name, length].map(u32::to_le_bytes).concat();
    let (list, _) = guest.put(&pair);
    let guest = guest.byte(4, 4).number(60, list).number(64, 1);
    let triage = Desk::new().triage(&guest.component()).await;
    assert_eq!(triage, bad_output("unknown-ext"));
}

#[tokio::test]
async fn a_proposal_is_a_command_with_its_words() {
    let document = r#"{"do":"progress","text":"已到现场"}"#;
    let proposals = Desk::new()
        .react(&propose("990101-20260511-0001", "progress", document).component())
        .await
        .unwrap();
    let [proposal] = proposals.as_slice() else {
        panic!("one proposal");
    };
    let subject = Subject::Case("990101-20260511-0001".parse().unwrap());
    assert_eq!(proposal.subject, subject);
    let text = "已到现场".to_owned();
    assert_eq!(proposal.command, Command::Progress { text });
}

#[tokio::test]
async fn a_proposal_that_is_not_a_command_is_no_answer() {
    let desk = Desk::new();
    let cases = [
        ("sign", "nonsense", "document-json"),
        ("sign", r#"{"do":"make-tea"}"#, "document-json"),
        ("sign", r#"{"do":"sign","more":1}"#, "document-json"),
        ("accept", r#"{"do":"sign"}"#, "proposal-code"),
    ];
    for (code, document, rule) in cases {
        let guest = propose("990101-20260511-0001", code, document);
        let proposals = desk.react(&guest.component()).await;
        assert_eq!(proposals, bad_output(rule), "{document}");
    }
    let guest = propose("two words", "sign", r#"{"do":"sign"}"#);
    let proposals = desk.react(&guest.component()).await;
    assert_eq!(proposals, bad_output("case-id"));
}

#[tokio::test]
async fn the_author_is_told_what_is_wrong_with_an_answer() {
    let desk = Desk::new();
    let guest = propose("990101-20260511-0001", "sign", r#"{"do":"make-tea"}"#);
    let _refused = desk.react(&guest.component()).await;
    let lines = desk.lines.all();
    assert!(
        lines.iter().any(|line| line.contains("make-tea")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_profile_is_read_whole() {
    let desk = Desk::new();
    let good = profile(r#"{"labels":{"stage.accepted":"受理"},"close-on":"rating"}"#);
    let read = desk.profile(&good.component()).await.unwrap();
    assert_eq!(read.labels.len(), 1);
    let misspelt = profile(r#"{"lables":{}}"#);
    let read = desk.profile(&misspelt.component()).await;
    assert_eq!(read, bad_output("document-json"));
}

#[tokio::test]
async fn an_intake_reads_a_message_as_a_submission_or_says_why_not() {
    let desk = Desk::new();
    let text = r#"{"matter":{"kind":"complaint","place":"990101001001","text":"路灯不亮"},"source":{"channel":"hotline"}}"#;
    let submission = Guest::of("intake").text(8, text).component();
    let reading = desk.intake(&submission, b"<xml/>").await.unwrap();
    let Reading::Submission { registration, .. } = reading else {
        panic!("a submission");
    };
    assert_eq!(registration.matter.text, "路灯不亮");
    let duplicate = Guest::of("intake").byte(4, 1).text(8, "H-1").component();
    let external = "H-1".parse().unwrap();
    assert_eq!(
        desk.intake(&duplicate, b"").await,
        Ok(Reading::Duplicate { external })
    );
    let not_for_us = Guest::of("intake")
        .byte(4, 2)
        .text(8, "advert")
        .text(16, "广告");
    let expected = Reading::NotForUs {
        code: "advert".parse().unwrap(),
        text: "广告".to_owned(),
    };
    assert_eq!(
        desk.intake(&not_for_us.component(), b"").await,
        Ok(expected)
    );
    let nonsense = Guest::of("intake").text(8, "{}").component();
    assert_eq!(
        desk.intake(&nonsense, b"").await,
        bad_output("document-json")
    );
}

#[tokio::test]
async fn a_plugin_that_says_it_cannot_answer_is_believed() {
    let guest = Guest::of("triage")
        .byte(0, 1)
        .byte(4, 2)
        .text(8, "没有对应的规则");
    let triage = Desk::new().triage(&guest.component()).await;
    let expected = "cannot-answer: 没有对应的规则".to_owned();
    assert_eq!(triage, Err(AdviceError::PluginError(expected)));
}

#[tokio::test]
async fn the_same_question_gets_the_same_bytes() {
    let desk = Desk::new();
    let component = accept("u-town-1").component();
    let first = desk.triage(&component).await.unwrap();
    let again = desk.triage(&component).await.unwrap();
    let (first, again) = (canonical_json(&first), canonical_json(&again));
    assert_eq!(first.unwrap(), again.unwrap());
}
