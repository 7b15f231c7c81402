-- Signatures as Standard Webhooks define them: v1 is HMAC-SHA256 over "id.timestamp.body", in Base64.
-- https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

local base64 = require "util.encodings".base64;
local hmac_sha256 = require "util.hashes".hmac_sha256;

local shortest_key = 16;

-- The bytes of a configured key: "whsec_" and Base64, or any other string as it is.
local function decode_key(key)
	local encoded = key:match("^whsec_(.*)$");
	local bytes = key;
	if encoded then
		bytes = encoded:match("^[%w+/]+=*$") and base64.decode(encoded);
		if not bytes then
			error("a key in restanza_callback_keys begins with whsec_ but is not Base64 after that; make one with: "
				.. "echo whsec_$(openssl rand -base64 32)", 0);
		end
	end
	if #bytes < shortest_key then
		error("a key in restanza_callback_keys has only " .. #bytes .. " bytes, at least " .. shortest_key .. " are needed; "
			.. "make one with: echo whsec_$(openssl rand -base64 32)", 0);
	end
	return bytes;
end

-- values: a util.set of the configured values, each holding one key or several parted by commas.
-- Returns sign(id, timestamp, body) -> the value of webhook-signature, or nil when no key is configured.
local function new_signer(values)
	local keys = {};
	for value in values do
		for key in tostring(value):gmatch("%s*([^,]*[^,%s])") do
			table.insert(keys, decode_key(key));
		end
	end
	if #keys == 0 then
		return nil;
	end
	return function (id, timestamp, body)
		local content = id .. "." .. timestamp .. "." .. body;
		local signatures = {};
		for i, key in ipairs(keys) do -- each of them, so that the receiver may know the old key or the new one
			signatures[i] = "v1," .. base64.encode(hmac_sha256(key, content));
		end
		return table.concat(signatures, " ");
	end;
end

return { new_signer = new_signer };
