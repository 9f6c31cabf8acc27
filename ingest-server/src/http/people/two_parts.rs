//! Pages of which the first part is sent while the rest is being counted, so that nobody waits before an empty window.

use super::{Viewed, kept};
use crate::{
    dashboard,
    http::{
        answer::{fresh, is_known, unchanged, untagged},
        kept_answers::{self, Rendered},
        measured,
        problem::Problem,
    },
};
use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use std::{convert::Infallible, future::ready, sync::Arc};

/// The page, unless whoever asks has all of it. Only a page of which the rest is known already has the tag: of another one
/// nobody knows yet whether it can be counted.
pub(super) async fn in_two_parts(
    viewed: &Arc<Viewed>,
    tag: String,
    first: impl Future<Output = Result<String, Problem>>,
    rest: impl Future<Output = Result<String, Problem>> + Send + 'static,
) -> Result<Response, Problem> {
    if is_known(&viewed.app, &viewed.headers, &tag) {
        return Ok(unchanged(tag));
    }
    let (app, words) = (viewed.app.clone(), viewed.words("rest", &tag));
    let first = kept(&app, &viewed.words("first part", &tag), first).await?.bytes;
    if let Some(rest) = kept_answers::known(&app, &words).await {
        let page = Rendered { bytes: [first, rest.bytes].concat().into(), ..rest };
        return Ok((fresh(tag), page).into_response());
    }
    Ok(sent(viewed, first, async move { Ok(kept(&app, &words, rest).await?.bytes) }))
}

/// Both parts, one after the other, without a tag: they are asked for again. What is wrong with the rest is told in its place.
pub(super) fn sent(
    viewed: &Arc<Viewed>,
    first: impl Into<Bytes>,
    rest: impl Future<Output = Result<Bytes, Problem>> + Send + 'static,
) -> Response {
    let viewed = viewed.clone();
    let rest = Box::pin(measured::rest(viewed.app.clone(), viewed.asked.clone(), rest));
    let rest = async move {
        rest.await.unwrap_or_else(|problem| {
            dashboard::broken_off(&problem.detail, &viewed.context).into()
        })
    };
    let parts = stream::once(ready(first.into())).chain(stream::once(rest));
    let body = Body::from_stream(parts.map(Ok::<Bytes, Infallible>));
    (untagged(), [(header::CONTENT_TYPE, Rendered::HTML)], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{app::App, fixture::app, readable::Readable};
    use axum::{
        extract::{FromRequestParts, Request},
        http::StatusCode,
    };
    use futures_util::FutureExt;
    use std::io::Read;
    use tokio::sync::oneshot;
    use tower::{ServiceExt, service_fn};
    use tower_http::compression::Compression;

    const TAG: &str = "\"tag\"";

    async fn viewed(app: &App) -> Arc<Viewed> {
        let (mut parts, ()) = Request::get("/routes").body(()).unwrap().into_parts();
        parts.extensions.insert(Readable::all(app.sites()));
        Arc::new(Viewed::from_request_parts(&mut parts, app).await.ok().unwrap())
    }

    #[tokio::test]
    async fn the_first_part_arrives_compressed_while_the_rest_is_still_being_counted() {
        for encoding in ["gzip", "br"] {
            arrives_in_parts(encoding).await;
        }
    }

    fn decoder<'a>(encoding: &str, bytes: &'a [u8]) -> Box<dyn Read + 'a> {
        match encoding {
            "br" => Box::new(brotli::Decompressor::new(bytes, 4096)),
            _ => Box::new(flate2::read::GzDecoder::new(bytes)),
        }
    }

    async fn arrives_in_parts(encoding: &'static str) {
        let folder = tempfile::tempdir().unwrap();
        let viewed = viewed(&app(folder.path())).await;
        let (count, counted) = oneshot::channel::<Bytes>();
        let mut rest = Some(async { Ok(counted.await.unwrap()) });
        let page = service_fn(move |_: Request| {
            let rest = rest.take().unwrap();
            ready(Ok::<_, Infallible>(sent(&viewed, "<h1>Routes</h1>", rest)))
        });
        let request = Request::get("/").header("Accept-Encoding", encoding).body(Body::empty());
        let page = Compression::new(page).oneshot(request.unwrap()).await.unwrap();
        assert_eq!(page.headers()["content-encoding"], encoding);
        let mut body = Body::new(page.into_body()).into_data_stream();

        let mut arrived = vec![];
        while let Some(Some(chunk)) = body.next().now_or_never() {
            arrived.extend_from_slice(&chunk.unwrap());
        }
        let mut text = [0; 15];
        decoder(encoding, &arrived).read_exact(&mut text).unwrap();
        assert_eq!(&text, b"<h1>Routes</h1>");

        count.send("<table>".into()).unwrap();
        while let Some(chunk) = body.next().await {
            arrived.extend_from_slice(&chunk.unwrap());
        }
        let mut text = String::new();
        decoder(encoding, &arrived).read_to_string(&mut text).unwrap();
        assert_eq!(text, "<h1>Routes</h1><table>");
    }

    #[tokio::test]
    async fn a_page_of_which_the_rest_cannot_be_counted_says_so_and_ends() {
        let folder = tempfile::tempdir().unwrap();
        let viewed = viewed(&app(folder.path())).await;
        let problem =
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_slow", "that took too long");
        let page = sent(&viewed, "<h1>Routes</h1>", ready(Err(problem)));
        let page = axum::body::to_bytes(page.into_body(), usize::MAX).await.unwrap();
        let page = std::str::from_utf8(&page).unwrap();
        assert!(
            page.starts_with("<h1>Routes</h1><p class=\"soft\">This could not be counted: that took too long.</p>"),
            "{page}"
        );
        assert!(page.contains("Times are UTC") && page.ends_with("</html>"), "{page}");
    }

    #[tokio::test]
    async fn a_page_is_made_until_all_of_it_could_be_counted_and_has_a_tag_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let viewed = viewed(&app(folder.path())).await;
        let slow = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_slow", "too slow");
        let rests = [Err(slow), Ok("rest"), Ok("made again")];
        let expected = [
            (None, "first, <p class=\"soft\">This could not be counted: too slow.</p>"),
            (None, "first, rest"),
            (Some(TAG), "first, rest"),
        ];
        for (rest, (tag, begin)) in rests.into_iter().zip(expected) {
            let first = ready(Ok("first, ".to_owned()));
            let rest = ready(rest.map(str::to_owned));
            let page = in_two_parts(&viewed, TAG.to_owned(), first, rest).await.unwrap();
            assert_eq!(page.headers().get("etag").map(|tag| tag.to_str().unwrap()), tag);
            let page = axum::body::to_bytes(page.into_body(), usize::MAX).await.unwrap();
            assert!(page.starts_with(begin.as_bytes()), "{page:?}");
        }
    }
}
