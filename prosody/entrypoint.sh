#!/usr/bin/env bash
# Starts Prosody from the templates and the environment: one host for people, one component for the bots.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

fail() { # what, what to do
  printf 'entrypoint.sh: %s\n  what to do: %s\n' "$1" "$2" >&2
  exit 1
}

: "${RESTANZA_PEOPLE:=localhost}"
: "${RESTANZA_INSTANCE:=default}"
export RESTANZA_PEOPLE

# An empty variable counts as none, as it does for restanza: compose.yaml passes on what is not set as empty.
for name in RESTANZA_DOMAIN RESTANZA_SECRET RESTANZA_TOKEN RESTANZA_CALLBACK_AUTH RESTANZA_CALLBACK_KEYS; do
  [ -n "${!name:-}" ] || unset "$name"
done
[ -n "${RESTANZA_TOKEN:-}${RESTANZA_SECRET:-}" ] ||
  fail "neither RESTANZA_TOKEN nor RESTANZA_SECRET is set, so restanza could not send" "set RESTANZA_TOKEN: openssl rand -hex 24"
[ -n "${RESTANZA_CALLBACK_AUTH:-}${RESTANZA_CALLBACK_KEYS:-}" ] ||
  fail "neither RESTANZA_CALLBACK_KEYS nor RESTANZA_CALLBACK_AUTH is set, so anyone could send callbacks" \
    "set RESTANZA_CALLBACK_KEYS: echo whsec_\$(openssl rand -base64 32)"

config=$(mktemp)
{
  cat config/server.cfg.lua
  printf '\nVirtualHost (ENV_RESTANZA_PEOPLE)\n\n'
  cat config/component.cfg.lua
} >"$config"

# alice@localhost:password,bob@localhost:password
IFS=, read -ra accounts <<<"${RESTANZA_ACCOUNTS:-}"
for account in "${accounts[@]}"; do
  [[ $account == ?*@?*:?* ]] || fail "RESTANZA_ACCOUNTS is not understood" "write it as user@host:password, parted by commas"
  ./prosody.sh adduser --config "$config" --instance "$RESTANZA_INSTANCE" "${account%%:*}" <<<"${account#*:}"
done
unset RESTANZA_ACCOUNTS

exec ./prosody.sh run --config "$config" --instance "$RESTANZA_INSTANCE"
