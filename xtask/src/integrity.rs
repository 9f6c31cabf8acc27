//! Names and integrity values of files that never change:
//! <https://www.w3.org/TR/sri-2/>

use crate::collector::PACKAGE;
use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256, Sha384};
use std::{fmt::Write, fs, path::Path};

/// Bytes of the hash in a name.
const NAME_BYTES: usize = 8;

/// A file's name with a hash of its content: `rhumb.js` → `rhumb-0123456789abcdef.js`.
pub(crate) fn hashed_name(name: &str, content: &[u8]) -> String {
    let hash = Sha384::digest(content);
    let hash = hash.iter().take(NAME_BYTES).fold(String::new(), |mut hex, byte| {
        // Writing into a string has no way to fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{name}-{hash}"),
    }
}

/// What stands in a script tag's `integrity`.
fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(content)))
}

/// A script tag that loads a script of this content and no other.
fn tag(script: &[u8]) -> String {
    format!(
        "<script type=\"module\" async src=\"https://rum.example.com/{}\"\n  integrity=\"{}\"\n  \
         crossorigin data-site=\"default\"></script>",
        hashed_name("rhumb.js", script),
        integrity(script),
    )
}

/// Says how to load the collector under a name and with a content that never change.
pub(crate) fn print() -> Result<()> {
    let path = Path::new(PACKAGE).join("rhumb.js");
    let script = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    println!(
        "\nFor pages that pin what they load; rum.example.com stands for your server, which has no \
         file\nof another build:\n\n{}\n",
        tag(&script)
    );
    let path = Path::new(PACKAGE).join("stub.js");
    let stub = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    println!(
        "For a policy without inline scripts, stub.js in script-src: {}\n",
        hash_source(&stub)
    );
    Ok(())
}

/// What allows an inline script of this content: <https://www.w3.org/TR/CSP3/#grammardef-hash-source>
fn hash_source(script: &[u8]) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_hash_before_its_extension() {
        assert_eq!(hashed_name("rhumb.js", b""), "rhumb-38b060a751ac9638.js");
        assert_ne!(hashed_name("rhumb.js", b""), hashed_name("rhumb.js", b" "));
    }

    #[test]
    fn the_tag_names_the_file_and_its_integrity() {
        assert_eq!(
            tag(b""),
            r#"<script type="module" async src="https://rum.example.com/rhumb-38b060a751ac9638.js"
  integrity="sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
  crossorigin data-site="default"></script>"#
        );
    }

    #[test]
    fn an_inline_script_is_allowed_by_its_hash() {
        assert_eq!(hash_source(b""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }

    #[test]
    fn the_integrity_of_nothing_is_known() {
        assert_eq!(
            integrity(b""),
            "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
        );
    }
}
