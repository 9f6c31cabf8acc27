//! What a resource is.

use beacon::ResourceKind;

/// Words for a kind, with spaces between.
type Words = (ResourceKind, &'static str);

/// Subtypes of `application/…` and `text/…`.
const SUBTYPES: [Words; 3] = [
    (ResourceKind::Script, "javascript x-javascript ecmascript wasm"),
    (ResourceKind::Style, "css"),
    (ResourceKind::Font, "font-woff font-woff2 x-font-ttf x-font-woff vnd.ms-fontobject"),
];

const EXTENSIONS: [Words; 5] = [
    (ResourceKind::Script, "js mjs wasm"),
    (ResourceKind::Style, "css"),
    (ResourceKind::Image, "png jpg jpeg webp avif gif svg ico"),
    (ResourceKind::Font, "woff2 woff ttf otf"),
    (ResourceKind::Media, "mp4 webm mp3 m4a ogg m3u8 ts"),
];

/// As <https://w3c.github.io/resource-timing/#dom-performanceresourcetiming-initiatortype> names them.
const INITIATORS: [Words; 6] = [
    (ResourceKind::Script, "script"),
    // What else a link asks for has a name that tells it, most often.
    (ResourceKind::Style, "link"),
    (ResourceKind::Image, "img image input"),
    (ResourceKind::Request, "fetch xmlhttprequest beacon"),
    (ResourceKind::Frame, "iframe frame embed object"),
    (ResourceKind::Media, "video audio track"),
];

/// By its media type where the browser tells it, else by what its file is called, else by who asked for
/// it. `media_type` and `initiator` are empty for not known; the address has no query string.
pub(super) fn kind(url: &str, media_type: &str, initiator: &str) -> ResourceKind {
    of_media_type(media_type)
        .or_else(|| of_extension(url))
        .or_else(|| find(&INITIATORS, initiator))
        .unwrap_or(ResourceKind::Other)
}

/// Not of a document: what a script asks for is no frame, whatever it is.
fn of_media_type(media_type: &str) -> Option<ResourceKind> {
    let (group, subtype) = around_last(media_type, b'/')?;
    match group {
        "image" => Some(ResourceKind::Image),
        "font" => Some(ResourceKind::Font),
        "audio" | "video" => Some(ResourceKind::Media),
        _ => find(&SUBTYPES, subtype),
    }
}

fn of_extension(url: &str) -> Option<ResourceKind> {
    let (folder, file) = around_last(url, b'/')?;
    // What stands behind two slashes is the host.
    let is_file = !folder.ends_with('/');
    find(&EXTENSIONS, around_last(file, b'.')?.1).filter(|_| is_file)
}

fn find(all: &[Words], word: &str) -> Option<ResourceKind> {
    let has =
        |words: &str| words.as_bytes().split(|it| *it == b' ').any(|it| it == word.as_bytes());
    all.iter().find(|(_, words)| has(words)).map(|(kind, _)| *kind)
}

/// What stands before and behind the last such character. Searching for texts would be a third of all
/// this.
pub(super) fn around_last(text: &str, character: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|it| it == character)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_goes_before_the_name_and_the_name_before_who_asked() {
        for (url, media_type, initiator, expected) in [
            ("https://a.example/app.js", "text/javascript", "script", ResourceKind::Script),
            ("https://a.example/photo.js", "image/webp", "img", ResourceKind::Image),
            ("https://a.example/photo.jpg", "", "css", ResourceKind::Image),
            ("https://a.example/app.wasm", "application/wasm", "fetch", ResourceKind::Script),
            ("https://a.example/app.wasm", "", "fetch", ResourceKind::Script),
            ("https://a.example/api/trips", "application/json", "fetch", ResourceKind::Request),
            ("https://a.example/part", "text/html", "fetch", ResourceKind::Request),
            ("https://a.example/embed", "text/html", "iframe", ResourceKind::Frame),
            ("https://a.example/css2", "", "link", ResourceKind::Style),
            ("https://a.example/f", "application/font-woff2", "css", ResourceKind::Font),
            ("https://a.example/", "", "other", ResourceKind::Other),
            // The host is no file.
            ("https://a.js", "", "iframe", ResourceKind::Frame),
            ("https://a.js/", "", "iframe", ResourceKind::Frame),
        ] {
            assert_eq!(kind(url, media_type, initiator), expected, "{url} {media_type}");
        }
    }
}
