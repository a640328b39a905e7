// A gusud on a fresh data directory, at a free port of loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const startMsMax = 30_000;

export async function startServer() {
  const directory = mkdtempSync(join(tmpdir(), 'gusu-node-'));
  const data = join(directory, 'data');
  const options = ['--data', data, '--grpc', '127.0.0.1:0', '--handle', 'off', '--http', '127.0.0.1:0'];
  const child = spawn(process.env.GUSUD, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (part) => (log += part));
  const read = (name) => readFileSync(join(data, name));
  const deadline = Date.now() + startMsMax;
  for (;;) {
    try {
      const address = read('grpc.address').toString().trim();
      return {
        address,
        httpAddress: read('http.address').toString().trim(),
        ca: read('tls/ca.crt'),
        token: read('bureau-admin.token').toString().trim(),
        // Resolves with the exit code.
        async stop() {
          const ended = once(child, 'exit');
          child.kill('SIGTERM');
          const [code] = await ended;
          rmSync(directory, { recursive: true });
          return code;
        },
      };
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`gusud does not listen: ${error}\n${log}`);
      }
      await wait(10);
    }
  }
}
