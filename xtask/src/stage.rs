//! A kernel of its own for the golden cases, and the play on it.

mod binary;
mod place;
mod stop;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
};

use anyhow::{Result, bail};
use fengqiao_tests::{
    client::Client,
    jurisdiction::Jurisdiction,
    kernel::Kernel,
    names::Names,
    play::{self, Row},
    upload,
};

use crate::workspace::Workspace;
pub(crate) use binary::build as build_kernel;
pub(crate) use place::Place;
pub(crate) use stop::{Stop, Waited};

/// Any free port of this machine.
pub(crate) const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Columns of a page where there is no terminal.
const PAGE_COLUMNS: u16 = 132;

/// What is played, and with which plugins.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    root: PathBuf,
    plugins: PathBuf,
    all: Vec<Jurisdiction>,
}

impl Script {
    /// These jurisdictions, with the components of a folder.
    pub(crate) fn new(workspace: &Workspace, plugins: PathBuf, all: Vec<Jurisdiction>) -> Self {
        Self {
            root: workspace.root().to_owned(),
            plugins,
            all,
        }
    }

    /// How many golden cases and months there are.
    pub(crate) fn cases(&self) -> usize {
        let of = |one: &Jurisdiction| one.cases.len() + one.months.len();
        self.all.iter().map(of).sum()
    }

    /// Starts a kernel on a fresh directory; whoever acts in any of the jurisdictions may act on it.
    pub(crate) fn open(&self, kernel: &Path, data: &Path, listen: SocketAddr) -> Result<Kernel> {
        let principals: Vec<_> = self
            .all
            .iter()
            .map(|jurisdiction| jurisdiction.folder.join("principals.toml"))
            .collect();
        Kernel::start_at(kernel, data, &principals, listen)
    }

    /// Uploads, binds and plays in the background; what comes back is asked until it has the rows.
    pub(crate) fn play(
        self,
        base: String,
        mut tell: impl FnMut(&str) + Send + 'static,
    ) -> impl FnMut() -> Result<Option<Vec<Row>>> {
        let mut playing: Option<JoinHandle<Result<Vec<Row>>>> =
            Some(thread::spawn(move || self.whole(&base, &mut tell)));
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

    fn whole(self, base: &str, tell: &mut dyn FnMut(&str)) -> Result<Vec<Row>> {
        let divisions = upload::divisions(&self.root)?;
        let client = Client::new(base);
        upload::upload_from(&client, &self.root, &self.plugins, &self.all)?;
        let cast: Vec<_> = self
            .all
            .into_iter()
            .map(|jurisdiction| {
                let names = Names::new(&jurisdiction, &divisions);
                (jurisdiction, names)
            })
            .collect();
        play::play(&client, &cast, tell)
    }
}

/// Every jurisdiction of the examples, by name.
pub(crate) fn jurisdictions(workspace: &Workspace) -> Result<Vec<Jurisdiction>> {
    Jurisdiction::load_all(&workspace.root().join("examples/jurisdictions"))
}

/// How wide a table may be.
pub(crate) fn columns() -> u16 {
    let terminal = console::Term::stdout().size_checked();
    terminal.map_or(PAGE_COLUMNS, |(_, columns)| columns)
}
