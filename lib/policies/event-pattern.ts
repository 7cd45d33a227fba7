// SPDX-License-Identifier: Apache-2.0

/** Characters of a pattern that EventBridge takes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html, read 2026-11. */
const mostCharacters = 2_048;

/** A pattern as EventBridge takes it. Throws at synth, where a deploy would fail half-way. */
export function requirePattern(pattern: unknown): unknown {
  const { length } = JSON.stringify(pattern);
  if (length > mostCharacters) throw new Error(`an event pattern has ${length} characters, and EventBridge takes ${mostCharacters}`);
  return pattern;
}
