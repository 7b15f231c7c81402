import {
  buildRegistration,
  NS_REGISTER,
  type Registration,
  readRegistration,
} from "../../../src/xep/index.ts";
import { type Golden, goldens, inElement } from "../golden.ts";

const nothing = { registered: false, remove: false, fields: {} };

function example(title: string, inside: string, value: Registration): Golden {
  return inElement(
    title,
    `<query xmlns='${NS_REGISTER}'>${inside}</query>`,
    { ...nothing, ...value },
    readRegistration,
    buildRegistration,
  );
}

/** A field as it is read, which says of everything whether it is there. */
const field = (of: object): object => ({ required: false, values: [], options: [], ...of });

const contest = [
  field({ var: "FORM_TYPE", type: "hidden", values: ["jabber:iq:register"] }),
  field({ var: "first", type: "text-single", label: "Given Name", required: true }),
  field({ var: "last", type: "text-single", label: "Family Name", required: true }),
  field({ var: "email", type: "text-single", label: "Email Address", required: true }),
  field({
    var: "x-gender",
    type: "list-single",
    label: "Gender",
    options: [
      { label: "Male", value: "M" },
      { label: "Female", value: "F" },
    ],
  }),
];
const form = { formType: "jabber:iq:register", reported: [], items: [] };

export default goldens(
  "0077",
  example("§3.1 a request", "", {}),
  example(
    "§3.1 fields",
    `<instructions>Choose a username and password for use with this service. Please also provide your email address.</instructions>
    <username/>
    <password/>
    <email/>`,
    {
      instructions:
        "Choose a username and password for use with this service. Please also provide your email address.",
      fields: { username: "", password: "", email: "" },
    },
  ),
  example(
    "§3.1 what is registered",
    `<registered/>
    <username>juliet</username>
    <password>R0m30</password>
    <email>juliet@capulet.com</email>`,
    {
      registered: true,
      fields: { username: "juliet", password: "R0m30", email: "juliet@capulet.com" },
    },
  ),
  example(
    "§3.1 what is asked for, filled in",
    `<username>bill</username>
    <password>Calliope</password>
    <email>bard@shakespeare.lit</email>`,
    { fields: { username: "bill", password: "Calliope", email: "bard@shakespeare.lit" } },
  ),
  example(
    "§3.1 a form",
    `<instructions>Use the enclosed form to register. If your Jabber client does not support Data Forms, visit http://www.shakespeare.lit/contests.php</instructions>
    <x xmlns='jabber:x:data' type='form'>
      <title>Contest Registration</title>
      <instructions>Please provide the following information to sign up for our special contests!</instructions>
      <field type='hidden' var='FORM_TYPE'>
        <value>jabber:iq:register</value>
      </field>
      <field type='text-single' label='Given Name' var='first'>
        <required/>
      </field>
      <field type='text-single' label='Family Name' var='last'>
        <required/>
      </field>
      <field type='text-single' label='Email Address' var='email'>
        <required/>
      </field>
      <field type='list-single' label='Gender' var='x-gender'>
        <option label='Male'><value>M</value></option>
        <option label='Female'><value>F</value></option>
      </field>
    </x>`,
    {
      instructions:
        "Use the enclosed form to register. If your Jabber client does not support Data Forms, visit http://www.shakespeare.lit/contests.php",
      form: {
        ...form,
        type: "form",
        title: "Contest Registration",
        instructions: "Please provide the following information to sign up for our special contests!",
        fields: contest as never,
      },
    },
  ),
  example(
    "§3.1 a form, filled in",
    `<x xmlns='jabber:x:data' type='submit'>
      <field type='hidden' var='FORM_TYPE'>
        <value>jabber:iq:register</value>
      </field>
      <field type='text-single' label='Given Name' var='first'>
        <value>Juliet</value>
      </field>
      <field type='text-single' label='Family Name' var='last'>
        <value>Capulet</value>
      </field>
      <field type='text-single' label='Email Address' var='email'>
        <value>juliet@capulet.com</value>
      </field>
      <field type='list-single' label='Gender' var='x-gender'>
        <value>F</value>
      </field>
    </x>`,
    {
      form: {
        ...form,
        type: "submit",
        fields: [
          field({ var: "FORM_TYPE", type: "hidden", values: ["jabber:iq:register"] }),
          field({ var: "first", type: "text-single", label: "Given Name", values: ["Juliet"] }),
          field({ var: "last", type: "text-single", label: "Family Name", values: ["Capulet"] }),
          field({
            var: "email",
            type: "text-single",
            label: "Email Address",
            values: ["juliet@capulet.com"],
          }),
          field({ var: "x-gender", type: "list-single", label: "Gender", values: ["F"] }),
        ] as never,
      },
    },
  ),
  example("§3.2 an end", "<remove/>", { remove: true }),
  example(
    "§3.3 another password",
    `<username>bill</username>
    <password>newpass</password>`,
    { fields: { username: "bill", password: "newpass" } },
  ),
  example(
    "§5 on the web instead",
    `<instructions>To register, visit http://www.shakespeare.lit/contests.php</instructions>
    <x xmlns='jabber:x:oob'>
      <url>http://www.shakespeare.lit/contests.php</url>
    </x>`,
    {
      instructions: "To register, visit http://www.shakespeare.lit/contests.php",
      url: "http://www.shakespeare.lit/contests.php",
    },
  ),
);
