//! The contract as Rust types: generated from `wit/`, one set of shared types for all hooks.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    reason = "generated code"
)]

/// Shared types, and what the host provides.
pub mod capabilities {
    wasmtime::component::bindgen!({
        path: [
            "../../wit/types", "../../wit/log", "../../wit/directory", "../../wit/catalogue",
            "../../wit/calendar",
        ],
        inline: "
            package fengqiao:host;
            world capabilities {
                import fengqiao:types/values@0.1.0;
                import fengqiao:types/snapshot@0.1.0;
                import fengqiao:log/log@0.1.0;
                import fengqiao:directory/directory@0.1.0;
                import fengqiao:catalogue/catalogue@0.1.0;
                import fengqiao:calendar/calendar@0.1.0;
            }
        ",
        world: "fengqiao:host/capabilities",
        imports: { default: trappable },
        trappable_error_type: {
            "fengqiao:types/values.denial" => crate::capabilities::Unanswered,
        },
        require_store_data_send: true,
    });
}

pub use capabilities::Capabilities;
pub use capabilities::fengqiao::{
    calendar::calendar, catalogue::catalogue, directory::directory, log::log, types,
};
pub use types::values;

/// The bindings of one hook. What is asked is borrowed: the case is copied once, into the guest's memory.
macro_rules! hook {
    ($hook:ident, $folder:literal, $world:literal $(, $interface:literal: $module:path)*) => {
        hook!(
            $hook, $folder, $world $(, $interface: $module)*;
            Borrowing { duplicate_if_necessary: false }
        );
    };
    ($hook:ident, $folder:literal, $world:literal $(, $interface:literal: $module:path)*; $($ownership:tt)*) => {
        pub mod $hook {
            wasmtime::component::bindgen!({
                path: [
                    "../../wit/types", "../../wit/log", "../../wit/directory",
                    "../../wit/catalogue", "../../wit/calendar", $folder,
                ],
                world: $world,
                ownership: $($ownership)*,
                exports: { default: async },
                require_store_data_send: true,
                with: {
                    "fengqiao:types/values@0.1.0": crate::bindings::values,
                    $($interface: $module,)*
                    "fengqiao:log/log@0.1.0": crate::bindings::log,
                    "fengqiao:directory/directory@0.1.0": crate::bindings::directory,
                    "fengqiao:catalogue/catalogue@0.1.0": crate::bindings::catalogue,
                    "fengqiao:calendar/calendar@0.1.0": crate::bindings::calendar,
                },
            });
        }
    };
}

hook!(
    profile,
    "../../wit/profile",
    "fengqiao:profile/profile-plugin@0.1.0"
);
hook!(
    intake,
    "../../wit/intake",
    "fengqiao:intake/intake-plugin@0.1.0"
);
hook!(
    triage,
    "../../wit/triage",
    "fengqiao:triage/triage-plugin@0.1.0"
);
hook!(
    guard,
    "../../wit/guard",
    "fengqiao:guard/guard-plugin@0.1.0",
    "fengqiao:types/snapshot@0.1.0": crate::bindings::triage::fengqiao::types::snapshot
);
hook!(
    react,
    "../../wit/react",
    "fengqiao:react/react-plugin@0.1.0",
    "fengqiao:types/snapshot@0.1.0": crate::bindings::triage::fengqiao::types::snapshot
);
hook!(
    assess,
    "../../wit/assess",
    "fengqiao:assess/assess-plugin@0.1.0";
    Owning
);
