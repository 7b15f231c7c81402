-- Callbacks of mod_rest, signed, in order and over lasting connections. See README.md.

local base64 = require "util.encodings".base64;
local http = require "net.http";
local http_util = require "util.http";
local jid = require "util.jid";
local new_id = require "util.id".long;
local new_render = require "util.interpolation".new;
local now = require "util.time".now;
local parse_url = require "socket.url".parse;
local promise = require "util.promise";
local st = require "util.stanza";
local timer = require "util.timer";

local new_client = module:require "connections".new_client;
local new_holding = module:require "holding".new;
local new_lanes = module:require "lanes".new;
local new_signer = module:require "signature".new_signer;

local xmlns_stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";
local unreachable = "The bot cannot be reached at the moment";

module:depends("rest"); -- for VirtualHosts, where either may be loaded first

local callback_url = module:get_option_string("rest_callback_url");
local sign = new_signer(module:get_option_set("restanza_callback_keys", {}));
local limits = {
	connections = module:get_option_integer("restanza_callback_connections", 64, 1);
	stanzas = module:get_option_integer("restanza_callback_queue", 10000, 0);
	stanzas_per_conversation = module:get_option_integer("restanza_callback_queue_per_conversation", 1000, 0);
	bytes = module:get_option_integer("restanza_callback_queue_bytes", 64 * 1024 * 1024, 0);
};
local timeout = module:get_option_period("restanza_callback_timeout", "2 minutes", 1);
local hold = module:get_option_period("restanza_callback_hold", "5 minutes", 0);
if not hold then
	error("restanza_callback_hold is no period such as \"5 minutes\"; 0 keeps nothing", 0);
end

if not callback_url then
	module:log("warn", "rest_callback_url is not set on %s: there are no callbacks to carry", module.host);
elseif not sign then
	module:log("warn", "restanza_callback_keys is not set on %s: callbacks go out unsigned", module.host);
end

local client = new_client({
	idle = module:get_option_period("restanza_callback_idle", 4, 1);
	timeout = timeout;
	log = module._log;
});

local measure_waiting = module:measure("waiting", "amount", 0);
local measure_held = module:measure("held", "amount", 0);
local measure_refused = module:measure("refused", "counter", 0);

-- Errors ------------------------------------------------------------------------------------------------------------

-- A warning for the log that comes at most every ten seconds for each reason, however often that occurs. Returns true
-- when it came.
local function new_warning(message)
	local reasons = {};
	return function (reason)
		local seen = reasons[reason] or { times = 0, silent_until = 0 };
		reasons[reason] = seen;
		seen.times = seen.times + 1;
		if now() < seen.silent_until then return; end
		seen.silent_until = now() + 10;
		module:log("warn", message, seen.times, reason);
		seen.times = 0;
		return true;
	end;
end

local warn_full = new_warning("Stanzas refused: %d, as many wait as %s allows. Raise it, or make the bots' server faster");
local warn_failed = new_warning("Callbacks failed: %d, %s. Is the bots' server running, and is rest_callback_url right?");

-- An error in a room means that the occupant is gone: the bot would be removed without ever learning it.
local function may_answer_error(stanza)
	if stanza.name == "presence" then
		return stanza.attr.type == "subscribe";
	end
	return stanza.attr.type ~= "groupchat";
end

-- Answers in the web server's place. mod_rest makes a stanza error out of it; told in this way rather than as a failed
-- connection, it does not write the callback URL with its secret to the log.
local function answer_error(job, error_type, condition, text)
	if not may_answer_error(job.stanza) then
		return job.answer({ code = 204, headers = {}, body = "" });
	end
	local reply = st.stanza(job.stanza.name, { type = "error" })
		:tag("error", { type = error_type })
			:tag(condition, { xmlns = xmlns_stanzas }):up()
			:text_tag("text", text, { xmlns = xmlns_stanzas });
	return job.answer({ code = 503, headers = { ["content-type"] = "application/xmpp+xml" }, body = tostring(reply) });
end

-- Sending -----------------------------------------------------------------------------------------------------------

local function request_head(job)
	local request = job.request;
	local authority = request.host;
	if request.port then
		authority = authority .. ":" .. request.port;
	end
	local lines = {
		"POST " .. request.path .. (request.query and "?" .. request.query or "") .. " HTTP/1.1",
		"Host: " .. authority,
		"User-Agent: Prosody XMPP Server",
		"Connection: keep-alive",
		"Content-Length: " .. #job.body,
	};
	for name, value in pairs(job.headers) do
		table.insert(lines, name .. ": " .. value);
	end
	if request.userinfo then
		table.insert(lines, "Authorization: Basic " .. base64.encode(request.userinfo));
	end
	table.insert(lines, "webhook-id: " .. job.id);
	if job.attempts > 1 then
		table.insert(lines, "webhook-attempt: " .. job.attempts);
	end
	if sign then
		local timestamp = tostring(os.time()); -- of sending, not of queueing: receivers refuse old ones
		table.insert(lines, "webhook-timestamp: " .. timestamp);
		table.insert(lines, "webhook-signature: " .. sign(job.id, timestamp, job.body));
	end
	return table.concat(lines, "\r\n") .. "\r\n\r\n";
