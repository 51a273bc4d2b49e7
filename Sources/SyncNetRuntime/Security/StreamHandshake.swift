import StateMachine
import SyncNetWire

/// How a stream between servers begins when they share a secret. Nothing of the cluster is
/// sent before both sides have proven that they know it, each with dice of the other.
///
/// The opener offers: its hello, whom it calls, its dice, and a code of all that. The
/// acceptor answers with its own dice and a code of everything so far. The opener proves by the
/// first mark of the stream's key, which hangs on everything so far, that this is no recording.
enum StreamHandshake {
    static let nonceBytes = 16
    static let offerBytes = PeerHello.bytes + 4 + nonceBytes + ClusterSecret.codeBytes
    static let answerBytes = nonceBytes + ClusterSecret.codeBytes
    static let proofBytes = StreamKey.markBytes

    /// Dice that nobody can guess.
    static func nonce() -> [UInt8] {
        var dice = SystemRandomNumberGenerator()
        return (0..<nonceBytes).map { _ in dice.next() }
    }

    fileprivate static func proof(_ key: inout StreamKey) -> [UInt8] {
        key.mark(of: Array("proof".utf8))
    }
}

/// The side that opens a stream.
struct OpenerHandshake {
    private let secret: ClusterSecret
    /// The first bytes of the stream.
    let offer: [UInt8]

    init(_ hello: PeerHello, to peer: NodeID, secret: ClusterSecret) {
        self.secret = secret
        let plain =
            hello.encoded(as: PeerHello.sealedMagic)
            + (0..<4).map { UInt8(truncatingIfNeeded: peer.rank >> ($0 * 8)) }
            + StreamHandshake.nonce()
        offer = plain + secret.code(of: plain, as: "offer")
    }

    /// What proves this side to the other, and the key from there on; nil where the answer is
    /// not from somebody who knows the secret.
    func finish(_ answer: [UInt8]) -> (proof: [UInt8], key: StreamKey)? {
        guard answer.count == StreamHandshake.answerBytes else { return nil }
        let soFar = offer + answer.prefix(StreamHandshake.nonceBytes)
        guard
            ClusterSecret.areEqual(
                secret.code(of: soFar, as: "answer"),
                answer.dropFirst(StreamHandshake.nonceBytes))
        else { return nil }
        var key = StreamKey(secret.key(ofStream: soFar))
        return (StreamHandshake.proof(&key), key)
    }
}

/// The side that accepts a stream.
struct AcceptorHandshake {
    /// Who says to open it.
    let hello: PeerHello
    /// What is answered.
    let answer: [UInt8]
    private let proof: [UInt8]
    private let key: StreamKey

    /// Reads an offer; nil where it is for somebody else, or of nobody who knows the secret.
    init?(_ offer: [UInt8], to me: NodeID, secret: ClusterSecret) {
        guard offer.count == StreamHandshake.offerBytes else { return nil }
        let plain = Array(offer.dropLast(ClusterSecret.codeBytes))
        let called = plain[PeerHello.bytes..<(PeerHello.bytes + 4)]
        guard
            ClusterSecret.areEqual(
                secret.code(of: plain, as: "offer"), offer.suffix(ClusterSecret.codeBytes)),
            let hello = PeerHello(
                Array(plain.prefix(PeerHello.bytes)), as: PeerHello.sealedMagic),
            called.reversed().reduce(0, { $0 << 8 | UInt32($1) }) == me.rank
        else { return nil }
        self.hello = hello
        let nonce = StreamHandshake.nonce()
        let soFar = offer + nonce
        answer = nonce + secret.code(of: soFar, as: "answer")
        var key = StreamKey(secret.key(ofStream: soFar))
        proof = StreamHandshake.proof(&key)
        self.key = key
    }

    /// The key from here on; nil where the proof is none.
    func finish(_ proof: [UInt8]) -> StreamKey? {
        ClusterSecret.areEqual(proof, self.proof) ? key : nil
    }
}
