//! The command line: what can be asked of the program, and how it ends (0 done, 1 couldn't, 2 asked wrongly).

mod due;
mod import;
mod inspect;
mod serve;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Asked wrongly.
const ASKED_WRONGLY: u8 = 2;

/// 枫桥内核：群众诉求闭环办理
#[derive(Parser)]
#[command(name = "fengqiao", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动内核，通过 HTTP 提供服务
    Serve(serve::Serve),
    /// 把参考数据文件导入没有内核在用的数据目录
    Import(import::Import),
    /// 计算一个时限的到期日
    Due(due::Due),
    /// 插件
    #[command(subcommand)]
    Plugin(Plugin),
}

#[derive(Subcommand)]
enum Plugin {
    /// 检查一个组件：名称、版本、导出、导入、大小、摘要
    Inspect(inspect::Inspect),
}

/// Why a command ended without success; the words say what to do.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It couldn't be done.
    Couldnt(String),
    /// It was asked wrongly.
    AskedWrongly(String),
}

/// Runs the program.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; where the terminal is gone there is nobody to tell.
            let _untold = error.print();
            return if error.use_stderr() {
                ExitCode::from(ASKED_WRONGLY)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let ended = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::Import(import) => import.run().and_then(|text| say(&text)),
        Command::Due(due) => due.run().and_then(|text| say(&text)),
        Command::Plugin(Plugin::Inspect(inspect)) => inspect.run().and_then(|text| say(&text)),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Couldnt(why)) => complain(&why, ExitCode::FAILURE),
        Err(Failure::AskedWrongly(why)) => complain(&why, ExitCode::from(ASKED_WRONGLY)),
    }
}

/// Prints to standard output.
fn say(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
        .map_err(|error| Failure::Couldnt(format!("不能写到标准输出：{error}")))
}

fn complain(why: &str, code: ExitCode) -> ExitCode {
    let _untold = writeln!(std::io::stderr(), "错误：{why}");
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
