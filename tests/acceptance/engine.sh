#!/usr/bin/env bash
# A rootful podman engine under a folder, for an emulator that starts real containers: nothing is installed, and nothing
# listens but a socket in that folder.
#
#   engine.sh FOLDER    makes the folder ready and becomes the engine; FOLDER/podman.sock is there when it answers
#
# Needs root, unshare and apt. Ends with 77 where the engine cannot run here.
set -euo pipefail
folder=$(realpath -m "${1:?a folder}")
cannot() { echo "$1" >&2; exit 77; }
[ "$(id -u)" = 0 ] || cannot "only root can run the engine"
for tool in unshare apt-get dpkg; do command -v "$tool" >/dev/null || cannot "$tool is not installed"; done
unshare -m -n -p -f --mount-proc true 2>/dev/null || cannot "namespaces cannot be made here"
mkdir -p "$folder"/{debs,root,pod/{home/.config/containers,run,tmp,net,store},img/{bin,tmp}}
cd "$folder"
packages="podman conmon crun runc containernetworking-plugins golang-github-containers-common
  golang-github-containers-image libyajl2 libgpgme11 libassuan0 libsubid4 iptables libip4tc2 libip6tc2 libxtables12
  libnftnl11 libnfnetlink0 libnetfilter-conntrack3 libmnl0 busybox-static"
if [ ! -x root/usr/bin/podman ]; then
  # Names differ between releases of Debian: what is there is taken.
  (cd debs; for package in $packages; do apt-get download -qq "$package" >/dev/null 2>&1 || true; done)
  for package in debs/*.deb; do [ ! -f "$package" ] || dpkg -x "$package" root; done
  [ -x root/usr/bin/podman ] || cannot "apt has no podman"
  for name in iptables ip6tables iptables-save iptables-restore; do ln -sf xtables-nft-multi "root/usr/sbin/$name"; done
  cp root/bin/busybox img/bin/ 2>/dev/null || cp root/usr/bin/busybox img/bin/
  for name in sh sleep echo; do ln -sf busybox "img/bin/$name"; done
  tar -C img -cf img.tar .
fi
echo '{"default":[{"type":"insecureAcceptAnything"}]}' >pod/home/.config/containers/policy.json
# Nothing is pulled from anywhere: an image that is not here does not exist.
printf 'unqualified-search-registries=[]\nshort-name-mode="disabled"\n' >pod/registries.conf
cat >pod/crun <<'X'
#!/bin/sh
# Without CAP_SYS_RESOURCE the limits that podman asks for cannot be set.
previous=
for argument in "$@"; do
  [ "$previous" = --bundle ] && sed -i 's/"rlimits":\[[^]]*\]/"rlimits":[]/' "$argument/config.json"
  previous=$argument
done
exec /usr/bin/crun "$@"
X
chmod +x pod/crun
cat >pod/containers.conf <<X
[containers]
netns="host"
cgroups="disabled"
log_driver="k8s-file"
utsns="host"
default_sysctls=[]
[engine]
cgroup_manager="cgroupfs"
events_logger="file"
runtime="crun"
conmon_path=["/usr/bin/conmon"]
[engine.runtimes]
crun=["$folder/pod/crun"]
[network]
cni_plugin_dirs=["/usr/lib/cni"]
X
cat >pod/net/87-podman.conflist <<X
{"cniVersion":"0.4.0","name":"podman","plugins":[{"type":"bridge","bridge":"cni-podman0","isGateway":true,"ipMasq":false,
"ipam":{"type":"host-local","dataDir":"$folder/pod/ipam","routes":[{"dst":"0.0.0.0/0"}],
"ranges":[[{"subnet":"10.88.0.0/16","gateway":"10.88.0.1"}]]}}]}
X
rm -f podman.sock
# Namespaces of its own: the packages lie over /usr there, and nowhere else; what runs there ends with it.
export FOLDER=$folder
exec unshare -m -n -p -f --kill-child --mount-proc bash -euc '
mount --make-rprivate /
umount /sys/fs/cgroup/unified 2>/dev/null || true
mount -t overlay overlay -o "lowerdir=$FOLDER/root/usr:/usr" /usr || exit 77
export HOME=$FOLDER/pod/home XDG_RUNTIME_DIR=$FOLDER/pod/run CONTAINERS_CONF=$FOLDER/pod/containers.conf
export CONTAINERS_REGISTRIES_CONF=$FOLDER/pod/registries.conf TMPDIR=$FOLDER/pod/tmp
podman() {
  /usr/bin/podman --root "$FOLDER/pod/store" --runroot "$FOLDER/pod/run/c" --tmpdir "$FOLDER/pod/tmp/libpod" \
    --storage-driver vfs --network-config-dir "$FOLDER/pod/net" "$@"
}
podman image exists localhost/box:v1 || podman import "$FOLDER/img.tar" localhost/box:v1 || exit 77
podman system service --time 0 "unix://$FOLDER/podman.sock"'
