// SPDX-License-Identifier: Apache-2.0
// Imports point one way (docs/architecture.md, section 3). A test fails when a file on disk was not seen.
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|lib|lambdas|bin|test|bench|scripts)/', pathNot: allowed },
});
const fsAllowed = '^src/(?!.*/(directory-|sqlite-|key-file-|file-)[^/]*$)(?!catalog/|cli/|runtime/)';

module.exports = {
  forbidden: [
    only('evidence-stands-alone', '^src/evidence/', ['^src/evidence/']),
    only('catalog-reads-mappings', '^src/catalog/', ['^src/(evidence|mapping|catalog)/']),
    only('mapping-is-pure', '^src/mapping/', ['^src/(evidence|catalog|mapping)/']),
    only('sources-know-no-store', '^src/sources/', ['^src/(evidence|sources)/']),
    only('vault-knows-evidence', '^src/vault/', ['^src/(evidence|vault)/', '^src/ledger/merkle\\.ts$']),
    only('ledger-knows-vault', '^src/ledger/', ['^src/(evidence|vault|ledger)/']),
    only('index-knows-vault', '^src/evidence-index/', ['^src/(evidence|vault|evidence-index)/', '^src/sources/source\\.ts$']),
    only('sample-stands-alone', '^src/sample/', ['^src/(evidence|sample)/']),
    only('collect-wires-nothing', '^src/collect/', ['^src/(evidence|mapping|catalog|sources|vault|ledger|evidence-index|collect)/']),
    only('posture-is-pure', '^src/posture/', ['^src/(evidence|catalog|mapping|evidence-index|posture)/']),
    only('runtime-is-below-cli', '^src/runtime/', [
      '^src/(evidence|mapping|catalog|sources|vault|ledger|evidence-index|collect|posture|sample|runtime)/',
    ]),
    only('lib-reads-declarations', '^lib/', ['^lib/', '^src/sources/', '^src/runtime/deployment/']),
    only('bin-only-starts', '^bin/', ['^(bin|lib)/', '^src/(cli|runtime)/']),
    only('lambdas-are-thin', '^lambdas/', ['^src/(sources|runtime)/']),
    {
      name: 'nobody-imports-entry-points-or-tests',
      severity: 'error',
      from: { path: '^(src|lib)/' },
      to: { path: '^(lambdas|bin|test|bench|scripts)/' },
    },
    {
      name: 'aws-sdk-only-in-sources-and-adapters',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sources|runtime)/|/(s3|dynamodb|kms)-[^/]*$' },
      to: { path: 'node_modules/@aws-sdk' },
    },
    { name: 'files-only-in-directory-adapters', severity: 'error', from: { path: fsAllowed }, to: { path: '^(node:)?fs(/promises)?$' } },
    {
      name: 'cdk-only-in-lib',
      severity: 'error',
      from: { path: '^(src|lambdas)/|^bin/(?!app\\.ts$)' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
