//! Files that are built into the binary, compressed: each once, when it is first asked for. The largest
//! takes an eighth of a second, which is too much for every request.

use super::media;
use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};
use brotli::CompressorWriter;
use flate2::{Compression, write::GzEncoder};
use quick_cache::sync::Cache;
use rust_embed::EmbeddedFile;
use std::{
    io::{self, Write},
    sync::LazyLock,
};
use tokio::task::spawn_blocking;

/// Compressed files that are kept: twice as many as there are.
const KEPT_MAX: usize = 256;
/// The best of gzip, and of brotli what takes no longer.
const QUALITY: u32 = 9;
/// What brotli may look back over, as a power of two: 4 MiB, which is more than any file has.
const BROTLI_WINDOW_BITS: u32 = 22;
/// Bytes of what brotli writes at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// By the file's hash. Nothing, where it would not be smaller.
type Kept = Cache<([u8; 32], Coding), Option<Bytes>>;

static KEPT: LazyLock<Kept> = LazyLock::new(|| Cache::new(KEPT_MAX));

/// How a file is compressed: <https://www.rfc-editor.org/rfc/rfc9110#name-content-codings>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// What the caller would rather have; brotli, if both are as good.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let quality =
            |coding: Self| media::quality(headers, &header::ACCEPT_ENCODING, coding.as_str());
        let (brotli, gzip) = (quality(Self::Brotli), quality(Self::Gzip));
        match brotli.max(gzip) {
            0 => None,
            _ if brotli >= gzip => Some(Self::Brotli),
            _ => Some(Self::Gzip),
        }
    }

    /// The word for it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn compress(self, content: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli => {
                let (quality, window) = (QUALITY, BROTLI_WINDOW_BITS);
                let out = Vec::new();
                let mut compressed = CompressorWriter::new(out, BUFFER_BYTES, quality, window);
                compressed.write_all(content)?;
                Ok(compressed.into_inner())
            }
            Self::Gzip => {
                let mut compressed = GzEncoder::new(Vec::new(), Compression::new(QUALITY));
                compressed.write_all(content)?;
                compressed.finish()
            }
        }
    }
}

/// A file as it is sent to whoever takes that; nothing, where it would not be smaller.
pub(super) async fn compressed(file: EmbeddedFile, coding: Coding) -> Option<Bytes> {
    let key = (file.metadata.sha256_hash(), coding);
    let compress = move || {
        let compressed = coding.compress(&file.data).ok()?;
        (compressed.len() < file.data.len()).then(|| Bytes::from(compressed))
    };
    KEPT.get_or_insert_async(&key, async { spawn_blocking(compress).await }).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::embedded::Assets;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn brotli_is_for_those_who_take_it_and_nothing_for_those_who_do_not_say() {
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Some(Coding::Brotli)),
            ("gzip, deflate", Some(Coding::Gzip)),
            ("br;q=0.5, gzip", Some(Coding::Gzip)),
            ("br;q=0, *", Some(Coding::Gzip)),
            ("*", Some(Coding::Brotli)),
            ("identity", None),
            ("br;q=0, gzip;q=0", None),
        ] {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT_ENCODING, accepted.parse().unwrap())]);
            assert_eq!(Coding::accepted(&headers), coding, "{accepted}");
        }
        assert_eq!(Coding::accepted(&HeaderMap::new()), None);
    }

    #[tokio::test]
    async fn a_file_is_compressed_once_and_is_the_same_again() {
        let file = || Assets::get("rhumb.css").unwrap();
        for coding in [Coding::Brotli, Coding::Gzip] {
            let first = compressed(file(), coding).await.unwrap();
            let second = compressed(file(), coding).await.unwrap();
            assert_eq!(first.as_ptr(), second.as_ptr());
            let mut content = Vec::new();
            match coding {
                Coding::Brotli => {
                    brotli::Decompressor::new(&*first, 4096).read_to_end(&mut content).unwrap()
                }
                Coding::Gzip => GzDecoder::new(&*first).read_to_end(&mut content).unwrap(),
            };
            assert_eq!(content, &*file().data);
        }
    }
}
