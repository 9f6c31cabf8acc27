//! Where a call, or a function, stood before scripts were bundled: <https://tc39.es/ecma426/>.

use serde::Serialize;
use sourcemap::{DecodedMap, SourceMap, Token};
use utoipa::ToSchema;

/// Characters between the end of a function's name and where it begins, which is where its parameters do:
/// of `name(`, `name=(` or `name:(`, `name=async(`, and `name=function(`, as minifiers write them.
const BEHIND_NAME: [u32; 4] = [0, 1, 6, 9];

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

/// A function in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OriginalFunction {
    /// What it is called there; nothing, where the map does not say.
    pub(super) name: Option<String>,
    /// Its file, as the bundler calls it.
    pub(super) source: String,
    /// The line in which it begins, from 1 on.
    pub(super) line: u32,
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
    let Some(map) = decoded(map) else { return vec![None; places.len()] };
    let original = |(line, column): &(u32, u32)| {
        let token = token(&map, line.checked_sub(1)?, column.checked_sub(1)?)?;
        Some(Original {
            source: token.get_source()?.to_owned(),
            line: token.get_src_line() + 1,
            column: token.get_src_col() + 1,
        })
    };
    places.iter().map(original).collect()
}

/// Of functions, by their names in the script and where they begin, those that a map knows.
pub(super) fn original_functions(
    map: &[u8],
    functions: &[(&str, u32, u32)],
) -> Vec<Option<OriginalFunction>> {
    let Some(map) = decoded(map) else { return vec![None; functions.len()] };
    let original = |(name, line, column): &(&str, u32, u32)| {
        let (line, column) = (line.checked_sub(1)?, column.checked_sub(1)?);
        let token = token(&map, line, column)?;
        Some(OriginalFunction {
            name: original_name(&map, name, line, column),
            source: token.get_source()?.to_owned(),
            line: token.get_src_line() + 1,
        })
    };
    functions.iter().map(original).collect()
}

fn decoded(map: &[u8]) -> Option<SourceMap> {
    match sourcemap::decode_slice(map) {
        Ok(DecodedMap::Regular(map)) => Some(map),
        _ => None,
    }
}

/// The last one up to a place. What is found may stand in a line before, of which nothing follows.
fn token(map: &SourceMap, line: u32, column: u32) -> Option<Token<'_>> {
    map.lookup_token(line, column).filter(|token| token.get_dst_line() == line)
}

/// A map names what was renamed, where that stands: a function's name does before the function.
fn original_name(map: &SourceMap, name: &str, line: u32, column: u32) -> Option<String> {
    let length = u32::try_from(name.encode_utf16().count()).ok().filter(|length| *length > 0)?;
    BEHIND_NAME.iter().find_map(|behind| {
        let at = column.checked_sub(length + behind)?;
        let token = token(map, line, at).filter(|token| token.get_dst_col() == at)?;
        token.get_name().map(str::to_owned)
    })
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

    #[test]
    fn a_function_has_the_name_that_stands_before_it_in_the_source() {
        // function a(){} b=c=>{}; d=function(){}
        let mut map = sourcemap::SourceMapBuilder::new(None);
        let named = [(9, 0, Some("first")), (10, 0, None), (15, 4, Some("second")), (17, 4, None)];
        for (column, line, name) in named {
            map.add(0, column, line, 0, Some("src/search.ts"), name, false);
        }
        map.add(0, 24, 8, 0, Some("src/search.ts"), Some("third"), false);
        let mut written = Vec::new();
        map.into_sourcemap().to_writer(&mut written).unwrap();
        let asked = [("a", 1, 11), ("b", 1, 18), ("d", 1, 35), ("", 1, 18), ("other", 1, 18)];
        let found = original_functions(&written, &asked);
        let found = found.into_iter().map(Option::unwrap);
        let told = found.map(|it| (it.name, it.line)).collect::<Vec<_>>();
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(
            told,
            [(name("first"), 1), (name("second"), 5), (name("third"), 9), (None, 5), (None, 5)]
        );
    }
}
