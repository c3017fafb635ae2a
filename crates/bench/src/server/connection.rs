//! Connections: each request goes to the service it is for.

use super::body::{Body, Reset};
use super::{State, s3, sqs};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::error::Error as _;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Serves every connection that comes, until it is dropped.
pub(super) async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _peer)) = accepted {
                    connections.spawn(serve(stream, Arc::clone(&state)));
                }
            }
            Some(_ended) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    // Without it an answer whose head and body are written one after the other waits for the peer.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let service = service_fn(move |request| answer(Arc::clone(&state), request));
    let mut connection = http1::Builder::new()
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), service);
    let Err(error) = (&mut connection).await else { return };
    if error.source().is_some_and(|cause| cause.is::<Reset>()) {
        let stream = connection.into_parts().io.into_inner();
        // With no time to linger the drop sends RST instead of FIN.
        stream.set_zero_linger().unwrap_or_default();
    }
}

async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Body>, Reset> {
    match sqs::operation(&request) {
        Some(operation) => sqs::answer(&state, &operation, request.into_body()).await,
        None => s3::answer(&state, &request).await,
    }
}
