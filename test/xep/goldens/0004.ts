import type { Element } from "../../../src/stanza/index.ts";
import { buildDataForm, type DataForm, NS_DATA, readDataForm } from "../../../src/xep/index.ts";
import { form } from "../forms.ts";
import { goldens, inElement } from "../golden.ts";

const formType = { var: "FORM_TYPE", type: "hidden", values: ["jabber:bot"] } as const;
const options = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([label, value]) => ({ label, value }));

const row = (name: string, url: string) => [
  { var: "name", values: [name] },
  { var: "url", values: [url] },
];

const example = (title: string, xml: string, value: DataForm) =>
  inElement(
    title,
    xml,
    value,
    (x: Element) => (x.is("x", NS_DATA) ? readDataForm(x) : undefined),
    buildDataForm,
  );

export default goldens(
  "0004",
  example(
    "§5.1 a form to create a bot, with a field of nearly every type",
    `<x xmlns='jabber:x:data' type='form'>
      <title>Bot Configuration</title>
      <instructions>Fill out this form to configure your new bot!</instructions>
      <field type='hidden' var='FORM_TYPE'>
        <value>jabber:bot</value>
      </field>
      <field type='fixed'><value>Section 1: Bot Info</value></field>
      <field type='text-single' label='The name of your bot' var='botname'/>
      <field type='text-multi' label='Helpful description of your bot' var='description'/>
      <field type='boolean' label='Public bot?' var='public'>
        <required/>
      </field>
      <field type='text-private' label='Password for special access' var='password'/>
      <field type='fixed'><value>Section 2: Features</value></field>
      <field type='list-multi' label='What features will the bot support?' var='features'>
        <option label='Contests'><value>contests</value></option>
        <option label='News'><value>news</value></option>
        <option label='Polls'><value>polls</value></option>
        <option label='Reminders'><value>reminders</value></option>
        <option label='Search'><value>search</value></option>
        <value>news</value>
        <value>search</value>
      </field>
      <field type='fixed'><value>Section 3: Subscriber List</value></field>
      <field type='list-single' label='Maximum number of subscribers' var='maxsubs'>
        <value>20</value>
        <option label='10'><value>10</value></option>
        <option label='20'><value>20</value></option>
        <option label='30'><value>30</value></option>
        <option label='50'><value>50</value></option>
        <option label='100'><value>100</value></option>
        <option label='None'><value>none</value></option>
      </field>
      <field type='fixed'><value>Section 4: Invitations</value></field>
      <field type='jid-multi' label='People to invite' var='invitelist'>
        <desc>Tell all your friends about your new bot!</desc>
      </field>
    </x>`,
    form({
      title: "Bot Configuration",
      instructions: "Fill out this form to configure your new bot!",
      fields: [
        formType,
        { type: "fixed", values: ["Section 1: Bot Info"] },
        { type: "text-single", label: "The name of your bot", var: "botname" },
        { type: "text-multi", label: "Helpful description of your bot", var: "description" },
        { type: "boolean", label: "Public bot?", var: "public", required: true },
        { type: "text-private", label: "Password for special access", var: "password" },
        { type: "fixed", values: ["Section 2: Features"] },
        {
          type: "list-multi",
          label: "What features will the bot support?",
          var: "features",
          values: ["news", "search"],
          options: options(
            ["Contests", "contests"],
            ["News", "news"],
            ["Polls", "polls"],
            ["Reminders", "reminders"],
            ["Search", "search"],
          ),
        },
        { type: "fixed", values: ["Section 3: Subscriber List"] },
        {
          type: "list-single",
          label: "Maximum number of subscribers",
          var: "maxsubs",
          values: ["20"],
          options: options(
            ["10", "10"],
            ["20", "20"],
            ["30", "30"],
            ["50", "50"],
            ["100", "100"],
            ["None", "none"],
          ),
        },
        { type: "fixed", values: ["Section 4: Invitations"] },
        {
          type: "jid-multi",
          label: "People to invite",
          var: "invitelist",
          description: "Tell all your friends about your new bot!",
        },
      ],
    }),
  ),
  example(
    "§5.1 the form filled in",
    `<x xmlns='jabber:x:data' type='submit'>
      <field type='hidden' var='FORM_TYPE'>
        <value>jabber:bot</value>
      </field>
      <field type='text-single' var='botname'>
        <value>The Jabber Google Bot</value>
      </field>
      <field type='text-multi' var='description'>
        <value>This bot enables you to send requests to</value>
        <value>Google and receive the search results right</value>
        <value>in your Jabber client. It&apos; really cool!</value>
        <value>It even supports Google News!</value>
      </field>
      <field type='boolean' var='public'>
        <value>0</value>
      </field>
      <field type='text-private' var='password'>
        <value>v3r0na</value>
      </field>
      <field type='list-multi' var='features'>
        <value>news</value>
        <value>search</value>
      </field>
      <field type='list-single' var='maxsubs'>
        <value>50</value>
      </field>
      <field type='jid-multi' var='invitelist'>
        <value>juliet@capulet.com</value>
        <value>benvolio@montague.net</value>
      </field>
    </x>`,
    form({
      type: "submit",
      fields: [
        formType,
        { type: "text-single", var: "botname", values: ["The Jabber Google Bot"] },
        {
          type: "text-multi",
          var: "description",
          values: [
            "This bot enables you to send requests to",
            "Google and receive the search results right",
            "in your Jabber client. It' really cool!",
            "It even supports Google News!",
          ],
        },
        { type: "boolean", var: "public", values: ["0"] },
        { type: "text-private", var: "password", values: ["v3r0na"] },
        { type: "list-multi", var: "features", values: ["news", "search"] },
        { type: "list-single", var: "maxsubs", values: ["50"] },
        {
          type: "jid-multi",
          var: "invitelist",
          values: ["juliet@capulet.com", "benvolio@montague.net"],
        },
      ],
    }),
  ),
  example(
    "§5.2 what was searched for",
    `<x xmlns='jabber:x:data' type='form'>
      <title>Joogle Search</title>
      <instructions>Fill out this form to search for information!</instructions>
      <field type='text-single' var='search_request'>
        <required/>
      </field>
    </x>`,
    form({
      title: "Joogle Search",
      instructions: "Fill out this form to search for information!",
      fields: [{ type: "text-single", var: "search_request", required: true }],
    }),
  ),
  example(
    "§5.2 a table of what was found",
    `<x xmlns='jabber:x:data' type='result'>
      <title>Joogle Search: verona</title>
      <reported>
        <field var='name'/>
        <field var='url'/>
      </reported>
      <item>
        <field var='name'>
          <value>Comune di Verona - Benvenuti nel sito ufficiale</value>
        </field>
        <field var='url'>
          <value>http://www.comune.verona.it/</value>
        </field>
      </item>
      <item>
        <field var='name'>
          <value>benvenuto!</value>
        </field>
        <field var='url'>
          <value>http://www.hellasverona.it/</value>
        </field>
      </item>
      <item>
        <field var='name'>
          <value>Universita degli Studi di Verona - Home Page</value>
        </field>
        <field var='url'>
          <value>http://www.univr.it/</value>
        </field>
      </item>
      <item>
        <field var='name'>
          <value>Aeroporti del Garda</value>
        </field>
        <field var='url'>
          <value>http://www.aeroportoverona.it/</value>
        </field>
      </item>
      <item>
        <field var='name'>
          <value>Veronafiere - fiera di Verona</value>
        </field>
        <field var='url'>
          <value>http://www.veronafiere.it/</value>
        </field>
      </item>
    </x>`,
    form({
      type: "result",
      title: "Joogle Search: verona",
      reported: [{ var: "name" }, { var: "url" }],
      items: [
        row("Comune di Verona - Benvenuti nel sito ufficiale", "http://www.comune.verona.it/"),
        row("benvenuto!", "http://www.hellasverona.it/"),
        row("Universita degli Studi di Verona - Home Page", "http://www.univr.it/"),
        row("Aeroporti del Garda", "http://www.aeroportoverona.it/"),
        row("Veronafiere - fiera di Verona", "http://www.veronafiere.it/"),
      ],
    }),
  ),
  example(
    "XEP-0045 §10.1.3 called off",
    "<x xmlns='jabber:x:data' type='cancel'/>",
    form({ type: "cancel" }),
  ),
);
