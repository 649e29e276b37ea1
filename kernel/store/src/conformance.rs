//! What every store has to do, as named cases that each backend runs on an empty database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a suite of tests that lives beside the code so that every backend can run it"
)]

pub mod commits;
pub mod draft;
pub mod facts;
pub mod linked;
pub mod lists;
pub mod messages;
pub mod personal;
pub mod plugins;

use std::future::Future;

use fengqiao_service::ports::store::Store;

/// An empty database that can be opened, and opened again after the store was dropped.
pub trait Backend {
    /// What it opens.
    type Store: Store;
    /// Opens it.
    fn open(&self) -> impl Future<Output = Self::Store>;
}

/// One test for each case of the suite, on a fresh backend: `conformance!(Files::new())`.
#[macro_export]
macro_rules! conformance {
    ($backend:expr) => {
        $crate::conformance! { $backend;
            commits: what_was_committed_is_loaded,
            commits: what_never_happened_is_empty,
            commits: events_are_read_after_a_version,
            commits: an_older_version_is_a_conflict_and_leaves_nothing,
            commits: a_skipped_version_is_a_conflict,
            commits: a_version_that_was_only_read_is_held_too,
            commits: a_conflict_leaves_the_commands_beside_it_alone,
            commits: a_key_is_taken_once,
            commits: a_repeated_key_is_told_before_a_conflict,
            commits: two_subjects_change_together_or_not_at_all,
            commits: a_write_that_contradicts_itself_is_refused,
            commits: everything_is_there_after_opening_again,
            commits: an_effect_waits_until_it_is_dispatched,
            commits: old_answers_are_pruned_after_thirty_days,
            lists: only_running_clocks_are_due_the_earliest_first,
            lists: due_clocks_are_read_on_from_the_last_one,
            lists: a_clock_is_not_due_at_its_last_instant,
            lists: paging_visits_every_case_once_while_new_ones_arrive,
            lists: a_page_has_between_one_and_the_most_rows,
            lists: a_cursor_of_somebody_else_is_refused,
            lists: a_filter_by_division_reaches_all_below_it_and_no_other,
            lists: a_filter_finds_by_stage_unit_category_place_and_time,
            lists: a_unit_that_was_released_no_longer_finds_the_case,
            lists: the_desk_shows_open_tasks_and_approvals_of_a_division,
            lists: related_cases_are_counted_by_what_is_the_same,
            lists: related_places_are_compared_at_the_level_asked_for,
            linked: what_goes_out_is_numbered_by_platform_without_gaps,
            linked: what_a_platform_says_is_kept_once_and_stands_beside_its_order,
            linked: a_platforms_newest_list_of_open_numbers_counts,
            messages: a_message_is_written_once_and_found_by_its_number_or_its_digest,
            messages: a_message_is_settled_once_and_its_words_go_with_the_case,
            messages: cases_that_may_be_the_same_are_found_by_matter_and_by_reporter,
            personal: chinese_words_come_back_as_they_were,
            personal: an_erased_person_or_text_is_missing_and_the_rest_stays,
            personal: a_query_hash_belongs_to_its_case,
            personal: refused_attempts_and_consultations_stand_newest_first,
            facts: what_counts_of_a_case_is_kept_with_its_commit,
            facts: a_window_finds_what_may_count_in_it,
            facts: an_import_replaces_an_import_and_nothing_of_our_own,
            facts: an_import_replaces_nothing_of_another_division,
            facts: a_record_and_the_answer_to_it_are_written_together_or_not_at_all,
            facts: a_units_docket_is_kept_for_counting,
            facts: a_record_of_an_assessment_is_kept_once_under_its_name,
            plugins: the_same_component_twice_is_one,
            plugins: a_component_belongs_to_every_division_that_uploaded_it,
            plugins: a_new_revision_of_a_binding_replaces_the_old_one,
            plugins: a_binding_set_never_changes,
            plugins: the_newest_reference_data_counts,
            plugins: an_edition_is_kept_as_it_was,
        }
    };
    ($backend:expr; $($topic:ident: $case:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $case() {
                $crate::conformance::$topic::$case($backend).await;
            }
        )+
    };
}
