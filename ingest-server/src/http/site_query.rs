//! What is asked about a site, and how it is answered: not at all, if whoever asks has the answer.

use super::{
    answer::{self, is_known},
    app::App,
    extract::Path,
    kept_answers,
    media::{Media, Named},
    problem::Problem,
    readable::Readable,
};
use crate::{
    ingest::SiteId,
    report::{Parameters, RankedQuestion, Table},
    store::sqlite::{ReadError, Reader, TOLD_MAX},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
    response::Response,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// A request whose address has a `{site}` that is known.
#[derive(Debug)]
pub(super) struct SiteQuery {
    pub(super) app: App,
    pub(super) site: String,
    pub(super) id: SiteId,
    /// The query string, not read yet; without the medium that may be named in it.
    pub(super) query: String,
    named: Named,
    pub(super) now: Timestamp,
    /// The path of the address.
    path: String,
    headers: HeaderMap,
}

#[derive(Deserialize)]
struct Address {
    site: String,
}

impl FromRequestParts<App> for SiteQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let readable = Readable::from_request_parts(parts, app).await?;
        let Path(Address { site }) = Path::from_request_parts(parts, app).await?;
        let named = Named::of(parts.uri.query().unwrap_or_default())?;
        Ok(Self {
            app: app.clone(),
            id: readable.site_id(&site)?,
            site,
            query: named.query.clone(),
            named,
            now: Timestamp::now(),
            path: parts.uri.path().to_owned(),
            headers: parts.headers.clone(),
        })
    }
}

impl SiteQuery {
    /// Asks what matters most, of a question that `ask` answers from so many page views at most, and answers as
    /// [`table`](Self::table) does.
    pub(super) async fn ranked<A: Serialize + Table>(
        &self,
        ask: impl AsyncFnOnce(
            &Reader,
            (SiteId, &str),
            RankedQuestion,
            NonZeroU32,
            Timestamp,
        ) -> Result<A, ReadError>,
    ) -> Result<Response, Problem> {
        let question = RankedQuestion::take(Parameters::parse(&self.query)?, self.now)?;
        let words = format!("{question:?}");
        let answer = async {
            let site = (self.id, &*self.site);
            Ok(ask(self.app.reader(), site, question, TOLD_MAX, self.now).await?)
        };
        self.table(words, answer).await
    }

    /// Answers as JSON or as a table, as is accepted. `question` has all that was understood of it, in any words:
    /// what is asked again in the same ones while nothing new is known is not read again.
    pub(super) fn table<A: Serialize + Table>(
        &self,
        question: String,
        answer: impl Future<Output = Result<A, Problem>>,
    ) -> impl Future<Output = Result<Response, Problem>> {
        // Too large to be copied from one who waits to the next.
        let answer = Box::pin(answer);
        async move {
            let media = self.named.media(&self.headers);
            let tag = answer::tag(&self.app, &(&self.site, media, &question));
            if is_known(&self.app, &self.headers, &tag) {
                return Ok(Media::unchanged(tag));
            }
            let render = async { media.render(&self.named, &answer.await?) };
            let question = format!("{} {:?} {media:?} {question}", self.path, self.named.media);
            let rendered = kept_answers::answer(&self.app, &question, render).await?;
            Ok(self.named.answered(tag, rendered))
        }
    }
}
