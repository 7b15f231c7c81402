-- Credentials on a mod_rest component: bearer tokens, Basic and OAuth2 grants that work. See README.md.

local base64 = require "util.encodings".base64;
local hashes = require "util.hashes";
local http_server = require "net.http.server";
local http_util = require "util.http";
local jid = require "util.jid";
local json = require "util.json";
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

-- 2. Bearer tokens: the static ones, and those issued below. An issued token has no role on a component, which is why
-- mod_tokenauth would refuse it. Whoever obtained one has shown the component's secret, and with it may send as any JID
-- of the host already.
local tokens = module:depends("tokenauth");

-- What ties a grant to the secret it was obtained with: when that is changed, its tokens are worth nothing any more.
local grant_mark = component_secret and hashes.hmac_sha256(component_secret, "restanza_token " .. host, true);
local function is_own_grant(grant)
	local mark = grant.data and grant.data.restanza_token;
	return grant_mark ~= nil and mark ~= nil and hashes.equals(mark, grant_mark);
end

local stock_get_token_session = tokens.get_token_session;

function tokens.get_token_session(token)
	if is_static_token(token) then
		return host_session();
	end
	local info, err = tokens.get_token_info(token);
	if not info then
		return nil, err;
	end
	if info.purpose ~= "oauth2" or not is_own_grant(info.grant) then -- a refresh token is no access token
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
	elseif encoded and not component_secret then
		headers.authorization = "Bearer refused"; -- the mod_rest of 2026 would crash for want of a secret to compare with
	end
end

module:depends("http");

local function route_base(app)
	local path = url.parse(module:http_url(app, "/" .. app, "internal")).path or "/" .. app;
	return module:get_option_string("http_host", host) .. path:gsub("/$", "");
end

do
	local base = route_base("rest");
	for _, route in ipairs({ "POST " .. base, "POST " .. base .. "/*", "GET " .. base .. "/*" }) do
		module:hook_object_event(http_server, route, basic_to_bearer, 10);
	end
end

-- 4. OAuth2's password and refresh grants, with the component's secret as the password. mod_http_oauth2 offers the first
-- on a component too, but crashes in it when the secret is right (2026) and cannot refresh what it issued (both).
local access_ttl = module:get_option_period("oauth2_access_token_ttl", 3600);
local refresh_ttl = module:get_option_period("oauth2_refresh_token_ttl", 604800);

local function oauth_answer(event, status, body)
	local response = event.response;
	response.status_code = status;
	response.headers.content_type = "application/json";
	response.headers.cache_control = "no-store";
	response.headers.pragma = "no-cache";
	return json.encode(body);
end

local function issue(event, grant, grant_jid)
	local access = grant and tokens.create_token(grant_jid, grant.id, nil, access_ttl, "oauth2");
	local refresh = access and tokens.create_token(grant_jid, grant.id, nil, refresh_ttl, "oauth2-refresh");
	if not refresh then
		module:log("error", "A token for %s could not be stored", grant_jid);
		return oauth_answer(event, 500, { error = "server_error" });
	end
	return oauth_answer(event, 200, {
		token_type = "bearer";
		access_token = access;
		expires_in = access_ttl;
		refresh_token = refresh;
	});
end

local grant_types = {};

function grant_types.password(event, params)
	local node, domain = jid.prepped_split(params.username);
	if not node and domain ~= host then -- "echo" instead of "echo@host", as mod_http_oauth2 has it on a VirtualHost
		node, domain = jid.prepped_split(params.username .. "@" .. host);
	end
	if domain ~= host or not is_component_secret(params.password) then
		module:log("info", "A password grant was refused on %s", host);
		return oauth_answer(event, 400, { error = "invalid_grant", error_description = "incorrect credentials" });
	end
	local grant_jid = jid.join(node, host);
	return issue(event, tokens.create_grant(grant_jid, grant_jid, nil, { restanza_token = grant_mark }), grant_jid);
end

function grant_types.refresh_token(event, params)
	local info = tokens.get_token_info(params.refresh_token);
	if not info or info.purpose ~= "oauth2-refresh" or not is_own_grant(info.grant) then
		return oauth_answer(event, 400, { error = "invalid_grant", error_description = "invalid refresh token" });
	end
	tokens.revoke_token(params.refresh_token); -- each is good for one use
	return issue(event, info.grant, info.jid);
end

local allowed_grants = module:get_option_set("allowed_oauth2_grant_types", {});
if allowed_grants:contains("password") then
	module:hook_object_event(http_server, "POST " .. route_base("oauth2") .. "/token", function (event)
		local params = http_util.formdecode(event.request.body or "");
		if type(params) ~= "table" then return; end
		if params.grant_type == "password" and params.username and params.password then
			return grant_types.password(event, params);
		elseif params.grant_type == "refresh_token" and params.refresh_token and allowed_grants:contains("refresh_token") then
			return grant_types.refresh_token(event, params);
		end
	end, 10);
end

function module.unload()
	tokens.get_token_session = stock_get_token_session;
	if own_users and prosody.hosts[host].users == own_users then
		prosody.hosts[host].users = nil;
	end
end
