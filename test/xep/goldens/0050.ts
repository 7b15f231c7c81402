import type { Iq } from "../../../src/stanza/index.ts";
import {
  buildCommandAnswer,
  buildCommandRequest,
  buildDataForm,
  type CommandAnswer,
  type CommandRequest,
  readCommandAnswer,
  readCommandRequest,
} from "../../../src/xep/index.ts";
import { form } from "../forms.ts";
import { goldens, inIq } from "../golden.ts";

const request = (title: string, inside: string, value: Partial<CommandRequest>) =>
  inIq(
    title,
    `<iq type='set' to='responder@domain' id='exec'>${inside}</iq>`,
    { node: "config", action: "execute", ...value } as CommandRequest,
    ({ payload }: Iq) => payload && readCommandRequest(payload),
    // Where nothing is said it is `execute` (§4.1).
    ({ form: filled, action, ...rest }) => [
      buildCommandRequest({
        ...rest,
        action: inside.includes("action=") ? action : undefined,
        form: filled && buildDataForm(filled),
      }),
    ],
  );

const answer = (title: string, inside: string, value: Partial<CommandAnswer>) =>
  inIq(
    title,
    `<iq type='result' from='responder@domain' to='requester@domain' id='exec'>${inside}</iq>`,
    {
      sessionId: "config:20020923T213616Z-700",
      node: "config",
      actions: [],
      notes: [],
      ...value,
    } as unknown as CommandAnswer,
    ({ payload }: Iq) => payload && readCommandAnswer(payload),
    ({ form: shown, ...rest }) => [buildCommandAnswer({ ...rest, form: shown && buildDataForm(shown) })],
  );

const row = (service: string, ...levels: readonly string[]) => [
  { var: "service", values: [service] },
  ...["runlevel-1", "runlevel-2", "runlevel-3", "runlevel-5"].map((name, at) => ({
    var: name,
    values: [levels[at] ?? ""],
  })),
];

