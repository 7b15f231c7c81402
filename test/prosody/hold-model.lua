-- Runs the queues of mod_restanza_callback against a web server that comes and goes, in a time of its own: thousands of
-- outages in a second. hold-model.test.ts puts in front of it `clock`, which the module's own now() reads, the module's
-- `lanes_lib` and `holding_lib`, and `from_seed` and `to_seed`.

local timers, sequence;

local function at(seconds, callback)
	sequence = sequence + 1;
	table.insert(timers, { time = clock + seconds, sequence = sequence, callback = callback });
end

local function next_timer()
	local best;
	for i, timer in ipairs(timers) do
		local other = timers[best];
		if not best or timer.time < other.time or timer.time == other.time and timer.sequence < other.sequence then
			best = i;
		end
	end
	return best and table.remove(timers, best);
end

local connections, rounding = 8, 1e-6;
local limits = { connections = connections, stanzas = 120, stanzas_per_conversation = 30, bytes = 10000 };
local totals = { outages = 0, kept = 0, overdue = 0, own = 0, poisoned = 0, refused = 0, reloads = 0, answered = 0, tries = 0 };

local function run(seed)
	math.randomseed(seed);
	clock, timers, sequence = 1000, {}, 0;
	local hold = math.random() < 0.5 and 20 or 100;
	local stopped = false;
	local probe_was_let_in = false;
	local server = { up = true, life = 0 };
	local instance, lanes, holding = 0, nil, nil;
	local open, accepted, poisoned = 0, 0, 0;
	local last_answered = {}; -- [key] = number of the latest that was answered

	local function check(condition, what)
		if not condition then
			error(("seed %d at %.3f s: %s"):format(seed, clock - 1000, what), 2);
		end
	end

	local function answer(job, result)
		check(not job.answered, "answered twice");
		job.answered = true;
		open = open - 1;
		if not job.iq then
			-- Whoever stops answers what waits before what is under way.
			check(stopped or job.number > (last_answered[job.key] or 0), "answered out of order");
			last_answered[job.key] = job.number;
		end
		if result == "ok" then
			totals.answered = totals.answered + 1;
		elseif job.iq or stopped then
			return;
		elseif job.poison and (job.own_failures or 0) >= 16 then
			check(clock - job.kept_since > 10, "tried too often by itself");
			totals.poisoned = totals.poisoned + 1;
		else
			local outage = holding.save().outage;
			local began = outage and math.max(job.arrived, outage.since);
			check(not outage or clock - began <= hold + 15, "refused long after its time");
			check(clock - (job.kept_since or began) >= hold - rounding, "refused before its time");
			totals.overdue = totals.overdue + 1;
		end
	end

	local function send(job)
		totals.tries = totals.tries + 1;
		local outage = holding.save().outage;
		if outage then
			check(not job.iq, "an IQ was tried in an outage");
			for other in pairs(lanes.under_way) do
				check(other == job or other.turn <= outage.turn, "two were tried at once in an outage");
			end
			local pause = math.min(0.25 * 2 ^ (outage.failures - 1), 2);
			check(clock - (outage.last_try or outage.since) >= pause - rounding, "tried too often");
			outage.last_try = clock;
			outage.tries = (outage.tries or 0) + 1;
			check(outage.failures <= outage.tries, "the pauses grow without a try");
		end
		if job.rests_in == instance then
			check(clock - job.rests_since >= 0.25 - rounding, "a stanza that fails by itself was tried again at once");
		end
		probe_was_let_in = outage ~= nil and server.up;
		job.exchange = { sent = clock, written = server.up, instance = instance };
		local life = server.life;
		local function fail(reason)
			job.exchange = nil;
			job.lanes.settle(job, nil, reason, true);
		end
		if not server.up then
			if math.random() < 0.1 then return fail("refused at once"); end
			return at(0.001, function () fail("connection refused"); end);
		end
		local latency = math.random() < 0.02 and 6 or math.random() * 0.2;
		at(latency, function ()
			if job.poison or server.life ~= life then return fail("closed"); end
			job.exchange = nil;
			job.lanes.settle(job, "ok");
		end);
	end

	local function load_module(saved)
		instance = instance + 1;
		local mine = instance;
		local own_lanes, own_holding;
		local function settle(job, response, reason, unanswered)
			check(job.lanes == lanes, "settled by an instance that is gone");
			if not unanswered then
				own_holding.answered(job);
			elseif own_holding.keep(job, reason) then
				check((job.own_failures or 0) <= 16, "one's own failures are not bounded");
				totals.kept = totals.kept + 1;
				job.rests_in, job.rests_since = not own_holding.is_on() and mine or nil, clock;
				return;
			end
			totals.own = totals.own + (job.own_failures or 0);
			answer(job, response or "error");
			job.lanes:finished(job);
		end
		own_lanes = lanes_lib.new(limits, send, settle);
		own_holding = holding_lib.new({
			lanes = own_lanes;
			hold = hold;
			refuse = function (jobs)
				for _, job in ipairs(jobs) do answer(job, "error"); end
			end;
			add_timer = function (seconds, callback)
				at(seconds, function ()
					if instance == mine then callback(); end
				end);
			end;
			begun = function ()
				totals.outages = totals.outages + 1;
				return true;
			end;
			over = function (back, _, kept, refused)
				check(not back or server.up or probe_was_let_in, "the server is taken to be back and is not");
				check(kept >= refused and kept > 0, "counts that cannot be");
			end;
		});
		local function tend()
			if instance ~= mine then return; end
			own_holding.tend();
			at(1, tend);
		end
		lanes, holding = own_lanes, own_holding;
		if saved then
			own_holding.restore(saved.holding);
			own_lanes:adopt(saved.lanes);
		end
		at(1, tend);
	end
	load_module();

	local number = 0;
	local function arrive()
		number = number + 1;
		local job = {
			number = number, iq = math.random() < 0.2, key = "conversation " .. math.random(12), bytes = 50, arrived = clock;
			poison = math.random() < 0.002;
		};
		open = open + 1;
		if job.iq and holding.is_on() then return answer(job, "error"); end
		local taken = lanes:add(job);
		check(lanes.waiting <= limits.stanzas + connections, "more wait than may");
		if not taken then
			open = open - 1;
			totals.refused = totals.refused + 1;
		else
			accepted = accepted + 1;
			if job.poison then poisoned = poisoned + 1; end
		end
	end

	local ends = clock + 120;
	local function arrivals()
		if clock >= ends then return; end
		arrive();
		at(math.random() * (math.random() < 0.5 and 0.01 or 0.4), arrivals);
	end
	local function switch()
		server.up = not server.up;
		-- One that stops in good order still answers what it has.
		if not server.up and math.random() < 0.5 then server.life = server.life + 1; end
		if clock < ends or not server.up then
			at(math.random() < 0.1 and 30 or math.random() * 6, switch);
		end
	end
	local function reload()
		if stopped then return; end
		totals.reloads = totals.reloads + 1;
		local outage = holding.save().outage;
		if outage then outage.last_try = outage.since - 2; end -- the timer that was under way began anew
		load_module({ lanes = lanes, holding = holding.save() });
		if clock < ends then at(math.random() * 30, reload); end
	end
	at(0, arrivals);
	at(math.random() * 5, switch);
	at(math.random() * 30, reload);
	if math.random() < 0.3 then
		at(110, function ()
			stopped = true;
			local jobs = lanes:take_waiting();
			holding.stop();
			for _, job in ipairs(jobs) do answer(job, "error"); end
		end);
	end

	-- With nothing else going through, one that fails by itself is an outage to the lanes: it has its full time, and what
	-- fails behind it in its conversation has its own after it.
	while clock < ends + 100 + (1 + poisoned) * (hold + 15) do
		local timer = next_timer();
		clock = timer.time;
		timer.callback();
		local exchange = holding.is_on() and (holding.save().outage.trying or {}).exchange;
		if exchange and exchange.written and exchange.instance == instance then
			check(clock - exchange.sent <= 4, "all wait for one that is slow");
		end
		check(not holding.is_on() or lanes.iqs.first > lanes.iqs.last, "an IQ waits in an outage");
		check(lanes.paused == holding.is_on(), "paused without an outage, or the other way round");
		check(lanes.paused or not lanes:has_message() or lanes.running >= connections, "a message waits without need");
	end
	check(open == 0, open .. " were never answered");
	check(lanes.waiting == 0 and lanes.waiting_bytes == 0 and next(lanes.waiting_of) == nil, "something still waits");
	check(lanes.running == 0 and lanes.running_messages == 0 and next(lanes.under_way) == nil, "something is still under way");
	check(next(lanes.conversations) == nil and next(lanes.resting) == nil, "a conversation is still there");
	check(not lanes.paused and not holding.is_on(), "the outage has not ended");
	check(accepted > 100, "nothing was tried");
end

for seed = from_seed, to_seed do run(seed); end
local names = {};
for name in pairs(totals) do table.insert(names, name); end
table.sort(names);
for i, name in ipairs(names) do names[i] = name .. " " .. totals[name]; end
print(table.concat(names, ", "));
