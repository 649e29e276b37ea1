//! The only file that opens something by a path: the data directory, and files that the command line names.

use std::fs::TryLockError;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use jiff::Timestamp;

/// Marks a data directory as a demonstration's, for good; holds the demonstration's time.
const MARKER: &str = "DEMONSTRATION";
/// The marker while it is written anew.
const MARKER_DRAFT: &str = "DEMONSTRATION.new";
/// Locked while a process works on the directory.
const LOCK: &str = "LOCK";
/// The database.
const DATABASE: &str = "fengqiao.db";
/// The first day of the built-in calendar: where a new demonstration's clock stands.
const DEMONSTRATION_START: &str = "2019-01-01T00:00:00+08:00";

/// Held by whoever works on the directory; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: std::fs::File,
}

/// The directory of everything that lasts.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    dir: Dir,
}

/// A directory or a file can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// It can't be opened, read or written.
    #[error("不能使用 {path}：{reason}。请检查路径是否存在、权限是否足够")]
    Unusable {
        /// Which.
        path: String,
        /// What the system said.
        reason: std::io::Error,
    },
    /// Another process works on it.
    #[error("{path} 正由另一个进程使用：请先停止它；内核运行时请用接口导入")]
    InUse {
        /// Which.
        path: String,
    },
    /// It is larger than allowed.
    #[error("{path} 超过上限 {limit} 字节：请拆分后重试")]
    TooLarge {
        /// Which.
        path: String,
        /// How much is allowed.
        limit: usize,
    },
    /// A demonstration in a directory that holds real cases.
    #[error("{path} 已有数据且不是演示目录，不能用 --demo 打开：请另选一个空目录")]
    RealData {
        /// Which.
        path: String,
    },
    /// Real service on a demonstration's data.
    #[error("{path} 是演示目录（含 DEMONSTRATION 标记），只能用 --demo 打开：正式使用请另选目录")]
    DemonstrationData {
        /// Which.
        path: String,
    },
    /// The marker was changed by hand.
    #[error("{path} 中的 DEMONSTRATION 标记内容无效：应为一行时间，例如 2024-02-02T10:00:00Z")]
    Marker {
        /// Which.
        path: String,
    },
}

impl DataDir {
    /// Opens the directory, or makes it.
    pub(crate) fn open(path: &Path) -> Result<Self, FileError> {
        let unusable = |reason| unusable(path, reason);
        Dir::create_ambient_dir_all(path, ambient_authority()).map_err(unusable)?;
        let dir = Dir::open_ambient_dir(path, ambient_authority()).map_err(unusable)?;
        Ok(Self {
            path: path.to_owned(),
            dir,
        })
    }

    /// Keeps other processes of this program out of the directory.
    pub(crate) fn lock(&self) -> Result<DataLock, FileError> {
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(false);
        let file = self.dir.open_with(LOCK, &options);
        let file = file.map_err(|reason| self.unusable(reason))?.into_std();
        match file.try_lock() {
            Ok(()) => Ok(DataLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(FileError::InUse { path: self.shown() }),
            Err(TryLockError::Error(reason)) => Err(self.unusable(reason)),
        }
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Refuses a demonstration's directory.
    pub(crate) fn for_service(&self) -> Result<(), FileError> {
        if self
            .dir
            .try_exists(MARKER)
            .map_err(|reason| self.unusable(reason))?
        {
            return Err(FileError::DemonstrationData { path: self.shown() });
        }
        Ok(())
    }

    /// Marks a fresh directory as a demonstration's, or finds the mark; answers where the demonstration's clock stands.
    pub(crate) fn for_demonstration(&self) -> Result<Timestamp, FileError> {
        let exists = |file| {
            self.dir
                .try_exists(file)
                .map_err(|reason| self.unusable(reason))
        };
        if exists(MARKER)? {
            let text = self
                .dir
                .read_to_string(MARKER)
                .map_err(|reason| self.unusable(reason))?;
            return text
                .trim()
                .parse()
                .map_err(|_| FileError::Marker { path: self.shown() });
        }
        if exists(DATABASE)? {
            return Err(FileError::RealData { path: self.shown() });
        }
        let start = DEMONSTRATION_START.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        self.keep_time(start)?;
        Ok(start)
    }

    /// Keeps the demonstration's time, so that it doesn't go back when the process starts again.
    pub(crate) fn keep_time(&self, now: Timestamp) -> Result<(), FileError> {
        let unusable = |reason| self.unusable(reason);
        self.dir
            .write(MARKER_DRAFT, format!("{now}\n"))
            .map_err(unusable)?;
        self.dir
            .rename(MARKER_DRAFT, &self.dir, MARKER)
            .map_err(unusable)
    }

    fn unusable(&self, reason: std::io::Error) -> FileError {
        unusable(&self.path, reason)
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

/// Reads a file that the command line names, up to a limit.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, FileError> {
    let unusable = |reason| unusable(path, reason);
    let (folder, name) = match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) if !folder.as_os_str().is_empty() => (folder, name),
        (_, Some(name)) => (Path::new("."), name),
        (_, None) => return Err(unusable(std::io::ErrorKind::IsADirectory.into())),
    };
    let dir = Dir::open_ambient_dir(folder, ambient_authority()).map_err(unusable)?;
    let file = dir.open(name).map_err(unusable)?;
    let mut content = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most)
        .read_to_end(&mut content)
        .map_err(unusable)?;
    if content.len() > limit {
        return Err(FileError::TooLarge {
            path: path.display().to_string(),
            limit,
        });
    }
    Ok(content)
}

fn unusable(path: &Path, reason: std::io::Error) -> FileError {
    FileError::Unusable {
        path: path.display().to_string(),
        reason,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Writes a file into a test's own folder.
    pub(crate) fn write(path: &Path, text: &str) {
        let folder = DataDir::open(path.parent().unwrap()).unwrap();
        folder.dir.write(path.file_name().unwrap(), text).unwrap();
    }

    #[test]
    fn a_marked_directory_is_a_demonstration_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        data.for_service().unwrap();
        data.for_demonstration().unwrap();
        assert!(matches!(
            data.for_service(),
            Err(FileError::DemonstrationData { .. })
        ));
    }

    #[test]
    fn a_directory_with_data_never_becomes_a_demonstration() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        data.dir.write(DATABASE, b"").unwrap();
        assert!(matches!(
            data.for_demonstration(),
            Err(FileError::RealData { .. })
        ));
    }

    #[test]
    fn one_process_at_a_time_works_on_a_directory() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let held = data.lock().unwrap();
        let second = DataDir::open(folder.path()).unwrap().lock();
        assert!(matches!(second, Err(FileError::InUse { .. })));
        drop(held);
        data.lock().unwrap();
    }

    #[test]
    fn a_demonstrations_time_outlives_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let time = "2024-02-02T02:00:00Z".parse().unwrap();
        DataDir::open(folder.path())
            .unwrap()
            .keep_time(time)
            .unwrap();
        assert_eq!(
            DataDir::open(folder.path())
                .unwrap()
                .for_demonstration()
                .unwrap(),
            time
        );
    }

    #[test]
    fn a_file_above_its_limit_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        data.dir.write("long", b"12345").unwrap();
        assert_eq!(read(&folder.path().join("long"), 5).unwrap(), b"12345");
        assert!(matches!(
            read(&folder.path().join("long"), 4),
            Err(FileError::TooLarge { limit: 4, .. })
        ));
    }
}
