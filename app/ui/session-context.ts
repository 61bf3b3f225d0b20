import { createContext, useContext } from 'react';
import type { SessionController } from '../state/session.ts';

const SessionContext = createContext<SessionController | null>(null);
export const SessionProvider = SessionContext.Provider;

/** The session of this page. */
export function useSession(): SessionController {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession needs a SessionProvider above it.');
  return session;
}
