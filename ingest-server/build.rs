//! The binary embeds what `cargo xtask build` makes. A plain `cargo build` works without it, so the
//! folders have to be there, even if they are empty.

use std::{fs, io};

fn main() -> io::Result<()> {
    for folder in [
        "../collector-wasm/pkg",
        "../web-demo/dist",
        "dashboard/assets",
        "docs-ui/node_modules/swagger-ui-dist",
    ] {
        fs::create_dir_all(folder)?;
        println!("cargo::rerun-if-changed={folder}");
    }
    Ok(())
}
