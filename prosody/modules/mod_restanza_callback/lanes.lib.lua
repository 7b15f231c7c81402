-- Who goes next: one stanza of a conversation at a time, IQs beside them, everything bounded.
--
-- A job is a table with
--   key    the conversation it belongs to
--   iq     true when it may overtake the conversation's messages
--   bytes  what it takes in memory while it waits
-- A job's `lanes` is the object to tell when it is finished; it changes when a reload hands the jobs on. Its `turn` is
-- the how many-th it was to be started.
--
-- While `paused` is set nothing starts but what start_one() does, and whatever comes waits, within the same limits.

local lanes_methods = {};
local lanes_mt = { __index = lanes_methods };

local function new_queue()
	return { first = 1, last = 0 };
end

local function push(queue, item)
	queue.last = queue.last + 1;
	queue[queue.last] = item;
end

local function push_front(queue, item)
	queue.first = queue.first - 1;
	queue[queue.first] = item;
end

local function pop(queue)
	local item = queue[queue.first];
	if item ~= nil then
		queue[queue.first] = nil;
		queue.first = queue.first + 1;
	end
	return item;
end

local function is_empty(queue)
	return queue.first > queue.last;
end

-- limits: { connections, stanzas, stanzas_per_conversation, bytes }
-- send: function (job), called when it is a job's turn; the sender calls job.lanes.settle afterwards.
-- settle: function (job, ...), which calls job.lanes:finished(job) or, to have the job tried again, job.lanes:put_back(job).
local function new(limits, send, settle)
	-- Slow messages must not take every connection: some are kept for IQs, whose senders wait with a timeout.
	local kept_for_iqs = math.floor(limits.connections / 8);
	return setmetatable({
		limits = limits;
		send = send;
		settle = settle;
		message_connections = limits.connections - kept_for_iqs;
		conversations = {}; -- [key] = queue of waiting messages; there while one of its messages is under way
		ready = new_queue(); -- keys of conversations whose next message may go
		resting = {}; -- [key] = true for those that are to become ready by wake()
		iqs = new_queue();
		waiting_of = {}; -- [key] = how many stanzas wait, IQs included
		waiting = 0;
		waiting_bytes = 0;
		under_way = {}; -- [job] = true
		running = 0;
		running_messages = 0;
		started = 0;
		paused = false;
	}, lanes_mt);
end

function lanes_methods:start(job)
	job.lanes = self;
	self.started = self.started + 1;
	job.turn = self.started;
	self.under_way[job] = true;
	self.running = self.running + 1;
	if not job.iq then
		self.running_messages = self.running_messages + 1;
	end
	self.send(job);
end

function lanes_methods:stop_waiting(job)
	self.waiting = self.waiting - 1;
	self.waiting_bytes = self.waiting_bytes - job.bytes;
	local count = self.waiting_of[job.key] - 1;
	self.waiting_of[job.key] = count > 0 and count or nil;
end

function lanes_methods:count_waiting(job)
	self.waiting = self.waiting + 1;
	self.waiting_bytes = self.waiting_bytes + job.bytes;
	self.waiting_of[job.key] = (self.waiting_of[job.key] or 0) + 1;
end

function lanes_methods:wait(job)
	job.lanes = self;
	self:count_waiting(job);
	if job.iq then
		push(self.iqs, job);
	elseif self.conversations[job.key] then
		push(self.conversations[job.key], job);
	else
		local conversation = new_queue();
		self.conversations[job.key] = conversation;
		push(conversation, job);
		push(self.ready, job.key);
	end
end

function lanes_methods:next_message()
	local key = pop(self.ready);
	return pop(self.conversations[key]);
end

function lanes_methods:has_message()
	return not is_empty(self.ready) and self.running_messages < self.message_connections;
end

-- Starts what may start. A job can finish while it is being started, and its answer can make new jobs: those calls
-- come back here and leave the work to the loop that is running already.
function lanes_methods:pump()
	if self.pumping then return; end
	self.pumping = true;
	while not self.paused and self.running < self.limits.connections do
		local job;
		if not is_empty(self.iqs) and (self.message_was_last or not self:has_message()) then
			self.message_was_last = false;
			job = pop(self.iqs);
		elseif self:has_message() then
			self.message_was_last = true;
			job = self:next_message();
		else
			break;
		end
		self:stop_waiting(job);
		self:start(job);
	end
	self.pumping = false;
