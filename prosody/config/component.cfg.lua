-- restanza on a Component: every address of bots.example.org is a bot. Copy this into /etc/prosody/conf.d/ and put
-- your own values in, or keep the ENV_ names and give Prosody those environment variables.

Component (ENV_RESTANZA_DOMAIN or "bots.example.org") "rest"
	name = "Bots" -- what service discovery shows

	-- The secret by which restanza sends (RESTANZA_SECRET there). Without it there is no Basic and no OAuth2.
	component_secret = ENV_RESTANZA_SECRET

	modules_enabled = {
		-- Bearer tokens. Without it no bearer token works on a component, and on Prosody 13.0.1 Basic does not either.
		"restanza_token";
		-- Callbacks signed, in order and on lasting connections, and kept while restanza is down: for 5 minutes, or for
		-- what you set as restanza_callback_hold. Without it anyone who learns the URL's credential can forge callbacks, a
		-- burst of messages is answered nearly backwards, and whenever restanza is down messages are gone and the log
		-- shows the credential.
		"restanza_callback";
	}

	-- Bearer tokens that may send as any JID of this host (RESTANZA_TOKEN there). Two while you change from one to another.
	restanza_tokens = { ENV_RESTANZA_TOKEN }

	-- Keys that sign the callbacks (RESTANZA_CALLBACK_KEYS there): echo whsec_$(openssl rand -base64 32)
	-- Every key listed signs. Without one, restanza has only the credential below to know Prosody by.
	restanza_callback_keys = { ENV_RESTANZA_CALLBACK_KEYS }

	-- Where stanzas go. The user:secret before the @ (RESTANZA_CALLBACK_AUTH there) is the only credential mod_rest can
	-- send: letters, digits, - and _ only, since nothing is decoded in it. The four placeholders are what no sender can
	-- bend; restanza compares them with the body and refuses a callback without them.
	rest_callback_url = "http://" .. (ENV_RESTANZA_CALLBACK_AUTH and ENV_RESTANZA_CALLBACK_AUTH .. "@" or "")
		.. (ENV_RESTANZA_CALLBACK_ADDRESS or "127.0.0.1:9003")
		.. "/callback?from={from}&to={to}&kind={kind}&type={type}"

	-- XML carries everything. "application/json" works too, but mod_rest leaves out whatever its mapping does not know:
	-- receipts, message hints, unknown IQ payloads, all but one language of a body.
	rest_callback_content_type = ENV_RESTANZA_CALLBACK_CONTENT_TYPE or "application/xmpp+xml"

	-- What reaches the bots. Without "iq" they answer neither pings nor service discovery; without "presence" they see
	-- no subscription requests and cannot tell who is in a room.
	rest_callback_stanzas = { "message", "presence", "iq" }

	-- Which addresses: "bare" is echo@bots.example.org, "full" is echo@bots.example.org/anything (rooms answer to that
	-- one), "host" is bots.example.org itself.
	rest_callback_events = { "bare", "full", "host" }
