// SPDX-License-Identifier: Apache-2.0
import { type CallName, eachCall } from './call-name.ts';
import type { NamedResource } from './named-resources.ts';

// Forms of ARNs: Service Authorization Reference, as of 2026-04; members: the services' API models of botocore 1.43, as CloudTrail spells them, with a small
// first letter. Types without a CloudFormation resource (an image, a job of Data Exchange) are spelled alike.

const glue = (type: string, path: string): NamedResource => [`AWS::Glue::${type}`, `glue:@:$:${path}/*`];
const database = glue('Database', 'database');
const table = glue('Table', 'table');
const crawler = glue('Crawler', 'crawler');
const ruleset = glue('DataQualityRuleset', 'dataQualityRuleset');
const catalog: NamedResource = ['AWS::Glue::Catalog', 'glue:@:$:catalog'];
const snapshot: NamedResource = ['AWS::EC2::Snapshot', 'ec2:@::snapshot/*'];
const image: NamedResource = ['AWS::EC2::Image', 'ec2:@::image/*'];
const instance: NamedResource = ['AWS::EC2::Instance', 'ec2:@:$:instance/*'];
const vpc: NamedResource = ['AWS::EC2::VPC', 'ec2:@:$:vpc/*'];
const dataBrew = (type: string, path: string): NamedResource => [`AWS::DataBrew::${type}`, `databrew:@:$:${path}/*`];
const anyArn: NamedResource = ['', ''];

/** A table of the Data Catalog and the database it is in. */
function tableAt(calls: string, at: string, name: string): readonly CallName[] {
  return [
    [calls, `${at}databaseName`, database],
    [calls, `${at}(databaseName ${name})`, table],
  ];
}

/** What a grant or a tag of Lake Formation is on: all but a location are things of Glue's Data Catalog and have its ARNs. */
function lakeResource(calls: string, at: string): readonly CallName[] {
  return [
    [calls, `${at}database.name`, database],
    ...tableAt(calls, `${at}table.`, 'name'),
    ...tableAt(calls, `${at}tableWithColumns.`, 'name'),
    ...tableAt(calls, `${at}dataCellsFilter.`, 'tableName'),
    [calls, `${at}dataLocation.resourceArn`, anyArn],
  ];
}

const glueCalls: readonly CallName[] = [
  ['CreateDatabase', 'databaseInput.name', database],
  ['DeleteDatabase UpdateDatabase', 'name', database],
  ['CreateTable UpdateTable', '(databaseName tableInput.name)', table],
  ['DeleteTable', '(databaseName name)', table],
  ['CreateJob', 'name', glue('Job', 'job')],
  ['CreateCrawler DeleteCrawler StartCrawler StopCrawler UpdateCrawler', 'name', crawler],
  ['CreateDataQualityRuleset DeleteDataQualityRuleset UpdateDataQualityRuleset', 'name', ruleset],
  ...tableAt('CreateDataQualityRuleset', 'targetTable.', 'tableName'),
  ['StartDataQualityRulesetEvaluationRun', 'rulesetNames[]', ruleset],
  ...tableAt('StartDataQualityRulesetEvaluationRun', 'dataSource.glueTable.', 'tableName'),
  ...tableAt('StartDataQualityRulesetEvaluationRun', 'dataSource.dataQualityGlueTable.', 'tableName'),
  ...tableAt(eachCall, '', 'tableName'),
  ['DeleteResourcePolicy PutResourcePolicy', 'resourceArn', anyArn],
  ['DeleteResourcePolicy PutDataCatalogEncryptionSettings PutResourcePolicy', '', catalog],
];

const instanceCalls = 'RebootInstances RunInstances StartInstances StopInstances TerminateInstances';

