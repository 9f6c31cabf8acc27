// A Chromium of its own, spoken to through a pipe.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost } from './wait.js';

const ANSWER_MS_MAX = 30_000;
const EXIT_MS_MAX = 5000;

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--disable-component-update',
  '--disable-background-networking',
  '--no-first-run',
  '--window-size=1200,900',
  // Nothing leaves this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--remote-debugging-pipe',
];

/** Starts one with an empty profile, for which other programs wait. */
export function launch(chromium, { takesPrecedence = true } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'rhumb-bench-'));
  const child = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // A session is what Linux shares the processor by. Chromium ends when the pipe does.
    detached: true,
  });
  if (takesPrecedence) takePrecedence(child.pid);
  const ended = new Promise((done) => child.once('exit', done));
  const pipe = connect(child.stdio[3], child.stdio[4]);
  child.once('error', pipe.fail);
  child.once('exit', () => pipe.fail(new Error('Chromium has ended')));

  return {
    send: pipe.send,
    on: pipe.on,
    async close() {
      pipe.send('Browser.close').catch(() => {});
      await atMost(EXIT_MS_MAX, 'Chromium to end', ended).catch(() => child.kill('SIGKILL'));
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Throttling multiplies the time that other programs take, so they had better wait. Only root may. */
function takePrecedence(pid) {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, '-10');
  } catch {}
}

/** The DevTools protocol: JSON messages, a zero byte behind each. */
function connect(input, output) {
  const waiting = new Map();
  const listeners = new Map();
  let parts = [];
  let lastId = 0;

  output.on('data', (chunk) => {
    for (let end; (end = chunk.indexOf(0)) >= 0; chunk = chunk.subarray(end + 1)) {
      receive(JSON.parse(Buffer.concat([...parts, chunk.subarray(0, end)])));
      parts = [];
    }
    parts.push(chunk);
  });

  function receive({ id, result, error, method, params }) {
    if (method) return listeners.get(method)?.(params);
    const { resolve, reject, sent } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(`${sent}: ${error.message}`));
    else resolve(result);
  }

  return {
    send(sent, params = {}, sessionId) {
      const id = ++lastId;
      const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject, sent }));
      input.write(`${JSON.stringify({ id, method: sent, params, sessionId })}\0`);
      return atMost(ANSWER_MS_MAX, sent, answer);
    },
    on: (method, listener) => listeners.set(method, listener),
    fail(error) {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
}
