// SPDX-License-Identifier: Apache-2.0

/** How a request member names a resource: its CloudFormation type, and its ARN after `arn:partition:` (`$` account, `@` Region, `*` the name, `~` the name in lower case); `*` alone where AWS has no one form. */
export type NamedResource = readonly [type: string, arn: string];

const sageMaker = (type: string, path: string): NamedResource => [`AWS::SageMaker::${type}`, `sagemaker:@:$:${path}/~`];
const bedrock = (type: string, path: string): NamedResource => [`AWS::Bedrock::${type}`, `bedrock:@:$:${path}/*`];
const agentCore = (type: string, path: string): NamedResource => [`AWS::BedrockAgentCore::${type}`, `bedrock-agentcore:@:$:${path}/*`];
const bucket: NamedResource = ['AWS::S3::Bucket', 's3:::*'];
const logGroup: NamedResource = ['AWS::Logs::LogGroup', 'logs:@:$:log-group:*'];

const sageMakerMembers: Readonly<Record<string, NamedResource>> = {
  appImageConfigName: sageMaker('AppImageConfig', 'app-image-config'),
  algorithmName: sageMaker('Algorithm', 'algorithm'),
  autoMLJobName: sageMaker('AutoMLJob', 'automl-job'),
  clusterName: sageMaker('Cluster', 'cluster'),
  domainId: sageMaker('Domain', 'domain'),
  endpointConfigName: sageMaker('EndpointConfig', 'endpoint-config'),
  endpointName: sageMaker('Endpoint', 'endpoint'),
  experimentName: sageMaker('Experiment', 'experiment'),
  featureGroupName: sageMaker('FeatureGroup', 'feature-group'),
  flowDefinitionName: sageMaker('FlowDefinition', 'flow-definition'),
  hubName: sageMaker('Hub', 'hub'),
  humanLoopName: sageMaker('HumanLoop', 'human-loop'),
  humanTaskUiName: sageMaker('HumanTaskUi', 'human-task-ui'),
  hyperParameterTuningJobName: sageMaker('HyperParameterTuningJob', 'hyper-parameter-tuning-job'),
  imageName: sageMaker('Image', 'image'),
  inferenceComponentName: sageMaker('InferenceComponent', 'inference-component'),
  labelingJobName: sageMaker('LabelingJob', 'labeling-job'),
  modelCardName: sageMaker('ModelCard', 'model-card'),
  modelName: sageMaker('Model', 'model'),
  modelPackageGroupName: sageMaker('ModelPackageGroup', 'model-package-group'),
  modelPackageName: sageMaker('ModelPackage', 'model-package'),
  monitoringScheduleName: sageMaker('MonitoringSchedule', 'monitoring-schedule'),
  notebookInstanceName: sageMaker('NotebookInstance', 'notebook-instance'),
  optimizationJobName: sageMaker('OptimizationJob', 'optimization-job'),
  pipelineName: sageMaker('Pipeline', 'pipeline'),
  processingJobName: sageMaker('ProcessingJob', 'processing-job'),
  projectName: sageMaker('Project', 'project'),
  trackingServerName: sageMaker('MlflowTrackingServer', 'mlflow-tracking-server'),
  trainingJobName: sageMaker('TrainingJob', 'training-job'),
  transformJobName: sageMaker('TransformJob', 'transform-job'),
  trialComponentName: sageMaker('TrialComponent', 'experiment-trial-component'),
  trialName: sageMaker('Trial', 'experiment-trial'),
  workteamName: sageMaker('Workteam', 'workteam'),
};

// A foundation model has no account in its ARN; an id with another form (a profile, a deployment) is named as it stands.
const foundationModel: NamedResource = ['AWS::Bedrock::FoundationModel', 'bedrock:@::foundation-model/*'];

const bedrockMembers: Readonly<Record<string, NamedResource>> = {
  agentId: bedrock('Agent', 'agent'),
  blueprintName: bedrock('Blueprint', 'blueprint'),
  customModelName: bedrock('CustomModel', 'custom-model'),
  flowIdentifier: bedrock('Flow', 'flow'),
  guardrailId: bedrock('Guardrail', 'guardrail'),
  guardrailIdentifier: bedrock('Guardrail', 'guardrail'),
  inferenceProfileIdentifier: bedrock('ApplicationInferenceProfile', 'inference-profile'),
  inferenceProfileName: bedrock('ApplicationInferenceProfile', 'inference-profile'),
  jobIdentifier: ['AWS::Bedrock::Job', '*'],
  jobName: ['AWS::Bedrock::Job', '*'],
  knowledgeBaseId: bedrock('KnowledgeBase', 'knowledge-base'),
  modelId: foundationModel,
  modelIdentifier: foundationModel,
  promptIdentifier: bedrock('Prompt', 'prompt'),
  provisionedModelId: bedrock('ProvisionedModel', 'provisioned-model'),
  provisionedModelName: bedrock('ProvisionedModel', 'provisioned-model'),
};

