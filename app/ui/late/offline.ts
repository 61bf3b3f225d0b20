import { registerSW } from 'virtual:pwa-register';
import { useStatus } from '../../state/status-store.ts';

/** How often an open page looks for a new version, milliseconds. */
const CHECK_MS = 3_600_000;

/**
 * Keeps the page's files for work without a connection. A new version is a notice; the evening goes
 * on until the person agrees to start it again with the new version.
 */
export default function keepOffline(): void {
  const useNewVersion = registerSW({
    onNeedRefresh: () =>
      useStatus
        .getState()
        .notify('version', 'Halfsecond has a new version. To use it, this evening starts again.', {
          text: 'Use it',
          run() {
            // The plugin reloads only a page that was opened with a service worker.
            navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
            void useNewVersion();
          },
        }),
    onRegisteredSW(_address, registration) {
      if (registration === undefined) return;
      const check = () => {
        // Without a connection there is nothing to find.
        registration.update().catch(() => undefined);
      };
      setInterval(check, CHECK_MS);
      // A file that is missing may have been replaced.
      window.addEventListener('vite:preloadError', check);
    },
    // Some browsers and private windows keep nothing. The page works without it.
    onRegisterError: () => undefined,
  });
}
