//! The headers by which a browser says what it is in so many words, without version and model:
//! <https://wicg.github.io/ua-client-hints/>. Chromium's browsers send them to addresses of https.

use super::agent::{Agent, Browser, Os};
use beacon::FormFactor;
use sfv::{BareItem, Item, List, ListEntry, Parser};

/// The three that are sent without being asked for.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ClientHints<'a> {
    /// `Sec-CH-UA`, a list such as `"Chromium";v="156", "Google Chrome";v="156"`.
    pub brands: Option<&'a str>,
    /// `Sec-CH-UA-Mobile`: `?1` or `?0`.
    pub mobile: Option<&'a str>,
    /// `Sec-CH-UA-Platform`, such as `"Windows"`.
    pub platform: Option<&'a str>,
}

/// What they say. A header that breaks the syntax of structured fields says nothing.
pub(super) fn agent(hints: ClientHints<'_>) -> Agent {
    let brands = hints.brands.map(brands).unwrap_or_default();
    let os = hints.platform.and_then(string).and_then(|platform| os(&platform));
    Agent {
        browser: browser(&brands),
        os,
        form_factor: hints.mobile.and_then(boolean).map(|is_mobile| form_factor(is_mobile, os)),
        is_bot: brands.iter().any(|brand| brand == "HeadlessChrome"),
    }
}

/// The most special brand: every browser that is built on Chromium names that too.
fn browser(brands: &[String]) -> Option<Browser> {
    const BY_BRAND: [(&str, Browser); 11] = [
        ("Brave", Browser::Brave),
        ("Microsoft Edge", Browser::Edge),
        ("Microsoft Edge WebView2", Browser::WebView),
        ("Opera", Browser::Opera),
        ("Opera GX", Browser::Opera),
        ("Samsung Internet", Browser::SamsungInternet),
        ("Vivaldi", Browser::Vivaldi),
        ("Yandex", Browser::Yandex),
        ("YaBrowser", Browser::Yandex),
        ("Android WebView", Browser::WebView),
        ("Chromium", Browser::Chrome),
    ];
    let is_named = |(name, _): &&(&str, Browser)| brands.iter().any(|brand| brand == name);
    BY_BRAND.iter().find(is_named).map(|(_, browser)| *browser)
}

/// The values that the specification lists.
fn os(platform: &str) -> Option<Os> {
    match platform {
        "Android" => Some(Os::Android),
        "Chrome OS" | "Chromium OS" => Some(Os::Chrome),
        "iOS" => Some(Os::Ios),
        "Linux" => Some(Os::Linux),
        "macOS" => Some(Os::Mac),
        "Windows" => Some(Os::Windows),
        _ => None,
    }
}

/// Mobile means that a phone's page is preferred; tablets do not say so.
fn form_factor(is_mobile: bool, os: Option<Os>) -> FormFactor {
    match (is_mobile, os) {
        (true, _) => FormFactor::Phone,
        (false, Some(Os::Android | Os::Ios)) => FormFactor::Tablet,
        (false, _) => FormFactor::Desktop,
    }
}

fn brands(header: &str) -> Vec<String> {
    let list = Parser::new(header).parse::<List>().unwrap_or_default();
    let brand = |entry| match entry {
        ListEntry::Item(item) => text(item),
        ListEntry::InnerList(_) => None,
    };
    list.into_iter().filter_map(brand).collect()
}

fn string(header: &str) -> Option<String> {
    text(Parser::new(header).parse::<Item>().ok()?)
}

fn text(item: Item) -> Option<String> {
    match item.bare_item {
        BareItem::String(text) => Some(text.into()),
        _ => None,
    }
}

fn boolean(header: &str) -> Option<bool> {
    match Parser::new(header).parse::<Item>().ok()?.bare_item {
        BareItem::Boolean(value) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brands(brands: &str) -> Agent {
        agent(ClientHints { brands: Some(brands), ..ClientHints::default() })
    }

    #[test]
    fn the_most_special_brand_names_the_browser() {
        for (header, expected) in [
            (r#""Chromium";v="156", "Google Chrome";v="156", "Not?A_Brand";v="24""#, "Chrome"),
            (r#""Not?A_Brand";v="24", "Chromium";v="156""#, "Chrome"),
            (r#""Chromium";v="156", "Microsoft Edge";v="156""#, "Edge"),
            (r#""Chromium";v="156", "Brave";v="156""#, "Brave"),
            (r#""Opera";v="112", "Chromium";v="126""#, "Opera"),
            (r#""Samsung Internet";v="25.0", "Chromium";v="121""#, "Samsung Internet"),
            (r#""Android WebView";v="126", "Chromium";v="126""#, "WebView"),
            (r#""Chromium";v="126", "YaBrowser";v="24.6""#, "Yandex Browser"),
            (r#""Chromium";v="126", "Some New Browser";v="1""#, "Chrome"),
        ] {
            assert_eq!(brands(header).browser.map(Browser::as_str), Some(expected), "{header}");
        }
    }

    #[test]
    fn a_browser_that_nobody_looks_at_says_so() {
        let headless = brands(r#""HeadlessChrome";v="156", "Chromium";v="156""#);
        assert!(headless.is_bot);
        assert_eq!(headless.browser, Some(Browser::Chrome));
        assert!(!brands(r#""Chromium";v="156""#).is_bot);
    }

    #[test]
    fn platform_and_mobile_tell_the_form_factor() {
        for (platform, mobile, os, form_factor) in [
            (r#""Android""#, "?1", Some(Os::Android), Some(FormFactor::Phone)),
            (r#""Android""#, "?0", Some(Os::Android), Some(FormFactor::Tablet)),
            (r#""Windows""#, "?0", Some(Os::Windows), Some(FormFactor::Desktop)),
            (r#""Chrome OS""#, "?0", Some(Os::Chrome), Some(FormFactor::Desktop)),
            (r#""macOS""#, "?0", Some(Os::Mac), Some(FormFactor::Desktop)),
            (r#""Fuchsia""#, "?0", None, Some(FormFactor::Desktop)),
            ("Windows", "1", None, None),
            ("", "", None, None),
        ] {
            let hints =
                ClientHints { brands: None, mobile: Some(mobile), platform: Some(platform) };
            let agent = agent(hints);
            assert_eq!((agent.os, agent.form_factor), (os, form_factor), "{platform} {mobile}");
        }
    }

    #[test]
    fn a_header_that_breaks_the_syntax_says_nothing() {
        for header in ["", "Chromium", r#""Chromium"#, r#"("Chromium")"#, "1, 2", ",,"] {
            assert_eq!(brands(header), Agent::default(), "{header}");
        }
    }

    proptest! {
        #[test]
        fn no_header_panics(header in ".{0,200}", fields in r#"["a-zC;=v,?()0-9 ]{0,60}"#) {
            for text in [&header, &fields] {
                let text = Some(text.as_str());
                agent(ClientHints { brands: text, mobile: text, platform: text });
            }
        }
    }
}
