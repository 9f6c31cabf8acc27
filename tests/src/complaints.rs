//! What a developer would see in red or yellow, kept in `window.complaints`.

pub(crate) const SCRIPT: &str = r"
  window.complaints = [];
  for (const level of ['warn', 'error']) {
    console[level] = (...words) => complaints.push(words.join(' '));
  }
  addEventListener('error', (event) => complaints.push(event.message), true);
  addEventListener('unhandledrejection', (event) => complaints.push(`${event.reason}`));
";
