//! The kernel's own binary as a child process on a data directory of its own.

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::client::Client;
use crate::files;

/// Any free port of the loopback.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// How many lines of its output may come before the address.
const MAX_LINES: usize = 200;
/// How often readiness is asked; each question waits for its answer.
const MAX_ASKS: usize = 100;

/// A running kernel; it ends when this is dropped.
#[derive(Debug)]
pub struct Kernel {
    child: Child,
    address: SocketAddr,
}

impl Kernel {
    /// Starts `fengqiao serve --demo` on any free port of the loopback, and waits until it is ready.
    ///
    /// # Errors
    /// The binary is missing, ends at once, says no address, or never gets ready; its log is named then.
    pub fn start(binary: &Path, data: &Path, principals: &[PathBuf]) -> Result<Self> {
        Self::start_at(binary, data, principals, ANY_PORT)
    }

    /// Starts it at an address of this machine.
    ///
    /// # Errors
    /// As [`Self::start`], and where the address isn't free.
    pub fn start_at(
        binary: &Path,
        data: &Path,
        principals: &[PathBuf],
        listen: SocketAddr,
    ) -> Result<Self> {
        ensure!(
            files::exists(binary),
            "{} 不存在：请运行 cargo xtask test（或 cargo build -p fengqiao-server）",
            binary.display()
        );
        let log = data.with_extension("log");
        let mut command = Command::new(binary);
        command.arg("serve").arg("--data").arg(data).args([
            "--listen",
            &listen.to_string(),
            "--demo",
        ]);
        for file in principals {
            command.arg("--principals").arg(file);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(files::create(&log)?)
            .spawn()
            .with_context(|| format!("无法启动 {}", binary.display()))?;
        let said = child.stdout.take().map(BufReader::new).and_then(announced);
        let Some(address) = said else {
            child.kill().ok();
            child.wait().ok();
            let words = files::text(&log).unwrap_or_default();
            bail!(
                "内核没有说明监听地址就结束了，日志 {}：\n{words}",
                log.display()
            );
        };
        let kernel = Self { child, address };
        kernel
            .wait_until_ready()
            .with_context(|| format!("日志 {}", log.display()))?;
        Ok(kernel)
    }

    /// Where it listens.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The number of its process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> Result<bool> {
        let ended = self.child.try_wait().context("询问内核是否结束")?;
        Ok(ended.is_some())
    }

    /// Waits until it ends by itself.
    pub fn wait(mut self) -> Result<()> {
        self.child.wait().context("等待内核结束")?;
        Ok(())
    }

    fn wait_until_ready(&self) -> Result<()> {
        let client = Client::new(&self.base());
        let mut last = String::new();
        for _ in 0..MAX_ASKS {
            match client.get("/readyz", None) {
                Ok(answer) if answer.status == 200 => return Ok(()),
                Ok(answer) => last = format!("{} {}", answer.status, answer.body),
                Err(error) => last = error.to_string(),
            }
        }
        bail!("内核没有就绪：{last}")
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The address in the first line that holds one. What comes later is read away, so that the kernel never waits for us.
fn announced(mut output: BufReader<std::process::ChildStdout>) -> Option<SocketAddr> {
    let mut line = String::new();
    for _ in 0..MAX_LINES {
        line.clear();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(address) = address_in(&line) {
            std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
            return Some(address);
        }
    }
    None
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let mut words = line.split(|c: char| !(c.is_ascii_alphanumeric() || ".:[]".contains(c)));
    words.find_map(|word| word.trim_start_matches("http:").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_whatever_words_surround_it() {
        for line in [
            "http://127.0.0.1:4131\n",
            "监听 127.0.0.1:4131，按 Ctrl-C 结束",
            "{\"listening\":\"http://127.0.0.1:4131/\"}",
        ] {
            assert_eq!(address_in(line), "127.0.0.1:4131".parse().ok(), "{line}");
        }
        assert_eq!(address_in("数据目录已就绪 1:2"), None);
    }
}
