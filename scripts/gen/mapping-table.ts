// SPDX-License-Identifier: Apache-2.0
import type { Catalog } from '../../src/catalog/catalog.ts';
import { ruleClaims } from '../../src/catalog/rule-claims.ts';
import { type Strength, strengths } from '../../src/evidence/claim.ts';
import { type SourceId, sourceIds } from '../../src/evidence/observation.ts';
import type { Pack } from '../../src/mapping/pack.ts';

interface Claimed {
  readonly control: string;
  readonly source: SourceId;
  readonly strength: Strength;
}

/** Where an id is too long for the head of a column. */
const shortNames: Readonly<Partial<Record<SourceId, string>>> = {
  cloudtrail: 'CloudTrail',
  securityhub: 'Security Hub',
  macie: 'Macie',
  'sagemaker-model-monitor': 'Model Monitor',
  'sagemaker-clarify': 'Clarify',
};

/** Text of `docs/mapping.md`: what the rules claim of each clause and control, counted. */
export function mappingTable(pack: Pack, catalog: Catalog): string {
  const claims = ruleClaims(pack.rules).map(({ rule, ...claim }) => ({ ...claim, source: rule.source }));
  const clauses = catalog.clauses.filter((clause) => clause.assessable);
  const reasons = [...clauses, ...catalog.controls].flatMap(({ id, no_rule_because: why }) =>
    why === undefined ? [] : [`- **${id}**: ${why}`],
  );
  return `# What the rules claim

Written by \`npm run gen\` from \`mappings/\`. Pack \`${pack.id}\` ${pack.version}, digest \`${pack.digest}\`.

${pack.rules.length} rules make ${claims.length} claims: ${strengths.map((s) => `${count(claims, s)} ${s}`).join(', ')}. A *direct* claim counts alone, a
*partial* one beside other evidence, *context* never counts. Each cell shows how many claims of a source are direct / partial / context. A rule
counts only where its subject is in scope. *Automation* says how far AWS data can reach at all: \`high\`, \`some\`, \`assist\` or \`none\`; the rest
is for people. Rules marked \`ignore\` make no claim and are left out.

## Clauses

${table(clauses, claims)}

## Annex A controls

${table(catalog.controls, claims)}

## Items without a rule

${reasons.join('\n')}
`;
}

function table(items: readonly { id: string; title: string; automation: string }[], claims: readonly Claimed[]): string {
  const head = ['Item', 'Title', 'Automation', ...sourceIds.map((id) => shortNames[id] ?? id)];
  const rows = items.map(({ id, title, automation }) => {
    const own = claims.filter((claim) => claim.control === id);
    const cells = sourceIds.map((source) => cell(own.filter((claim) => claim.source === source)));
    return row([id, title, automation, ...cells]);
  });
  return [row(head), row(head.map(() => '---')), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell(claims: readonly Claimed[]): string {
  return claims.length === 0 ? '' : strengths.map((strength) => count(claims, strength)).join(' / ');
}

function count(claims: readonly Claimed[], strength: Strength): number {
  return claims.filter((claim) => claim.strength === strength).length;
}
