//! Whether what a step made still stands, and is still made of the same.

use anyhow::{Context, Result};
use std::{
    collections::BTreeSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

const FOLDER: &str = "target/xtask";

/// Folders that are never part of a fingerprint.
const LEFT_OUT: [&str; 1] = ["node_modules"];

/// Does the work unless the files are as the last time left them. `files` are what the work reads
/// and what it makes, files or whole folders; `variant` is what else the result depends on.
pub(crate) fn unless_fresh(
    name: &str,
    variant: &str,
    files: &[&Path],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = Path::new(FOLDER).join(name);
    if fs::read_to_string(&stamp).ok().as_ref() == Some(&fingerprint(variant, files)?) {
        return Ok(());
    }
    work()?;
    fs::create_dir_all(FOLDER)?;
    fs::write(&stamp, fingerprint(variant, files)?)
        .with_context(|| format!("cannot write {}", stamp.display()))
}

fn fingerprint(variant: &str, roots: &[&Path]) -> Result<String> {
    let mut files = BTreeSet::new();
    for root in roots {
        collect(root, &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    variant.hash(&mut hasher);
    for file in files {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        (file, content).hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// A path that is not there contributes nothing.
fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.insert(path.to_owned());
    } else if path.is_dir() && !LEFT_OUT.iter().any(|name| path.ends_with(name)) {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_changes_with_variant_content_and_presence() {
        let folder = std::env::temp_dir().join(format!("rhumb-xtask-{}", std::process::id()));
        let (file, modules) = (folder.join("a"), folder.join("node_modules"));
        fs::create_dir_all(&modules).unwrap();
        let of = |variant| fingerprint(variant, &[&folder]).unwrap();

        let empty = of("x");
        fs::write(&file, "one").unwrap();
        let one = of("x");
        fs::write(modules.join("left-out"), "never read").unwrap();
        assert_eq!(of("x"), one);
        fs::write(&file, "two").unwrap();
        let two = of("x");
        assert_eq!(BTreeSet::from([empty, one, two, of("y")]).len(), 4);

        fs::remove_dir_all(folder).unwrap();
    }
}
