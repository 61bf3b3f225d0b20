/** The part of vite-plugin-pwa that the page uses; its own types bring those of Node's bundlers. */
declare module 'virtual:pwa-register' {
  export function registerSW(options: {
    onNeedRefresh(): void;
    onRegisteredSW(address: string, registration: ServiceWorkerRegistration | undefined): void;
    onRegisterError(error: unknown): void;
  }): () => Promise<void>;
}
