//! Agents are few and their beacons many: what headers tell is found out once.

use super::{
    agent::Agent,
    bot::is_bot,
    client_hints::{self, ClientHints},
    user_agent::UserAgentParser,
};
use quick_cache::{Equivalent, sync::Cache};
use std::fmt;

/// Agents that are remembered. Even with headers of [`HEADER_BYTES_MAX`] they take less than 10 MB.
const AGENTS_MAX: usize = 4096;
/// Bytes of a header that are looked at; those of browsers have fewer.
const HEADER_BYTES_MAX: usize = 512;

/// The headers that tell of an agent. They are not kept but here.
#[derive(Clone, Copy, Default)]
pub struct AgentHeaders<'a> {
    /// `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// `Sec-CH-UA` and the like.
    pub client_hints: ClientHints<'a>,
}

/// Finds out what headers tell, and remembers it.
pub(super) struct Agents<P> {
    parser: P,
    known: Cache<Key<Box<str>>, Agent>,
}

/// The headers in a fixed order.
#[derive(Hash, PartialEq, Eq)]
struct Key<T>([Option<T>; 4]);

/// Found without making a copy of them. Both hash alike: a box does as what is in it.
impl Equivalent<Key<Box<str>>> for Key<&str> {
    fn equivalent(&self, key: &Key<Box<str>>) -> bool {
        key.0.each_ref().map(Option::as_deref) == self.0
    }
}

impl<P: UserAgentParser> Agents<P> {
    pub(super) fn new(parser: P) -> Self {
        Self { parser, known: Cache::new(AGENTS_MAX) }
    }

    /// What headers tell of the agent that sent them.
    pub(super) fn agent(&self, headers: AgentHeaders<'_>) -> Agent {
        let ClientHints { brands, mobile, platform } = headers.client_hints;
        let key = Key([headers.user_agent, brands, mobile, platform].map(|text| text.map(cut)));
        if let Some(agent) = self.known.get(&key) {
            return agent;
        }
        let agent = self.find_out(&key);
        self.known.insert(Key(key.0.map(|text| text.map(Box::from))), agent);
        agent
    }

    /// Client hints first: they are meant to be read, and user agents to look like others'.
    fn find_out(&self, &Key([user_agent, brands, mobile, platform]): &Key<&str>) -> Agent {
        let told = user_agent.map(|user_agent| {
            let agent = self.parser.parse(user_agent);
            Agent { is_bot: agent.is_bot || is_bot(user_agent), ..agent }
        });
        client_hints::agent(ClientHints { brands, mobile, platform }).or(told.unwrap_or_default())
    }
}

impl<P> fmt::Debug for Agents<P> {
    /// How many are known; who they are is nobody's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agents").field("known", &self.known.len()).finish_non_exhaustive()
    }
}

fn cut(header: &str) -> &str {
    &header[..header.floor_char_boundary(HEADER_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::enrich::agent::{Browser, Os};
    use beacon::FormFactor;
    use std::{cell::Cell, iter};

    /// Says that every user agent is Safari on Linux, and counts.
    #[derive(Default)]
    struct Counting(Cell<u32>);

    impl UserAgentParser for Counting {
        fn parse(&self, _: &str) -> Agent {
            self.0.set(self.0.get() + 1);
            Agent { browser: Some(Browser::Safari), os: Some(Os::Linux), ..Agent::default() }
        }
    }

    const CHROME: ClientHints<'_> =
        ClientHints { brands: Some(r#""Chromium";v="156""#), mobile: Some("?0"), platform: None };

    #[test]
    fn client_hints_go_before_the_user_agent() {
        let agents = Agents::new(Counting::default());
        let agent =
            agents.agent(AgentHeaders { user_agent: Some("Mozilla/5.0"), client_hints: CHROME });
        assert_eq!(agent.browser, Some(Browser::Chrome));
        assert_eq!(agent.os, Some(Os::Linux), "which the hints do not say");
        assert_eq!(agent.form_factor, Some(FormFactor::Desktop));
    }

    #[test]
    fn the_same_headers_are_parsed_once() {
        let agents = Agents::new(Counting::default());
        for (user_agent, parsed) in [("a", 1), ("a", 1), ("b", 2), ("a", 2), ("b", 2)] {
            agents.agent(AgentHeaders { user_agent: Some(user_agent), ..AgentHeaders::default() });
            assert_eq!(agents.parser.0.get(), parsed, "{user_agent}");
        }
        agents.agent(AgentHeaders { user_agent: Some("a"), client_hints: CHROME });
        assert_eq!(agents.parser.0.get(), 3, "with other hints it is another agent");
    }

    #[test]
    fn no_headers_tell_nothing() {
        assert_eq!(
            Agents::new(Counting::default()).agent(AgentHeaders::default()),
            Agent::default()
        );
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let agents = Agents::new(Counting::default());
        let long: String = iter::repeat_n('ü', HEADER_BYTES_MAX).collect();
        for n in 0..AGENTS_MAX * 2 {
            let user_agent = format!("{n}{long}");
            agents.agent(AgentHeaders { user_agent: Some(&user_agent), ..AgentHeaders::default() });
        }
        assert!(agents.known.len() <= AGENTS_MAX);
    }
}
