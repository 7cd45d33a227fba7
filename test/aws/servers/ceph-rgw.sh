#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ceph-rgw.sh DIRECTORY PORT: Ceph's RADOS Gateway (S3) on 127.0.0.1:PORT over a cluster of one monitor, one manager and one store
# in memory, until SIGTERM. Keeps its state in DIRECTORY, which it makes. Needs the programs of radosgw, ceph-mon, ceph-osd, ceph-mgr.
set -euo pipefail
umask 077
ulimit -c 0
export LC_ALL=C
directory=$1 port=$2 configuration=$1/ceph.conf
mkdir -p "$directory"/{mon,mgr,osd,rgw,log,run,crash,tmp}
export HOME=$directory/tmp TMPDIR=$directory/tmp

daemons=()
stop() {
  local status=$?
  trap - EXIT
  trap '' TERM INT HUP
  # The gateway first and the monitor last, so that none waits for one that is gone.
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
    kill -TERM "${daemons[i]}" 2>/dev/null || continue
    for _ in {1..20}; do kill -0 "${daemons[i]}" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "${daemons[i]}" 2>/dev/null || true
  done
  if [ "$status" -ne 0 ] && [ "$status" -ne 143 ]; then tail -n 8 "$directory"/log/*.out "$directory"/log/*.log 2>/dev/null || true; fi
  exit "$status"
}
trap stop EXIT
trap 'exit 143' TERM INT HUP

# In a session of its own, and ended with this script even where that is killed.
daemon() {
  local name=$1
  shift
  setpriv --pdeathsig KILL -- setsid "$@" </dev/null >"$directory/log/$name.out" 2>&1 &
  daemons+=($!)
}

# A port for the monitor below those that the system gives out, so that nobody else is given it meanwhile.
for monitor in $(shuf -i 20000-30000 -n 50); do
  (exec 3<>"/dev/tcp/127.0.0.1/$monitor") 2>/dev/null || break
done

cluster=$(</proc/sys/kernel/random/uuid)
: >"$directory/mime.types"
# No module of the manager is needed to serve S3.
modules=$(cd /usr/share/ceph/mgr 2>/dev/null && for module in */; do printf '%s ' "${module%/}"; done || true)
cat >"$configuration" <<CONFIGURATION
[global]
fsid = $cluster
mon_initial_members = a
mon_host = [v2:127.0.0.1:$monitor]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
public_network = 127.0.0.0/8
cluster_network = 127.0.0.0/8
ms_bind_ipv6 = false
ms_bind_msgr1 = false
# The gateway alone asks for 'secure' by default, which a cluster without authentication cannot give: it would try for ever.
ms_mon_client_mode = crc
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
keyring = $directory/keyring
run_dir = $directory/run
crash_dir = $directory/crash
admin_socket = ""
pid_file = ""
log_file = $directory/log/\$name.log
log_to_stderr = false
err_to_stderr = true
mon_cluster_log_file = $directory/log/cluster.log
setuser_match_path = ""
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
rgw_rados_pool_pg_num_min = 1
[mon]
mon_data = $directory/mon
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_max_pg_per_osd = 1000
mon_data_avail_warn = 1
mon_data_avail_crit = 1
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
mgr_initial_modules =
[mgr]
mgr_data = $directory/mgr
mgr_disabled_modules = $modules
mgr_initial_modules =
[osd]
osd_data = $directory/osd
osd_objectstore = memstore
memstore_device_bytes = 1073741824
osd_crush_initial_weight = 1
[client]
rgw_data = $directory/rgw
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw_mime_types_file = $directory/mime.types
rgw_enable_apis = s3
rgw_dynamic_resharding = false
rgw_override_bucket_index_max_shards = 1
rgw_run_sync_thread = false
rgw_crypt_require_ssl = false
CONFIGURATION

ceph-authtool --create-keyring "$directory/keyring" --gen-key -n mon. --cap mon 'allow *'
ceph-authtool "$directory/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
monmaptool --create --fsid "$cluster" --addv a "[v2:127.0.0.1:$monitor]" "$directory/monmap"
ceph-mon -c "$configuration" -i a --mkfs --monmap "$directory/monmap" --keyring "$directory/keyring"
daemon mon ceph-mon -c "$configuration" -i a -f
daemon mgr ceph-mgr -c "$configuration" -i x -f
store=$(</proc/sys/kernel/random/uuid)
ceph -c "$configuration" --connect-timeout 20 osd new "$store" 0
ceph-osd -c "$configuration" -i 0 --mkfs --osd-uuid "$store"
daemon osd ceph-osd -c "$configuration" -i 0 -f
radosgw-admin -c "$configuration" user create --uid=test --display-name=test --access-key=test --secret-key=testtesttest --max-buckets=0 >/dev/null
daemon gateway radosgw -c "$configuration" -n client.rgw -f

wait -n "${daemons[@]}" || true
echo "a daemon of the cluster ended" >&2
exit 1
