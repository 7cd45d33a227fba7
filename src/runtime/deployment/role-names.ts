// SPDX-License-Identifier: Apache-2.0

/** IAM path of the roles of our functions: policies of keys and of member accounts tell them by it, in this deployment and in the next. */
export const functionRolePath = '/aims-evidence/';
