// One visit: load, click, hide.
import { launch } from './browser.js';
import { click, evaluate, openTab } from './tab.js';
import { recordTrace } from './trace.js';
import { atMost, sleep } from './wait.js';

const LOAD_MS_MAX = 30_000;

/** What a browser does for itself when it starts. */
const BEFORE_MS = 1000;
/** Most collectors send, or measure, a while after the page has loaded. */
const AFTER_LOAD_MS = 2500;
const AFTER_CLICK_MS = 1500;
const AFTER_HIDING_MS = 1000;

/** In a browser that has never seen the page. */
export async function visit(chromium, server, name) {
  const browser = launch(chromium);
  try {
    const page = await openTab(browser);
    const bytes = countBytes(browser, `/collectors/${name}/`);
    await sleep(BEFORE_MS);
    server.takePosts();

    const trace = await recordTrace(browser);
    const loaded = new Promise((done) => browser.on('Page.loadEventFired', done));
    await page('Page.navigate', { url: `http://localhost:${server.port}/${name}.html` });
    await atMost(LOAD_MS_MAX, 'the page to load', loaded);
    await sleep(AFTER_LOAD_MS);
    await click(page, '#sort');
    await sleep(AFTER_CLICK_MS);
    const vitals = await evaluate(page, 'bench');
    await hide(browser, page);
    await sleep(AFTER_HIDING_MS);

    const posts = server.takePosts();
    return {
      ...vitals,
      file_bytes: bytes.files,
      requests: bytes.requests,
      posts: posts.length,
      posted_bytes: posts.reduce((sum, length) => sum + length, 0),
      ...(await trace.end()),
    };
  } finally {
    await browser.close();
  }
}

/** Of the collector's own files, with their headers, as they came. */
function countBytes(browser, folder) {
  const own = new Set();
  const bytes = { files: 0, requests: 0 };
  browser.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.includes(folder)) own.add(requestId);
  });
  browser.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!own.has(requestId)) return;
    bytes.files += encodedDataLength;
    bytes.requests++;
  });
  return bytes;
}

/** Another tab in front of it. */
async function hide(browser, page) {
  await browser.send('Target.createTarget', { url: 'about:blank' });
  const state = await evaluate(page, 'document.visibilityState');
  if (state !== 'hidden') throw new Error(`the page is ${state} behind another tab`);
}
