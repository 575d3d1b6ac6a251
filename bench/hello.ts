// The least that a server on Node's http does: the other side of `npm run bench:verify`. Listens on PORT; `/readyz` like
// every other path answers 200.
import { createServer } from 'node:http';

const server = createServer((_req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': '5' });
  res.end('hello');
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
