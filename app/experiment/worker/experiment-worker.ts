import { expose } from 'comlink';
import { perform, type Job } from '../../../src/experiment/jobs/perform.ts';
import { ModelCache } from '../../engine/model-cache.ts';

let base = '';
const models = new ModelCache(() => base);

const api = {
  /** Does a job; `page` is the address beside which the weights lie. */
  perform(job: Job, page: string): Promise<object> {
    base = page;
    return perform(job, {
      towers: () => models.towers(),
      families: (scorers) => models.families(scorers),
    });
  },
};

/** What the page may ask of a worker of the experiment room. */
export type ExperimentApi = typeof api;

expose(api);
