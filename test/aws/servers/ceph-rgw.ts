// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { answers } from './answers.ts';
import type { ServerCommand } from './server-process.ts';
import type { ServerPlace } from './start-server.ts';
import { systemPackages } from './system-packages.ts';

const packages = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-mgr', 'ceph-common'];
const programs = ['radosgw', 'radosgw-admin', 'ceph-mon', 'ceph-osd', 'ceph-mgr', 'ceph', 'ceph-authtool', 'monmaptool'];

/** Ceph's RADOS Gateway over a cluster of one, in memory: the judge of Object Lock. Debian's packages. */
export async function cephCommand({ directory, port }: ServerPlace): Promise<ServerCommand> {
  await systemPackages({ packages, programs });
  return {
    name: 'ceph-rgw',
    program: 'bash',
    words: [join(import.meta.dirname, 'ceph-rgw.sh'), join(directory, 'cluster'), String(port)],
    environment: { PATH: process.env['PATH'] ?? '' },
    log: join(directory, 'server.log'),
    isReady: async () => await answers(`http://127.0.0.1:${port}/`),
    startSeconds: 90,
  };
}
