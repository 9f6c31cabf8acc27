//! Bots and automated browsers, by what they say of themselves. The words are those of
//! [isbot](https://isbot.js.org); a bot that passes for a browser is taken for one.

use std::sync::LazyLock;

/// Regular expressions, one a line; `#` begins a comment.
const EXPRESSIONS: &str = include_str!("../../../data/isbot.txt");

static WORDS: LazyLock<Words> = LazyLock::new(Words::read);

/// Whether a user agent is that of a browser, and says that nobody looks at it.
///
/// Only browsers are asked: what begins otherwise, such as `curl/8.14.1`, shows no page, so it is a
/// program that was written to report page views, and is silent about who saw them.
pub(super) fn is_bot(user_agent: &str) -> bool {
    user_agent.starts_with("Mozilla/") && WORDS.are_in(user_agent)
}

/// All expressions, in two: those that look ahead or behind need another engine, which is slower.
struct Words {
    plain: regex::bytes::Regex,
    looking: fancy_regex::Regex,
}

impl Words {
    /// # Panics
    /// When the constant above has an expression that is none, which a test would notice.
    #[expect(clippy::expect_used, reason = "it is a constant")]
    fn read() -> Self {
        let expressions = EXPRESSIONS.lines().filter(|line| !line.starts_with('#'));
        let (plain, looking): (Vec<_>, Vec<_>) = expressions
            .partition(|expression| !expression.contains("(?!") && !expression.contains("(?<"));
        Self {
            // As in JavaScript, `\w` and the like are of ASCII.
            plain: regex::bytes::RegexBuilder::new(&plain.join("|"))
                .case_insensitive(true)
                .unicode(false)
                .build()
                .expect("these are regular expressions"),
            looking: fancy_regex::RegexBuilder::new(&looking.join("|"))
                .case_insensitive(true)
                .build()
                .expect("these are regular expressions"),
        }
    }

    fn are_in(&self, user_agent: &str) -> bool {
        // What takes too many steps is no user agent of a browser.
        self.plain.is_match(user_agent.as_bytes())
            || self.looking.is_match(user_agent).unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn browsers_that_nobody_looks_at_are_bots() {
        for user_agent in [
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/156.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
            "Mozilla/5.0 (compatible; SomeCrawler/1.0)",
            "Mozilla/5.0 (compatible; NewSpider; +https://spider.example)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Cypress/14.0.0 Chrome/130.0.0.0 Electron/33.0.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 PTST/250101.120000",
        ] {
            assert!(is_bot(user_agent), "{user_agent}");
        }
    }

    #[test]
    fn browsers_that_people_use_are_none() {
        for user_agent in [
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/465.0.1.41.103;FBDV/iPhone15,2]",
            "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36 Instagram 330.0.0",
        ] {
            assert!(!is_bot(user_agent), "{user_agent}");
        }
    }

    #[test]
    fn programs_that_post_beacons_are_none() {
        for user_agent in ["", "curl/8.14.1", "python-requests/2.32.3", "node", "axios/1.7.2"] {
            assert!(!is_bot(user_agent), "{user_agent}");
        }
    }

    proptest! {
        #[test]
        fn no_user_agent_panics(text in ".{0,300}") {
            is_bot(&text);
            is_bot(&format!("Mozilla/5.0 {text}"));
        }
    }
}
