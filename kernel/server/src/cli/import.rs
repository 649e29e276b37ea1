//! `fengqiao import`: files of reference data straight into a data directory that no kernel works on, all or none.

use std::path::PathBuf;

use clap::Args;
use fengqiao_core::ids::DivisionCode;
use fengqiao_service::ports::Clock as _;
use fengqiao_service::{Bringer, ReferenceFile, import};
use fengqiao_store::SqliteStore;

use super::Failure;
use crate::clock::KernelClock;
use crate::files::{self, DataDir};
use crate::limits::MAX_DIVISIONS_BYTES;

/// 导入参考数据
#[derive(Args)]
pub(super) struct Import {
    /// 数据目录；没有就新建
    #[arg(long)]
    data: PathBuf,
    /// 新文件归哪个区划保管：该区划及其上级的账号以后可以替换；不写则只有管辖全部区划的账号可以
    #[arg(long)]
    division: Option<DivisionCode>,
    /// 种类=文件，可写多个，一起检查、一起生效：divisions=区划.csv units=单位.toml catalogue=目录.toml posts=岗位.csv calendar=放假安排.toml
    #[arg(required = true)]
    files: Vec<String>,
}

impl Import {
    /// The text to print.
    pub(super) fn run(&self) -> Result<String, Failure> {
        let files: Vec<ReferenceFile> = self
            .files
            .iter()
            .map(|given| read(given))
            .collect::<Result<_, _>>()?;
        let data = DataDir::open(&self.data).map_err(couldnt)?;
        let _lock = data.lock().map_err(couldnt)?;
        data.for_service().map_err(couldnt)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(couldnt)?;
        runtime.block_on(async {
            let store = SqliteStore::open(&data.database()).await.map_err(couldnt)?;
            let bringer = Bringer::Operator(self.division.as_ref());
            let now = KernelClock::system().now();
            let taken = import(&store, &files, bringer, now)
                .await
                .map_err(couldnt)?;
            let reference = &taken.reference;
            let mut text = format!(
                "已导入 {} 个文件，参考数据版本 {}\n区划 {}，单位 {}，目录 {}\n",
                files.len(),
                reference.version(),
                reference.divisions().len(),
                reference.units().len(),
                reference.catalogues().count(),
            );
            for register in reference.registers().iter() {
                text.push_str(&format!("{} {}\n", register.kind().title, register.len()));
            }
            let through = taken.calendar.published_through();
            text.push_str(&format!("放假安排公布至 {through}\n"));
            Ok(text)
        })
    }
}

fn read(given: &str) -> Result<ReferenceFile, Failure> {
    let (kind, path) = given.split_once('=').ok_or_else(|| {
        Failure::AskedWrongly(format!("`{given}` 应写作 种类=文件，例如 units=单位.toml"))
    })?;
    let path = PathBuf::from(path);
    let bytes = files::read(&path, MAX_DIVISIONS_BYTES).map_err(couldnt)?;
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let content = String::from_utf8(bytes)
        .map_err(|_| Failure::Couldnt(format!("{name} 不是 UTF-8 文本：请另存为 UTF-8 后重试")))?;
    Ok(ReferenceFile {
        kind: kind.to_owned(),
        name,
        content,
    })
}

fn couldnt(error: impl std::fmt::Display) -> Failure {
    Failure::Couldnt(error.to_string())
}