export default goldens(
  "0050",
  request(
    "§2.4.1 a command is run",
    "<command xmlns='http://jabber.org/protocol/commands' node='list' action='execute'/>",
    { node: "list" },
  ),
  answer(
    "§2.4.1 and answers at once",
    `<command xmlns='http://jabber.org/protocol/commands'
           sessionid='list:20020923T213616Z-700'
           node='list'
           status='completed'>
      <x xmlns='jabber:x:data' type='result'>
        <title>Available Services</title>
        <reported>
          <field var='service' label='Service'/>
          <field var='runlevel-1' label='Single-User mode'/>
          <field var='runlevel-2' label='Non-Networked Multi-User mode'/>
          <field var='runlevel-3' label='Full Multi-User mode'/>
          <field var='runlevel-5' label='X-Window mode'/>
        </reported>
        <item>
          <field var='service'><value>httpd</value></field>
          <field var='runlevel-1'><value>off</value></field>
          <field var='runlevel-2'><value>off</value></field>
          <field var='runlevel-3'><value>on</value></field>
          <field var='runlevel-5'><value>on</value></field>
        </item>
        <item>
          <field var='service'><value>postgresql</value></field>
          <field var='runlevel-1'><value>off</value></field>
          <field var='runlevel-2'><value>off</value></field>
          <field var='runlevel-3'><value>on</value></field>
          <field var='runlevel-5'><value>on</value></field>
        </item>
        <item>
          <field var='service'><value>jabberd</value></field>
          <field var='runlevel-1'><value>off</value></field>
          <field var='runlevel-2'><value>off</value></field>
          <field var='runlevel-3'><value>on</value></field>
          <field var='runlevel-5'><value>on</value></field>
        </item>
      </x>
    </command>`,
    {
      node: "list",
      sessionId: "list:20020923T213616Z-700",
      status: "completed",
      form: form({
        type: "result",
        title: "Available Services",
        reported: [
          { var: "service", label: "Service" },
          { var: "runlevel-1", label: "Single-User mode" },
          { var: "runlevel-2", label: "Non-Networked Multi-User mode" },
          { var: "runlevel-3", label: "Full Multi-User mode" },
          { var: "runlevel-5", label: "X-Window mode" },
        ],
        items: ["httpd", "postgresql", "jabberd"].map((service) => row(service, "off", "off", "on", "on")),
      }),
    },
  ),
  answer(
    "§2.4.2 a first stage, and what may follow",
    `<command xmlns='http://jabber.org/protocol/commands'
           sessionid='config:20020923T213616Z-700'
           node='config'
           status='executing'>
      <actions execute='next'>
        <next/>
      </actions>
      <x xmlns='jabber:x:data' type='form'>
        <title>Configure Service</title>
        <instructions>Please select the service to configure.</instructions>
        <field var='service' label='Service' type='list-single'>
          <option><value>httpd</value></option>
          <option><value>jabberd</value></option>
          <option><value>postgresql</value></option>
        </field>
      </x>
    </command>`,
    {
      status: "executing",
      actions: ["next"],
      execute: "next",
      form: form({
        title: "Configure Service",
        instructions: "Please select the service to configure.",
        fields: [
          {
            var: "service",
            label: "Service",
            type: "list-single",
            options: [{ value: "httpd" }, { value: "jabberd" }, { value: "postgresql" }],
          },
        ],
      }),
    },
  ),
  request(
    "§2.4.2 the first stage filled in",
    `<command xmlns='http://jabber.org/protocol/commands'
           sessionid='config:20020923T213616Z-700'
           node='config'>
      <x xmlns='jabber:x:data' type='submit'>
        <field var='service'>
          <value>httpd</value>
        </field>
      </x>
    </command>`,
    {
      sessionId: "config:20020923T213616Z-700",
      form: form({ type: "submit", fields: [{ var: "service", values: ["httpd"] }] }),
    },
  ),
  answer(
    "§2.4.2 a second stage, which goes back or ends",
    `<command xmlns='http://jabber.org/protocol/commands'
           sessionid='config:20020923T213616Z-700'
           node='config'
           status='executing'>
      <actions execute='complete'>
        <prev/>
        <complete/>
      </actions>
      <x xmlns='jabber:x:data' type='form'>
        <title>Configure Service</title>
        <instructions>Please select the run modes and state for 'httpd'.</instructions>
        <field var='runlevel' label='Run Modes' type='list-multi'>
          <value>3</value>
          <value>5</value>
          <option label='Single-User'><value>1</value></option>
          <option label='Non-Networked Multi-User'><value>2</value></option>
          <option label='Full Multi-User'><value>3</value></option>
          <option label='X-Window'><value>5</value></option>
        </field>
        <field var='state' label='Run State' type='list-single'>
          <value>off</value>
          <option label='Active'><value>off</value></option>
          <option label='Inactive'><value>on</value></option>
        </field>
      </x>
    </command>`,
    {
      status: "executing",
      actions: ["prev", "complete"],
      execute: "complete",
      form: form({
        title: "Configure Service",
        instructions: "Please select the run modes and state for 'httpd'.",
        fields: [
          {
            var: "runlevel",
            label: "Run Modes",
            type: "list-multi",
            values: ["3", "5"],
            options: [
              { label: "Single-User", value: "1" },
              { label: "Non-Networked Multi-User", value: "2" },
              { label: "Full Multi-User", value: "3" },
              { label: "X-Window", value: "5" },
            ],
          },
          {
            var: "state",
            label: "Run State",
            type: "list-single",
            values: ["off"],
            options: [
              { label: "Active", value: "off" },
              { label: "Inactive", value: "on" },
            ],
          },
        ],
      }),
    },
  ),
  answer(
    "§2.4.2 the end, with a note",
    `<command xmlns='http://jabber.org/protocol/commands'
           sessionid='config:20020923T213616Z-700'
           node='config'
           status='completed'>
      <note type='info'>Service 'httpd' has been configured.</note>
    </command>`,
    { status: "completed", notes: [{ type: "info", text: "Service 'httpd' has been configured." }] },
  ),
  request(
    "§2.4.3 called off",
    `<command xmlns='http://jabber.org/protocol/commands'
           sessionid='config:20020923T213616Z-700'
           node='config'
           action='cancel'/>`,
    { sessionId: "config:20020923T213616Z-700", action: "cancel" },
  ),
  answer(
    "§2.4.3 and so it is",
    `<command xmlns='http://jabber.org/protocol/commands'
           sessionid='config:20020923T213616Z-700'
           node='config'
           status='canceled'/>`,
    { status: "canceled" },
  ),
);
