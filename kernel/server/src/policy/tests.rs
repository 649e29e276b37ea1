//! Rows of the table that must never be lost.

use super::*;
use fengqiao_core::command::Command;

fn principal(role: Role, division: &str, unit: Option<&str>) -> Principal {
    Principal {
        name: "somebody".parse().unwrap(),
        role,
        division: division.parse().unwrap(),
        unit: unit.map(|unit| unit.parse().unwrap()),
        platform: None,
    }
}

fn code(result: Result<(), Problem>) -> Option<String> {
    result.err().map(|problem| problem.code().to_owned())
}

#[test]
fn without_a_token_only_what_is_open_to_anybody_may_be_used() {
    assert_eq!(
        code(check_operation(operation("register-case"), None)),
        None
    );
    assert_eq!(code(check_operation(operation("query-case"), None)), None);
    for closed in [
        "read-case",
        "list-cases",
        "read-rules",
        "upload-plugin",
        "put-units",
    ] {
        assert_eq!(
            code(check_operation(operation(closed), None)).as_deref(),
            Some("unauthenticated"),
            "{closed}"
        );
    }
}

#[test]
fn an_operation_that_is_not_in_the_table_is_closed() {
    let admin = principal(Role::SystemAdmin, "990000000000", None);
    assert_eq!(
        code(check_operation(operation("unheard-of"), Some(&admin))).as_deref(),
        Some("role-forbidden")
    );
}

#[test]
fn who_keeps_plugins_never_reads_cases() {
    let publisher = principal(Role::Publisher, "990000000000", None);
    assert_eq!(
        code(check_operation(
            operation("upload-plugin"),
            Some(&publisher)
        )),
        None
    );
    assert!(code(check_operation(operation("read-case"), Some(&publisher))).is_some());
    let clerk = principal(Role::Clerk, "990000000000", None);
    assert!(code(check_operation(operation("upload-plugin"), Some(&clerk))).is_some());
}

#[test]
fn nobody_sends_what_only_plugins_and_the_kernel_may() {
    let roles = [
        Role::Clerk,
        Role::Dispatcher,
        Role::SystemAdmin,
        Role::UnitHead,
        Role::Supervisor,
    ];
    for name in [
        "breach",
        "mirror",
        "recompute",
        "notify",
        "raise-task",
        "start-clock",
        "stop-clock",
    ] {
        for role in roles {
            let refused = code(check_command(name, &principal(role, "990000000000", None)));
            assert_eq!(refused.as_deref(), Some("not-yours"), "{name} {role:?}");
        }
    }
}

#[test]
fn every_command_of_the_core_has_its_row() {
    let samples: [Command<String, ()>; 4] = [
        Command::Accept {},
        Command::Sign {},
        Command::Archive {},
        Command::FinishTask { task: 1 },
    ];
    for sample in samples {
        assert!(!command(sample.name()).is_empty(), "{}", sample.name());
    }
    assert!(command("unheard-of").is_empty());
}

#[test]
fn a_division_reaches_itself_and_what_lies_below() {
    let county = principal(Role::Dispatcher, "990101000000", None);
    assert_eq!(
        code(check_division(&"990101001001".parse().unwrap(), &county)),
        None
    );
    for outside in ["990102000000", "990100000000"] {
        assert_eq!(
            code(check_division(&outside.parse().unwrap(), &county)).as_deref(),
            Some("out-of-scope"),
            "{outside}"
        );
    }
}