end

local function send(job)
	local request = job.request;
	local tls = request.scheme == "https";
	job.exchange = {
		origin = request.scheme .. "://" .. request.authority;
		host = request.host;
		port = tonumber(request.port) or (tls and 443 or 80);
		tls = tls;
		method = "POST";
		data = function ()
			job.attempts = job.attempts + 1;
			return request_head(job) .. job.body;
		end;
		callback = function (...)
			job.exchange = nil;
			job.lanes.settle(job, ...);
		end;
	};
	client.post(job.exchange);
end

-- What a reverse proxy answers in the place of a server that is away: a page or a line for people, or nothing, where
-- the server itself would have sent a stanza.
local stand_in_codes = { [502] = true, [503] = true, [504] = true };
local stanza_types = {
	["application/xmpp+xml"] = true,
	["application/json"] = true,
	["application/cbor"] = true,
	["application/x-www-form-urlencoded"] = true,
};
local function is_of_a_proxy(response)
	local content_type = (response.headers["content-type"] or ""):lower():match("^[^; ]*");
	return stand_in_codes[response.code] and ((response.body or "") == "" or not stanza_types[content_type]);
end

local lanes, holding;

local function measure()
	measure_waiting(lanes.waiting);
	measure_held(holding.is_on() and lanes.waiting or 0);
end

local function settle(job, response, reason, unanswered)
	if hold > 0 and response and is_of_a_proxy(response) then
		response, reason, unanswered = nil, "only a proxy answers, with status " .. response.code, true;
	end
	if not unanswered then
		holding.answered(job);
	elseif holding.keep(job, reason) then
		return measure();
	end
	if response then
		job.answer(response);
	elseif reason == "timeout" then
		warn_failed("no answer within " .. timeout .. " seconds");
		answer_error(job, "wait", "remote-server-timeout", "The bot did not answer in time");
	else
		warn_failed(reason);
		answer_error(job, "wait", "recipient-unavailable", unreachable);
	end
	job.lanes:finished(job);
end

lanes = new_lanes(limits, send, settle);

local function refuse(jobs, text)
	for _, job in ipairs(jobs) do
		answer_error(job, "wait", "recipient-unavailable", text);
	end
end

local warn_away = new_warning("The bots' web server is away (outages: %d, %s). Messages and presence are kept for up to "
	.. hold .. " seconds, IQs answered with an error. Start it, or see whether rest_callback_url is right");
local warn_overdue = new_warning("Stanzas refused: %d, kept for as long as %s allows. Start the bots' web server");

holding = new_holding({
	lanes = lanes;
	hold = hold;
	refuse = function (jobs)
		for _, job in ipairs(jobs) do
			if not job.iq then
				measure_refused(1);
				warn_overdue("restanza_callback_hold");
			end
		end
		refuse(jobs, unreachable);
	end;
	add_timer = function (...)
		module:add_timer(...);
	end;
	begun = warn_away;
	over = function (back, seconds, kept, refused)
		module:log(back and "info" or "warn", "%s after %.0f seconds. Stanzas kept: %d; kept for too long and refused: %d",
			back and "The bots' web server is back" or "The bots' web server is still away, and nothing is kept any more",
			seconds, kept, refused);
	end;
});

-- Catching the callbacks --------------------------------------------------------------------------------------------

local render_url = new_render("%b{}", http_util.urlencode);
local function url_for(stanza)
	local attr = stanza.attr;
	return render_url(callback_url, { kind = stanza.name, type = attr.type, to = attr.to, from = attr.from });
end

-- mod_rest calls net.http.request() while it handles a stanza, but its request is made a tick later, when nothing tells
-- any more whose it is. So the call itself is caught, once for the whole server: the hook below, which runs just before
-- mod_rest's, leaves a taker there for the next call.
local catch = module:shared("/*/restanza_callback/catch");
catch.users = catch.users or {};

local function install()
	if not catch.stock_request then
		catch.stock_request = http.request;
		function catch.request(...)
			local taker = catch.taker;
			catch.taker = nil;
			return taker and taker(...) or catch.stock_request(...);
		end
		http.request = catch.request;
	end
	catch.users[module.host] = true;
end

local function uninstall()
	catch.users[module.host] = nil;
	if next(catch.users) == nil and http.request == catch.request then
		http.request = catch.stock_request;
		catch.stock_request, catch.request = nil, nil;
	end
