// SPDX-License-Identifier: Apache-2.0
import { strengths } from '../evidence/claim.ts';
import { arrayAt, at, isJsonObject, type Json, stringAt } from '../evidence/json.ts';
import { observationKinds, sourceIds } from '../evidence/observation.ts';
import { type Pack, type Rule, rulePolarities, ruleSubjects } from '../mapping/pack.ts';

// Written by hand: this runs at every start, and a zod schema took 10 ms of it for 1,138 rules.
// Patterns were checked when the pack was compiled, are compiled again when it is used, and the digest vouches for them in between.

const texts = ['id', 'title', 'why'] as const;
const choices: readonly (readonly [string, readonly string[]])[] = [
  ['source', sourceIds],
  ['polarity', rulePolarities],
  ['subject', ruleSubjects],
  ['evidence', observationKinds],
];

/** Whether a value has the form of a compiled pack. */
export function isPack(value: Json): value is Json & Pack {
  const named = ['id', 'version', 'digest'].every((name) => stringAt(value, name) !== undefined);
  const rules = arrayAt(value, 'rules');
  return named && isJsonObject(at(value, 'tables')) && rules.length > 0 && rules.every(isRule);
}

function isRule(value: Json): value is Json & Rule {
  if (!texts.every((name) => stringAt(value, name) !== undefined)) return false;
  if (!choices.every(([name, allowed]) => isOneOf(allowed, at(value, name)))) return false;
  const controls = arrayAt(value, 'controls');
  return isJsonObject(at(value, 'pattern')) && controls.length > 0 && controls.every(isClaim);
}

function isClaim(value: Json): boolean {
  const polarity = at(value, 'polarity');
  const isDecided = polarity === undefined || isOneOf(rulePolarities, polarity);
  return stringAt(value, 'control') !== undefined && isOneOf(strengths, at(value, 'strength')) && isDecided;
}

function isOneOf(allowed: readonly string[], value: Json | undefined): boolean {
  return typeof value === 'string' && allowed.includes(value);
}
