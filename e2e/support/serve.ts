import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';

/**
 * Serves the page in a process of its own until `stop()` is called. `start` runs `npm start`;
 * `preview` serves the built page.
 */
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
      // The whole process group: npm and npx leave the server behind if only they are killed.
      if (child.exitCode !== null || child.pid === undefined) resolve();
      else process.kill(-child.pid, 'SIGTERM');
    });
  while (!(await answers(port))) {
    if (child.exitCode !== null)
      throw new Error(`the server of ${mode} ended with exit code ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url: `http://localhost:${port}`, stop };
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
