//! A screen that nobody sees, for browsers that cannot do without.

use crate::process::Process;
use anyhow::Result;
use tokio::process::Command;

/// Started under a free number; returned with the value of `DISPLAY`.
pub(crate) async fn start() -> Result<(Process, String)> {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
    Process::start(command, display).await
}

/// The server says its number, once it is ready.
fn display(line: &str) -> Option<String> {
    let number: u32 = line.parse().ok()?;
    Some(format!(":{number}"))
}

#[cfg(test)]
mod tests {
    use super::display;

    #[test]
    fn the_display_is_the_number_that_the_server_says() {
        assert_eq!(display("99").as_deref(), Some(":99"));
        assert_eq!(display("(EE) no"), None);
    }
}
