//! A connection of a sender, which is made anew when it breaks.

use super::plan::Target;
use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::{net::TcpStream, time};

/// Before a sender tries again to reach a server that is away.
const PAUSE: Duration = Duration::from_millis(100);
/// For an answer: a server that has stopped answering is one that failed.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

pub(super) struct Connection<'a> {
    target: &'a Target,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// What a sender sends.
#[derive(Clone, Debug)]
pub(super) enum Message {
    /// A beacon.
    Beacon(Vec<u8>),
    /// A path and query of the query API.
    Question(String),
}

impl<'a> Connection<'a> {
    /// To a server that is there.
    pub(super) async fn open(target: &'a Target) -> Result<Self> {
        Ok(Self { target, sender: Some(connect(&target.authority).await?) })
    }

    /// Sends it once, and waits for the end of the answer.
    pub(super) async fn send(&mut self, message: Message) -> Result<StatusCode> {
        let answer = time::timeout(ANSWER_TIMEOUT, self.exchange(message)).await;
        answer.with_context(|| format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()))?
    }

    /// When that is broken off, the connection is made anew.
    async fn exchange(&mut self, message: Message) -> Result<StatusCode> {
        let mut sender = match self.sender.take() {
            Some(sender) => sender,
            None => match connect(&self.target.authority).await {
                Ok(sender) => sender,
                Err(error) => {
                    time::sleep(PAUSE).await;
                    return Err(error);
                }
            },
        };
        sender.ready().await?;
        let answer = sender.send_request(request(self.target, message)?).await?;
        let status = answer.status();
        // The connection is free when the answer has been read.
        answer.into_body().collect().await?;
        self.sender = Some(sender);
        Ok(status)
    }
}

fn request(target: &Target, message: Message) -> Result<Request<Full<Bytes>>> {
    let (request, body) = match message {
        Message::Beacon(body) => (Request::post("/v1/ingest"), body),
        Message::Question(path) => (Request::get(path), Vec::new()),
    };
    let mut request = request.header(header::HOST, &target.authority);
    if let Some(token) = target.admin_token.as_ref().filter(|_| body.is_empty()) {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    Ok(request.body(Full::new(Bytes::from(body)))?)
}

async fn connect(authority: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(authority).await;
    let stream = stream.with_context(|| format!("cannot connect to {authority}"))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}
