// SPDX-License-Identifier: Apache-2.0
import { cloudTrailService } from './cloudtrail.ts';
import { macieService } from './macie.ts';
import { organizationsService } from './organizations.ts';
import { s3Service } from './s3.ts';
import { sageMakerService } from './sagemaker.ts';
import type { SampleService } from './sample-service.ts';
import { securityHubService } from './securityhub.ts';
import { stsService } from './sts.ts';

/** Every AWS service of the sample organisation, by signing name. */
export const sampleServices: Readonly<Record<string, SampleService>> = {
  cloudtrail: cloudTrailService,
  macie2: macieService,
  organizations: organizationsService,
  s3: s3Service,
  sagemaker: sageMakerService,
  securityhub: securityHubService,
  sts: stsService,
};
