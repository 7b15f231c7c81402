export { buildChatState, type ChatState, NS_CHAT_STATES, readChatState } from "./chat-states.ts";
export {
  buildDiscoInfo,
  buildDiscoItems,
  type DiscoIdentity,
  type DiscoItem,
  NS_DISCO_INFO,
  NS_DISCO_ITEMS,
} from "./disco.ts";
export {
  buildInstantRoom,
  buildJoin,
  isFromRoom,
  type JoinOptions,
  NS_MUC,
  NS_MUC_OWNER,
  NS_MUC_USER,
  readNewNick,
  readStatusCodes,
  STATUS_CREATED,
  STATUS_NEW_NICK,
  STATUS_SELF,
} from "./muc.ts";
export { buildPing, NS_PING } from "./ping.ts";
export {
  buildReceipt,
  buildReceiptRequest,
  NS_RECEIPTS,
  readReceipt,
  readReceiptRequest,
} from "./receipts.ts";
