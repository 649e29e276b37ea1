//! The contract as generated code: shared packages once, and one module for each hook. Plugin authors never see it.

#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "generated code"
)]

/// Values, the snapshot and the capabilities.
pub mod shared {
    wit_bindgen::generate!({
        inline: "
            package fengqiao:sdk;
            world shared {
                import fengqiao:types/values@0.1.0;
                import fengqiao:types/snapshot@0.1.0;
                import fengqiao:log/log@0.1.0;
                import fengqiao:directory/directory@0.1.0;
                import fengqiao:catalogue/catalogue@0.1.0;
                import fengqiao:calendar/calendar@0.1.0;
            }
        ",
        path: [
            "../../wit/types",
            "../../wit/log",
            "../../wit/directory",
            "../../wit/catalogue",
            "../../wit/calendar",
        ],
        world: "fengqiao:sdk/shared",
        generate_all,
        generate_unused_types: true,
        additional_derives: [PartialEq, Eq],
    });
}

/// The `profile` hook.
pub mod profile {
    wit_bindgen::generate!({
        path: [
            "../../wit/types",
            "../../wit/log",
            "../../wit/directory",
            "../../wit/catalogue",
            "../../wit/calendar",
            "../../wit/profile",
        ],
        world: "fengqiao:profile/profile-plugin@0.1.0",
        with: {
            "fengqiao:types/values@0.1.0": crate::bindings::shared::fengqiao::types::values,
            "fengqiao:log/log@0.1.0": crate::bindings::shared::fengqiao::log::log,
            "fengqiao:directory/directory@0.1.0": crate::bindings::shared::fengqiao::directory::directory,
            "fengqiao:catalogue/catalogue@0.1.0": crate::bindings::shared::fengqiao::catalogue::catalogue,
            "fengqiao:calendar/calendar@0.1.0": crate::bindings::shared::fengqiao::calendar::calendar,
        },
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_profile",
        default_bindings_module: "fengqiao_sdk::bindings::profile",
    });
}

/// The `intake` hook.
pub mod intake {
    wit_bindgen::generate!({
        path: [
            "../../wit/types",
            "../../wit/log",
            "../../wit/directory",
            "../../wit/catalogue",
            "../../wit/calendar",
            "../../wit/intake",
        ],
        world: "fengqiao:intake/intake-plugin@0.1.0",
        with: {
            "fengqiao:types/values@0.1.0": crate::bindings::shared::fengqiao::types::values,
            "fengqiao:log/log@0.1.0": crate::bindings::shared::fengqiao::log::log,
            "fengqiao:directory/directory@0.1.0": crate::bindings::shared::fengqiao::directory::directory,
            "fengqiao:catalogue/catalogue@0.1.0": crate::bindings::shared::fengqiao::catalogue::catalogue,
            "fengqiao:calendar/calendar@0.1.0": crate::bindings::shared::fengqiao::calendar::calendar,
        },
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_intake",
        default_bindings_module: "fengqiao_sdk::bindings::intake",
    });
}

/// The `triage` hook.
pub mod triage {
    wit_bindgen::generate!({
        path: [
            "../../wit/types",
            "../../wit/log",
            "../../wit/directory",
            "../../wit/catalogue",
            "../../wit/calendar",
            "../../wit/triage",
        ],
        world: "fengqiao:triage/triage-plugin@0.1.0",
        with: {
            "fengqiao:types/values@0.1.0": crate::bindings::shared::fengqiao::types::values,
            "fengqiao:types/snapshot@0.1.0": crate::bindings::shared::fengqiao::types::snapshot,
            "fengqiao:log/log@0.1.0": crate::bindings::shared::fengqiao::log::log,
            "fengqiao:directory/directory@0.1.0": crate::bindings::shared::fengqiao::directory::directory,
            "fengqiao:catalogue/catalogue@0.1.0": crate::bindings::shared::fengqiao::catalogue::catalogue,
            "fengqiao:calendar/calendar@0.1.0": crate::bindings::shared::fengqiao::calendar::calendar,
        },
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_triage",
        default_bindings_module: "fengqiao_sdk::bindings::triage",
    });
}

/// The `guard` hook.
pub mod guard {
    wit_bindgen::generate!({
        path: [
            "../../wit/types",
            "../../wit/log",
            "../../wit/directory",
            "../../wit/catalogue",
            "../../wit/calendar",
            "../../wit/guard",
        ],
        world: "fengqiao:guard/guard-plugin@0.1.0",
        with: {
            "fengqiao:types/values@0.1.0": crate::bindings::shared::fengqiao::types::values,
            "fengqiao:types/snapshot@0.1.0": crate::bindings::shared::fengqiao::types::snapshot,
            "fengqiao:log/log@0.1.0": crate::bindings::shared::fengqiao::log::log,
            "fengqiao:directory/directory@0.1.0": crate::bindings::shared::fengqiao::directory::directory,
            "fengqiao:catalogue/catalogue@0.1.0": crate::bindings::shared::fengqiao::catalogue::catalogue,
            "fengqiao:calendar/calendar@0.1.0": crate::bindings::shared::fengqiao::calendar::calendar,
        },
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_guard",
        default_bindings_module: "fengqiao_sdk::bindings::guard",
    });
}

/// The `react` hook.
pub mod react {
    wit_bindgen::generate!({
        path: [
            "../../wit/types",
            "../../wit/log",
            "../../wit/directory",
            "../../wit/catalogue",
            "../../wit/calendar",
            "../../wit/react",
        ],
        world: "fengqiao:react/react-plugin@0.1.0",
        with: {
            "fengqiao:types/values@0.1.0": crate::bindings::shared::fengqiao::types::values,
            "fengqiao:types/snapshot@0.1.0": crate::bindings::shared::fengqiao::types::snapshot,
            "fengqiao:log/log@0.1.0": crate::bindings::shared::fengqiao::log::log,
            "fengqiao:directory/directory@0.1.0": crate::bindings::shared::fengqiao::directory::directory,
            "fengqiao:catalogue/catalogue@0.1.0": crate::bindings::shared::fengqiao::catalogue::catalogue,
            "fengqiao:calendar/calendar@0.1.0": crate::bindings::shared::fengqiao::calendar::calendar,
        },
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_react",
        default_bindings_module: "fengqiao_sdk::bindings::react",
    });
}

/// The `assess` hook.
pub mod assess {
    wit_bindgen::generate!({
        path: [
            "../../wit/types",
            "../../wit/log",
            "../../wit/directory",
            "../../wit/catalogue",
            "../../wit/calendar",
            "../../wit/assess",
        ],
        world: "fengqiao:assess/assess-plugin@0.1.0",
        with: {
            "fengqiao:types/values@0.1.0": crate::bindings::shared::fengqiao::types::values,
            "fengqiao:log/log@0.1.0": crate::bindings::shared::fengqiao::log::log,
            "fengqiao:directory/directory@0.1.0": crate::bindings::shared::fengqiao::directory::directory,
            "fengqiao:catalogue/catalogue@0.1.0": crate::bindings::shared::fengqiao::catalogue::catalogue,
            "fengqiao:calendar/calendar@0.1.0": crate::bindings::shared::fengqiao::calendar::calendar,
        },
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_assess",
        default_bindings_module: "fengqiao_sdk::bindings::assess",
    });
}
