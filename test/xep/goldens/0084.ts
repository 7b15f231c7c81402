import {
  type AvatarInfo,
  buildAvatarData,
  buildAvatarMetadata,
  readAvatarData,
  readAvatarMetadata,
} from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

const metadata = (title: string, inside: string, value: AvatarInfo[]) =>
  inElement(
    title,
    `<metadata xmlns='urn:xmpp:avatar:metadata'>${inside}</metadata>`,
    value,
    readAvatarMetadata,
    buildAvatarMetadata,
  );

const png: AvatarInfo = {
  bytes: 12345,
  id: "111f4b3c50d7b0df729d299bc6f8e9ef9066971f",
  height: 64,
  type: "image/png",
  width: 64,
};

const gif: AvatarInfo = {
  bytes: 23456,
  height: 64,
  id: "357a8123a30844a3aa99861b6349264ba67a5694",
  type: "image/gif",
  url: "http://avatars.example.org/happy.gif",
  width: 64,
};

export default goldens(
  "0084",
  inElement(
    "§3.1 the beginning of an image",
    "<data xmlns='urn:xmpp:avatar:data'>qANQR1DBwU4DX7jmYZnncg==</data>",
    new Uint8Array(Buffer.from("qANQR1DBwU4DX7jmYZnncg==", "base64")),
    readAvatarData,
    buildAvatarData,
  ),
  metadata(
    "§3.2 what is known of it",
    "<info bytes='12345' id='111f4b3c50d7b0df729d299bc6f8e9ef9066971f' height='64' type='image/png' width='64'/>",
    [png],
  ),
  metadata(
    "§3.2 one that is elsewhere",
    `<info bytes='23456' height='64' id='357a8123a30844a3aa99861b6349264ba67a5694' type='image/gif'
      url='http://avatars.example.org/happy.gif' width='64'/>`,
    [gif],
  ),
  metadata("§3.5 none any more", "", []),
  metadata(
    "§5.1 the same in several forms",
    `<info bytes='12345' height='64' id='111f4b3c50d7b0df729d299bc6f8e9ef9066971f' type='image/png' width='64'/>
    <info bytes='12345' height='64' id='e279f80c38f99c1e7e53e262b440993b2f7eea57' type='image/png'
      url='http://avatars.example.org/happy.png' width='64'/>
    <info bytes='23456' height='64' id='357a8123a30844a3aa99861b6349264ba67a5694' type='image/gif'
      url='http://avatars.example.org/happy.gif' width='64'/>
    <info bytes='78912' height='64' id='03a179fe37bd5d6bf9c2e1e592a14ae7814e31da' type='image/mng'
      url='http://avatars.example.org/happy.mng' width='64'/>`,
    [
      png,
      { ...png, id: "e279f80c38f99c1e7e53e262b440993b2f7eea57", url: "http://avatars.example.org/happy.png" },
      gif,
      {
        bytes: 78912,
        height: 64,
        id: "03a179fe37bd5d6bf9c2e1e592a14ae7814e31da",
        type: "image/mng",
        url: "http://avatars.example.org/happy.mng",
        width: 64,
      },
    ],
  ),
);
