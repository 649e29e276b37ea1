//! A kernel of its own for the golden cases, and the play on it in a thread of its own.

use std::{
    io::IsTerminal as _,
    net::SocketAddr,
    path::Path,
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use fengqiao_tests::{
    client::Client,
    jurisdiction::Jurisdiction,
    kernel::Kernel,
    names::Names,
    play::{self, Row},
    upload,
};
use indicatif::{ProgressBar, ProgressStyle};

use super::place::Place;
use crate::{say, workspace::Workspace};

/// Without a terminal one line stands for this many cases.
const CASES_A_LINE: u64 = 10;

/// Starts the kernel; whoever acts in any jurisdiction may act on it.
pub(super) fn open(
    binary: &Path,
    place: &Place,
    all: &[Jurisdiction],
    listen: SocketAddr,
) -> Result<Kernel> {
    let principals: Vec<_> = all
        .iter()
        .map(|jurisdiction| jurisdiction.folder.join("principals.toml"))
        .collect();
    Kernel::start_at(binary, &place.data(), &principals, listen)
}

/// Uploads, binds and plays in the background; what comes back is asked until it has the rows.
pub(super) fn play(
    workspace: &Workspace,
    base: &str,
    all: Vec<Jurisdiction>,
) -> impl FnMut() -> Result<Option<Vec<Row>>> + use<> {
    let (root, base) = (workspace.root().to_owned(), base.to_owned());
    let mut playing: Option<JoinHandle<Result<Vec<Row>>>> =
        Some(thread::spawn(move || whole(&root, &base, all)));
    move || {
        if !playing.as_ref().is_some_and(JoinHandle::is_finished) {
            return Ok(None);
        }
        match playing.take().map(JoinHandle::join) {
            Some(Ok(rows)) => rows.map(Some),
            _ => bail!("playing the cases broke off"),
        }
    }
}

fn whole(root: &Path, base: &str, all: Vec<Jurisdiction>) -> Result<Vec<Row>> {
    let divisions = upload::divisions(root)?;
    let client = Client::new(base);
    say("demo: uploading reference data and plugins, and binding them");
    upload::upload(&client, root, &all)?;
    let cast: Vec<_> = all
        .into_iter()
        .map(|jurisdiction| {
            let names = Names::new(&jurisdiction, &divisions);
            (jurisdiction, names)
        })
        .collect();
    let count = cast
        .iter()
        .map(|(jurisdiction, _)| jurisdiction.cases.len());
    let progress = Progress::new(count.sum::<usize>() as u64)?;
    let rows = play::play(&client, &cast, &mut |title| progress.tell(title));
    progress.bar.finish_and_clear();
    rows
}

/// A bar on a terminal, and a line now and then elsewhere.
struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    fn new(cases: u64) -> Result<Self> {
        let bar = ProgressBar::new(cases);
        let style = ProgressStyle::with_template("demo: playing {bar:30} {pos}/{len} {msg}");
        bar.set_style(style.context("the progress bar")?);
        let lines = !std::io::stderr().is_terminal();
        if lines {
            say(&format!("demo: playing {cases} cases"));
        } else {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Ok(Self { bar, lines })
    }

    fn tell(&self, title: &str) {
        self.bar.set_message(title.to_owned());
        self.bar.inc(1);
        let (done, cases) = (self.bar.position(), self.bar.length().unwrap_or_default());
        if self.lines && (done.is_multiple_of(CASES_A_LINE) || done == cases) {
            say(&format!("demo: {done} of {cases} cases played"));
        }
    }
}
