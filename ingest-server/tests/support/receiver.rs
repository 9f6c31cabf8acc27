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
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Listens at `/hook/T0K3N`.
pub struct Receiver {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    refuses: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Receiver {
    pub async fn start() -> Self {
        Self::at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    pub async fn at(address: SocketAddr) -> Self {
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

    pub fn url(&self) -> String {
        format!("http://{}/hook/T0K3N", self.address)
    }

    pub fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    /// All posts so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// What they were about.
    pub fn types(&self) -> Vec<String> {
        let types = self.received().into_iter().map(|it| it.json()["type"].clone());
        types.map(|it| it.as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}
