import { buildVCardUpdate, readVCardUpdate, type VCardUpdate } from "../../../src/xep/index.ts";
import { goldens, inPresence } from "../golden.ts";

const update = (title: string, inside: string, value: VCardUpdate) =>
  inPresence(
    title,
    `<presence from='juliet@capulet.com/balcony'><x xmlns='vcard-temp:x:update'>${inside}</x></presence>`,
    value,
    readVCardUpdate,
    buildVCardUpdate,
  );

export default goldens(
  "0153",
  update("§3.1 which image there is", "<photo>01b87fcd030b72895ff8e88db57ec525450f000d</photo>", {
    photo: "01b87fcd030b72895ff8e88db57ec525450f000d",
  }),
  update("§4.1 not known yet", "", { photo: undefined }),
  update("§4.1 none", "<photo/>", { photo: "" }),
);
