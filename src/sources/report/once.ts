// SPDX-License-Identifier: Apache-2.0

/** What a key stands for, made once; askers at the same time wait for the same answer. */
export function once<Value>(made: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const known = made.get(key);
  if (known !== undefined) return known;
  const started = make();
  made.set(key, started);
  return started;
}
