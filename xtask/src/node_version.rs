//! Which versions of Node can run Vite 8.

/// `v20.19.0`, as `node --version` prints it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NodeVersion {
    major: u32,
    minor: u32,
}

impl NodeVersion {
    /// What [`Self::is_supported`] accepts, in words.
    pub(crate) const SUPPORTED: &str = "20.19 or newer of 20, or 22.12 or newer";

    /// `None` for anything that is not a version.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.trim().strip_prefix('v')?.split('.').map(str::parse);
        Some(Self { major: numbers.next()?.ok()?, minor: numbers.next()?.ok()? })
    }

    /// `^20.19.0 || >=22.12.0`, as in Vite's package.json.
    pub(crate) fn is_supported(self) -> bool {
        match self.major {
            20 => self.minor >= 19,
            22 => self.minor >= 12,
            major => major > 22,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_node_prints_it() {
        assert_eq!(NodeVersion::parse("v20.19.3\n"), Some(NodeVersion { major: 20, minor: 19 }));
        for text in ["", "20.19.3", "v20", "vx.1.2", "command not found"] {
            assert_eq!(NodeVersion::parse(text), None, "{text}");
        }
    }

    #[test]
    fn vite_decides_which_versions_will_do() {
        let is_supported = |text| NodeVersion::parse(text).unwrap().is_supported();
        for text in ["v20.19.0", "v20.20.2", "v22.12.0", "v23.0.0", "v24.21.0"] {
            assert!(is_supported(text), "{text}");
        }
        for text in ["v12.22.12", "v18.20.4", "v20.18.9", "v21.7.3", "v22.11.0"] {
            assert!(!is_supported(text), "{text}");
        }
    }
}
