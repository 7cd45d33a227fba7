// SPDX-License-Identifier: Apache-2.0
import type { GapReason } from '../evidence/gap.ts';

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What closes the gap of a failed call, where its source knows no better. `what` is the IAM action, such as `securityhub:GetFindings`. */
export function remedyOf(what: string, failure: Failure, reason: GapReason): string {
  switch (reason) {
    case 'denied':
      return isAboutCredentials(failure.code) ? credentialsRemedy(failure.code) : deniedRemedy(what, failure.message);
    case 'off':
      return 'switch the service on there, or leave it out of the collection';
    case 'not-configured':
      return 'name what is missing in the configuration, and collect again';
    case 'unsupported':
      return 'leave the Region out of the collection where AWS does not offer this there; else update aims';
    case 'throttled':
      return 'collect again later: it passes by itself';
    case 'malformed':
      return 'collect again, and report it where it stays so';
    case 'unavailable':
    case 'interrupted':
      return 'collect again; where it stays so, what AWS said tells why';
  }
}

const credentialCodes =
  /expired|invalidclienttoken|unrecognizedclient|optinrequired|signaturedoesnotmatch|invalidaccesskey|authfailure|credentialsprovider/i;

function isAboutCredentials(code: string): boolean {
  return credentialCodes.test(code);
}

function credentialsRemedy(code: string): string {
  if (/expired/i.test(code)) return 'sign in again, as the credentials had expired, and collect again';
  return 'check the credentials, and that the account has the Region switched on; then collect again';
}

/**
 * The words of a refusal name who asked, for what, and which policy stood in the way:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html (read 2026-11).
 */
function deniedRemedy(what: string, message: string): string {
  const action = actionOf(what, message);
  const who = whoAsked(message);
  const [, denying] = /explicit deny in an? ([a-z -]+? polic(?:y|ies)|permissions boundary)/i.exec(message) ?? [];
  if (denying !== undefined) {
    const byOrganisation = /^(?:service|resource) control/i.test(denying);
    return `lift the deny of ${action} for ${who} in the ${denying}${byOrganisation ? ', which the organisation keeps, or leave the Region out of the collection' : ''}`;
  }
  const [, silent] = /no ([a-z -]+? policy|permissions boundary) allows/i.exec(message) ?? [];
  if (silent !== undefined) return `allow ${action} to ${who} in its ${silent}`;
  const ownersToo = action.startsWith('s3:') ? ', and where another account owns the bucket, in the bucket policy too' : '';
  return `allow ${action} to ${who}${ownersToo}`;
}

// AWS may name another action than the one that was called (kms:Decrypt for an object), or a whole service, which is more than is needed.
function actionOf(what: string, message: string): string {
  const [, named] = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)(?![A-Za-z0-9*])/.exec(message) ?? [];
  return named ?? what;
}

function whoAsked(message: string): string {
  const [, account, kind, rest = ''] = /User: arn:[a-z-]+:(?:iam|sts)::(\d{12}):(assumed-role|role|user)\/([^\s,]+)/.exec(message) ?? [];
  if (account === undefined) return 'the identity that collects';
  // A session's name stands behind its role's; a path stands before the name of a role or user.
  const name = kind === 'assumed-role' ? rest.split('/')[0] : rest.split('/').at(-1);
  return `${kind === 'user' ? 'user' : 'role'} ${name} of account ${account}`;
}
