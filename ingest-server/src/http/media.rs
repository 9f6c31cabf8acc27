//! JSON or CSV, as the caller accepts: <https://www.rfc-editor.org/rfc/rfc9110#name-accept>

use super::{answer::fresh, kept_answers::Rendered, problem::Problem};
use crate::report::{self, Table};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::ToSchema;

/// As what an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum Media {
    Json,
    Csv,
}

/// The parameter that names it, for links and for those who cannot send headers.
const PARAMETER: &str = "format";

/// A query string without the name of a medium, and that one.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) query: String,
    pub(super) media: Option<Media>,
}

impl Named {
    /// Takes it out of a query string.
    pub(super) fn of(query: &str) -> Result<Self, Problem> {
        let is_name = |name: &str| name == PARAMETER;
        let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| is_name(name));
        let Some((_, word)) = named else {
            return Ok(Self { query: query.to_owned(), media: None });
        };
        let media = [Media::Json, Media::Csv].into_iter().find(|it| it.as_str() == word);
        let media = media.ok_or_else(|| {
            let detail = format!("{PARAMETER} is none of json, csv");
            Problem::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail).about(PARAMETER)
        })?;
        let others = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !is_name(name));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish();
        Ok(Self { query, media: Some(media) })
    }

    /// The one that is asked for, by name or by header.
    pub(super) fn media(&self, headers: &HeaderMap) -> Media {
        self.media.unwrap_or_else(|| Media::accepted(headers))
    }

    /// Whoever follows a link to a table wants to keep it, and not to read it in the browser.
    pub(super) fn file(&self) -> Option<[(HeaderName, &'static str); 1]> {
        let is_file = self.media == Some(Media::Csv);
        is_file.then_some([(header::CONTENT_DISPOSITION, "attachment")])
    }

    /// What is sent of an answer that was rendered.
    pub(super) fn answered(&self, tag: String, rendered: Rendered) -> Response {
        varied((fresh(tag), self.file(), rendered).into_response())
    }

    /// The address of the next page, as a link (RFC 8288).
    fn next_page(&self, cursor: &str) -> String {
        let pairs = form_urlencoded::parse(self.query.as_bytes());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.filter(|(name, _)| name != "cursor"));
        query.extend_pairs(self.media.map(|media| (PARAMETER, media.as_str())));
        format!("<?{}>; rel=\"next\"", query.append_pair("cursor", cursor).finish())
    }
}

impl Media {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    /// CSV for whoever would rather have it than JSON; JSON for all others.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let quality = |media| quality(headers, &header::ACCEPT, media);
        if quality("text/csv") > quality("application/json") { Self::Csv } else { Self::Json }
    }

    /// An answer as it is sent. A table has no room to say that there is more of it, so a header does.
    pub(super) fn render(
        self,
        named: &Named,
        answer: &(impl Serialize + Table),
    ) -> Result<Rendered, Problem> {
        let rendered = match self {
            Self::Json => Rendered::json(answer)?,
            Self::Csv => Rendered {
                content_type: HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
                link: None,
                bytes: report::csv(answer).into(),
            },
        };
        // What is serialized as a query string can stand in a header.
        let link = answer.next().and_then(|cursor| named.next_page(cursor).try_into().ok());
        Ok(Rendered { link, ..rendered })
    }

    /// For whoever has the answer already.
    pub(super) fn unchanged(tag: String) -> Response {
        varied((StatusCode::NOT_MODIFIED, fresh(tag)).into_response())
    }
}

/// Another caller may be sent something else.
pub(super) fn varied(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// How much a media type or a coding is wanted, in thousandths: what the most specific range says that
/// is in the headers of that name.
pub(super) fn quality(headers: &HeaderMap, name: &HeaderName, media: &str) -> u16 {
    let kind = media.split('/').next().unwrap_or_default();
    let accepted = headers.get_all(name).into_iter().filter_map(|it| it.to_str().ok());
    let ranges = accepted.flat_map(|accepted| accepted.split(',')).filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let range = parts.next()?.to_ascii_lowercase();
        let specific = match range.as_str() {
            "*/*" | "*" => 1,
            range if range == media => 3,
            range if range.strip_suffix("/*") == Some(kind) => 2,
            _ => return None,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let weight = weight.map_or(Ok(1.0), str::parse::<f64>).unwrap_or(0.0).clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 1000")]
        let thousandths = (weight * 1000.0) as u16;
        Some((specific, thousandths))
    });
    ranges.max().map_or(0, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_for_those_who_would_rather_have_it() {
        for (accept, media) in [
            ("text/csv", Media::Csv),
            ("text/csv, */*;q=0.1", Media::Csv),
            ("application/json;q=0.5, TEXT/CSV; q=0.9", Media::Csv),
            ("text/*", Media::Csv),
            ("*/*", Media::Json),
            ("text/csv;q=0", Media::Json),
            ("text/csv;q=much", Media::Json),
            ("application/json, text/csv", Media::Json),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Media::Json),
            ("application/json, */*;q=0.8, text/csv;q=0.9", Media::Json),
            ("", Media::Json),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
            assert_eq!(Media::accepted(&headers), media, "{accept}");
        }
        assert_eq!(Media::accepted(&HeaderMap::new()), Media::Json);
    }

    #[test]
    fn whoever_names_one_in_the_address_gets_it_whatever_the_browser_accepts() {
        let named = Named::of("metric=lcp&format=csv&route=%2Fa+b").unwrap();
        assert_eq!(named.media(&HeaderMap::new()), Media::Csv);
        assert_eq!(named.query, "metric=lcp&route=%2Fa+b");
        let next = "<?metric=lcp&route=%2Fa+b&format=csv&cursor=c>; rel=\"next\"";
        assert_eq!(named.next_page("c"), next);
        assert!(Named::of("format=xml").is_err());
        assert_eq!(
            Named::of("a=%zz&b").unwrap().query,
            "a=%zz&b",
            "what names none stays as it is"
        );
    }
}
