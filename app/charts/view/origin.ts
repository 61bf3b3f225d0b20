/** Where saved figures come from: version, link, tick, digest. */
export type Origin = Readonly<Record<string, string>>;

let describe: () => Promise<Origin> = () => Promise.resolve({});

/** Sets what saved files say of their origin. The charts themselves do not know it. */
export function describeOrigin(how: () => Promise<Origin>): void {
  describe = how;
}

export const originNow = (): Promise<Origin> => describe();