const agentCoreMembers: Readonly<Record<string, NamedResource>> = {
  agentRuntimeId: agentCore('Runtime', 'runtime'),
  browserId: agentCore('BrowserCustom', 'browser-custom'),
  browserIdentifier: agentCore('BrowserCustom', 'browser-custom'),
  codeInterpreterId: agentCore('CodeInterpreterCustom', 'code-interpreter-custom'),
  evaluatorId: agentCore('Evaluator', 'evaluator'),
  gatewayIdentifier: agentCore('Gateway', 'gateway'),
  memoryId: agentCore('Memory', 'memory'),
  policyEngineId: agentCore('PolicyEngine', 'policy-engine'),
  registryId: agentCore('Registry', 'registry'),
};

/** Request members that name a resource, by CloudTrail event source. Members whose value is an ARN need no entry. */
export const namedResources: Readonly<Record<string, Readonly<Record<string, NamedResource>>>> = {
  'sagemaker.amazonaws.com': sageMakerMembers,
  'a2i-runtime.sagemaker.amazonaws.com': sageMakerMembers,
  'bedrock.amazonaws.com': bedrockMembers,
  'bedrock-runtime.amazonaws.com': bedrockMembers,
  'bedrock-agent-runtime.amazonaws.com': bedrockMembers,
  'bedrock-agentcore.amazonaws.com': agentCoreMembers,
  'agent-registry.amazonaws.com': agentCoreMembers,
  'appflow.amazonaws.com': { flowName: ['AWS::AppFlow::Flow', 'appflow:@:$:flow/*'] },
  'athena.amazonaws.com': { workGroup: ['AWS::Athena::WorkGroup', 'athena:@:$:workgroup/*'] },
  'backup.amazonaws.com': {
    backupPlanId: ['AWS::Backup::BackupPlan', 'backup:@:$:backup-plan:*'],
    backupVaultName: ['AWS::Backup::BackupVault', 'backup:@:$:backup-vault:*'],
  },
  'cloudformation.amazonaws.com': {
    stackName: ['AWS::CloudFormation::Stack', 'cloudformation:@:$:stack/*'],
    stackSetName: ['AWS::CloudFormation::StackSet', 'cloudformation:@:$:stackset/*'],
  },
  'cloudtrail.amazonaws.com': {
    name: ['AWS::CloudTrail::Trail', 'cloudtrail:@:$:trail/*'],
    trailName: ['AWS::CloudTrail::Trail', 'cloudtrail:@:$:trail/*'],
    eventDataStore: ['AWS::CloudTrail::EventDataStore', 'cloudtrail:@:$:eventdatastore/*'],
  },
  'codebuild.amazonaws.com': { projectName: ['AWS::CodeBuild::Project', 'codebuild:@:$:project/*'] },
  'codecommit.amazonaws.com': { repositoryName: ['AWS::CodeCommit::Repository', 'codecommit:@:$:*'] },
  'codepipeline.amazonaws.com': { pipelineName: ['AWS::CodePipeline::Pipeline', 'codepipeline:@:$:*'] },
  'config.amazonaws.com': { configRuleName: ['AWS::Config::ConfigRule', 'config:@:$:config-rule/*'] },
  'datazone.amazonaws.com': { domainIdentifier: ['AWS::DataZone::Domain', 'datazone:@:$:domain/*'] },
  'dynamodb.amazonaws.com': { tableName: ['AWS::DynamoDB::Table', 'dynamodb:@:$:table/*'] },
  'ec2.amazonaws.com': {
    instanceId: ['AWS::EC2::Instance', 'ec2:@:$:instance/*'],
    groupId: ['AWS::EC2::SecurityGroup', 'ec2:@:$:security-group/*'],
  },
  'ec2-instance-connect.amazonaws.com': { instanceId: ['AWS::EC2::Instance', 'ec2:@:$:instance/*'] },
  'ecr.amazonaws.com': { repositoryName: ['AWS::ECR::Repository', 'ecr:@:$:repository/*'] },
  'es.amazonaws.com': { domainName: ['AWS::OpenSearchService::Domain', 'es:@:$:domain/*'] },
  'events.amazonaws.com': { name: ['AWS::Events::Rule', 'events:@:$:rule/*'], rule: ['AWS::Events::Rule', 'events:@:$:rule/*'] },
  'glue.amazonaws.com': { jobName: ['AWS::Glue::Job', 'glue:@:$:job/*'] },
  'iam.amazonaws.com': {
    roleName: ['AWS::IAM::Role', 'iam::$:role/*'],
    userName: ['AWS::IAM::User', 'iam::$:user/*'],
    groupName: ['AWS::IAM::Group', 'iam::$:group/*'],
  },
  'kinesis.amazonaws.com': { streamName: ['AWS::Kinesis::Stream', 'kinesis:@:$:stream/*'] },
  'kms.amazonaws.com': { keyId: ['AWS::KMS::Key', 'kms:@:$:key/*'] },
  'lambda.amazonaws.com': { functionName: ['AWS::Lambda::Function', 'lambda:@:$:function:*'] },
  'logs.amazonaws.com': { logGroupName: logGroup, logGroupIdentifier: logGroup },
  'monitoring.amazonaws.com': { alarmName: ['AWS::CloudWatch::Alarm', 'cloudwatch:@:$:alarm:*'] },
  'rds.amazonaws.com': {
    dBClusterIdentifier: ['AWS::RDS::DBCluster', 'rds:@:$:cluster:*'],
    dBClusterSnapshotIdentifier: ['AWS::RDS::DBClusterSnapshot', 'rds:@:$:cluster-snapshot:*'],
    dBInstanceIdentifier: ['AWS::RDS::DBInstance', 'rds:@:$:db:*'],
    dBSnapshotIdentifier: ['AWS::RDS::DBSnapshot', 'rds:@:$:snapshot:*'],
  },
  'redshift.amazonaws.com': { clusterIdentifier: ['AWS::Redshift::Cluster', 'redshift:@:$:cluster:*'] },
  's3.amazonaws.com': { bucketName: bucket },
  's3vectors.amazonaws.com': { vectorBucketName: ['AWS::S3Vectors::VectorBucket', 's3vectors:@:$:bucket/*'] },
  'secretsmanager.amazonaws.com': { secretId: ['AWS::SecretsManager::Secret', 'secretsmanager:@:$:secret:*'] },
  'ssm.amazonaws.com': {
    automationExecutionId: ['AWS::SSM::AutomationExecution', 'ssm:@:$:automation-execution/*'],
    documentName: ['AWS::SSM::Document', 'ssm:@:$:document/*'],
    opsItemId: ['AWS::SSM::OpsItem', 'ssm:@:$:opsitem/*'],
  },
  'wellarchitected.amazonaws.com': { workloadId: ['AWS::WellArchitected::Workload', 'wellarchitected:@:$:workload/*'] },
};

