import { createContext, useContext } from 'react';
import type { SessionController } from '../state/session.ts';

const SessionContext = createContext<SessionController | null>(null);
export const SessionProvider = SessionContext.Provider;

/** The session that the page was made with. */
export function useSession(): SessionController {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession needs a SessionProvider above it.');
  return session;
}
