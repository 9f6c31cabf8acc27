//! What the `User-Agent` header tells, for browsers that give no [client hints](super::client_hints).

use super::agent::{Agent, Browser, Os};
use beacon::FormFactor;
use woothee::parser::{Parser, WootheeResult};

/// Reads user agents. A trait, so that the crate behind it can be replaced: it knows no browser
/// that is younger than itself.
pub(super) trait UserAgentParser {
    /// What a user agent tells; nothing for one that is not known.
    fn parse(&self, user_agent: &str) -> Agent;
}

/// The parser of the crate `woothee`. It tells apart what has been frozen in user agents since 2021:
/// families of browsers and systems.
#[derive(Debug)]
pub(super) struct Woothee;

impl UserAgentParser for Woothee {
    fn parse(&self, user_agent: &str) -> Agent {
        let Some(parsed) = Parser::new().parse(user_agent) else { return Agent::default() };
        let os = os(parsed.os);
        Agent {
            browser: browser(parsed.name),
            os,
            form_factor: form_factor(&parsed, user_agent),
            is_bot: parsed.category == "crawler",
        }
    }
}

/// woothee's names → ours.
fn browser(name: &str) -> Option<Browser> {
    match name {
        "Chrome" => Some(Browser::Chrome),
        "Edge" => Some(Browser::Edge),
        "Firefox" => Some(Browser::Firefox),
        "Google Search App" => Some(Browser::GoogleSearchApp),
        "Internet Explorer" => Some(Browser::InternetExplorer),
        "Opera" => Some(Browser::Opera),
        "Safari" => Some(Browser::Safari),
        "SamsungBrowser" => Some(Browser::SamsungInternet),
        "Vivaldi" => Some(Browser::Vivaldi),
        "Webview" => Some(Browser::WebView),
        "Yandex Browser" => Some(Browser::Yandex),
        _ => None,
    }
}

/// woothee's names, some of which are versions and devices → ours.
fn os(name: &str) -> Option<Os> {
    match name {
        "Android" => Some(Os::Android),
        "ChromeOS" => Some(Os::Chrome),
        "iPhone" | "iPad" | "iPod" | "iOS" => Some(Os::Ios),
        "Linux" => Some(Os::Linux),
        "Mac OSX" => Some(Os::Mac),
        "Windows Phone OS" => None,
        name if name.starts_with("Windows") => Some(Os::Windows),
        _ => None,
    }
}

/// woothee takes tablets for smartphones. An Android phone says `Mobile`, a tablet does not:
/// <https://developer.chrome.com/docs/multidevice/user-agent>.
fn form_factor(parsed: &WootheeResult<'_>, user_agent: &str) -> Option<FormFactor> {
    match (parsed.category, parsed.os) {
        ("smartphone", "iPad") => Some(FormFactor::Tablet),
        ("smartphone", "Android") if !user_agent.contains("Mobile") => Some(FormFactor::Tablet),
        ("smartphone" | "mobilephone", _) => Some(FormFactor::Phone),
        // Televisions and consoles are no hand-held devices.
        ("pc" | "appliance", _) => Some(FormFactor::Desktop),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Browser, system, form factor and user agent.
    const BROWSERS: &str = "\
Chrome | Windows | desktop | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
Edge | Windows | desktop | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0
Opera | Windows | desktop | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0
Yandex Browser | Windows | desktop | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 YaBrowser/24.6.0.0 Safari/537.36
Firefox | Windows | desktop | Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0
Internet Explorer | Windows | desktop | Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko
Chrome | Linux | desktop | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
Chrome | ChromeOS | desktop | Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
Safari | macOS | desktop | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15
Safari | iOS | phone | Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1
Safari | iOS | tablet | Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1
Chrome | iOS | phone | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0.0.0 Mobile/15E148 Safari/604.1
Firefox | iOS | phone | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15
Edge | iOS | phone | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/156.0 Mobile/15E148 Safari/604.1
Google Search App | iOS | phone | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/320.0 Mobile/15E148 Safari/604.1
WebView | iOS | phone | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/465.0]
Chrome | Android | phone | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36
Chrome | Android | tablet | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
Samsung Internet | Android | phone | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36
WebView | Android | phone | Mozilla/5.0 (Linux; Android 14; K; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36
Firefox | Android | phone | Mozilla/5.0 (Android 14; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0
Firefox | Android | tablet | Mozilla/5.0 (Android 14; Tablet; rv:145.0) Gecko/145.0 Firefox/145.0";

    #[test]
    fn browsers_that_people_use_are_known() {
        for line in BROWSERS.lines() {
            let (expected, user_agent) = line.rsplit_once(" | ").unwrap();
            let Agent { browser, os, form_factor, is_bot } = Woothee.parse(user_agent);
            let [browser, os] = [browser.map(Browser::as_str), os.map(Os::as_str)];
            let words = [browser, os, form_factor.map(FormFactor::as_str)];
            assert_eq!(words.map(Option::unwrap_or_default).join(" | "), expected, "{user_agent}");
            assert!(!is_bot, "{user_agent}");
        }
    }

    #[test]
    fn programs_that_are_no_browsers_are_none() {
        for user_agent in ["", "-", "curl/8.14.1", "python-requests/2.32", "node", "Mozilla/5.0"] {
            assert_eq!(Woothee.parse(user_agent), Agent::default(), "{user_agent}");
        }
    }

    #[test]
    fn a_console_is_a_desktop() {
        let agent = Woothee.parse("Mozilla/5.0 (PlayStation 4 3.11) AppleWebKit/537.73");
        assert_eq!((agent.os, agent.form_factor), (None, Some(FormFactor::Desktop)));
    }

    proptest! {
        #[test]
        fn no_user_agent_panics(text in ".{0,300}", words in "(Mozilla|/| |\\(|Windows|Android|iPad|;|Chrome|[0-9.]){0,30}") {
            Woothee.parse(&text);
            Woothee.parse(&words);
        }
    }
}
