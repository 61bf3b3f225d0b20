import { useStatus } from '../../state/status-store.ts';

/** How often an open page looks for a new version, milliseconds. */
const CHECK_MS = 3_600_000;

/**
 * Keeps the page's files for work without a connection, by the service worker that the build makes
 * (vite.config.ts). A new version is a notice; the evening goes on until the person agrees to start
 * it again with the new version.
 */
export default function keepOffline(): void {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!import.meta.env.PROD || serviceWorker === undefined) return;
  // Some private windows keep nothing. The page works without it.
  serviceWorker.register('./sw.js').then(
    (registration) => watch(serviceWorker, registration),
    () => undefined,
  );
}

/** A blocked registration is undefined. */
function watch(container: ServiceWorkerContainer, registration: ServiceWorkerRegistration | undefined): void {
  if (registration === undefined) return;
  const offer = () => {
    // On a first visit the new worker replaces none.
    if (registration.waiting === null || container.controller === null) return;
    useStatus
      .getState()
      .notify('version', 'Halfsecond has a new version. To use it, this evening starts again.', {
        text: 'Use it',
        run() {
          container.addEventListener('controllerchange', () => location.reload());
          registration.waiting?.postMessage({ type: 'SKIP_WAITING' });
        },
      });
  };
  offer();
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing;
    fresh?.addEventListener('statechange', () => {
      if (fresh.state === 'installed') offer();
    });
  });
  const check = () => {
    // Without a connection there is nothing to find.
    registration.update().catch(() => undefined);
  };
  setInterval(check, CHECK_MS);
  // A file that is missing may have been replaced.
  window.addEventListener('vite:preloadError', check);
}
