//! A server that takes beacons and does nothing with them: what HTTP alone costs.

use axum::{Router, body::Bytes, http::StatusCode, routing::post};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/", listener.local_addr()?);
    let router = Router::new().route("/v1/ingest", post(ingest));
    axum::serve(listener, router).await?;
    Ok(())
}

async fn ingest(_body: Bytes) -> StatusCode {
    StatusCode::NO_CONTENT
}