/** Services whose every call is about AI, with the type of a resource of theirs that a call does not name. */
export const aiServices: Readonly<Record<string, string>> = {
  'sagemaker.amazonaws.com': 'AWS::SageMaker::Service',
  'a2i-runtime.sagemaker.amazonaws.com': 'AWS::SageMaker::Service',
  'sagemaker-geospatial.amazonaws.com': 'AWS::SageMaker::Service',
  'sagemaker-mlflow.amazonaws.com': 'AWS::SageMaker::Service',
  'metrics-sagemaker.amazonaws.com': 'AWS::SageMaker::Service',
  'bedrock.amazonaws.com': 'AWS::Bedrock::Service',
  'bedrock-runtime.amazonaws.com': 'AWS::Bedrock::Service',
  'bedrock-agent-runtime.amazonaws.com': 'AWS::Bedrock::Service',
  'bedrock-mantle.amazonaws.com': 'AWS::Bedrock::Service',
  'bedrock-agentcore.amazonaws.com': 'AWS::BedrockAgentCore::Service',
  'agent-registry.amazonaws.com': 'AWS::BedrockAgentCore::Service',
  'qbusiness.amazonaws.com': 'AWS::QBusiness::Service',
  'comprehend.amazonaws.com': 'AWS::Comprehend::Service',
  'forecast.amazonaws.com': 'AWS::Forecast::Service',
  'kendra.amazonaws.com': 'AWS::Kendra::Service',
  'lex.amazonaws.com': 'AWS::Lex::Service',
  'lexv2.amazonaws.com': 'AWS::Lex::Service',
  'models-v2-lex.amazonaws.com': 'AWS::Lex::Service',
  'personalize.amazonaws.com': 'AWS::Personalize::Service',
  'polly.amazonaws.com': 'AWS::Polly::Service',
  'rekognition.amazonaws.com': 'AWS::Rekognition::Service',
  'textract.amazonaws.com': 'AWS::Textract::Service',
  'transcribe.amazonaws.com': 'AWS::Transcribe::Service',
  'translate.amazonaws.com': 'AWS::Translate::Service',
};
