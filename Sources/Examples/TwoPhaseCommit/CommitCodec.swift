import DeterministicSimulation

/// A byte that says which message it is, and the transaction.
struct CommitCodec: SimulatedCodec {
    typealias Words = TwoPhaseCommit

    func encodeFrame(_ message: Words.Message, _ route: Route, into bytes: inout [UInt8]) {}
    func makeDecoder(_ route: Route) -> NoStreams<Words.Message> { NoStreams() }

    func label(of message: Words.Message) -> StaticString {
        switch message {
        case .prepare: "prepare"
        case .inquiry: "inquiry"
        case .vote: "vote"
        case .decision: "decision"
        }
    }

    func encodeDatagram(_ message: Words.Message, _ route: Route, into bytes: inout [UInt8]) {
        let (kind, transaction): (UInt8, Words.Transaction) =
            switch message {
            case .prepare(let transaction): (0, transaction)
            case .inquiry(let transaction): (1, transaction)
            case .vote(let transaction, let isYes): (isYes ? 3 : 2, transaction)
            case .decision(let transaction, let outcome): (4 + outcome.rawValue, transaction)
            }
        bytes.append(kind)
        bytes.put(transaction.number)
    }

    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Words.Message? {
        var reader = ByteReader(bytes)
        guard let kind = reader.byte(), let number = reader.number(), reader.isAtEnd else {
            return nil
        }
        let transaction = Words.Transaction(number: number)
        return switch kind {
        case 0: .prepare(transaction)
        case 1: .inquiry(transaction)
        case 2, 3: .vote(transaction, isYes: kind == 3)
        default: Words.Outcome(rawValue: kind - 4).map { .decision(transaction, $0) }
        }
    }
}
