/** What goes wrong on the page, as entries that wait as those of the browser do. They are texts: what they are about may be large. */

/** Characters. */
const TEXT_LENGTH_MAX = 4096;
/** Within so many milliseconds; what is one too many is only counted. */
const ENTRIES_MAX = 100;
const MEANWHILE_MS = 5000;

/** Numbers of `ErrorKind` in the crate `beacon`. */
const ERROR = 0;
const REJECTION = 1;
const REPORTED = 2;
const POLICY = 3;
const REPORTS = { 'csp-violation': POLICY, 'deprecation': 4, 'intervention': 5 };

/** What happened before this was loaded is told once. */
let isPastTold = false;

/** Puts what has gone wrong already, and what will. Returns how to end that. */
export function watchErrors(page, put) {
  let since = 0;
  let entries = 0;
  let surplus;

  /** Whatever a page throws, even what cannot be a text. */
  const quietly = (action) => {
    try {
      action();
    } catch {}
  };

  function keep(kind, at, told) {
    const now = performance.now();
    if (now - since > MEANWHILE_MS) {
      since = now;
      entries = 0;
      surplus = undefined;
    }
    if (++entries <= ENTRIES_MAX) put([entryOf(kind, at, told)]);
    // One that was told counts nothing any more.
    else if (surplus?.count) surplus.count++;
    else put([(surplus = entryOf(kind, at, {}))]);
  }

  const listener = (event) =>
    quietly(() => {
      const { type, target, timeStamp, error, reason } = event;
      if (type === 'unhandledrejection') keep(REJECTION, timeStamp, textsOf(reason));
      else if (type !== 'error') keep(POLICY, timeStamp, violation(event));
      // An image that is missing is no error of a script.
      else if (target === window) keep(ERROR, timeStamp, { ...placeOf(event), ...(error?.message && textsOf(error)) });
    });

  /** Of the stub, or reported. */
  const keepEarly = (told) =>
    quietly(() => {
      if (Array.isArray(told)) {
        const [at, json = null] = told;
        return keep(REPORTED, at, textsOf(JSON.parse(json)));
      }
      const { at, filename, stack } = told;
      keep(filename ? ERROR : REJECTION, at, { ...told, name: nameIn(stack) });
    });

  const { ReportingObserver: Observer } = globalThis;
  const areViolationsReported = Observer && 'CSPViolationReportBody' in globalThis;
  const types = ['error', 'unhandledrejection', ...(areViolationsReported ? [] : ['securitypolicyviolation'])];
  for (const type of types) addEventListener(type, listener, true);

  let at = isPastTold ? undefined : 0;
  const tell = (reports) => {
    for (const { type, body } of reports) quietly(() => keep(REPORTS[type], at ?? performance.now(), saying(type, body)));
    at = undefined;
  };
  const observer = Observer && new Observer(tell, { types: Object.keys(REPORTS), buffered: !isPastTold });
  observer?.observe();
  isPastTold = true;

  if (page.early?.handleEvent) relieve(page.early);
  page.reported.splice(0).forEach(keepEarly);
  // From now on nothing waits there.
  page.reported = { push: keepEarly };

  return () => {
    page.reported = [];
    observer?.disconnect();
    for (const type of types) removeEventListener(type, listener, true);
  };
}

/** From now on its events are listened to here and by the collector. What it has kept stays. */
function relieve(stub) {
  for (const type of ['visibilitychange', 'error', 'unhandledrejection']) removeEventListener(type, stub, true);
}

function entryOf(kind, startTime, { name, message = '', stack, filename, lineno, colno }) {
  const said = `${message}`.replace(/^uncaught (exception: )?/i, '');
  const isNamed = !name || name === 'undefined' || said.startsWith(`${name}:`);
  const place = filename && `@${[filename, lineno, colno].filter(Boolean).join(':')}`;
  const texts = [isNamed ? said : said ? `${name}: ${said}` : name, (stack !== 'undefined' && stack) || place || ''];
  const [text, calls] = texts.map((it) => `${it}`.slice(0, TEXT_LENGTH_MAX));
  return { entryType: 'error', startTime, duration: 0, kind, message: text, stack: calls, count: 1 };
}

function textsOf(error) {
  return { name: `${error?.name}`, message: `${error?.message ?? error}`, stack: `${error?.stack}` };
}

const placeOf = ({ message, filename, lineno, colno }) => ({ message, filename, lineno, colno });

/** V8 says it once more. */
const nameIn = (stack) => /^([\w.]+): /.exec(stack)?.[1];

const saying = (type, body) => (type === 'csp-violation' ? violation(body) : { ...source(body), message: `${body.id}: ${body.message}` });

/** Of an event or a report. */
const violation = (body) => ({
  ...source(body),
  message: `${body.effectiveDirective}: ${body.blockedURL ?? body.blockedURI}`,
});

const source = ({ sourceFile, lineNumber, columnNumber }) => ({
  filename: sourceFile,
  lineno: lineNumber,
  colno: columnNumber,
});
