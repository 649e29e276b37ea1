//! All jurisdictions mixed in one kernel, with their real plugins: thousands of generated cases whose histories are drawn by lot.
//!
//! Two kernels live through the same histories; only who reported the guarded cases differs. The draws are fixed by a
//! seed, so that whatever fails here fails again.

mod deeds;
mod kernel;
mod lane;
mod town;

use std::collections::BTreeMap;

use fengqiao_core::case::Case;
use fengqiao_core::evolve::{evolve, evolve_docket};
use fengqiao_core::ids::{CaseId, Subject};
use fengqiao_core::matter::{AssignmentRole, AssignmentState, Protection};
use fengqiao_core::stage::StageName;
use fengqiao_service::ports::store::{CaseFilter, Page, Store as _};
use fengqiao_service::{CaseView, Viewer};
use futures_util::future::join_all;

use kernel::Mixed;
use lane::{Lane, Reporters};
use town::Town;

/// How many cases are registered in each of the two kernels, where nobody asks for another number.
const CASES: usize = 2_000;
/// Names another number of cases, for a long run.
const CASES_VARIABLE: &str = "FENGQIAO_MIXED_CASES";
/// What the draws begin with.
const SEED: u64 = 20_261_125;
/// Of how many units of a guarded case the views are compared.
const UNITS_A_CASE: usize = 2;
/// After how many rounds the clocks that ran out are looked for.
const ROUNDS_A_SWEEP: usize = 40;

/// How many cases this run registers.
fn cases() -> usize {
    let asked = std::env::var(CASES_VARIABLE).ok();
    asked.map_or(CASES, |asked| asked.parse().unwrap())
}

/// One kernel's life: every jurisdiction does something in every round, at the same moment.
async fn live(reporters: Reporters) -> (Mixed, Vec<Lane>) {
    let towns = Town::all();
    let kernel = Mixed::open(&towns).await;
    let share = cases().div_ceil(towns.len());
    let lanes = towns.into_iter().zip(0u64..);
    let mut lanes: Vec<Lane> = lanes
        .map(|(town, nth)| Lane::new(town, SEED + nth, reporters, share))
        .collect();
    let mut time = fastrand::Rng::with_seed(SEED);
    for round in 0.. {
        let done = join_all(lanes.iter_mut().map(|lane| lane.step(&kernel))).await;
        if done.iter().all(|done| *done) {
            break;
        }
        kernel.pass(time.i64(1..90));
        if round % ROUNDS_A_SWEEP == 0 {
            let swept = kernel.service.sweep_clocks(1).await.unwrap();
            assert!(swept.stuck.is_empty(), "{:?}", swept.stuck);
        }
    }
    kernel.service.sweep_clocks(1).await.unwrap();
    (kernel, lanes)
}

fn in_a_thread_of_its_own(reporters: Reporters) -> std::thread::JoinHandle<(Mixed, Vec<Lane>)> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    std::thread::spawn(move || {
        let lived = runtime.block_on(live(reporters));
        // Dropped with the process: the store's thread may still answer.
        std::mem::forget(runtime);
        lived
    })
}

#[test]
fn generated_cases_of_all_jurisdictions_in_one_kernel_keep_its_promises() {
    let others = in_a_thread_of_its_own(Reporters::Others);
    let ours = in_a_thread_of_its_own(Reporters::Some);
    let (kernel, lanes) = ours.join().unwrap();
    let (other, _) = others.join().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let routed: usize = lanes.iter().map(|lane| lane.routed).sum();
        assert_eq!(
            routed,
            lanes.iter().map(|lane| lane.registered).sum::<usize>()
        );
        let cases = all(&kernel).await;
        conserved(&lanes, &cases);
        cases.values().for_each(answered_for);
        replayed(&kernel, &cases).await;
        unseen(&kernel, &other, &cases).await;
        let counts = lane::Counts::of(&lanes);
        println!("{} cases, {routed} routed twice; {counts}", cases.len());
        assert!(counts.vary(), "{counts}");
    });
}

