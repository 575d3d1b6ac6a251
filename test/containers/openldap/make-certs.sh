#!/bin/sh
# make-certs.sh DIR
# Makes a CA and a server's certificate in DIR: ca.crt, server.crt, server.key. server.crt comes last, since its
# presence means that all of them are there.
#   TLS_NAMES       more names for the certificate, besides localhost, the loopback addresses and this host's name
#   CLIENT_SUBJECT  subject of a client's certificate to make too, e.g. /O=Example/CN=latchkey: client.crt, client.key
set -eu
umask 077
cd "$1"

# P-256: a key of RSA costs a third of a second.
new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
new_key ca.key
new_key server.key
san=DNS:localhost,IP:127.0.0.1,IP:::1
for name in $(uname -n) ${TLS_NAMES:-}; do san=$san,DNS:$name; done
cat >openssl.cnf <<END
[req]
distinguished_name = dn
prompt = no
[dn]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = $san
[client]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
END
openssl req -config openssl.cnf -new -x509 -sha256 -days 3650 -extensions ca -subj "/CN=Latchkey sample CA" \
  -key ca.key -out ca.crt
openssl req -config openssl.cnf -new -subj "/CN=localhost" -key server.key -out server.csr
openssl x509 -req -sha256 -days 3650 -extfile openssl.cnf -extensions server -set_serial 1 \
  -CA ca.crt -CAkey ca.key -in server.csr -out server.pem 2>/dev/null
if [ -n "${CLIENT_SUBJECT:-}" ]; then
  new_key client.key
  openssl req -config openssl.cnf -new -subj "$CLIENT_SUBJECT" -key client.key -out client.csr
  openssl x509 -req -sha256 -days 3650 -extfile openssl.cnf -extensions client -set_serial 2 \
    -CA ca.crt -CAkey ca.key -in client.csr -out client.crt 2>/dev/null
  rm client.csr
fi
chmod 644 ca.crt
rm server.csr openssl.cnf && mv server.pem server.crt