end

-- Takes a job; or returns nil and the name of the option whose limit it would pass.
function lanes_methods:add(job)
	local limits = self.limits;
	local may_start = not self.paused and self.running < limits.connections and is_empty(self.iqs);
	if may_start and not job.iq then
		may_start = not self.conversations[job.key] and is_empty(self.ready) and self.running_messages < self.message_connections;
	end
	if not may_start then
		if self.waiting >= limits.stanzas then
			return nil, "restanza_callback_queue";
		elseif (self.waiting_of[job.key] or 0) >= limits.stanzas_per_conversation then
			return nil, "restanza_callback_queue_per_conversation";
		elseif self.waiting_bytes + job.bytes > limits.bytes then
			return nil, "restanza_callback_queue_bytes";
		end
	end
	self:wait(job);
	self:pump();
	return true;
end

-- Starts one message in spite of a pause: the next of the conversation that has waited longest for its turn. Returns
-- it, or nothing if there is none.
function lanes_methods:start_one()
	if is_empty(self.ready) then return; end
	local job = self:next_message();
	self:stop_waiting(job);
	self:start(job);
	return job;
end

function lanes_methods:stop_running(job)
	self.under_way[job] = nil;
	self.running = self.running - 1;
	if not job.iq then
		self.running_messages = self.running_messages - 1;
	end
end

-- Takes a message that was under way back to the head of its conversation; no limit keeps it out, it was let in before.
-- rest: not to be started again before wake() is called for its conversation
function lanes_methods:put_back(job, rest)
	self:stop_running(job);
	self:count_waiting(job);
	push_front(self.conversations[job.key], job);
	if rest then
		self.resting[job.key] = true;
	else
		push(self.ready, job.key);
	end
	self:pump();
end

function lanes_methods:wake(key)
	if not self.resting[key] then return; end
	self.resting[key] = nil;
	push(self.ready, key);
	self:pump();
end

function lanes_methods:finished(job)
	if not self.under_way[job] then return; end
	self:stop_running(job);
	if not job.iq then
		if is_empty(self.conversations[job.key]) then
			self.conversations[job.key] = nil;
		else
			push(self.ready, job.key);
		end
	end
	self:pump();
end

function lanes_methods:take_iqs()
	local jobs = {};
	for job in pop, self.iqs do
		self:stop_waiting(job);
		table.insert(jobs, job);
	end
	return jobs;
end

-- Takes out what is_over(job) says so of, from the head of each conversation that has nothing under way: what comes
-- after a message must not be answered before it.
function lanes_methods:take_over(is_over)
	local jobs = {};
	for _ = self.ready.first, self.ready.last do
		local key = pop(self.ready);
		local conversation = self.conversations[key];
		while not is_empty(conversation) and is_over(conversation[conversation.first]) do
			local job = pop(conversation);
			self:stop_waiting(job);
			table.insert(jobs, job);
		end
		if is_empty(conversation) then
			self.conversations[key] = nil;
		else
			push(self.ready, key);
		end
	end
	return jobs;
end

-- Takes every waiting job out, oldest first within a conversation.
function lanes_methods:take_waiting()
	local jobs = self:take_iqs();
	local iqs = #jobs;
	for _, conversation in pairs(self.conversations) do
		for job in pop, conversation do
			table.insert(jobs, job);
		end
	end
	for i = iqs + 1, #jobs do
		self:stop_waiting(jobs[i]);
	end
	for key in pop, self.ready do
		self.conversations[key] = nil;
	end
	for key in pairs(self.resting) do
		self.conversations[key] = nil;
	end
	self.resting = {};
	return jobs;
end

-- Goes on where another left off, so that a reload neither loses nor reorders anything.
function lanes_methods:adopt(other)
	local waiting = other:take_waiting();
	self.started = other.started;
	for job in pairs(other.under_way) do
		job.lanes = self;
		self.under_way[job] = true;
		self.running = self.running + 1;
		if not job.iq then
			self.running_messages = self.running_messages + 1;
			self.conversations[job.key] = new_queue();
		end
	end
	other.under_way = {};
	for _, job in ipairs(waiting) do
		self:wait(job);
	end
	self:pump();
end

return { new = new };
