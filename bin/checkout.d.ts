// SPDX-License-Identifier: Apache-2.0
export declare const isCheckout: boolean;
export declare const compiledSources: string;
