// What of the page is not its own code and takes time to run.
export { createRoot } from 'react-dom/client';
