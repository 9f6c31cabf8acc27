// The page, the collectors and an endpoint that takes whatever a collector posts.
import { createServer } from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const HERO = new URL('../../../web-demo/src/assets/hero.jpg', import.meta.url);
const PAGE = new URL('page/', import.meta.url);

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** As a page of another origin needs it; some vendors ask for credentials. */
const cors = ({ headers }) => ({
  'access-control-allow-origin': headers.origin ?? '*',
  'access-control-allow-credentials': 'true',
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
});

/** Serves until `close`; `takePosts` gives what was posted since it was last called. */
export async function serve(variants, folder) {
  const files = compressed({ ...pageFiles(variants), ...collectorFiles(variants, folder) });
  let posts = [];

  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      posts.push(await lengthOf(request));
      response.writeHead(200, { ...cors(request), 'content-type': 'application/json' }).end('{}');
    } else if (request.method === 'GET' && files[request.url]) {
      const { headers, body } = files[request.url];
      response.writeHead(200, headers).end(body);
    } else {
      response.writeHead(request.method === 'OPTIONS' ? 204 : 404, cors(request)).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));

  return {
    port: server.address().port,
    takePosts: () => posts.splice(0),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function pageFiles(variants) {
  const html = readFileSync(new URL('index.html', PAGE), 'utf8');
  const files = {
    '/page/app.js': readFileSync(new URL('app.js', PAGE)),
    '/page/hero.jpg': readFileSync(HERO),
    '/page/style.css': readFileSync(new URL('style.css', PAGE)),
    '/page/trips.json': JSON.stringify(trips()),
  };
  for (const { name, script } of variants) {
    const tag = script ? `<script ${script} src="/collectors/${name}/index.js"></script>` : '';
    files[`/${name}.html`] = html
      .replace('<!-- variant -->', name)
      .replace('<!-- collector -->', tag);
  }
  return files;
}

function trips() {
  return Array.from({ length: 60 }, (_, i) => ({ name: `Trip ${i + 1}`, price: 90 + ((i * 37) % 60) }));
}

function collectorFiles(variants, folder) {
  const files = {};
  for (const { name } of variants) {
    for (const entry of readdirSync(`${folder}/${name}`, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = `${entry.parentPath}/${entry.name}`;
      files[`/collectors${path.slice(folder.length)}`] = readFileSync(path);
    }
  }
  return files;
}

/** Once, as production does; every load has a new profile, so nothing needs to be cached. */
function compressed(files) {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => {
      const type = extname(path);
      const headers = { 'content-type': TYPES[type], 'cache-control': 'no-store' };
      if (type === '.jpg') return [path, { headers, body: content }];
      const body = brotliCompressSync(content);
      return [path, { headers: { ...headers, 'content-encoding': 'br' }, body }];
    }),
  );
}

async function lengthOf(request) {
  let length = 0;
  for await (const chunk of request) length += chunk.length;
  return length;
}
