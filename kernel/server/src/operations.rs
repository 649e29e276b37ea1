//! Every HTTP operation, one file a group; the router is made of this list and of nothing else.

mod alike;
mod assessing;
mod bindings;
mod command_case;
mod command_docket;
mod demo_clock;
mod desk;
mod divisions;
mod dossier;
mod gathered;
mod linked;
mod list_cases;
mod messages;
mod nearest;
mod plugins;
mod process;
mod put_reference;
mod query;
mod read_again;
mod read_case;
mod read_records;
mod receive;
mod receive_batch;
mod register_case;
mod registers;
mod rooms;
mod rules;
mod stations;
mod units;

use crate::operation::Operation;

/// All of them; those of the demonstration only where there is one.
pub(crate) fn all(demonstration: bool) -> Vec<Operation> {
    let mut all = vec![
        register_case::operation(),
        command_case::operation(),
        list_cases::operation(),
    ];
    all.extend(read_case::operations());
    all.extend(dossier::operations());
    all.extend(read_records::operations());
    all.push(alike::operation());
    all.push(receive::operation());
    all.push(receive_batch::operation());
    all.extend(messages::operations());
    all.extend(read_again::operations());
    all.extend(linked::operations());
    all.extend(query::operations());
    all.extend(command_docket::operations());
    all.push(gathered::operation());
    all.push(desk::operation());
    all.extend(assessing::operations());
    all.extend(put_reference::operations());
    all.extend(registers::operations());
    all.extend(rooms::operations());
    all.extend(nearest::operations());
    all.extend(stations::operations());
    all.extend(divisions::operations());
    all.extend(units::operations());
    all.extend(plugins::operations());
    all.extend(bindings::operations());
    all.push(rules::operation());
    all.extend(process::operations());
    if demonstration {
        all.extend(demo_clock::operations());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{self, Access};

    #[test]
    fn every_operation_has_its_row_in_the_policy() {
        for operation in all(true) {
            assert_ne!(
                policy::operation(operation.name),
                Access::Roles(&[]),
                "{}",
                operation.name
            );
        }
    }

    #[test]
    fn no_two_operations_share_a_name_or_a_route() {
        let mut names: Vec<_> = all(true).iter().map(|operation| operation.name).collect();
        let mut routes: Vec<_> = all(true)
            .iter()
            .map(|o| (o.method.to_string(), o.path))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        routes.sort_unstable();
        routes.dedup();
        assert_eq!((names.len(), routes.len()), (count, count));
    }
}
