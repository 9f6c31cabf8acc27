//! What is answered while the database is being opened, which migrates it when it is of an earlier release.

use super::{App, operators, problem::Problem, router};
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
    serve::{Listener, ListenerExt},
};
use std::{future::IntoFuture, io, net::SocketAddr};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
};
use tower::ServiceExt;

/// Answers those who ask how the server is. All others wait until it is there, and are answered by it.
#[derive(Debug)]
pub(crate) struct Opening {
    opened: watch::Sender<Option<Router>>,
    /// Closed when no more connections are taken.
    taking: oneshot::Receiver<()>,
}

impl Opening {
    /// Begins to answer at the address of a listener.
    ///
    /// # Errors
    /// The system has no handle to spare.
    pub(crate) fn begin(listener: TcpListener) -> io::Result<(Self, TcpListener)> {
        let theirs = listener.into_std()?;
        let ours = TcpListener::from_std(theirs.try_clone()?)?;
        let (open, opened) = watch::channel(None);
        let (takes, taking) = oneshot::channel();
        let service = Router::new()
            .route("/health/live", get(operators::live))
            .route("/health/ready", get(not_ready))
            .fallback(wait)
            .with_state(opened.clone())
            .into_make_service_with_connect_info::<SocketAddr>();
        // Only so may a listener of one's own tell who connects.
        let listener = Taking { listener: ours, _takes: takes }.tap_io(|_| ());
        let serve = axum::serve(listener, service);
        // It ends with the last of those who wait.
        tokio::spawn(serve.with_graceful_shutdown(ended(opened)).into_future());
        Ok((Self { opened: open, taking }, TcpListener::from_std(theirs)?))
    }

    /// The server is there. From here on all connections are its own.
    pub(crate) async fn end(self, app: App) {
        // Nobody may be waiting.
        let _ = self.opened.send(Some(router(app)));
        // It is never sent anything.
        let _ = self.taking.await;
    }
}

/// A listener that says when it takes no more connections: when it is dropped.
struct Taking {
    listener: TcpListener,
    _takes: oneshot::Sender<()>,
}

impl Listener for Taking {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        Listener::accept(&mut self.listener).await
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

async fn ended(mut opened: watch::Receiver<Option<Router>>) {
    // Whoever opens it has given up, or has it.
    let _ = opened.wait_for(Option::is_some).await;
}

async fn not_ready() -> Problem {
    let detail = "the database is being opened, and migrated if it is of an earlier release";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail)
}

async fn wait(
    State(mut opened): State<watch::Receiver<Option<Router>>>,
    request: Request,
) -> Response {
    let router = opened.wait_for(Option::is_some).await.ok().and_then(|it| it.clone());
    match router {
        Some(router) => router.oneshot(request).await.into_response(),
        None => not_ready().await.into_response(),
    }
}
