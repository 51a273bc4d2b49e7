import NIOCore
import SyncNetProtocol

/// Something that was said, and is on its way.
public struct ChatDelivery: Sendable {
    let client: ChatClient
    let placed: EventLoopFuture<ChatClient.Placed>

    /// The message's index. There is one as soon as the message can't be lost any more.
    public var index: UInt64 {
        get async throws(ChatError) {
            guard case .done(_, let index) = try await client.answer(to: placed) else {
                throw .closed
            }
            return index.number
        }
    }
}
