#!/bin/bash
# Boots systemd over a copy-on-write view of this machine, in namespaces of its own: nothing it does is seen outside but
# what is written to /out. Usage, as root: unshare --mount --pid --fork --kill-child=KILL --cgroup --net --uts --ipc \
#   boot-systemd.sh FOLDER OUT   (FOLDER: an empty one; OUT becomes /out, and OUT/try.sh is run once booted)
set -euo pipefail
folder=$1 out=$2 root=$1/root

mount --make-rprivate /
mount -t tmpfs -o size=3g none "$folder"
mkdir "$folder/up" "$folder/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/up,workdir=$folder/work" "$root"

# What systemd clears, fills or opens when it boots is not this machine's either.
for place in tmp run var/log var/tmp; do mount -t tmpfs -o mode=1777 none "$root/$place"; done
chmod 755 "$root/run"
mount -t tmpfs -o mode=755 none "$root/dev"
while read -r name major minor; do mknod -m 666 "$root/dev/$name" c "$major" "$minor"; done <<'NODES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
NODES
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777 none "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 none "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 none "$root/sys/fs/cgroup"
mkdir "$root/out"
mount --bind "$out" "$root/out"

# Nothing of the kernel's, which is everybody's.
units=$root/etc/systemd/system
for unit in systemd-sysctl systemd-modules-load systemd-udevd systemd-udev-trigger kmod-static-nodes systemd-random-seed \
    systemd-remount-fs systemd-hwdb-update systemd-update-utmp systemd-tmpfiles-setup-dev systemd-networkd-wait-online; do
    ln -sf /dev/null "$units/$unit.service"
done
for unit in systemd-udevd-control.socket systemd-udevd-kernel.socket proc-sys-fs-binfmt_misc.automount sys-kernel-debug.mount \
    sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount dev-hugepages.mount dev-mqueue.mount tmp.mount; do
    ln -sf /dev/null "$units/$unit"
done
printf '[Service]\nType=oneshot\nExecStart=/bin/bash /out/try.sh\n' > "$units/try.service"
printf '[Unit]\nRequires=basic.target\nWants=try.service\nAfter=basic.target\n' > "$units/try.target"

ip link set lo up
cd "$root"
mkdir left
pivot_root . left
umount -l /left
export container=lxc
exec /lib/systemd/systemd --unit=try.target --log-target=console --show-status=no
