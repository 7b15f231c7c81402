import { StanzaError } from "../../stanza/index.ts";
import {
  buildRoomConfiguration,
  buildRoomForm,
  buildRoomFormQuery,
  type DataForm,
  NS_DATA,
  NS_MUC_OWNER,
  type RoomConfiguration,
  readDataForm,
  roomConfigurationFields,
} from "../../xep/index.ts";
import type { RoomAsker } from "./asker.ts";
import { RoomError } from "./room-error.ts";

/** The form of a room's configuration (XEP-0045 §10.2). @throws RoomError and RestError */
export async function roomForm(asker: RoomAsker): Promise<DataForm> {
  const answer = await asker.ask("configure", "get", buildRoomFormQuery());
  const x = answer.payload?.is("query", NS_MUC_OWNER) ? answer.payload.child("x", NS_DATA) : undefined;
  if (x === undefined)
    throw new RoomError("configure", asker.room, new StanzaError("feature-not-implemented"));
  return readDataForm(x);
}

/**
 * Configures a room (§10.2); what is not named stays as it is.
 *
 * @param others fields that are the service's own, by their names in the form.
 * @throws RoomError `feature-not-implemented` where its service does not know something of that, and then nothing is changed.
 */
export async function configureRoom(
  asker: RoomAsker,
  configuration: Partial<RoomConfiguration>,
  others: Readonly<Record<string, string | readonly string[]>>,
): Promise<void> {
  const form = await roomForm(asker);
  const known = new Set(form.fields.map((field) => field.var));
  const wanted = [...roomConfigurationFields(configuration), ...Object.keys(others)];
  const unknown = wanted.filter((name) => !known.has(name) && !name.endsWith("passwordprotectedroom"));
  if (unknown.length > 0) {
    const text = `the form of this room has no ${unknown.join(", ")}`;
    throw new RoomError("configure", asker.room, new StanzaError("feature-not-implemented", { text }));
  }
  // Services differ in whether what is left out stays as it is, so all of it is handed in.
  const given = Object.fromEntries(
    form.fields.flatMap(({ var: name, type, values }) =>
      name === undefined || name === "FORM_TYPE" || type === "fixed" ? [] : [[name, values]],
    ),
  );
  const filled = buildRoomConfiguration(configuration, others);
  const said = Object.fromEntries(
    readDataForm(filled).fields.flatMap(({ var: name, values }) =>
      name === undefined || name === "FORM_TYPE" || !known.has(name) ? [] : [[name, values]],
    ),
  );
  await asker.ask("configure", "set", buildRoomForm(buildRoomConfiguration({}, { ...given, ...said })));
}
