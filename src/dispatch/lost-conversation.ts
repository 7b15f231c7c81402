/** Why a handler's signal fires when its conversation is another node's. */
export class LostConversationError extends Error {
  override name = "LostConversationError";

  constructor(conversation: string, cause: Error | undefined) {
    super(
      `this node was silent for so long that another may have taken over the conversation ${JSON.stringify(conversation)}; what was done here is not kept, and whoever has it now handles the stanza`,
      { cause },
    );
  }
}
