#!/bin/sh
# Makes a CA and the domain controller's certificate in /etc/samba/certs. Its only name is the one that AD gives it.
set -eu
name=dc1.ad.example.org
mkdir -p /etc/samba/certs && cd /etc/samba/certs
openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=Latchkey test AD CA" \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
  -keyout ca.key -out ca.crt 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj "/CN=$name" -keyout server.key -out server.csr 2>/dev/null
cat >extensions <<END
subjectAltName = DNS:$name
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
END
openssl x509 -req -sha256 -days 3650 -extfile extensions -set_serial 1 -CA ca.crt -CAkey ca.key \
  -in server.csr -out server.crt 2>/dev/null
rm server.csr extensions
# Samba refuses a key that others can read.
chmod 600 ./*.key
