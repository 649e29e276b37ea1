//! `fengqiao plugin inspect`: what a component is and does, by the same checks as at its upload.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use fengqiao_host::{HostConfig, WasmAdvisor};
use fengqiao_service::ports::advisor::{Advisor as _, Inspection};

use super::Failure;
use crate::files;
use crate::limits::MAX_COMPONENT_BYTES;

/// 检查一个组件
#[derive(Args)]
pub(super) struct Inspect {
    /// 组件文件（.wasm）
    file: PathBuf,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
}

impl Inspect {
    /// The text to print.
    pub(super) fn run(&self) -> Result<String, Failure> {
        let couldnt = |error: &dyn std::fmt::Display| Failure::Couldnt(error.to_string());
        let component =
            files::read(&self.file, MAX_COMPONENT_BYTES).map_err(|error| couldnt(&error))?;
        let host = WasmAdvisor::new(HostConfig::default()).map_err(|error| couldnt(&error))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| couldnt(&error))?;
        let inspection = runtime
            .block_on(host.admit(&component))
            .map_err(|error| couldnt(&error))?;
        if self.json {
            let text =
                serde_json::to_string_pretty(&inspection).map_err(|error| couldnt(&error))?;
            return Ok(format!("{text}\n"));
        }
        Ok(readable(&inspection))
    }
}

fn readable(inspection: &Inspection) -> String {
    let manifest = &inspection.manifest;
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string can't fail.
        let _infallible = writeln!(text, "{name}：{value}");
    };
    line("名称", &manifest.name);
    line("版本", &manifest.version);
    line("说明", &manifest.title);
    line("许可", &manifest.licence);
    line("大小", &format!("{} 字节", inspection.size_bytes));
    line("摘要", inspection.digest.as_str());
    line("导出", &inspection.exports.join("、"));
    line("导入", &inspection.imports.join("、"));
    text
}
