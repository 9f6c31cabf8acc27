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
use std::{
    future::{IntoFuture, pending},
    io,
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};
use tower::ServiceExt;

/// Requests that wait. More are to be sent again: each takes a handle, and the database needs some.
const WAITING_MAX: usize = 256;

/// Answers those who ask how the server is. Others wait until it is there, and are answered by it.
#[derive(Debug)]
pub(crate) struct Opening {
    opened: watch::Sender<Option<Router>>,
    /// Closed when no more connections are taken.
    taking: oneshot::Receiver<()>,
    earlier: Earlier,
}

/// The connections that were taken meanwhile, which stay.
#[derive(Debug)]
pub(crate) struct Earlier {
    stop: oneshot::Sender<()>,
    serving: JoinHandle<io::Result<()>>,
}

#[derive(Clone)]
struct Waiting {
    opened: watch::Receiver<Option<Router>>,
    room: Arc<Semaphore>,
}

impl Waiting {
    /// That of the server, once it is there.
    fn router(&self) -> Option<Router> {
        self.opened.borrow().clone()
    }
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
        let (stop, stopped) = oneshot::channel::<()>();
        let room = Arc::new(Semaphore::new(WAITING_MAX));
        let service = Router::new()
            .route("/health/live", get(live))
            .route("/health/ready", get(ready))
            .fallback(wait)
            .with_state(Waiting { opened: opened.clone(), room })
            .into_make_service_with_connect_info::<SocketAddr>();
        let address = ours.local_addr()?;
        // Only so may a listener of one's own tell who connects.
        let taking_ours = Taking { listener: Some((ours, takes)), address, opened }.tap_io(|_| ());
        let serve = axum::serve(taking_ours, service).with_graceful_shutdown(async {
            // It is dropped where the database cannot be opened.
            let _ = stopped.await;
        });
        let earlier = Earlier { stop, serving: tokio::spawn(serve.into_future()) };
        Ok((Self { opened: open, taking, earlier }, TcpListener::from_std(theirs)?))
    }

    /// The server is there. From here on new connections are its own.
    pub(crate) async fn end(self, app: App) -> Earlier {
        // Nobody may be waiting.
        let _ = self.opened.send(Some(router(app)));
        // It is never sent anything.
        let _ = self.taking.await;
        self.earlier
    }
}

impl Earlier {
    /// Finishes what is under way, if it is done in a second, and closes them.
    pub(crate) async fn stop(self) {
        // They may all be closed.
        let _ = self.stop.send(());
        let _ = timeout(Duration::from_secs(1), self.serving).await;
    }
}

/// A listener that takes no more connections once the server is there.
struct Taking {
    listener: Option<(TcpListener, oneshot::Sender<()>)>,
    address: SocketAddr,
    opened: watch::Receiver<Option<Router>>,
}

impl Listener for Taking {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        if let Some((listener, _)) = &mut self.listener {
            tokio::select! {
                biased;
                // Whoever opens it has given up, or has it.
                _ = self.opened.wait_for(Option::is_some) => {}
                taken = Listener::accept(listener) => return taken,
            }
        }
        self.listener = None;
        pending().await
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

async fn live(State(waiting): State<Waiting>, request: Request) -> Response {
    match waiting.router() {
        Some(router) => answer(router, request).await,
        None => operators::live().await.into_response(),
    }
}

async fn ready(State(waiting): State<Waiting>, request: Request) -> Response {
    match waiting.router() {
        Some(router) => answer(router, request).await,
        None => not_ready().into_response(),
    }
}

async fn answer(router: Router, request: Request) -> Response {
    router.oneshot(request).await.into_response()
}

fn not_ready() -> Problem {
    let detail = "the database is being opened, and migrated if it is of an earlier release";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail)
}

async fn wait(State(mut waiting): State<Waiting>, request: Request) -> Response {
    if let Some(router) = waiting.router() {
        return answer(router, request).await;
    }
    let Ok(room) = waiting.room.clone().try_acquire_owned() else {
        return not_ready().into_response();
    };
    let router = waiting.opened.wait_for(Option::is_some).await.ok().and_then(|it| it.clone());
    drop(room);
    match router {
        Some(router) => answer(router, request).await,
        None => not_ready().into_response(),
    }
}
