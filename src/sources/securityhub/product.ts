// SPDX-License-Identifier: Apache-2.0

/** Who made a finding. `product` is absent where the finding does not say it in AWS's form. */
export interface Product {
  readonly product?: string;
  readonly vendor: 'aws' | 'partner' | 'custom';
}

const productPath = /^arn:[^:]*:securityhub:[^:]*:[^:]*:product(?:v2)?\/([^/]+)\/([^/]+)/;
const accountId = /^\d{12}$/;

/** Products whose findings rules read as AWS's own; a partner's product of the same name must not pass for one of them. */
const ownNames = new Set(['securityhub', 'macie', 'guardduty', 'inspector', 'access-analyzer', 'config', 'health', 'ssm-patch-manager']);

/** Reads the product out of ASFF `ProductArn` or OCSF `metadata.product.uid` (`…:product/aws/macie`, `…:productv2/aws/macie`). */
export function productOf(productArn: string | undefined): Product {
  const parts = productArn === undefined ? null : productPath.exec(productArn);
  if (parts === null) return { vendor: 'partner' };
  const [, company = '', name = ''] = parts;
  if (company === 'aws' || company === 'amazon') return { product: name, vendor: 'aws' };
  if (accountId.test(company) || name === 'default') return { product: 'custom', vendor: 'custom' };
  return { product: ownNames.has(name) ? `${company}/${name}` : name, vendor: 'partner' };
}
