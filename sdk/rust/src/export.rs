//! The macro that makes a plugin of a type, and what stands between the contract's functions and an author's.

use std::marker::PhantomData;

use crate::plugin::{Plugin, PluginError, read_config};

/// A plugin as the contract sees it. [`export!`](crate::export) names it; authors don't.
#[doc(hidden)]
#[derive(Debug)]
pub struct Adapter<P>(PhantomData<P>);

/// Runs one call: a panic is told to the author before it becomes a trap.
pub(crate) fn call<P: Plugin, T>(
    config: &str,
    answer: impl FnOnce(&P::Config) -> Result<T, PluginError>,
) -> Result<T, PluginError> {
    tell_panics();
    answer(&read_config::<P>(config)?)
}

/// Every call has an instance of its own, so the hook is set once in each.
#[cfg(target_family = "wasm")]
fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        crate::log::write(crate::log::Level::Error, &panic.to_string());
    }));
}

/// Natively a panic is a failed test, and the test says it.
#[cfg(not(target_family = "wasm"))]
fn tell_panics() {}

/// Exports the hooks that a plugin answers, and no other: `fengqiao_sdk::export!(Mechanism: triage, guard);`.
///
/// On other targets than the guest's it only checks that the traits are there, so that rules can be tested natively.
#[macro_export]
macro_rules! export {
    ($plugin:ident: $($hook:ident),+ $(,)?) => {
        $($crate::__check_hook!($plugin $hook);)+

        #[cfg(target_family = "wasm")]
        #[allow(unsafe_code, reason = "the contract's functions have C names")]
        const _: () = {
            type Exported = $crate::Adapter<$plugin>;
            $($crate::__export_hook!(Exported $hook);)+
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __check_hook {
    ($plugin:ident profile) => { $crate::__check_hook!(@ $plugin, $crate::profile::Profile); };
    ($plugin:ident intake) => { $crate::__check_hook!(@ $plugin, $crate::intake::Intake); };
    ($plugin:ident triage) => { $crate::__check_hook!(@ $plugin, $crate::triage::Triage); };
    ($plugin:ident guard) => { $crate::__check_hook!(@ $plugin, $crate::guard::Guard); };
    ($plugin:ident react) => { $crate::__check_hook!(@ $plugin, $crate::react::React); };
    ($plugin:ident assess) => { $crate::__check_hook!(@ $plugin, $crate::assess::Assess); };
    (@ $plugin:ident, $hook:path) => {
        const _: fn() = || {
            fn answers<P: $hook>() {}
            answers::<$plugin>();
        };
    };
    ($plugin:ident $other:ident) => {
        compile_error!(concat!(
            "`", stringify!($other),
            "` is no hook: profile, intake, triage, guard, react, assess"
        ));
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_hook {
    ($exported:ident profile) => { $crate::bindings::profile::export_profile!($exported with_types_in $crate::bindings::profile); };
    ($exported:ident intake) => { $crate::bindings::intake::export_intake!($exported with_types_in $crate::bindings::intake); };
    ($exported:ident triage) => { $crate::bindings::triage::export_triage!($exported with_types_in $crate::bindings::triage); };
    ($exported:ident guard) => { $crate::bindings::guard::export_guard!($exported with_types_in $crate::bindings::guard); };
    ($exported:ident react) => { $crate::bindings::react::export_react!($exported with_types_in $crate::bindings::react); };
    ($exported:ident assess) => { $crate::bindings::assess::export_assess!($exported with_types_in $crate::bindings::assess); };
}
