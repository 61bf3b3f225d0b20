import { LabError } from '../base/errors.ts';

/**
 * The GPU device went away (driver reset, sleep, a crash in another page). The caller opens a new
 * device and repeats the tick.
 */
export class DeviceLostError extends LabError {
  constructor(readonly reason: string) {
    super(`the GPU device was lost (${reason}); open a new one and repeat the tick`);
  }
}
