// SPDX-License-Identifier: Apache-2.0
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName, FunctionRole } from '../../src/runtime/deployment/function-roles.ts';
import type { GrantTarget } from '../../src/runtime/deployment/grant.ts';
import { functionRolePath } from '../../src/runtime/deployment/role-names.ts';
import { type EvidenceHome, isDisposable } from '../evidence-home.ts';
import { homeEnvironment } from '../home-environment.ts';
import { logRetention } from '../log-retention.ts';
import { acknowledgeWildcards } from '../policies/acknowledge-wildcards.ts';
import { grantStatements } from '../policies/grant-statements.ts';
import { type FunctionQueues, locateTarget } from '../policies/locate-target.ts';
import { createFailureQueue } from './evidence-queue.ts';

export interface EvidenceFunctionProps {
  readonly home: EvidenceHome;
  readonly name: FunctionName;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  /** What it takes from and sends to, beside its own failures. */
  readonly queues?: Omit<FunctionQueues, 'failures'>;
  /** Woken by a timer and not by a queue: what fails to the end goes to a queue of failures. */
  readonly isTimed?: boolean;
  /** Wins over the variables that every function gets. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One function with its own role, which holds exactly what `functionRoles` says, and its own log. */
export class EvidenceFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  /** Needed before a queue may call the function. */
  readonly policy: Policy;
  readonly failures: Queue | undefined;

  constructor(scope: Construct, id: string, props: EvidenceFunctionProps) {
    super(scope, id);
    const { home, name } = props;
    const { configuration } = home;
    const declared = roleOf(home, name);
    this.failures = props.isTimed === true ? createFailureQueue(this, 'Failures', isDisposable(home)) : undefined;
    const logGroup = new LogGroup(this, 'Log', {
      retention: logRetention(configuration.logRetentionDays),
      removalPolicy: isDisposable(home) ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      path: functionRolePath,
      description: `AIMS Evidence ${name}: ${declared.purpose}`.slice(0, 1_000),
    });
    this.policy = this.#grant(declared, home, { ...props.queues, failures: this.failures }, logGroup);
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: home.code.of(name),
      description: `AIMS Evidence: ${declared.purpose}`.slice(0, 256),
      // What the library would add to a role on its own is left out: the declaration is all there is.
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      timeout: props.timeout,
      memorySize: props.memoryMegabytes,
      tracing: configuration.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: { ...homeEnvironment(this, home), ...props.environment },
      ...(this.failures === undefined ? {} : { onFailure: new SqsDestination(this.failures), maxEventAge: Duration.hours(2) }),
    });
    this.function.node.addDependency(this.policy);
  }

  #grant(declared: FunctionRole, home: EvidenceHome, queues: FunctionQueues, logGroup: LogGroup): Policy {
    const locate = (target: GrantTarget) => locateTarget(target, { home, queues, logGroup, scope: this });
    const policy = new Policy(this, 'Policy', {
      roles: [this.role],
      statements: [...grantStatements(declared.grants, declared.denies, locate)],
    });
    acknowledgeWildcards(
      policy,
      declared.grants.flatMap(({ on, why }) => locate(on).resources.map((resource) => ({ resource, why }))),
    );
    return policy;
  }
}

function roleOf(home: EvidenceHome, name: FunctionName): FunctionRole {
  const found = home.roles.find((role) => role.name === name);
  if (found === undefined) throw new Error(`no role is declared for ${name}: is its source left out of the configuration?`);
  return found;
}
