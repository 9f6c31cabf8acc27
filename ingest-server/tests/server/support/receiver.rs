//! Somebody who takes webhooks, or does not.

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A post as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Listens at `/hook/T0K3N`.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    refuses: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        Self::at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    pub(crate) async fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (received, refuses) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<AtomicBool>::default());
        let (kept, refusing) = (received.clone(), refuses.clone());
        let take = async move |headers: HeaderMap, body: String| {
            kept.lock().unwrap().push(Received { headers, body });
            let is_refused = refusing.load(Ordering::SeqCst);
            if is_refused { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
        };
        let router = Router::new().route("/hook/T0K3N", post(take));
        let task = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { address, received, refuses, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook/T0K3N", self.address)
    }

    pub(crate) fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    /// All posts so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// What they were about.
    pub(crate) fn types(&self) -> Vec<String> {
        let types = self.received().into_iter().map(|it| it.json()["type"].clone());
        types.map(|it| it.as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}