/// Every case that the store lists, a page at a time.
async fn all(kernel: &Mixed) -> BTreeMap<CaseId, Case> {
    let mut cases = BTreeMap::new();
    let mut page = Page {
        after: None,
        limit: 200,
    };
    loop {
        let store = kernel.service.store();
        let rows = store.cases(&CaseFilter::default(), &page).await.unwrap();
        let Some(last) = rows.last() else {
            return cases;
        };
        page.after = Some(last.cursor.clone());
        for row in rows {
            assert!(cases.insert(row.case.id.clone(), row.case).is_none());
        }
    }
}

/// 14: registered = open + closed + ended, and none is lost between the lists.
fn conserved(lanes: &[Lane], cases: &BTreeMap<CaseId, Case>) {
    let count = |is: fn(StageName) -> bool| cases.values().filter(|c| is(c.stage.name())).count();
    let open = count(StageName::is_open);
    let closed = count(|s| matches!(s, StageName::Closed | StageName::Archived));
    let ended = count(|s| s == StageName::Ended);
    let registered: usize = lanes.iter().map(|lane| lane.registered + lane.split).sum();
    assert!(registered >= crate::mixed::cases());
    assert_eq!(registered, open + closed + ended);
    assert!(open > 0 && closed > 0 && ended > 0);
}

/// 3 and 4: from dispatch to reply exactly one lead; while it isn't finished, a clock runs.
fn answered_for(case: &Case) {
    let active = |a: &&fengqiao_core::matter::Assignment| {
        a.role == AssignmentRole::Lead && a.state == AssignmentState::Active
    };
    let leads = case.assignments.iter().filter(active).count();
    let stage = case.stage.name();
    let in_work = matches!(
        stage,
        StageName::Dispatched | StageName::Handling | StageName::Reported
    );
    assert!(!in_work || leads == 1, "{}: {leads} leads", case.id);
    let watched = case.docket.clocks.iter().any(|c| c.state.is_live());
    assert!(!stage.is_open() || watched, "{}: nobody waits", case.id);
}

/// 2: the events alone rebuild every case, and every docket that the cases touched.
async fn replayed(kernel: &Mixed, cases: &BTreeMap<CaseId, Case>) {
    for (id, case) in cases {
        let history = kernel.service.history(&Subject::Case(id.clone())).await;
        let folded = history
            .unwrap()
            .iter()
            .fold(None, |case, recorded| Some(evolve(case, recorded).unwrap()));
        assert_eq!(folded.as_ref(), Some(case));
    }
    let mut dockets = 0;
    for subject in kernel.dockets() {
        let history = kernel.service.history(&subject).await.unwrap();
        let folded = history.iter().fold(Default::default(), |docket, recorded| {
            evolve_docket(&docket, recorded).unwrap()
        });
        let kept = kernel.service.store().docket(&subject).await.unwrap();
        assert_eq!(folded, kept, "{subject}");
        dockets += usize::from(!history.is_empty());
    }
    assert!(dockets > 0);
}

/// 10: of a guarded case no unit sees anything that depends on who reported.
async fn unseen(kernel: &Mixed, other: &Mixed, cases: &BTreeMap<CaseId, Case>) {
    let guarded = cases.values().filter(|c| c.protection != Protection::Open);
    let mut compared = 0;
    for case in guarded {
        for assignment in case.assignments.iter().take(UNITS_A_CASE) {
            let viewer = || Viewer::Handler {
                unit: assignment.unit.clone(),
                principal: "somebody".parse().unwrap(),
            };
            let ours = kernel.service.view(&case.id, &viewer()).await;
            let others = other.service.view(&case.id, &viewer()).await;
            assert_eq!(seen(ours), seen(others), "{} {}", case.id, assignment.unit);
            compared += 1;
        }
    }
    assert!(compared > cases.len() / 4, "{compared}");
}

fn seen(view: Result<CaseView, fengqiao_service::ReadError>) -> Option<serde_json::Value> {
    view.ok().map(|view| serde_json::to_value(view).unwrap())
}
