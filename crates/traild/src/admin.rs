//! The admin server: `/healthz`, `/readyz` and `/metrics`, for the container and for people.

mod process;
mod readiness;

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use process::Process;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use readiness::Readiness;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use trail_ingest::Health;
use trail_sink::Condition;

/// All that can be asked for.
#[derive(Debug)]
pub(crate) struct Status {
    readiness: Readiness,
    registry: Registry,
}

impl Status {
    /// What is told of these; the registry gets the metrics of the daemon as a whole besides.
    pub(crate) fn new(
        health: Health,
        sinks: Vec<(String, watch::Receiver<Condition>)>,
        stop: CancellationToken,
        mut registry: Registry,
    ) -> Self {
        let readiness = Readiness { health, sinks, stop };
        registry.register_collector(Box::new(readiness.clone()));
        registry.register_collector(Box::new(Process::starts()));
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("traild_build", "The version that runs", version);
        Self { readiness, registry }
    }
}

/// Takes the address.
pub(crate) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| {
        format!("could not listen on {address} for health and metrics: set admin.listen to a free port, or to \"off\"")
    })?;
    tracing::info!(address = %listener.local_addr()?, "admin server");
    Ok(listener)
}

/// Answers until it is dropped.
pub(crate) async fn serve(listener: TcpListener, status: Arc<Status>) {
    let routes = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(status);
    if let Err(error) = axum::serve(listener, routes).await {
        tracing::error!(%error, "admin server ended");
    }
}

async fn ready(State(status): State<Arc<Status>>) -> Response {
    let reasons = status.readiness.reasons();
    let code = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({ "ready": reasons.is_empty(), "reasons": reasons });
    (code, [(header::CONTENT_TYPE, "application/json")], format!("{body}\n")).into_response()
}

async fn metrics(State(status): State<Arc<Status>>) -> Response {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let mut text = String::new();
    match prometheus_client::encoding::text::encode(&mut text, &status.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests;
