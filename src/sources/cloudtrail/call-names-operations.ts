// SPDX-License-Identifier: Apache-2.0
import { type CallName, eachCall } from './call-name.ts';
import type { NamedResource } from './named-resources.ts';

// Sources as in call-names-data.ts. Types without a CloudFormation resource (an experiment, a managed instance) are spelled alike.

const alarm: NamedResource = ['AWS::CloudWatch::Alarm', 'cloudwatch:@:$:alarm:*'];
const dashboard: NamedResource = ['AWS::CloudWatch::Dashboard', 'cloudwatch::$:dashboard/*'];
const metricStream: NamedResource = ['AWS::CloudWatch::MetricStream', 'cloudwatch:@:$:metric-stream/*'];
const backupPlan: NamedResource = ['AWS::Backup::BackupPlan', 'backup:@:$:backup-plan:*'];
// The ARN ends in the name and an id that a call does not give.
const restoreTest: NamedResource = ['AWS::Backup::RestoreTestingPlan', '*'];
const pipeline: NamedResource = ['AWS::CodePipeline::Pipeline', 'codepipeline:@:$:*'];
const product: NamedResource = ['AWS::ServiceCatalog::CloudFormationProduct', 'catalog:@:$:product/*'];
// Its ARN is not documented and holds an id beside the name.
const provisionedProduct: NamedResource = ['AWS::ServiceCatalog::CloudFormationProvisionedProduct', '*'];
const instance: NamedResource = ['AWS::EC2::Instance', 'ec2:@:$:instance/*'];
const managedInstance: NamedResource = ['AWS::SSM::ManagedInstance', 'ssm:@:$:managed-instance/*'];
const machine = /^(i-[0-9a-f]+)$/;
const managedMachine = /^(mi-[0-9a-f]+)$/;
const anyArn: NamedResource = ['', ''];

/** Calls of services that build, watch, back up and run things. */
export const operationCalls: Readonly<Record<string, readonly CallName[]>> = {
  'backup.amazonaws.com': [
    ['CreateBackupPlan', 'backupPlanArn', backupPlan],
    ['CreateBackupPlan', 'backupPlan.backupPlanName', ['AWS::Backup::BackupPlan', '*']],
    ['CreateBackupSelection', 'backupSelection.resources[]', anyArn],
    ['CreateRestoreTestingPlan CreateRestoreTestingSelection UpdateRestoreTestingPlan', 'restoreTestingPlanArn', restoreTest],
    ['CreateRestoreTestingPlan', 'restoreTestingPlan.restoreTestingPlanName', restoreTest],
    [eachCall, 'restoreTestingPlanName', restoreTest],
    ['CreateRestoreTestingSelection', 'restoreTestingSelection.protectedResourceArns[]', anyArn],
  ],
  'codebuild.amazonaws.com': [
    ['CreateProject DeleteProject UpdateProject', 'name', ['AWS::CodeBuild::Project', 'codebuild:@:$:project/*']],
  ],
  'codecommit.amazonaws.com': [
    [
      'BatchAssociateApprovalRuleTemplateWithRepositories BatchDisassociateApprovalRuleTemplateFromRepositories',
      'repositoryNames[]',
      ['AWS::CodeCommit::Repository', 'codecommit:@:$:*'],
    ],
  ],
  'codepipeline.amazonaws.com': [
    ['CreatePipeline UpdatePipeline', 'pipeline.name', pipeline],
    ['DeletePipeline StartPipelineExecution', 'name', pipeline],
  ],
  'fis.amazonaws.com': [
    ['StartExperiment', 'experiment.arn', ['AWS::FIS::Experiment', 'fis:@:$:experiment/*']],
    ['StartExperiment', 'experimentTemplateId', ['AWS::FIS::ExperimentTemplate', 'fis:@:$:experiment-template/*']],
  ],
  'logs.amazonaws.com': [
    ['CreateDelivery', 'delivery.arn', ['AWS::Logs::Delivery', 'logs:@:$:delivery:*']],
    ['DeleteDelivery', 'id', ['AWS::Logs::Delivery', 'logs:@:$:delivery:*']],
    ['DeleteDeliverySource PutDeliverySource', 'name', ['AWS::Logs::DeliverySource', 'logs:@:$:delivery-source:*']],
    ['DeleteDeliveryDestination PutDeliveryDestination', 'name', ['AWS::Logs::DeliveryDestination', 'logs:@:$:delivery-destination:*']],
  ],
  'monitoring.amazonaws.com': [
    ['DeleteAlarms DisableAlarmActions EnableAlarmActions', 'alarmNames[]', alarm],
    ['PutDashboard', 'dashboardName', dashboard],
    ['DeleteDashboards', 'dashboardNames[]', dashboard],
    ['DeleteMetricStream PutMetricStream', 'name', metricStream],
    ['StartMetricStreams StopMetricStreams', 'names[]', metricStream],
    ['PutAlarmMuteRule', 'name', ['AWS::CloudWatch::AlarmMuteRule', 'cloudwatch:@:$:alarm-mute-rule:*']],
    ['DeleteAlarmMuteRule', 'alarmMuteRuleName', ['AWS::CloudWatch::AlarmMuteRule', 'cloudwatch:@:$:alarm-mute-rule:*']],
    ['PutAlarmMuteRule', 'muteTargets.alarmNames[]', alarm],
  ],
  'servicecatalog.amazonaws.com': [
    ['ProvisionProduct TerminateProvisionedProduct UpdateProvisionedProduct', 'provisionedProductName', provisionedProduct],
    ['TerminateProvisionedProduct UpdateProvisionedProduct', 'provisionedProductId', provisionedProduct],
    ['CreateProduct', 'productViewDetail.productARN', product],
    ['DeleteProduct UpdateProduct', 'id', product],
    [eachCall, 'productId', product],
    [eachCall, 'portfolioId', ['AWS::ServiceCatalog::Portfolio', 'catalog:@:$:portfolio/*']],
  ],
  'sns.amazonaws.com': [['CreateTopic', 'name', ['AWS::SNS::Topic', 'sns:@:$:*']]],
  'ssm.amazonaws.com': [
    [
      'CreateDocument DeleteDocument ModifyDocumentPermission UpdateDocument UpdateDocumentDefaultVersion',
      'name',
      ['AWS::SSM::Document', 'ssm:@:$:document/*'],
    ],
    // A session's own id begins with its user's name and is not taken.
    ['StartSession', 'target', instance, machine],
    ['StartSession', 'target', managedInstance, managedMachine],
    // sagemaker-cluster:<cluster>_<group>-<instance>: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-run-jobs-slurm-access-nodes.html, read 2026-11
    ['StartSession', 'target', ['AWS::SageMaker::Cluster', 'sagemaker:@:$:cluster/*'], /^sagemaker-cluster:([0-9a-z]+)_/],
    ['SendCommand', 'instanceIds[]', instance, machine],
    ['SendCommand', 'instanceIds[]', managedInstance, managedMachine],
  ],
  'ssm-incidents.amazonaws.com': [['CreateResponsePlan', 'name', ['AWS::SSMIncidents::ResponsePlan', 'ssm-incidents::$:response-plan/*']]],
  'states.amazonaws.com': [['CreateStateMachine', 'name', ['AWS::StepFunctions::StateMachine', 'states:@:$:stateMachine:*']]],
};
