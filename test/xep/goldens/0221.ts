import { el } from "../../../src/stanza/index.ts";
import { buildMedia, type FieldMedia, readMedia } from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

const example = (title: string, inside: string, value: FieldMedia) =>
  inElement(title, `<field xmlns='jabber:x:data' var='ocr'>${inside}</field>`, value, readMedia, (of) =>
    el("field", { xmlns: "jabber:x:data", var: "ocr" }, buildMedia(of)),
  );

export default goldens(
  "0221",
  example(
    "§2 a sound in several formats",
    `<media xmlns='urn:xmpp:media-element'>
      <uri type='audio/x-wav'>http://victim.example.com/challenges/speech.wav?F3A6292C</uri>
      <uri type='audio/ogg; codecs=speex'>cid:sha1+a15a505e360702b79c75a5f67773072ed392f52a@bob.xmpp.org</uri>
      <uri type='audio/mpeg'>http://victim.example.com/challenges/speech.mp3?F3A6292C</uri>
    </media>`,
    {
      uris: [
        { type: "audio/x-wav", uri: "http://victim.example.com/challenges/speech.wav?F3A6292C" },
        {
          type: "audio/ogg; codecs=speex",
          uri: "cid:sha1+a15a505e360702b79c75a5f67773072ed392f52a@bob.xmpp.org",
        },
        { type: "audio/mpeg", uri: "http://victim.example.com/challenges/speech.mp3?F3A6292C" },
      ],
    },
  ),
  example(
    "§2 a picture in a form",
    `<media xmlns='urn:xmpp:media-element' height='80' width='290'>
      <uri type='image/jpeg'>http://www.victim.com/challenges/ocr.jpeg?F3A6292C</uri>
      <uri type='image/jpeg'>cid:sha1+f24030b8d91d233bac14777be5ab531ca3b9f102@bob.xmpp.org</uri>
    </media>`,
    {
      width: 290,
      height: 80,
      uris: [
        { type: "image/jpeg", uri: "http://www.victim.com/challenges/ocr.jpeg?F3A6292C" },
        { type: "image/jpeg", uri: "cid:sha1+f24030b8d91d233bac14777be5ab531ca3b9f102@bob.xmpp.org" },
      ],
    },
  ),
);
