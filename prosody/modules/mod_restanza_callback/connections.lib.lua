-- An HTTP/1.1 client for POSTs that keeps its connections.
--
-- net.http closes exactly those pooled connections that the server wants to keep: after an answer that says (or, by
-- saying nothing, means) "keep-alive" it passes that to destroy_request() as `force`. Hence this one, on the same parts:
-- net.connect, the resolver and the parser.

local connect = require "net.connect".connect;
local http = require "net.http";
local new_parser = require "net.http.parser".new;
local resolver = require "net.resolvers.basic";
local now = require "util.time".now;
local verify_identity = require "util.x509".verify_identity;

-- A server that closes an idle connection at the moment we use it shows within a round trip. Closed later than this, it
-- may have been at work on the request.
local stale_within = 1;

-- options: { idle = seconds an unused connection is kept at most, timeout = seconds to wait for an answer, log }
local function new_client(options)
	local log = options.log;
	local connections = {}; -- [conn of net.server] = connection
	local idle = {}; -- [origin] = connections, the most recently used last
	local busy = {}; -- [connection] = true, from connecting to the end of the answer
	local closed = false;
	local client, listener = {}, {};
	local open;

	local function discard(connection)
		busy[connection] = nil;
		connection.gone = true;
		local conn = connection.conn;
		if conn then
			connection.conn = nil;
			connections[conn] = nil;
			conn:close();
		end
	end

	-- final: the request may not be sent again, even if no answer to it has begun
	local function fail(connection, reason, final)
		local exchange = connection.exchange;
		connection.exchange = nil;
		discard(connection);
		if not exchange then return; end
		-- RFC 9110, 9.2.2: a POST may be repeated on its own only if it was surely not applied. A connection that had
		-- been idle and is closed at once, without a byte of an answer, was given up by the server before the request
		-- came. Should it have been read after all, the repetition carries the same webhook-id, by which a receiver
		-- knows it for a duplicate.
		if connection.reused and not final and not exchange.answering and now() - exchange.sent < stale_within then
			log("debug", "A kept connection was closed by the server, repeating the request on a new one");
			return open(exchange);
		end
		return exchange.callback(nil, reason, not final and not exchange.answering);
	end

	-- How many seconds the connection may be kept after this answer; 0 for not at all.
	local function keep_for(response)
		local said = (response.headers.connection or ""):lower();
		if response.httpversion ~= "1.1" or said:find("close", 1, true) or closed
		or not (response.chunked or response.body_length) then
			return 0;
		end
		local server_keeps = tonumber((response.headers["keep-alive"] or ""):match("timeout=(%d+)"));
		if server_keeps then -- stay clear of its deadline
			return math.min(options.idle, server_keeps - math.min(1, server_keeps / 2));
		end
		return options.idle;
	end

	local function finish(connection, response)
		local exchange = connection.exchange;
		connection.exchange = nil;
		busy[connection] = nil;
		local seconds = keep_for(response);
		if seconds > 0 then
			connection.idle_until = now() + seconds;
			connection.reused = true;
			local list = idle[connection.origin];
			if not list then
				list = {};
				idle[connection.origin] = list;
			end
			table.insert(list, connection);
		else
			discard(connection);
		end
		return exchange.callback(response);
	end

	local function write(connection)
		local exchange = connection.exchange;
		exchange.sent = now();
		exchange.written = true;
		connection.parser = new_parser(function (response)
			if not response.partial and response.code >= 200 and connection.exchange == exchange then
				finish(connection, response);
			end
		end, function (reason)
			if connection.exchange == exchange then
				fail(connection, reason or "invalid answer", true);
			end
		end, "client", function () return exchange; end);
		connection.conn:write(exchange.data());
	end

	local function take_idle(origin)
		local list = idle[origin];
		while list and list[1] do
			local connection = table.remove(list);
			if not connection.gone then
				if connection.idle_until > now() then
					return connection;
				end
				discard(connection);
			end
		end
	end

	function listener.onattach(conn, connection)
		connection.conn = conn;
		connections[conn] = connection;
	end

	function listener.ondetach(conn)
		connections[conn] = nil;
	end

	function listener.onconnect(conn)
		local connection = connections[conn];
		if not connection or connection.gone then -- it was waited for too long already
			connections[conn] = nil;
			conn:close();
			return;
		end
		if connection.exchange.tls then
			local sock = conn:socket();
			local cert = sock.getpeercertificate and sock:getpeercertificate();
			if not (sock.getpeerverification and sock:getpeerverification()) then
				return fail(connection, "certificate-chain-invalid", true);
			elseif not cert or not verify_identity(connection.exchange.host, false, cert) then
				return fail(connection, "certificate-verify-failed", true);
			end
		end
		write(connection);
	end

	function listener.onincoming(conn, data)
		local connection = connections[conn];
		local exchange = connection and connection.exchange;
		if not exchange then -- nobody asked
			if connection then discard(connection); end
			return;
		end
		exchange.answering = true;
		connection.parser:feed(data);
	end

	function listener.ondisconnect(conn, reason)
		local connection = connections[conn];
		if not connection then return; end
		connections[conn] = nil;
		connection.conn = nil;
		if connection.exchange and connection.exchange.answering then
			connection.parser:feed(nil); -- the end of an answer without a length
		end
		if not connection.gone then
			fail(connection, reason or "closed");
		end
	end

	function listener.onfail(connection, reason)
		fail(connection, reason or "connection failed");
	end

	function open(exchange)
		local connection = { origin = exchange.origin, exchange = exchange, reused = false };
		busy[connection] = true;
		exchange.sent = now();
		exchange.written = false;
		local defaults = http.default.options or {};
		local service = resolver.new(exchange.host, exchange.port, "tcp", { servername = exchange.host; use_dane = defaults.use_dane });
		connect(service, listener, { sslctx = exchange.tls and defaults.sslctx or false }, connection);
	end

	-- exchange: { origin, host, port, tls, data, method, callback }
	-- data: function () that returns the request, called each time it is sent
	-- callback: function (response) or function (nil, reason, unanswered); response is what net.http.parser makes,
	-- unanswered means that there was no server, or that it broke off before a byte of its answer
	-- exchange.written and exchange.sent tell meanwhile whether the request is on its way, and since when
	function client.post(exchange)
		local connection = take_idle(exchange.origin);
		if not connection then
			return open(exchange);
		end
		connection.exchange = exchange;
		busy[connection] = true;
		write(connection);
	end

	-- To be called about once a second. Returns whether an answer is still awaited.
	function client.tend()
		local time = now();
		for _, list in pairs(idle) do
			for i = #list, 1, -1 do
				if list[i].gone or list[i].idle_until <= time then
					discard(table.remove(list, i));
				end
			end
		end
		local late = {};
		for connection in pairs(busy) do
			if time - connection.exchange.sent >= options.timeout then
				table.insert(late, connection);
			end
		end
		for _, connection in ipairs(late) do
			fail(connection, "timeout", connection.exchange.written);
		end
		return next(busy) ~= nil;
	end

	-- Closes what is idle now, and the rest when it is answered.
	function client.close()
		closed = true;
		for _, list in pairs(idle) do
			for _, connection in ipairs(list) do
				discard(connection);
			end
		end
		idle = {};
	end

	return client;
end

return { new_client = new_client };
