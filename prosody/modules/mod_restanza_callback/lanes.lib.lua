-- Who goes next: one stanza of a conversation at a time, IQs beside them, everything bounded.
--
-- A job is a table with
--   key    the conversation it belongs to
--   iq     true when it may overtake the conversation's messages
--   bytes  what it takes in memory while it waits
-- A job's `lanes` is the object to tell when it is finished; it changes when a reload hands the jobs on.

local lanes_methods = {};
local lanes_mt = { __index = lanes_methods };

local function new_queue()
	return { first = 1, last = 0 };
end

local function push(queue, item)
	queue.last = queue.last + 1;
	queue[queue.last] = item;
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
-- send: function (job), called when it is a job's turn; the sender calls job.lanes:finished(job) afterwards.
local function new(limits, send)
	-- Slow messages must not take every connection: some are kept for IQs, whose senders wait with a timeout.
	local kept_for_iqs = math.floor(limits.connections / 8);
	return setmetatable({
		limits = limits;
		send = send;
		message_connections = limits.connections - kept_for_iqs;
		conversations = {}; -- [key] = queue of waiting messages; there while one of its messages is under way
		ready = new_queue(); -- keys of conversations whose next message may go
		iqs = new_queue();
		waiting_of = {}; -- [key] = how many stanzas wait, IQs included
		waiting = 0;
		waiting_bytes = 0;
		under_way = {}; -- [job] = true
		running = 0;
		running_messages = 0;
	}, lanes_mt);
end

function lanes_methods:start(job)
	job.lanes = self;
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

function lanes_methods:wait(job)
	job.lanes = self;
	self.waiting = self.waiting + 1;
	self.waiting_bytes = self.waiting_bytes + job.bytes;
	self.waiting_of[job.key] = (self.waiting_of[job.key] or 0) + 1;
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
	while self.running < self.limits.connections do
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
	local may_start = self.running < limits.connections and is_empty(self.iqs);
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

function lanes_methods:finished(job)
	if not self.under_way[job] then return; end
	self.under_way[job] = nil;
	self.running = self.running - 1;
	if not job.iq then
		self.running_messages = self.running_messages - 1;
		if is_empty(self.conversations[job.key]) then
			self.conversations[job.key] = nil;
		else
			push(self.ready, job.key);
		end
	end
	self:pump();
end

-- Takes every waiting job out, oldest first within a conversation.
function lanes_methods:take_waiting()
	local jobs = {};
	for job in pop, self.iqs do
		table.insert(jobs, job);
	end
	for _, conversation in pairs(self.conversations) do
		for job in pop, conversation do
			table.insert(jobs, job);
		end
	end
	for _, job in ipairs(jobs) do
		self:stop_waiting(job);
	end
	for key in pop, self.ready do
		self.conversations[key] = nil;
	end
	return jobs;
end

-- Goes on where another left off, so that a reload neither loses nor reorders anything.
function lanes_methods:adopt(other)
	local waiting = other:take_waiting();
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
