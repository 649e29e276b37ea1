//! Where a kernel that plays golden cases keeps its data: a fresh directory under `target/`, one kernel at a time.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

/// The directory, held by this process until this is dropped; the data stay for whoever wants to look.
#[derive(Debug)]
pub(crate) struct Place {
    folder: PathBuf,
    _lock: File,
}

impl Place {
    /// Takes a folder, so that no other process uses it meanwhile, and empties its data directory.
    pub(crate) fn take(folder: &Path) -> Result<Self> {
        let said = || format!("using {}", folder.display());
        fs::create_dir_all(folder).with_context(said)?;
        let lock = File::create(folder.join("lock")).with_context(said)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "the same runs already on {}: stop it first",
                folder.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error).with_context(said),
        }
        let place = Self {
            folder: folder.to_owned(),
            _lock: lock,
        };
        place.empty()?;
        Ok(place)
    }

    /// Removes the data that a kernel left.
    pub(crate) fn empty(&self) -> Result<()> {
        let data = self.data();
        if data.exists() {
            fs::remove_dir_all(&data).with_context(|| format!("emptying {}", data.display()))?;
        }
        Ok(())
    }

    /// The kernel's data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What the kernel says while it runs.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("data.log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demonstration_begins_with_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::take(folder.path()).unwrap();
        fs::create_dir(place.data()).unwrap();
        drop(place);
        let again = Place::take(folder.path()).unwrap();
        assert!(!again.data().exists());
    }

    #[test]
    fn the_data_of_a_running_demonstration_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let running = Place::take(folder.path()).unwrap();
        fs::create_dir(running.data()).unwrap();
        let second = Place::take(folder.path());
        assert!(second.unwrap_err().to_string().contains("stop it first"));
        assert!(running.data().exists());
    }
}
