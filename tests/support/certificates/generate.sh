#!/bin/sh
# Makes the certificates of the tests anew (openssl ≥ 3). They are valid for a hundred years, so once is enough.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key='ec -pkeyopt ec_paramgen_curve:prime256v1'

openssl req -x509 -newkey $key -nodes -days 36500 -subj '/O=ProspectLab tests/CN=Test authority' \
  -keyout "$work/ca.key" -out ca.pem
: >"$work/index.txt"
echo 01 >"$work/serial"
cat >"$work/ca.conf" <<CONF
[ca]
default_ca = tests
[tests]
dir = $work
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
CONF

sign() { # file, subjectAltName, first day, last day
  openssl req -newkey $key -nodes -subj "/CN=$1" -addext "subjectAltName=$2" -keyout "$1.key" -out "$work/$1.csr"
  openssl ca -config "$work/ca.conf" -batch -notext -cert ca.pem -keyfile "$work/ca.key" \
    -in "$work/$1.csr" -out "$1.pem" -startdate "$3" -enddate "$4"
}
sign alpha.test DNS:alpha.test 20200101000000Z 21200101000000Z
sign beta.test DNS:beta.test 20200101000000Z 21200101000000Z
sign loopback IP:127.0.0.1 20200101000000Z 21200101000000Z
sign expired.test DNS:expired.test 20200101000000Z 20210101000000Z
openssl req -x509 -newkey $key -nodes -days 36500 -subj '/CN=self.test' -addext subjectAltName=DNS:self.test \
  -keyout self.test.key -out self.test.pem
