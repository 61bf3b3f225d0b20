import type { RunRecord } from './run-link.ts';

/** The run as a BibTeX entry. */
export function bibtex({ link, digest, tick, backend, version }: RunRecord, name: string): string {
  const plain = name.replaceAll(/[{}\\%#&$_^~]/g, ' ').trim();
  return [
    `@misc{halfsecond-${digest.slice(0, 8)},`,
    `  author = {{The Halfsecond authors}},`,
    `  title = {Halfsecond, a laboratory for real-time reciprocal matching: ${plain}},`,
    `  note = {Version ${version}, ${tick} ticks on the ${backend.toUpperCase()}, digest ${digest}},`,
    `  howpublished = {\\url{${link}}},`,
    `}`,
  ].join('\n');
}

/** How other tools load the event log: here, the mean length of the chats. */
export const snippets: readonly { readonly tool: string; readonly text: string }[] = [
  {
    tool: 'DuckDB',
    text: `SELECT avg(seconds) FROM 'halfsecond-events.parquet' WHERE event = 'chat';\n-- CSV: read_csv('halfsecond-events.csv', comment = '#')`,
  },
  {
    tool: 'pandas',
    text: `import pandas as pd\nlog = pd.read_parquet('halfsecond-events.parquet')\n# CSV: pd.read_csv('halfsecond-events.csv', comment='#')\nlog[log.event == 'chat'].seconds.mean()`,
  },
  {
    tool: 'R',
    text: `library(arrow)\nlog <- read_parquet("halfsecond-events.parquet")\n# CSV: read.csv("halfsecond-events.csv", comment.char = "#")\nmean(log$seconds[log$event == "chat"])`,
  },
  {
    tool: 'Observable',
    text: `db = DuckDBClient.of({log: FileAttachment("halfsecond-events.parquet")})\ndb.query("SELECT avg(seconds) FROM log WHERE event = 'chat'")`,
  },
];
