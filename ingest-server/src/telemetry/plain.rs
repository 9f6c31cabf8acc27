//! `OpenMetrics` text → the text format of Prometheus, for those who do not ask for the former:
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

/// The media type of the text.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The same in the older format. There a counter is called what its samples are called, with `_total` at
/// the end, and nothing tells of units and of the end.
pub fn plain(open_metrics: &str) -> String {
    let counters = open_metrics.lines().filter_map(counter).collect::<Vec<_>>();
    let mut text = String::with_capacity(open_metrics.len());
    for line in open_metrics.lines() {
        match line.splitn(4, ' ').collect::<Vec<_>>()[..] {
            ["#", "EOF" | "UNIT", ..] => continue,
            ["#", kind, name, rest] if counters.contains(&name) => {
                text.extend(["# ", kind, " ", name, "_total ", rest]);
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

/// The name of the counter that a line declares.
fn counter(line: &str) -> Option<&str> {
    line.strip_prefix("# TYPE ")?.strip_suffix(" counter")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_called_what_their_samples_are_called() {
        let open_metrics = "# HELP rhumb_commits On disk.\n# TYPE rhumb_commits counter\n\
                            rhumb_commits_total 7\n# HELP rhumb_size_bytes A file.\n\
                            # TYPE rhumb_size_bytes gauge\n# UNIT rhumb_size_bytes bytes\n\
                            rhumb_size_bytes 9\n# EOF\n";
        let expected = "# HELP rhumb_commits_total On disk.\n# TYPE rhumb_commits_total counter\n\
                        rhumb_commits_total 7\n# HELP rhumb_size_bytes A file.\n\
                        # TYPE rhumb_size_bytes gauge\nrhumb_size_bytes 9\n";
        assert_eq!(plain(open_metrics), expected);
    }
}
