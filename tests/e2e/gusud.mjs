// A gusud on a fresh data directory, at free ports of loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const startMsMax = 30_000;
// Where labels lead; nothing is asked there.
const publicUrl = 'https://id.example.cn';

export async function startServer() {
  const directory = mkdtempSync(join(tmpdir(), 'gusu-e2e-'));
  const data = join(directory, 'data');
  const local = '127.0.0.1:0';
  const flags = ['--data', data, '--grpc', local, '--handle', local, '--http', local];
  const child = spawn(process.env.GUSUD, [...flags, '--public-url', publicUrl], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (part) => (log += part));
  const read = (name) => readFileSync(join(data, name));
  const readText = (name) => read(name).toString().trim();
  const deadline = Date.now() + startMsMax;
  for (;;) {
    try {
      const httpAddress = readText('http.address');
      return {
        grpcAddress: readText('grpc.address'),
        httpAddress,
        url: `http://${httpAddress}`,
        ca: read('tls/ca.crt'),
        token: readText('bureau-admin.token'),
        // The log's key, as it is handed out.
        vkey: readText('log.vkey'),
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
