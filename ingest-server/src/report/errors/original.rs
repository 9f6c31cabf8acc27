//! Where a call stood before scripts were bundled: <https://tc39.es/ecma426/>.

use serde::Serialize;
use sourcemap::{DecodedMap, SourceMap};
use utoipa::ToSchema;

/// A place in the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Original {
    /// Its file, as the bundler calls it.
    pub source: String,
    /// The line, from 1 on.
    pub line: u32,
    /// The column, from 1 on.
    pub column: u32,
}

/// Why a file is no source map.
#[derive(Debug, thiserror::Error)]
pub enum NoSourceMap {
    /// It cannot be read as one.
    #[error("it is no source map")]
    Unreadable(#[from] sourcemap::Error),
    /// It knows no place in no file.
    #[error("it is no source map: there is no place in it")]
    Empty,
}

/// A source map without the sources themselves: they are large, and nobody's business.
///
/// # Errors
/// It is none.
pub fn without_sources(map: &[u8]) -> Result<Vec<u8>, NoSourceMap> {
    let mut map = match sourcemap::decode_slice(map)? {
        DecodedMap::Regular(map) => map,
        DecodedMap::Index(index) => index.flatten()?,
        DecodedMap::Hermes(hermes) => SourceMap::clone(&hermes),
    };
    if map.get_token_count() == 0 {
        return Err(NoSourceMap::Empty);
    }
    for index in 0..map.get_source_count() {
        map.set_source_contents(index, None);
    }
    let mut written = Vec::new();
    map.to_writer(&mut written)?;
    Ok(written)
}

/// Of lines and columns, from 1 on, those that a map knows.
pub(super) fn originals(map: &[u8], places: &[(u32, u32)]) -> Vec<Option<Original>> {
    let Ok(DecodedMap::Regular(map)) = sourcemap::decode_slice(map) else {
        return vec![None; places.len()];
    };
    let original = |(line, column): &(u32, u32)| {
        let (line, column) = (line.checked_sub(1)?, column.checked_sub(1)?);
        // What is found may stand in a line before, of which nothing follows.
        let token = map.lookup_token(line, column).filter(|token| token.get_dst_line() == line)?;
        Some(Original {
            source: token.get_source()?.to_owned(),
            line: token.get_src_line() + 1,
            column: token.get_src_col() + 1,
        })
    };
    places.iter().map(original).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `throw` in line 3 of a file, at the end of the first line of what was made of it.
    const MAP: &str = r#"{"version":3,"sources":["src/search.ts"],"sourcesContent":["let secret"],
        "names":[],"mappings":"AAAA,mBAEE"}"#;

    #[test]
    fn a_place_is_found_without_the_sources() {
        let map = without_sources(MAP.as_bytes()).unwrap();
        assert!(!String::from_utf8_lossy(&map).contains("secret"));
        let found = originals(&map, &[(1, 20), (1, 24), (2, 1), (0, 0)]);
        let place = Original { source: "src/search.ts".to_owned(), line: 3, column: 3 };
        assert_eq!(found[..2], [Some(place.clone()), Some(place)]);
        assert_eq!(found[2..], [None, None]);
    }

    #[test]
    fn what_is_no_source_map_is_refused_and_explains_nothing() {
        for text in ["", "{}", "not json", r#"{"version":3,"mappings":"!"}"#] {
            assert!(without_sources(text.as_bytes()).is_err(), "{text}");
            assert_eq!(originals(text.as_bytes(), &[(1, 1)]), [None]);
        }
    }
}
