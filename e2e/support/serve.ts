import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';

/** A server of the page in a process of its own, stopped by `stop()`. `mode` 'start' is what `npm start` runs; 'preview' serves the built page. */
export async function serve(
  mode: 'start' | 'preview',
  port: number,
): Promise<{ url: string; stop(): Promise<void> }> {
  const args =
    mode === 'start'
      ? ['run', '-s', 'start', '--', '--port', String(port)]
      : ['vite', 'preview', '--port', String(port)];
  const child: ChildProcess = spawn(mode === 'start' ? 'npm' : 'npx', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      // The whole group: npm and npx leave the server itself behind when only they are killed.
      if (child.exitCode !== null || child.pid === undefined) resolve();
      else process.kill(-child.pid, 'SIGTERM');
    });
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (child.exitCode !== null) throw new Error(`the server of ${mode} ended with ${child.exitCode}`);
    if (await answers(port)) return { url: `http://localhost:${port}`, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`no server on port ${port} within 60 s`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
