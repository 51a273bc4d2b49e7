import StateMachine

// What no server would take. A server refuses such a request without using up its number, so
// that every later one of the session would be a gap; and one whose line is over the limit
// would cost the connection, each time it is sent. So it is found before it gets a number.
extension Client {
    /// Why an order can't be sent.
    struct Fault: Equatable {
        let reason: NackReason
        let detail: Text
    }

    func fault(in action: Action) -> Fault? {
        switch action {
        case .join(let room), .leave(let room), .makePrivate(let room): fault(inName: room)
        case .setAccount, .removeAccount:
            Fault(reason: .badRequest, detail: "accounts are no business of a chat")
        case .invite(let room, let guest): fault(inName: room) ?? fault(inGuest: guest)
        case .chat(let room, let text): fault(inName: room) ?? fault(inText: text, room: room)
        }
    }

    func fault(in history: HistoryRequest) -> Fault? {
        // A search is judged by the server; only its room is a name, where it has one.
        if history.search != nil, history.room.isEmpty { return nil }
        return fault(inName: history.room)
    }

    /// What is wrong with an order that was right when it was taken.
    func faultLearned(of action: Action) -> Fault? {
        guard case .chat(_, let text) = action, text.utf8.count > limits.textBytes else {
            return nil
        }
        return Fault(reason: .tooLarge, detail: "the text is too long")
    }

    func fault(inName room: Text) -> Fault? {
        if name.isEmpty { return Fault(reason: .badRequest, detail: "the client has no name") }
        if room.isEmpty { return Fault(reason: .badRequest, detail: "the room has no name") }
        if room.utf8.count > limits.nameBytes {
            return Fault(reason: .tooLarge, detail: "the room's name is too long")
        }
        if name.utf8.count > limits.nameBytes {
            return Fault(reason: .tooLarge, detail: "the client's name is too long")
        }
        if session.base.utf8.count + Limits.sessionSuffixBytes > limits.nameBytes {
            return Fault(reason: .tooLarge, detail: "the session's name is too long")
        }
        guard [room, name, session.base].allSatisfy(\.isValid) else {
            return Fault(reason: .badRequest, detail: "a name is not valid UTF-8")
        }
        return nil
    }

    private func fault(inGuest guest: Text) -> Fault? {
        if guest.isEmpty { return Fault(reason: .badRequest, detail: "nobody is invited") }
        guard guest.utf8.count <= limits.nameBytes else {
            return Fault(reason: .tooLarge, detail: "the guest's name is too long")
        }
        guard guest.isValid else {
            return Fault(reason: .badRequest, detail: "a name is not valid UTF-8")
        }
        return nil
    }

    private func fault(inText text: Text, room: Text) -> Fault? {
        if text.utf8.count > limits.textBytes {
            return Fault(reason: .tooLarge, detail: "the text is too long")
        }
        guard text.isValid else {
            return Fault(reason: .badRequest, detail: "the text is not valid UTF-8")
        }
        let texts = [text, room, name, session.base]
        let plain = texts.reduce(Limits.lineOverheadBytes) { $0 + $1.utf8.count }
        guard plain <= Limits.lineBytesMax else {
            let detail = Text(
                "the text does not fit into a line of \(Limits.lineBytesMax) bytes with all that "
                    + "belongs to it")
            return Fault(reason: .tooLarge, detail: detail)
        }
        let bytes = texts.reduce(Limits.lineOverheadBytes) { $0 + $1.escapedBytesMax }
        guard bytes <= Limits.lineBytesMax else {
            return Fault(
                reason: .tooLarge, detail: "the text has too many control characters to be sent")
        }
        return nil
    }
}

extension Text {
    /// Whether the bytes are UTF-8.
    fileprivate var isValid: Bool { String(validating: utf8, as: UTF8.self) != nil }

    /// How many bytes it takes in JSON at the most.
    fileprivate var escapedBytesMax: Int {
        utf8.reduce(0) { count, byte in
            switch byte {
            case ..<0x20, 0x7F: count + 6
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): count + 2
            default: count + 1
            }
        }
    }
}
