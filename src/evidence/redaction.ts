// SPDX-License-Identifier: Apache-2.0
import type { MemberFilter } from './canonical-bytes.ts';
import { maxJsonDepth, tooDeep } from './canonical-json.ts';
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

// Names of AWS request and response members that carry secrets: those that the service models mark sensitive (botocore 1.43.11, read 2026-11) and
// some more of the API references. Compared in lower case without - and _. AWS hides most of them itself, but not all and not always.
const secretNames = new Set(
  `apikey apikeysecret apikeyvalue apisecretkey appsecret assertion authcode authenticationcode1 authenticationcode2 authorization authorizationcode
  authorizationsignature authparameters basicauthcredentials bearertoken clitoken codeverifier connectionstring credentialpair devicetoken
  encryptedkeymaterial idtoken identitytoken jointoken keymaterial maccredentials mfacode oauthtoken otp parametervalue passworddata plaintext
  privatekeyplaintext procurementportalsharedsecret refreshtoken samlassertion secret secretbinary secretcode secrethash secretkey secretstring
  secrettoauthenticateinitiator secrettoauthenticatetarget secretvalue servicecredentialsecret token tokencode tokenvalue tradeintoken
  uploadpolicysignature userdata usertoken voipdevicetoken walletsecret webhooksecret webidentitytoken webtoken wrappedkeymaterial xamzsignature`.split(
    /\s+/,
  ),
);

// AWS and its users put words before these: MasterUserPassword, --db_password, x-amz-server-side-encryption-customer-key.
const secretEnding =
  /(?:password|passphrase|privatekey|clientsecret|clientsecretvalue|sharedsecret|presharedkey|secretaccesskey|accesstoken|authtoken|authorizationtoken|jwttoken|securitytoken|sessiontoken|workloadidentitytoken|customerkey)$/;

// Members that hold environment variables or hyperparameters as a map, as pairs, or as ranges of them (the same models).
const environments = `environment environmentvariables additionalenvironmentvariables containerenvironment containerenvironmentvariables env
  environmentoverride environmentparameterranges environmentparameters environmentvariablesoverride exportedenvironmentvariables
  optimizationenvironment overrideenvironment runtimeenvironmentvariables`;
const hyperparameters = `hyperparameters algorithmhyperparameters defaulthyperparameters statichyperparameters textgenerationhyperparameters
  tunedhyperparameters`;
const mapNames = new Map<string, RedactionRuleId>([
  ...environments.split(/\s+/).map((name) => [name, 'environment'] as const),
  ...hyperparameters.split(/\s+/).map((name) => [name, 'hyperparameters'] as const),
]);

// What stands beside the variables in an environment of Lambda and CodeBuild; all else that is text there is a variable.
const besideVariables: ReadonlySet<string> = new Set(
  'error type image computeType computeConfiguration certificate imagePullCredentialsType privilegedMode fleet dockerServer registryCredential'.split(
    ' ',
  ),
);

// What AWS writes where it hid a value itself: marking that as ours would be untrue.
const hiddenByAws = /^(\*+|HIDDEN_DUE_TO_SECURITY_REASONS|Value hidden due to security reasons\.?|sensitiveDataRemoved|<sensitive.*>)$/i;

/** Text that stands where a secret stood. */
function redactionMark(rule: RedactionRuleId): string {
  return `[redacted: ${rule}]`;
}

function ruleFor(name: string): RedactionRuleId | null {
  const plain = name.toLowerCase().replace(/[-_]/g, '');
  return secretNames.has(plain) || secretEnding.test(plain) ? 'secret-name' : (mapNames.get(plain) ?? null);
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

  // An environment is a map of names to values (SageMaker), holds one under `variables` (Lambda), or is a list of {name, value} (ECS, CodeBuild) or
  // {name, value: [...]} (ranges that SageMaker tries).
  #maskMap(value: Json, rule: RedactionRuleId, path: readonly string[]): Json {
    if (Array.isArray(value)) return value.map((entry: Json, i) => this.#maskPair(entry, rule, [...path, String(i)]));
    if (!isJsonObject(value)) return value;
    // A map within a map within a map: whoever writes the value throws at the same depth, and the text is kept.
    if (path.length >= maxJsonDepth) throw tooDeep();
    const holdsMap = Object.entries(value).some(([name, entry]) => isVariables(name) && typeof entry === 'object' && entry !== null);
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([name, entry]) => [name, this.#maskEntry(entry ?? null, rule, [...path, name], holdsMap)]));
  }

  #maskEntry(entry: Json, rule: RedactionRuleId, path: readonly string[], holdsMap: boolean): Json {
    const name = path.at(-1) ?? '';
    if (Array.isArray(entry) || (holdsMap && isVariables(name))) return this.#maskMap(entry, rule, path);
    if (typeof entry !== 'string' || (holdsMap && besideVariables.has(name))) return entry;
    return this.#mask(entry, rule, path);
  }

  #maskPair(entry: Json, rule: RedactionRuleId, path: readonly string[]): Json {
    if (!isJsonObject(entry)) return entry;
    const name = Object.keys(entry).find((key) => key.toLowerCase() === 'value');
    return name === undefined ? entry : { ...entry, [name]: this.#mask(entry[name] ?? null, rule, [...path, name]) };
  }
}

function isVariables(name: string): boolean {
  return ['variables', 'environmentvariables'].includes(name.toLowerCase());
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
