//! Addresses → functions, as the program's file names them.

use jemalloc_pprof::StackProfile;
use std::{collections::HashMap, ptr};

/// A function, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) function: String,
    /// As in `tokio-1.54.1/src/task/spawn.rs:87`.
    pub(super) line: Option<String>,
    /// Whether it only stands between a place that asks for memory and the system.
    pub(super) is_plumbing: bool,
}

/// What was looked up once is not looked up again.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<usize, Vec<Place>>);

impl Places {
    /// The functions of a stack, the innermost first; at one address there may be several, of which the
    /// inner ones are inlined.
    pub(super) fn of(&mut self, addresses: &[usize]) -> Vec<Place> {
        let mut places = Vec::new();
        for address in addresses.iter().rev() {
            places.extend_from_slice(self.0.entry(*address).or_insert_with(|| look_up(*address)));
        }
        places
    }

    /// Leaves out what stands between the places that ask for memory and the system, so that viewers count it where it
    /// was asked for.
    pub(super) fn without_plumbing(&mut self, stacks: &mut StackProfile) {
        for (stack, _) in &mut stacks.stacks {
            while stack.addrs.pop_if(|address| self.is_plumbing(*address)).is_some() {}
        }
        stacks.stacks.retain(|(stack, _)| !stack.addrs.is_empty());
    }

    fn is_plumbing(&mut self, address: usize) -> bool {
        let places = self.of(&[address]);
        !places.is_empty() && places.iter().all(|place| place.is_plumbing)
    }
}

/// None, where the file tells nothing.
fn look_up(address: usize) -> Vec<Place> {
    let mut places = Vec::new();
    backtrace::resolve(ptr::without_provenance_mut(address), |symbol| {
        let Some(name) = symbol.name() else { return };
        let function = format!("{name:#}");
        let path = symbol.filename().map(|path| path.to_string_lossy().into_owned());
        let is_plumbing = is_plumbing(&function, path.as_deref().unwrap_or_default());
        let file = path.as_deref().map(within_crate);
        let line = file.zip(symbol.lineno()).map(|(file, line)| format!("{file}:{line}"));
        places.push(Place { function, line, is_plumbing });
    });
    places
}

/// Whether it is of the allocator, the standard library or its map. The names of inlined functions may lack
/// their modules.
fn is_plumbing(function: &str, path: &str) -> bool {
    let starts = ["_rjem", "__rust", "alloc::", "<alloc::", "core::", "<core::", "std::", "<std::"];
    let parts = [
        "jemalloc",
        "/rustc/",
        "/library/alloc/",
        "/library/core/",
        "/library/std/",
        "/hashbrown-",
    ];
    starts.iter().any(|start| function.starts_with(start))
        || parts.iter().any(|it| path.contains(it))
}

/// A path from the folder of its crate on: what is before is of the machine that built the program.
fn within_crate(path: &str) -> &str {
    let Some(source) = path.rfind("/src/") else {
        return path.rsplit('/').next().unwrap_or(path);
    };
    let folder = path[..source].rfind('/').map_or(0, |slash| slash + 1);
    &path[folder..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocator_and_standard_library_are_no_places_that_ask_for_memory() {
        for (function, path, expected) in [
            ("prof_backtrace_impl", "/b/tikv-jemalloc-sys-1/out/build/src/prof_sys.c", true),
            ("alloc", "/rustc/5980/library/alloc/src/alloc.rs", true),
            ("core::ptr::drop_in_place", "", true),
            ("ingest_server::ingest::writer::run", "ingest-server/src/ingest/writer/mod.rs", false),
            ("spawn", "/r/tokio-1.54.1/src/task/spawn.rs", false),
        ] {
            assert_eq!(is_plumbing(function, path), expected, "{function}");
        }
    }

    #[test]
    fn of_a_path_that_is_left_which_is_the_same_on_every_machine() {
        for (path, expected) in [
            ("/home/me/registry/src/index-1f/tokio-1.54.1/src/a/b.rs", "tokio-1.54.1/src/a/b.rs"),
            ("ingest-server/src/main.rs", "ingest-server/src/main.rs"),
            ("/build/sqlite3/sqlite3.c", "sqlite3.c"),
            ("main.rs", "main.rs"),
        ] {
            assert_eq!(within_crate(path), expected);
        }
    }
}
