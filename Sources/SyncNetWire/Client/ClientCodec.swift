public import SyncNetProtocol

/// What clients and servers say to each other: one JSON envelope a line.
///
/// Every envelope that is written has the five keys that the guide's `Message.from_json`
/// asks for. What is read may lack stamp and time, and may hold keys that nobody knows.
public enum ClientCodec {
    /// The line of the guide's monitor.
    static let statusRequest: StaticString = "STATUS_REQUEST"

    /// Appends a request or a reply as one line with its end.
    ///
    /// A request brings its sender and time along. A reply is by `sender`, the server, at
    /// `createdAt`; a pushed message has its author's name, its own stamp and time.
    /// - Precondition: the message is a request or a reply.
    public static func encode(
        _ message: Message, sender: Text, createdAt: Double, into bytes: inout [UInt8]
    ) {
        switch message.body {
        case .request(let request): bytes.request(request, stamp: message.stamp)
        case .reply(let reply):
            let frame = EnvelopeFrame(sender: sender, stamp: message.stamp, createdAt: createdAt)
            bytes.reply(reply, frame)
        default: preconditionFailure("servers speak to each other by PeerCodec")
        }
        bytes.literal("\n")
    }

    /// The request that a line without its end holds. A line that makes no sense gives an
    /// `invalid` request, which says why and keeps what could be read.
    public static func decodeRequest(_ line: [UInt8]) -> Message {
        guard !isStatusRequest(line) else {
            return Message(stamp: .zero, body: .request(.anonymous(.statusLine)))
        }
        do {
            let document = try JSONDocument(line, allowsNotFinite: true)
            return RequestReader(document).message
        } catch {
            return invalid(.badRequest, "a line must be one JSON object in UTF-8", closes: false)
        }
    }

    /// What a line that is over the limit counts as.
    public static func tooLongRequest() -> Message {
        var detail: [UInt8] = []
        detail.literal("a line may have at most ")
        detail.natural(UInt64(Limits.lineBytesMax))
        detail.literal(" bytes: send shorter ones, on a new connection")
        return invalid(.tooLarge, Text(utf8: detail), closes: true)
    }

    /// The reply that a line without its end holds. The stamp of a pushed message is its own.
    public static func decodeReply(_ line: [UInt8]) throws(WireError) -> Message {
        guard line.first == UInt8(ascii: "{") else {
            guard line.withUnsafeBytes({ UTF8Check.isValid($0) }) else { throw .invalid("UTF-8") }
            return Message(stamp: .zero, body: .reply(.statusLine(Text(utf8: line))))
        }
        let document = try JSONDocument(line)
        do {
            return try EnvelopeReader(document).reply()
        } catch {
            throw .invalid(error.part)
        }
    }

    /// The same for a line where it stands among others.
    package static func decodeReply(
        _ line: UnsafeRawBufferPointer
    ) throws(WireError) -> Message {
        if let reply = PlainReply.message(line) { return reply }
        return try decodeReply([UInt8](line))
    }

    private static func invalid(_ reason: NackReason, _ detail: Text, closes: Bool) -> Message {
        Message(
            stamp: .zero,
            body: .request(.anonymous(.invalid(reason, detail: detail, closes: closes))))
    }

    /// Blanks around the words don't matter, nor does a carriage return.
    private static func isStatusRequest(_ line: [UInt8]) -> Bool {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0D || byte == 0x09 }
        guard line.first != UInt8(ascii: "{"), let first = line.firstIndex(where: { !isBlank($0) }),
            let last = line.lastIndex(where: { !isBlank($0) })
        else { return false }
        return statusRequest.withUTF8Buffer { line[first...last].elementsEqual($0) }
    }
}

extension ClientRequest {
    /// A request of somebody who gave no name.
    static func anonymous(_ body: ClientRequestBody) -> ClientRequest {
        ClientRequest(sender: "", createdAt: nil, session: nil, request: nil, body: body)
    }
}
