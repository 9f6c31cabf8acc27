//! What a developer would see in red or yellow, kept in `window.complaints`; and what the page's
//! policy has refused, in `window.violations`.

pub(crate) const SCRIPT: &str = r"
  window.complaints = [];
  window.violations = [];
  for (const level of ['warn', 'error']) {
    console[level] = (...words) => complaints.push(words.join(' '));
  }
  addEventListener('error', (event) => {
    complaints.push(event.message ?? `cannot load ${event.target.src}`);
  }, true);
  addEventListener('unhandledrejection', (event) => complaints.push(`${event.reason}`));
  addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.effectiveDirective}: ${event.blockedURI}`);
  });
";
