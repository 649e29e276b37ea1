//! Where a demonstration keeps its data: a fresh directory under `target/`, one demonstration at a time.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// The directory, held by this process until this is dropped; the data stay for whoever wants to look.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    _lock: File,
}

impl Place {
    /// Takes the directory and empties it. The one that keeps serving has its own, so that tests can run beside it.
    pub(super) fn take(workspace: &Workspace, once: bool) -> Result<Self> {
        let name = if once { "demo/once" } else { "demo/serving" };
        Self::take_folder(&workspace.target(name))
    }

    fn take_folder(folder: &Path) -> Result<Self> {
        let said = || format!("using {}", folder.display());
        fs::create_dir_all(folder).with_context(said)?;
        let lock = File::create(folder.join("lock")).with_context(said)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "another demonstration runs on {}: stop it first",
                folder.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error).with_context(said),
        }
        let place = Self {
            folder: folder.to_owned(),
            _lock: lock,
        };
        if place.data().exists() {
            fs::remove_dir_all(place.data()).with_context(said)?;
        }
        Ok(place)
    }

    /// The kernel's data directory.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What the kernel says while it runs.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("data.log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demonstration_begins_with_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::take_folder(folder.path()).unwrap();
        fs::create_dir(place.data()).unwrap();
        drop(place);
        let again = Place::take_folder(folder.path()).unwrap();
        assert!(!again.data().exists());
    }

    #[test]
    fn the_data_of_a_running_demonstration_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let running = Place::take_folder(folder.path()).unwrap();
        fs::create_dir(running.data()).unwrap();
        let second = Place::take_folder(folder.path());
        assert!(second.unwrap_err().to_string().contains("stop it first"));
        assert!(running.data().exists());
    }
}
