import type { ComponentType } from 'react';
import type { SessionController } from '../state/session.ts';
import { App, type AppProps } from '../ui/App.tsx';
import { hideControls } from './controls.ts';
import { embedOf } from './Embed.tsx';
import { showOf } from './ShowPage.tsx';

/**
 * The page that a link asks for before its "#": `embed` one instrument, `stage` a show, `hide`
 * controls. Starts the engine, except for an instrument that nobody sees yet.
 */
export default function openShow(
  asked: URLSearchParams,
  session: SessionController,
): ComponentType<AppProps> {
  const hide = asked.get('hide');
  if (hide !== null) hideControls(hide);
  const embed = asked.get('embed');
  if (embed !== null) return embedOf(embed);
  const stage = asked.get('stage');
  if (stage !== null) return showOf(stage, Number(asked.get('scene') ?? 1), session);
  session.launch();
  return App;
}
