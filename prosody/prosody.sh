#!/usr/bin/env bash
# Provisions and runs a Prosody that has mod_rest. See usage() below.
set -euo pipefail

readonly PACKAGES=(prosody prosody-modules lua-event lua-dbi-sqlite3 lua-readline lua-unbound)
readonly MIRROR=${RESTANZA_DEBIAN_MIRROR:-http://deb.debian.org/debian}
readonly STAMP=etc/restanza-provisioned
readonly RECIPE=1 # raise it when provision_root changes: roots made by an older recipe are then made again
readonly INSTANCES=/var/lib/restanza
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE

usage() {
  cat <<'USAGE'
Usage: prosody.sh COMMAND [--suite trixie|sid] [OPTIONS]

  provision                       make a Prosody with mod_rest available; print where it is and its versions
  where                           print the root file system it lives in ("/" for the system's own); fail if there is none
  run --config FILE [OPTIONS]     run it in the foreground, as the user "prosody"
      --instance NAME             which data directory to use (default: "default")
      --die-with-parent           stop when the process that started this one ends
      --modules DIR               Lua modules to offer it (default: the folder "modules" beside this script)
  adduser JID [PASSWORD]          create an account; without PASSWORD it is read from standard input
      --config FILE [--instance NAME]
  ctl --config FILE [--instance NAME] -- ARGUMENTS...
                                  run prosodyctl against that instance
  remove --instance NAME          delete an instance's files, its data included

On Debian 13 or newer, Prosody is installed into the system, as apt-get does. On any other Debian or Ubuntu, and for a
suite other than the system's, it gets a root file system of its own, made by debootstrap and entered by chroot.

Environment:
  RESTANZA_CACHE                  where root file systems are kept (default: /var/cache/restanza as root,
                                  ~/.cache/restanza otherwise)
  RESTANZA_DEBIAN_MIRROR          a Debian mirror (default: http://deb.debian.org/debian)

A configuration sees the variables of its environment as ENV_NAME. Besides those it is given, "run" and "ctl" set
  RESTANZA_PROSODY_DATA           the instance's data directory
  RESTANZA_PROSODY_MODULES        the directory with restanza's Lua modules
USAGE
}

fail() { # what, why, what to do
  printf 'prosody.sh: %s\n  why: %s\n  what to do: %s\n' "$1" "$2" "$3" >&2
  exit 1
}

bad_usage() {
  fail "$1" "the arguments are not understood" "run 'prosody.sh --help'"
}

is_root() { [ "$(id -u)" -eq 0 ]; }

# The suite that this system is itself, or nothing when its packages have no mod_rest.
system_suite() {
  [ -r /etc/os-release ] || return 0
  # shellcheck source=/dev/null
  (
    . /etc/os-release
    [ "${ID:-}" = debian ] || exit 0
    if [ -z "${VERSION_ID:-}" ]; then
      echo sid # testing and unstable carry no version
    elif [ "${VERSION_ID%%.*}" -ge 13 ]; then
      echo "${VERSION_CODENAME:-trixie}"
    fi
  )
}

cache_dir() {
  if [ -n "${RESTANZA_CACHE:-}" ]; then
    echo "$RESTANZA_CACHE"
  elif is_root; then
    echo /var/cache/restanza
  else
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/restanza"
  fi
}

has_prosody() { # root file system
  [ -x "${1%/}/usr/bin/prosody" ] && [ -d "${1%/}/usr/lib/prosody/modules/mod_rest" ]
}

is_provisioned() { # root file system
  if [ "$1" = / ]; then
    has_prosody /
  else
    [ "$(cat "$1/$STAMP" 2>/dev/null)" = "$RECIPE" ] && has_prosody "$1"
  fi
}

set_root() { # fixes SUITE and ROOT
  local own
  own=$(system_suite)
  SUITE=${SUITE:-${own:-trixie}}
  if [ "$SUITE" = "$own" ]; then
    ROOT=/
  else
    ROOT=$(cache_dir)/prosody-$SUITE
  fi
}

need_root() { # what for
  is_root || fail "$1 needs root" \
    "packages are installed and a root file system is entered (chroot), which only root may do" \
    "run it with sudo, or in a container; or run restanza against the built-in double: npm start"
}

need_provisioned() {
  is_provisioned "$ROOT" || fail "there is no Prosody for suite $SUITE yet" \
    "$ROOT has no complete installation with mod_rest" "run: sudo $0 provision --suite $SUITE"
}

# apt-get with nothing to ask and no service to start.
apt_install() { # chroot directory or /, packages...
  local root=$1
  shift
  local enter=()
  [ "$root" = / ] || enter=(chroot "$root")
  "${enter[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -y \
    -o Dpkg::Options::=--force-unsafe-io -o Acquire::Languages=none -o Acquire::Retries=3 \
    install --no-install-recommends "$@"
}

apt_update() { # chroot directory or /
  local enter=()
  [ "$1" = / ] || enter=(chroot "$1")
  "${enter[@]}" env LC_ALL=C.UTF-8 apt-get -q -o Acquire::Languages=none -o Acquire::Retries=3 update
}

forbid_services() { # root file system
  mkdir -p "${1%/}/usr/sbin"
  printf '#!/bin/sh\nexit 101\n' >"${1%/}/usr/sbin/policy-rc.d"
  chmod 755 "${1%/}/usr/sbin/policy-rc.d"
}

provision_system() {
  local forbidden=
  if [ ! -d /run/systemd/system ] && [ ! -e /usr/sbin/policy-rc.d ]; then
    forbid_services /
    forbidden=yes
  fi
  local result=0
  { apt_update / && apt_install / "${PACKAGES[@]}"; } >&2 || result=$?
  [ -z "$forbidden" ] || rm -f /usr/sbin/policy-rc.d
  [ "$result" -eq 0 ] || fail "apt-get could not install Prosody" \
    "its own message is above" "check the network and /etc/apt, then run this again"
  has_prosody / || fail "the installed Prosody has no mod_rest" \
    "this release's package prosody-modules does not carry it" "use a root of its own: $0 provision --suite trixie"
}

need_debootstrap() {
  local wanted=()
  command -v debootstrap >/dev/null || wanted+=(debootstrap)
  [ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || wanted+=(debian-archive-keyring)
  [ ${#wanted[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "${wanted[*]} is missing" \
    "this system has no apt-get to install it with" "install it by hand, or use Debian, Ubuntu or the Docker image"
  { apt_update / && apt_install / "${wanted[@]}"; } >&2 || fail "apt-get could not install ${wanted[*]}" \
    "its own message is above" "install it by hand, then run this again"
}

provision_root() {
  need_debootstrap
  local parent building script
  parent=$(dirname "$ROOT")
  script=/usr/share/debootstrap/scripts/$SUITE
  [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid # a debootstrap older than the suite: they are all one
  rm -rf "$parent/.prosody-$SUITE".* # half-made by a run that was killed: the lock is ours, so nobody builds there
  building=$(mktemp -d "$parent/.prosody-$SUITE.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$building'" EXIT
  chmod 755 "$building"
  {
    debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
      "$SUITE" "$building" "$MIRROR" "$script" || {
      tail -n 20 "$building/debootstrap/debootstrap.log" 2>/dev/null || true
      fail "debootstrap could not make a root for $SUITE" "its last messages are above" \
        "check the network, the free space in $parent and RESTANZA_DEBIAN_MIRROR, then run this again"
    }
    forbid_services "$building"
    # Debian's own package sources are kept as debootstrap wrote them; only the name service has to come along.
    cp /etc/resolv.conf "$building/etc/resolv.conf" 2>/dev/null || true
    apt_install "$building" "${PACKAGES[@]}" || fail "Prosody could not be installed for $SUITE" \
      "apt-get's own message is above" "run this again; if it stays, try another RESTANZA_DEBIAN_MIRROR"
    chroot "$building" apt-get clean
    rm -rf "$building"/var/lib/apt/lists/*
  } >&2
  has_prosody "$building" || fail "the Prosody of $SUITE has no mod_rest" \
    "its package prosody-modules does not carry it" "use --suite trixie"
  echo "$RECIPE" >"$building/$STAMP"
  rm -rf "$ROOT"
  mv "$building" "$ROOT"
  trap - EXIT
}

provision() {
  if ! is_provisioned "$ROOT"; then
    need_root "installing Prosody"
    local lock
    lock=$(cache_dir)
    mkdir -p "$lock"
    exec 9>"$lock/provision-$SUITE.lock"
    flock 9
    if ! is_provisioned "$ROOT"; then # someone else may have made it while we waited
      if [ "$ROOT" = / ]; then provision_system; else provision_root; fi
    fi
    exec 9>&-
  fi
  local status=${ROOT%/}/var/lib/dpkg/status
  printf 'root: %s\nsuite: %s\n' "$ROOT" "$SUITE"
  awk '/^Package: /{p=$2} /^Version: /{if (p=="prosody"||p=="prosody-modules") print p ": " $2}' "$status"
}

in_root() { # path inside ROOT -> path as seen from here
  echo "${ROOT%/}$1"
}

# Puts the configuration and the Lua modules where the instance can read them: a root of its own does not see this
# file system, and bind mounts are refused in most containers.
prepare_instance() {
  local home owner
  home=$(in_root "$INSTANCES/$INSTANCE")
  if ! is_root; then
    [ "$ROOT" = / ] || need_root "entering $ROOT"
    [ "$(id -un)" = prosody ] || fail "Prosody has to run as the user prosody" \
      "this is $(id -un), who cannot become prosody" "run it with sudo, or as: sudo -u prosody $0 …"
  fi
  owner=$(awk -F: '$1=="prosody"{print $3":"$4}' "$(in_root /etc/passwd)")
  [ -n "$owner" ] || fail "$ROOT has no user prosody" "the package prosody makes it" "run: sudo $0 provision"
  mkdir -p "$home/data" "$home/certs"
  exec 9>"$home/lock"
  flock 9 # accounts may be made while it starts
  rm -rf "$home/modules.new"
  cp -R "$MODULES" "$home/modules.new"
  (umask 077 && cp "$CONFIG" "$home/prosody.cfg.lua.new") # it holds secrets
  chmod 750 "$home"
  if is_root; then
    chown -R "$owner" "$home"
  fi
  rm -rf "$home/modules"
  mv "$home/modules.new" "$home/modules"
  mv "$home/prosody.cfg.lua.new" "$home/prosody.cfg.lua"
  exec 9>&-
}

# Becomes PROGRAM as the user prosody, inside the root.
become() { # PROGRAM ARGUMENTS...
  local enter=() drop=()
  [ "$ROOT" = / ] || enter=(chroot "$ROOT")
  if is_root; then
    drop=(setpriv --reuid=prosody --regid=prosody --init-groups)
    # Set after the change of user, which would clear it.
    [ -z "$DIE_WITH_PARENT" ] || drop+=(--pdeathsig=KILL)
    drop+=(--)
  fi
  export RESTANZA_PROSODY_DATA="$INSTANCES/$INSTANCE/data" RESTANZA_PROSODY_MODULES="$INSTANCES/$INSTANCE/modules"
  export HOME="$INSTANCES/$INSTANCE" LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  cd "$(in_root /)"
  exec "${enter[@]}" "${drop[@]}" "$@"
}

run() {
  need_provisioned
  prepare_instance
  become prosody -F --config "$INSTANCES/$INSTANCE/prosody.cfg.lua"
}

ctl() {
  need_provisioned
  prepare_instance
  become prosodyctl --config "$INSTANCES/$INSTANCE/prosody.cfg.lua" "$@"
}

adduser() { # JID [PASSWORD]
  local jid=${1:-} password
  [[ $jid == ?*@?* ]] || bad_usage "adduser needs the new account's JID, such as alice@example.org"
  if [ $# -ge 2 ]; then
    password=$2
  else
    IFS= read -r password || [ -n "$password" ] || fail "no password for $jid" \
      "standard input ended before one was read" "give it as the second argument or on standard input"
  fi
  [ -n "$password" ] || fail "the password of $jid is empty" "Prosody would refuse it" "choose another"
  # By standard input, so that it is in no process list and no log. prosodyctl asks twice.
  local output
  output=$(printf '%s\n%s\n' "$password" "$password" | (ctl register "${jid%@*}" "${jid##*@}") 2>&1) || {
    fail "the account $jid was not made" "${output//"$password"/…}" \
      "see that the host is a VirtualHost of the configuration"
  }
}

remove() {
  [ -n "$INSTANCE" ] || bad_usage "remove needs --instance"
  is_root || need_root "deleting an instance"
  rm -rf "$(in_root "$INSTANCES/$INSTANCE")"
}

need_config() {
  [ -n "$CONFIG" ] || bad_usage "$1 needs --config FILE"
  [ -r "$CONFIG" ] || fail "the configuration $CONFIG cannot be read" "there is no such file, or it is not ours to read" \
    "give the path of a Prosody configuration"
  CONFIG=$(readlink -f "$CONFIG")
}

main() {
  local command=${1:-}
  [ $# -eq 0 ] || shift
  SUITE='' ROOT='' CONFIG='' INSTANCE='' DIE_WITH_PARENT='' MODULES=$HERE/modules
  local rest=()
  while [ $# -gt 0 ]; do
    case $1 in
      --suite | --config | --instance | --modules)
        [ $# -ge 2 ] || bad_usage "$1 needs a value"
        case $1 in
          --suite) SUITE=$2 ;;
          --config) CONFIG=$2 ;;
          --instance) INSTANCE=$2 ;;
          --modules) MODULES=$(readlink -f "$2") ;;
        esac
        shift 2
        ;;
      --die-with-parent) DIE_WITH_PARENT=yes && shift ;;
      -h | --help) usage && exit 0 ;;
      --) shift && rest+=("$@") && break ;;
      -*) bad_usage "unknown option $1" ;;
      *) rest+=("$1") && shift ;;
    esac
  done
  [[ $SUITE =~ ^[a-z]*$ ]] || bad_usage "'$SUITE' is not a suite"
  [[ $INSTANCE =~ ^[A-Za-z0-9_-]*$ ]] || bad_usage "'$INSTANCE' is not a name for an instance (letters, digits, - and _)"
  set_root
  case $command in
    provision) provision ;;
    where)
      need_provisioned
      echo "$ROOT"
      ;;
    run | ctl | adduser)
      need_config "$command"
      INSTANCE=${INSTANCE:-default}
      "$command" "${rest[@]}"
      ;;
    remove) remove ;;
    '' | help | -h | --help) usage ;;
    *) bad_usage "unknown command '$command'" ;;
  esac
}

main "$@"
