// What one would write first: a handler that inserts what it is sent and answers. It is spared the
// decoding; a commit is as durable as rhumb's.
import Database from 'better-sqlite3';
import express from 'express';

const BODY_BYTES_MAX = 65_536;

const database = new Database(process.argv[2]);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('CREATE TABLE beacons (id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, body BLOB NOT NULL)');
const insert = database.prepare('INSERT INTO beacons (received_at, body) VALUES (?, ?)');

const app = express();
app.post('/v1/ingest', express.raw({ type: () => true, limit: BODY_BYTES_MAX }), (request, response) => {
  insert.run(Date.now(), request.body);
  response.sendStatus(204);
});
const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
