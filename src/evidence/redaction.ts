// SPDX-License-Identifier: Apache-2.0
import type { MemberFilter } from './canonical-bytes.ts';
import { isJsonObject, type Json } from './json.ts';
import { KeyOrders } from './key-order.ts';
import { type ScannedValue, scanJson } from './scan-json.ts';

/** Where a secret was taken out: a JSON Pointer (RFC 6901) into `detail`, and the rule that says why. */
export interface Redaction {
  readonly path: string;
  readonly rule: RedactionRuleId;
}

/** Rules of redaction: a member whose name names a secret, and every value of a map of environment variables or hyperparameters. */
export type RedactionRuleId = 'secret-name' | 'environment' | 'hyperparameters';

// Names of AWS request and response members that carry secrets (API references of STS, IAM, Secrets Manager, RDS, Redshift, Cognito, ECR, EC2,
// Directory Service, Lightsail, Transfer, App Mesh; read 2026-11). Compared in lower case. AWS hides most of them itself, but not all and not always.
const secretNames = new Set(
  `password masteruserpassword newpassword oldpassword currentpassword previouspassword proposedpassword temporarypassword userpassword adminpassword
  adminuserpassword databasepassword dbpassword ssopassword radiussharedsecret sharedsecret presharedkey secretstring secretbinary secretaccesskey
  secretkey secretvalue clientsecret clientsecretvalue sessiontoken securitytoken authtoken authorizationtoken oauthtoken accesstoken refreshtoken
  idtoken bearertoken webidentitytoken samlassertion tokenvalue apikeyvalue apikey privatekey privatekeyplaintext keymaterial
  encryptedkeymaterial passphrase plaintext userdata connectionstring connectionpassword parametervalue personalaccesstoken webhooksecret
  authparameters authorization credentialpair mfacode authenticationcode1 authenticationcode2 tokencode`.split(/\s+/),
);

const mapNames = new Map<string, RedactionRuleId>([
  ['environment', 'environment'],
  ['environmentvariables', 'environment'],
  ['containerenvironment', 'environment'],
  ['environmentvariablesoverride', 'environment'],
  ['hyperparameters', 'hyperparameters'],
  ['statichyperparameters', 'hyperparameters'],
]);

// What AWS writes where it hid a value itself: marking that as ours would be untrue.
const hiddenByAws = /^(\*+|HIDDEN_DUE_TO_SECURITY_REASONS|Value hidden due to security reasons\.?|sensitiveDataRemoved|<sensitive.*>)$/i;

/** Text that stands where a secret stood. */
function redactionMark(rule: RedactionRuleId): string {
  return `[redacted: ${rule}]`;
}

function ruleFor(name: string): RedactionRuleId | null {
  const lower = name.toLowerCase();
  return secretNames.has(lower) ? 'secret-name' : (mapNames.get(lower) ?? null);
}

const orders = new KeyOrders((name) => ruleFor(name) !== null);

/** A redactor for one item: give it to `canonicalBytes`, then read what it took out. */
export class Redactor implements MemberFilter {
  readonly redactions: Redaction[] = [];
  readonly orders = orders;

  replace(name: string, value: Json, path: readonly string[]): Json {
    const rule = ruleFor(name);
    if (rule === null) return value;
    return rule === 'secret-name' ? this.#mask(value, rule, [...path, name]) : this.#maskMap(value, rule, [...path, name]);
  }

  #mask(value: Json, rule: RedactionRuleId, path: readonly string[]): Json {
    if (value === null || typeof value === 'boolean' || value === '') return value;
    if (typeof value === 'string' && hiddenByAws.test(value)) return value;
    const at = pointer(path);
    // A map within a map is met twice on the walk, and holds marks by then.
    if (!this.redactions.some((redaction) => redaction.path === at)) this.redactions.push({ path: at, rule });
    return redactionMark(rule);
  }

  // An environment is a map of names to values (SageMaker), holds one under `variables` (Lambda), or is a list of {name, value} (ECS, CodeBuild).
  #maskMap(value: Json, rule: RedactionRuleId, path: readonly string[]): Json {
    if (Array.isArray(value)) return value.map((entry: Json, i) => this.#maskPair(entry, rule, [...path, String(i)]));
    if (!isJsonObject(value)) return value;
    const inner = Object.keys(value).find((name) => ['variables', 'environmentvariables'].includes(name.toLowerCase()));
    if (inner !== undefined) return { ...value, [inner]: this.#maskMap(value[inner] ?? null, rule, [...path, inner]) };
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, typeof entry === 'string' ? this.#mask(entry, rule, [...path, name]) : entry]),
    );
  }

  #maskPair(entry: Json, rule: RedactionRuleId, path: readonly string[]): Json {
    if (!isJsonObject(entry)) return entry;
    const name = Object.keys(entry).find((key) => key.toLowerCase() === 'value');
    return name === undefined ? entry : { ...entry, [name]: this.#mask(entry[name] ?? null, rule, [...path, name]) };
  }
}

/** Takes secrets out of text that has no lossless JSON form: wider than `Redactor`, since it sees names only. */
export function redactText(text: string): { readonly text: string; readonly redactions: readonly Redaction[] } {
  const redactions: Redaction[] = [];
  let out = '';
  let from = 0;
  scanJson(text, (value: ScannedValue) => {
    if (value.token === 'literal') return;
    const rule = value.path.map(ruleFor).find((found) => found !== null);
    if (rule === undefined || rule === null || hiddenByAws.test(text.slice(value.start + 1, value.end - 1))) return;
    redactions.push({ path: pointer(value.path), rule });
    out += text.slice(from, value.start) + JSON.stringify(redactionMark(rule));
    from = value.end;
  });
  return { text: out + text.slice(from), redactions };
}

function pointer(path: readonly string[]): string {
  return path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
