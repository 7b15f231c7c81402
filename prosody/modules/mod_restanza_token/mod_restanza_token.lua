-- Credentials on a mod_rest component: bearer tokens, Basic and OAuth2 grants that work. See README.md.

local base64 = require "util.encodings".base64;
local hashes = require "util.hashes";
local http_server = require "net.http.server";
local jid = require "util.jid";
local url = require "socket.url";
local usermanager = require "core.usermanager";

local host = module.host;

if module:get_host_type() ~= "component" then
	-- A session of the host may send as any JID of the host. On a component those are the bots; on a VirtualHost they
	-- would be people.
	error("mod_restanza_token belongs on a Component, " .. host .. " is a VirtualHost: there use accounts and mod_http_oauth2");
end

local component_secret = module:get_option_string("component_secret");

local token_hashes = {};
do
	local shortest = 16;
	for configured in module:get_option_set("restanza_tokens", {}) do
		for token in tostring(configured):gmatch("[^,%s]+") do -- one environment variable may hold several
			if #token < shortest then
				error("restanza_tokens has a token of " .. #token .. " characters on " .. host .. ": it could be guessed; use "
					.. shortest .. " random ones or more");
			end
			table.insert(token_hashes, hashes.sha256(token));
		end
	end
	if component_secret and component_secret ~= "" then
		table.insert(token_hashes, hashes.sha256(component_secret));
	end
	if #token_hashes == 0 then
		module:log("warn", "Neither restanza_tokens nor component_secret is set on %s: no credential will be accepted", host);
	end
end

-- Compares digests, so that the time tells neither the content nor the length, and looks at all of them, so that it
-- does not tell which one matched.
local function is_static_token(token)
	local digest, found = hashes.sha256(token), false;
	for _, expected in ipairs(token_hashes) do
		if hashes.equals(digest, expected) then
			found = true;
		end
	end
	return found;
end

local function is_component_secret(password)
	return component_secret ~= nil and component_secret ~= ""
		and hashes.equals(hashes.sha256(password), hashes.sha256(component_secret));
end

-- mod_rest sends as any JID of the host for a session without username and resource.
local function host_session()
	return { host = host };
end

-- 1. Users. A component has none, and mod_tokenauth, mod_http_oauth2 and mod_rest crash on that. This provider knows the
-- component's own secret as every bot's password, and nothing else.
local own_users;
if not prosody.hosts[host].users then
	own_users = usermanager.new_null_provider();
	own_users.name = "restanza_token";
	function own_users.test_password(_, password)
		if is_component_secret(password) then
			return true;
		end
		return nil, "Not authorized";
	end
	prosody.hosts[host].users = own_users;
end

-- 2. Bearer tokens: ours, and those that OAuth2 issued for this host. An issued token has no role on a component, which
-- is why mod_tokenauth would refuse it. Whoever obtained one has shown the component's secret, and with it may send as
-- any JID of the host already.
local tokens = module:depends("tokenauth");
local stock_get_token_session = tokens.get_token_session;

function tokens.get_token_session(token)
	if is_static_token(token) then
		return host_session();
	end
	local info, err = tokens.get_token_info(token);
	if not info then
		return nil, err;
	end
	if info.purpose ~= "oauth2" or jid.host(info.jid) ~= host then -- a refresh token is no access token
		return nil, "not-authorized";
	end
	return host_session();
end

-- 3. Basic HOST:SECRET. The mod_rest of 2025 takes it for an account's name and password, and would send as
-- HOST@HOST; told as a bearer token it means the same in every version.
local function basic_to_bearer(event)
	local headers = event.request.headers;
	local encoded = headers.authorization and headers.authorization:match("^[Bb][Aa][Ss][Ii][Cc]%s+(%S+)%s*$");
	local username, password = (encoded and base64.decode(encoded) or ""):match("^([^:]+):(.+)$");
	if username and jid.prep(username) == host and is_component_secret(password) then
		headers.authorization = "Bearer " .. password;
	end
end

module:depends("http");
do
	local path = url.parse(module:http_url("rest", "/rest", "internal")).path or "/rest";
	local base = module:get_option_string("http_host", host) .. path:gsub("/$", "");
	for _, route in ipairs({ "POST " .. base, "POST " .. base .. "/*", "GET " .. base .. "/*" }) do
		module:hook_object_event(http_server, route, basic_to_bearer, 10);
	end
end

function module.unload()
	tokens.get_token_session = stock_get_token_session;
	if own_users and prosody.hosts[host].users == own_users then
		prosody.hosts[host].users = nil;
	end
end