end

-- Takes one callback of mod_rest's; returns a promise of its answer, as net.http does, or nothing if it is not ours.
local function take(stanza, url, options, callback)
	if callback or not options or not options.body or options.method or url ~= url_for(stanza) then
		return;
	end
	local request = parse_url(url);
	if not (request and request.host) then return; end -- net.http says what is wrong with it
	request.path = request.path or "/";

	local headers = {};
	for name, value in pairs(options.headers or {}) do
		if name ~= "Content-Language" and not value:find("%c") then
			headers[name] = value;
		end
	end
	local job = {
		id = "msg_" .. new_id(); -- the same each time that it is sent
		attempts = 0;
		arrived = now();
		iq = stanza.name == "iq";
		key = jid.bare(stanza.attr.to or module.host) .. " " .. jid.bare(stanza.attr.from or module.host);
		bytes = #options.body;
		body = options.body;
		headers = headers;
		request = request;
		stanza = { name = stanza.name, attr = { type = stanza.attr.type } };
	};
	-- A promise of Prosody's runs its function a tick later; the answer may have come by then.
	local answered, resolve;
	function job.answer(response)
		answered = response;
		if resolve then resolve(answered); end
	end
	local answer = promise.new(function (resolve_)
		resolve = resolve_;
		if answered then resolve(answered); end
	end);

	if job.iq and holding.is_on() then -- its sender waits for it
		answer_error(job, "wait", "recipient-unavailable", unreachable);
		return answer;
	end
	local taken, option = lanes:add(job);
	measure();
	if not taken then
		measure_refused(1);
		warn_full(option);
		answer_error(job, "wait", "resource-constraint", "The bot has too many messages waiting, try again later");
	end
	return answer;
end

-- mod_rest answers through the session by which a stanza came. Of a message neither the archive of that person nor their
-- other clients would hear then (mod_mam and mod_carbons hang on routing). And when an answer took minutes, the session
-- may be gone and would drop it without a word, while the person is there on another or has offline storage.
local function lasting_origin(origin)
	return setmetatable({
		send = function (reply)
			if origin.destroyed or reply.name == "message" then
				return module:send(reply);
			end
			return origin.send(reply);
		end;
	}, { __index = origin });
end

local function before_mod_rest(event)
	local stanza = event.stanza;
	local lang = stanza.attr["xml:lang"];
	if lang and lang:find("%c") then -- mod_rest copies it into a header as it is
		module:log("info", "Dropped an xml:lang with control characters from %s", stanza.attr.from);
		stanza.attr["xml:lang"] = nil;
	end
	event.origin = lasting_origin(event.origin);
	function catch.taker(...)
		return take(stanza, ...);
	end
end

-- So that no later request is taken for mod_rest's when that did not make one.
local function around_event(fire, name, data)
	local ok, result = xpcall(fire, debug.traceback, name, data);
	catch.taker = nil;
	if not ok then
		error(result, 0);
	end
	return result;
end

if callback_url then
	local events_by_host_type = { ["local"] = { "host" }, ["component"] = { "bare", "full", "host" } }; -- mod_rest's own
	local kinds = module:get_option_set("rest_callback_stanzas", { "message", "presence", "iq" });
	for kind in kinds do
		for suffix in module:get_option_set("rest_callback_events", events_by_host_type[module:get_host_type()]) do
			local event = kind .. "/" .. suffix;
			module:hook(event, before_mod_rest, -0.99); -- mod_rest's is -1
			module:wrap_event(event, around_event);
		end
	end
	install();
end

module:add_timer(1, function ()
	client.tend();
	holding.tend();
	measure();
	return 1;
end);

-- Reload and unload -------------------------------------------------------------------------------------------------

function module.save()
	return { lanes = lanes, holding = holding.save() };
end

function module.restore(saved)
	if saved.lanes then
		holding.restore(saved.holding);
		lanes:adopt(saved.lanes);
	end
end

-- Whoever still waits is told so; nothing is kept from here on.
local function give_up(text)
	local jobs = lanes:take_waiting();
	holding.stop();
	refuse(jobs, text);
end

function module.unload()
	uninstall();
	client.close();
	timer.add_task(1, function ()
		return client.tend() and 1 or nil; -- what is under way may still have to be given up
	end);
	if not module.reloading then
		return give_up("The bot's connection was shut down");
	end
	-- The new instance takes the queue. Should it fail to load, nobody would ever answer.
	timer.add_task(5, function ()
		give_up("The bot's connection was shut down");
	end);
end

-- While people are still connected to be told: a stopping Prosody unloads nothing.
module:hook_global("server-stopping", function ()
	give_up("The server is being shut down");
end, 1);
