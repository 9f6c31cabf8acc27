// Visits every page of a dashboard with rhumb's own collector in it, and prints what that says of them as JSON:
// `node driver.js CHROMIUM URL LOADS`. xtask/src/bench/pages.rs starts it.
import { launch } from '../collector/browser.js';
import { click, openTab } from '../collector/tab.js';
import { atMost, sleep } from '../collector/wait.js';
import { PATHS } from './paths.js';

const LOAD_MS_MAX = 60_000;
/** A browser that was just started is busy with itself. */
const SETTLE_MS = 4000;
/** The collector loads after the page, and the page may be painted once more. */
const AFTER_LOAD_MS = 1500;
const AFTER_CLICK_MS = 700;
/** Until what was sent last is in the database. */
const ARRIVAL_MS = 3000;
/** The site that the page views of the dashboard itself are of. */
const SITE = 'dashboard';

/** The pages' own policy allows no WebAssembly: it is bypassed. */
const COLLECTOR = `addEventListener('DOMContentLoaded', () => {
  const script = document.createElement('script');
  Object.assign(script, { type: 'module', src: '/rhumb.js' });
  Object.assign(script.dataset, { site: '${SITE}', details: 'false' });
  document.head.append(script);
})`;

const [chromium, url, loads] = process.argv.slice(2);
const bytes = new Map();
for (let round = 0; round < loads; round++) await visitAll();
await sleep(ARRIVAL_MS);
const told = Object.fromEntries(await Promise.all(['lcp', 'inp', 'cls'].map(async (it) => [it, await ask(it)])));
const pages = PATHS.map((path) => ({
  path,
  lcp_ms: told.lcp.get(path),
  inp_ms: told.inp.get(path),
  cls: told.cls.get(path),
  transfer_bytes: bytes.get(path),
}));
process.stdout.write(JSON.stringify({ pages }));

/** In a browser of their own. */
async function visitAll() {
  // How long the server takes is measured, too.
  const browser = launch(chromium, { takesPrecedence: false });
  try {
    const page = await openMeasuredTab(browser);
    await page('Page.navigate', { url: `${url}health/live` });
    await sleep(SETTLE_MS);
    // The page before goes on following what arrives until the next one is there.
    const own = new Set();
    let shown;
    let loaded;
    browser.on('Network.requestWillBeSent', ({ requestId, request, documentURL }) => {
      const isCollector = /\/(rhumb[._-].*(js|wasm)|v1\/ingest)$/.test(new URL(request.url).pathname);
      if (new URL(documentURL).pathname === shown && !isCollector) own.add(requestId);
    });
    browser.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (own.has(requestId)) loaded += encodedDataLength;
    });
    for (const path of PATHS) {
      [shown, loaded] = [path, 0];
      const done = new Promise((resolve) => browser.on('Page.loadEventFired', resolve));
      await page('Page.navigate', { url: `${url}${path.slice(1)}?site=default` });
      await atMost(LOAD_MS_MAX, `${path} to load`, done);
      await sleep(AFTER_LOAD_MS);
      bytes.set(path, Math.max(loaded, bytes.get(path) ?? 0));
      // Every page has it, and all of it is painted anew.
      await click(page, '#theme');
      await sleep(AFTER_CLICK_MS);
    }
    // The last page is hidden as the others are.
    await page('Page.navigate', { url: `${url}health/live` });
    await sleep(AFTER_CLICK_MS);
  } finally {
    await browser.close();
  }
}

/** Without a cache, and with the collector in every page. */
async function openMeasuredTab(browser) {
  const page = await openTab(browser);
  await page('Network.setCacheDisabled', { cacheDisabled: true });
  await page('Page.setBypassCSP', { enabled: true });
  await page('Page.addScriptToEvaluateOnNewDocument', { source: COLLECTOR });
  return page;
}

/** The 75th percentile of each page. */
async function ask(metric) {
  const answer = await fetch(`${url}v1/sites/${SITE}/breakdown?metric=${metric}&by=route`);
  const { rows } = await answer.json();
  return new Map(rows.map(({ value, p75 }) => [value, p75]));
}
