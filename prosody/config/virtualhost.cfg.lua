-- restanza on a VirtualHost: the server's own address is a bot, beside people's accounts. Copy this into
-- /etc/prosody/conf.d/, or take its lines into the VirtualHost that you have.

VirtualHost (ENV_RESTANZA_DOMAIN or "example.org")
	-- Added to the modules that are enabled for all hosts. mod_restanza_token does not belong here: a token of the host
	-- could send as any of its people. restanza sends with an account of its own (Basic), or with OAuth2.
	modules_enabled = {
		"rest";
		-- Callbacks signed, in order and on lasting connections, and kept while restanza is down; see component.cfg.lua.
		"restanza_callback";
	}

	restanza_callback_keys = { ENV_RESTANZA_CALLBACK_KEYS }

	-- The same URL as on a component; see there for every part of it.
	rest_callback_url = "http://" .. (ENV_RESTANZA_CALLBACK_AUTH and ENV_RESTANZA_CALLBACK_AUTH .. "@" or "")
		.. (ENV_RESTANZA_CALLBACK_ADDRESS or "127.0.0.1:9003")
		.. "/callback?from={from}&to={to}&kind={kind}&type={type}"

	rest_callback_content_type = ENV_RESTANZA_CALLBACK_CONTENT_TYPE or "application/xmpp+xml"
	rest_callback_stanzas = { "message", "presence", "iq" }

	-- Only what is sent to example.org itself. With "bare" or "full" the bots would be handed messages to people.
	rest_callback_events = { "host" }
