//! `fengqiao serve`: the kernel behind HTTP, until it is asked to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use clap::{Args, ValueEnum};
use fengqiao_host::Isolation;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

use super::{Failure, say};
use crate::limits::DRAIN_TIME;
use crate::tasks;
use crate::wiring::{self, Setup};

/// 启动内核
#[derive(Args)]
pub(super) struct Serve {
    /// 数据目录；没有就新建
    #[arg(long)]
    data: PathBuf,
    /// 监听地址，例如 127.0.0.1:8080；端口写 0 则任选一个
    #[arg(long)]
    listen: SocketAddr,
    /// 人员与令牌文件（TOML），可重复
    #[arg(long)]
    principals: Vec<PathBuf>,
    /// 演示：时间可拨快，只能监听本机地址，只能用演示数据目录
    #[arg(long)]
    demo: bool,
    /// 插件每次调用的隔离方式
    #[arg(long, value_enum, default_value_t = Keeping::Pooled)]
    isolation: Keeping,
    /// 日志格式（写到标准错误）
    #[arg(long, value_enum, default_value_t = Log::Json)]
    log: Log,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Keeping {
    /// 每次调用新分配内存
    FreshMemory,
    /// 从池中取内存，用前清零
    Pooled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Log {
    /// 每行一个 JSON 对象
    Json,
    /// 供人阅读
    Text,
}

impl Serve {
    /// Serves until the process is asked to stop.
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.demo && !self.listen.ip().is_loopback() {
            let why = "--demo 只能监听本机地址（127.0.0.1 或 [::1]）：演示的时间谁都可以拨";
            return Err(Failure::AskedWrongly(why.to_owned()));
        }
        start_log(self.log);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        let runtime =
            runtime.map_err(|error| Failure::Couldnt(format!("无法启动运行时：{error}")))?;
        runtime.block_on(self.serve())
    }

    async fn serve(self) -> Result<(), Failure> {
        let isolation = match self.isolation {
            Keeping::FreshMemory => Isolation::FreshMemory,
            Keeping::Pooled => Isolation::Pooled,
        };
        let setup = Setup {
            data: self.data,
            principals: self.principals,
            demonstration: self.demo,
            isolation,
        };
        let app = wiring::open(&setup)
            .await
            .map_err(|error| Failure::Couldnt(error.to_string()))?;
        let bound = TcpListener::bind(self.listen).await;
        let listener = bound.map_err(|error| {
            Failure::Couldnt(format!(
                "不能监听 {}（{error}）：请换一个地址或端口",
                self.listen
            ))
        })?;
        let address = listener
            .local_addr()
            .map_err(|error| Failure::Couldnt(error.to_string()))?;
        let listener = listener.tap_io(|stream| {
            // Small answers leave at once; a stream that can't do so still works.
            let _unchanged = stream.set_nodelay(true);
        });
        let router = wiring::router(&app).into_make_service_with_connect_info::<SocketAddr>();
        let tasks = tasks::start(&app);
        say(&format!("listening on http://{address}\n"))?;
        tracing::info!(%address, demonstration = self.demo, "内核已启动");
        let (stop, stopping) = oneshot::channel();
        let server = axum::serve(listener, router).with_graceful_shutdown(async move {
            asked_to_stop().await;
            let _nobody_waits = stop.send(());
        });
        let finished = drained(async { server.await }, stopping, DRAIN_TIME).await;
        drop(tasks);
        drop(app);
        tracing::info!("内核已停止");
        finished.map_err(|error| Failure::Couldnt(format!("监听中断：{error}")))
    }
}

/// Serves until the server ends by itself; once it was asked to stop, for so long at the most.
async fn drained(
    server: impl Future<Output = std::io::Result<()>>,
    stopping: oneshot::Receiver<()>,
    limit: Duration,
) -> std::io::Result<()> {
    let too_long = async {
        match stopping.await {
            Ok(()) => tokio::time::sleep(limit).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = server => ended,
        () = too_long => {
            tracing::warn!("仍有请求未完成，不再等待");
            Ok(())
        }
    }
}

fn start_log(log: Log) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match log {
        Log::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .init(),
        Log::Text => lines.with_ansi(false).init(),
    }
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => interrupted().await,
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    interrupted().await;
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_that_never_end_hold_the_process_up_for_the_drain_time_and_no_longer() {
        let (stop, stopping) = oneshot::channel();
        stop.send(()).unwrap();
        let never = std::future::pending();
        drained(never, stopping, Duration::ZERO).await.unwrap();
    }

    #[tokio::test]
    async fn the_process_waits_for_no_longer_than_its_requests_take() {
        let (stop, stopping) = oneshot::channel();
        stop.send(()).unwrap();
        let done = std::future::ready(Err(std::io::ErrorKind::BrokenPipe.into()));
        let ended = drained(done, stopping, DRAIN_TIME).await;
        assert_eq!(ended.unwrap_err().kind(), std::io::ErrorKind::BrokenPipe);
    }
}
