//! Small checks, each named after what it lets through: of what beacons say, and of what is imported.

use super::outcome::{Reason, Rejection};
use beacon::{Attribution, MetricName, limits};
use url::Url;

/// Bytes of the name of a browser or operating system.
pub(crate) const AGENT_BYTES_MAX: usize = 64;

/// Bytes of a host and its port: no name is longer that is in use.
pub(crate) const HOST_BYTES_MAX: usize = 256;

/// Without what may be somebody's secret: user, query string and fragment.
pub(crate) fn url(text: &str) -> Result<String, Rejection> {
    // How long what is not kept may be does not matter.
    let text = &text[..text.find(['?', '#']).unwrap_or(text.len())];
    if text.len() > limits::URL_BYTES_MAX {
        return Err(too_long("url", text.len(), limits::URL_BYTES_MAX));
    }
    let invalid = || {
        Rejection::of(Reason::InvalidUrl, "url", "url is no address that starts with http or https")
    };
    let mut url = Url::parse(text).map_err(|_| invalid())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid());
    }
    url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| invalid())?;
    let url = String::from(url);
    if url.len() > limits::URL_BYTES_MAX {
        // Escaping made it longer.
        return Err(too_long("url", url.len(), limits::URL_BYTES_MAX));
    }
    Ok(url)
}

/// The host of an address that was checked, with the port if it is not the usual one.
pub(crate) fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    Some(host).filter(|host| host.len() <= HOST_BYTES_MAX)
}

/// A text of at most so many bytes.
pub(crate) fn text(
    field: &str,
    text: Option<String>,
    bytes_max: usize,
) -> Result<Option<String>, Rejection> {
    if let Some(text) = &text {
        fit(text, bytes_max, || field.to_owned())?;
    }
    Ok(text)
}

/// Every beacon has dozens of texts, and nearly all are fit: what one is called is asked only when
/// it is not.
pub(super) fn fit(
    text: &str,
    bytes_max: usize,
    field: impl FnOnce() -> String,
) -> Result<(), Rejection> {
    if text.len() > bytes_max {
        return Err(too_long(&field(), text.len(), bytes_max));
    }
    let invalid = |what: &str| {
        let field = field();
        Err(Rejection::of(Reason::InvalidText, &field, format!("{field} {what}")))
    };
    if text.trim().is_empty() {
        return invalid("is empty; leave it out instead");
    }
    if text.chars().any(char::is_control) {
        return invalid("has control characters");
    }
    Ok(())
}

fn too_long(field: &str, bytes: usize, bytes_max: usize) -> Rejection {
    let detail = format!("{field} has {bytes} bytes, at most {bytes_max} are taken");
    Rejection::of(Reason::InvalidText, field, detail).limit(bytes_max)
}

/// Over 0, at most 1.
pub(crate) fn sample_rate(rate: f32) -> Result<f32, Rejection> {
    if rate > 0.0 && rate <= 1.0 {
        Ok(rate)
    } else {
        let detail = format!("sample_rate is {rate}; it is over 0 and at most 1");
        Err(Rejection::of(Reason::InvalidSampleRate, "sample_rate", detail))
    }
}

/// The attribution of a metric is believable.
pub(crate) fn explained(
    field: impl Fn() -> String,
    attribution: &Attribution,
) -> Result<(), Rejection> {
    let Attribution { numbers, texts } = attribution;
    let part = |name: &str| format!("{}.{name}", field());
    if numbers.len() > limits::ATTRIBUTION_NUMBERS_MAX
        || texts.len() > limits::ATTRIBUTION_TEXTS_MAX
    {
        let field = field();
        let detail = format!("{field} has a field twice");
        return Err(Rejection::of(Reason::DuplicateField, &field, detail));
    }
    let max = f64::from(limits::AGE_MS_MAX);
    if let Some((name, value)) = numbers.iter().find(|(_, value)| !(-max..=max).contains(value)) {
        let field = part(name.as_str());
        let detail = format!("{field} is {value}; it is -{max} to {max} ms");
        return Err(
            Rejection::of(Reason::ValueOutOfRange, &field, detail).limit(limits::AGE_MS_MAX)
        );
    }
    for (name, text) in texts {
        fit(text, name.bytes_max(), || part(name.as_str()))?;
    }
    Ok(())
}

/// A value that a page can have.
pub(crate) fn in_range(
    field: impl FnOnce() -> String,
    name: MetricName,
    value: f64,
) -> Result<(), Rejection> {
    let (max, unit) = match name {
        MetricName::Cls => (limits::SCORE_MAX, ""),
        _ => (limits::TIMING_MS_MAX, " ms"),
    };
    if (0.0..=max).contains(&value) {
        return Ok(());
    }
    let field = field();
    let detail = format!("{} is {value}{unit}; it is 0 to {max}{unit}", name.as_str());
    // Both limits are whole numbers.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let limit = max as u64;
    Err(Rejection::of(Reason::ValueOutOfRange, &field, detail).limit(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_that_of_the_address_with_a_port_that_is_not_the_usual_one() {
        let long = format!("https://{}/", "a.".repeat(150));
        for (address, expected) in [
            ("https://shop.example/product/42", Some("shop.example")),
            ("https://shop.example:443/", Some("shop.example")),
            ("https://shop.example:8443/", Some("shop.example:8443")),
            ("http://[::1]:8080/a/b", Some("[::1]:8080")),
            (&long, None),
        ] {
            assert_eq!(host(&url(address).unwrap()), expected, "{address}");
        }
    }
}