/** Calls of services that hold data, share it or compute on it. */
export const dataCalls: Readonly<Record<string, readonly CallName[]>> = {
  'aoss.amazonaws.com': [
    ['CreateCollection', 'createCollectionDetail.arn', ['AWS::OpenSearchServerless::Collection', 'aoss:@:$:collection/*']],
    ['DeleteCollection UpdateCollection', 'id', ['AWS::OpenSearchServerless::Collection', 'aoss:@:$:collection/*']],
  ],
  'cleanrooms.amazonaws.com': [
    ['CreateMembership', 'membership.arn', ['AWS::CleanRooms::Membership', 'cleanrooms:@:$:membership/*']],
    [eachCall, 'membershipIdentifier', ['AWS::CleanRooms::Membership', 'cleanrooms:@:$:membership/*']],
    ['CreateMembership', 'membership.collaborationArn', ['AWS::CleanRooms::Collaboration', 'cleanrooms:@:$:collaboration/*']],
    // The request does not say whose collaboration is joined.
    ['CreateMembership', 'collaborationIdentifier', ['AWS::CleanRooms::Collaboration', '*']],
    ['CreateCollaboration', 'collaboration.arn', ['AWS::CleanRooms::Collaboration', 'cleanrooms:@:$:collaboration/*']],
    ['DeleteCollaboration', 'collaborationIdentifier', ['AWS::CleanRooms::Collaboration', 'cleanrooms:@:$:collaboration/*']],
  ],
  'databrew.amazonaws.com': [
    ['CreateDataset DeleteDataset UpdateDataset', 'name', dataBrew('Dataset', 'dataset')],
    ['CreateProject DeleteProject UpdateProject', 'name', dataBrew('Project', 'project')],
    ['BatchDeleteRecipeVersion CreateRecipe DeleteRecipeVersion PublishRecipe UpdateRecipe', 'name', dataBrew('Recipe', 'recipe')],
    ['CreateRuleset DeleteRuleset UpdateRuleset', 'name', dataBrew('Ruleset', 'ruleset')],
    ['CreateProfileJob CreateRecipeJob DeleteJob StartJobRun StopJobRun UpdateProfileJob UpdateRecipeJob', 'name', dataBrew('Job', 'job')],
  ],
  'dataexchange.amazonaws.com': [['CancelJob StartJob', 'jobId', ['AWS::DataExchange::Job', 'dataexchange:@:$:jobs/*']]],
  'ec2.amazonaws.com': [
    ['ModifySnapshotAttribute ResetSnapshotAttribute', 'snapshotId', snapshot],
    ['ModifyImageAttribute ResetImageAttribute', 'imageId', image],
    [instanceCalls, 'instancesSet.items[].instanceId', instance],
    ['RunInstances', 'instancesSet.items[].imageId', image],
    ['CreateVpcEndpoint', 'CreateVpcEndpointResponse.vpcEndpoint.vpcEndpointId', ['AWS::EC2::VPCEndpoint', 'ec2:@:$:vpc-endpoint/*']],
    ['CreateVpcEndpoint', 'CreateVpcEndpointRequest.VpcId', vpc],
    ['CreateVpcEndpoint', 'vpcId', vpc],
  ],
  'glue.amazonaws.com': glueCalls,
  'lakeformation.amazonaws.com': [
    ...lakeResource('AddLFTagsToResource GrantPermissions RemoveLFTagsFromResource RevokePermissions', 'resource.'),
    ...lakeResource('BatchGrantPermissions BatchRevokePermissions', 'entries[].resource.'),
    ...tableAt('CreateDataCellsFilter UpdateDataCellsFilter', 'tableData.', 'tableName'),
    ...tableAt('DeleteDataCellsFilter', '', 'tableName'),
  ],
  'ram.amazonaws.com': [
    ['CreateResourceShare', 'resourceShare.resourceShareArn', ['AWS::RAM::ResourceShare', 'ram:@:$:resource-share/*']],
    [
      'AcceptResourceShareInvitation RejectResourceShareInvitation',
      'resourceShareInvitation.resourceShareArn',
      ['AWS::RAM::ResourceShare', 'ram:@:$:resource-share/*'],
    ],
  ],
};
