-- While the web server is away, messages and presence stay in their lanes; this says when they go out again.
--
-- The first callback that cannot be delivered begins an outage: the lanes pause, so that whatever comes waits without a
-- connection of its own. Then one stanza at a time is tried, each time of another conversation, until one gets through.

local now = require "util.time".now;

local first_pause, longest_pause = 0.25, 2;

-- So often, while later ones get through, a stanza may fail before that is taken for its own fault.
local own_failures_most = 16;

local function pause_after(failures)
	return math.min(first_pause * 2 ^ (failures - 1), longest_pause);
end

-- options: {
--   lanes,
--   hold = seconds that a stanza is kept at most, 0 for not at all,
--   refuse = function (jobs), which answers them with an error,
--   add_timer = function (seconds, callback),
--   begun = function (reason), called when the first stanza of an outage is kept,
--   over = function (back, seconds, kept, refused), called at the end of an outage of which begun() returned true;
--     back: the server is back, rather than nothing left that is kept
-- }
local function new(options)
	local lanes, hold = options.lanes, options.hold;
	-- outage: nil while the server is there. latest_answered: the turn of the latest job that got an answer.
	local state = { outage = nil, latest_answered = 0 };
	local stopped = hold == 0;
	local holding = {};

	local function finish(back)
		local outage = state.outage;
		state.outage = nil;
		lanes.paused = false;
		if outage.told then
			-- All that waits now was kept, and so was the one that got through.
			options.over(back, now() - outage.since, lanes.waiting + outage.refused + (back and 1 or 0), outage.refused);
		end
		lanes:pump();
	end

	-- Since when a job has been kept: what was waiting for other reasons has its full time from the start of the outage.
	local function kept_since(job)
		local outage = state.outage;
		return job.kept_since or outage and math.max(job.arrived, outage.since) or now();
	end

	local function refuse_overdue()
		local outage, time = state.outage, now();
		local jobs = lanes:take_over(function (job)
			return kept_since(job) + hold <= time;
		end);
		outage.refused = outage.refused + #jobs;
		options.refuse(jobs);
	end

	local function is_trying(outage)
		return outage.trying and lanes.under_way[outage.trying];
	end

	local function try_one(outage)
		outage.scheduled = false;
		if state.outage ~= outage or stopped or is_trying(outage) then return; end
		outage.trying = lanes:start_one();
		if not outage.trying then
			finish(false); -- the next that comes will tell
		end
	end

	local function try_later(outage)
		if outage.scheduled then return; end
		outage.scheduled = true;
		options.add_timer(pause_after(outage.failures), function () try_one(outage); end);
	end

	local function begin()
		local outage = { since = now(), turn = lanes.started, failures = 1, refused = 0 };
		state.outage = outage;
		lanes.paused = true;
		options.refuse(lanes:take_iqs());
		try_later(outage);
	end

	local function may_be_kept(job)
		job.kept_since = kept_since(job);
		return now() - job.kept_since < hold and (job.own_failures or 0) < own_failures_most;
	end

	-- Whether stanzas are being kept.
	function holding.is_on()
		return state.outage ~= nil;
	end

	-- To be called for a job that could not be delivered. Returns true if it is kept; otherwise it wants an answer.
	function holding.keep(job, reason)
		if stopped then return false; end
		-- Was one that was sent later answered, the server is there.
		local own_failure = job.turn < state.latest_answered;
		if own_failure then
			job.own_failures = (job.own_failures or 0) + 1;
		elseif not state.outage then
			begin();
		elseif job.turn > state.outage.turn then -- those before it were under way when the outage began
			state.outage.failures = state.outage.failures + 1;
			try_later(state.outage);
		end
		local outage = state.outage;
		if job.iq or not may_be_kept(job) then
			if outage and not job.iq then outage.refused = outage.refused + 1; end
			return false;
		end
		if outage and not outage.told then
			outage.told = options.begun(reason);
		end
		local rest = own_failure and not outage;
		lanes:put_back(job, rest);
		if rest then
			options.add_timer(pause_after(job.own_failures), function () lanes:wake(job.key); end);
		end
		return true;
	end

	-- To be called for a job that the server itself has answered, or that it failed to when it was certainly there.
	function holding.answered(job)
		state.latest_answered = math.max(state.latest_answered, job.turn);
		-- A server that stops may still answer what it has while it takes nothing new.
		if state.outage and job.turn > state.outage.turn then
			finish(true);
		end
	end

	-- To be called about once a second.
	function holding.tend()
		local outage = state.outage;
		if not outage or stopped then return; end
		refuse_overdue();
		-- A server that is slow to answer is there: one such stanza must not keep all the others waiting.
		local exchange = is_trying(outage) and outage.trying.exchange;
		if exchange and exchange.written and now() - exchange.sent >= longest_pause then
			finish(true);
		end
	end

	-- What another instance needs to go on where this one left off.
	function holding.save()
		return state;
	end

	-- To be called before the lanes adopt the other's.
	function holding.restore(saved)
		if stopped then return; end -- then each is tried once more
		state = saved;
		if state.outage then
			lanes.paused = true;
			state.outage.scheduled = false; -- the other's timer went with it
			try_later(state.outage);
		end
	end

	-- Keeps nothing from now on. What waits is tried once, unless it was taken out before.
	function holding.stop()
		stopped = true;
		state = { latest_answered = state.latest_answered }; -- what was saved is another's now
		lanes.paused = false;
		lanes:pump();
	end

	return holding;
end

return { new = new };
