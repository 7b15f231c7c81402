-- A small Prosody to try restanza with: accounts on one VirtualHost, plain connections, loopback only.
-- It is what `npm run prosody`, the containers and the tests start. On a server that you run already you do not need
-- this file: copy component.cfg.lua (or virtualhost.cfg.lua) into its conf.d/ and take over the lines marked [*].
--
-- ENV_NAME is the environment variable NAME.

-- [*] Where restanza's Lua modules are (the folder prosody/modules). Without it, mod_restanza_token and
-- mod_restanza_callback are not found and Prosody logs so.
plugin_paths = { ENV_RESTANZA_PROSODY_MODULES or "/usr/local/lib/restanza/modules" }

data_path = ENV_RESTANZA_PROSODY_DATA or "/var/lib/prosody"
pidfile = (ENV_RESTANZA_PROSODY_DATA or "/run/prosody") .. "/prosody.pid"

modules_enabled = { "disco", "roster", "saslauth", "ping", "version", "time", "carbons" }
authentication = "internal_hashed"

-- [*] Archives belong in SQL: with "internal" a bot that answers thousands of messages slows the whole server down.
default_storage = "internal"
storage = { archive = "sql", muc_log = "sql" }
sql = { driver = "SQLite3", database = "prosody.sqlite" }

-- Clients on loopback, without certificates. Never offer this to a network.
c2s_interfaces = { ENV_RESTANZA_XMPP_INTERFACE or "127.0.0.1" }
c2s_ports = { Lua.tonumber(ENV_RESTANZA_XMPP_PORT or "5222") }
c2s_direct_tls_ports = {}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true

-- No other servers: restanza's own traffic does not need them.
modules_disabled = { "s2s", "s2s_auth_certs" }

-- [*] restanza posts to http://…:5280/rest. The credentials travel in that request, so keep it on loopback or on a
-- network of your own, or give it to restanza as https.
http_interfaces = { ENV_RESTANZA_HTTP_INTERFACE or "127.0.0.1" }
http_ports = { Lua.tonumber(ENV_RESTANZA_HTTP_PORT or "5280") }
https_ports = {}

-- [*] Prosody chooses the host by the request's Host header. This one answers to every other name, such as 127.0.0.1.
http_default_host = ENV_RESTANZA_DOMAIN or "bots.localhost"

log = { { levels = { min = ENV_RESTANZA_LOG_LEVEL or "info" }, to = "console" } }
