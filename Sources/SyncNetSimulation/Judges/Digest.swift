import StateMachine
import SyncNetProtocol

/// A 64-bit fingerprint of facts, so that judges compare logs by a number and not by walking them.
///
/// Not cryptographic: it guards against accidents only, one in 2^64 of which stays unseen.
struct Digest {
    private(set) var value: UInt64

    init(_ start: UInt64 = 0x243F_6A88_85A3_08D3) { value = start }

    @inline(__always)
    mutating func mix(_ number: UInt64) {
        var product = (value ^ number) &* 0x9E37_79B9_7F4A_7C15
        product ^= product &>> 32
        value = product &* 0xD6E8_FEB8_6659_FD93
    }

    mutating func mix(_ text: Text) {
        text.utf8.withUnsafeBytes { bytes in
            mix(UInt64(bytes.count))
            var offset = 0
            while offset + 8 <= bytes.count {
                mix(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < bytes.count {
                rest = rest << 8 | UInt64(bytes[offset])
                offset += 1
            }
            mix(rest)
        }
    }
}

extension Digest {
    static func of(_ text: Text) -> UInt64 {
        var digest = Digest()
        digest.mix(text)
        return digest.value
    }

    static func of(_ text: Text, _ number: UInt64) -> UInt64 {
        var digest = Digest()
        digest.mix(text)
        digest.mix(number)
        return digest.value
    }

    /// What somebody says in a room; the workload never says the same thing twice.
    static func of(saying text: Text, by sender: Text, in room: Text) -> UInt64 {
        var digest = Digest()
        digest.mix(sender)
        digest.mix(room)
        digest.mix(text)
        return digest.value
    }

    static func of(_ entry: Entry) -> UInt64 {
        var digest = Digest()
        digest.mix(entry.index.number)
        digest.mix(entry.epoch.number)
        digest.mix(entry.stamp.number)
        digest.mix(entry.payload)
        return digest.value
    }

    static func of(_ outcome: Outcome?) -> UInt64 {
        switch outcome {
        case nil: 0
        case .done(let index): index.number << 8 | 1
        case .refused(let reason, let index): index.number << 8 | 2 + UInt64(reason.rawValue)
        }
    }

    private mutating func mix(_ payload: Payload) {
        switch payload {
        case .epochStarted(let node):
            mix(1)
            mix(UInt64(node.rank))
        case .memberRemoved(let node, let disk):
            mix(4)
            mix(UInt64(node.rank))
            mix(disk.number)
        case .diskAdmitted(let node, let disk):
            mix(2)
            mix(UInt64(node.rank))
            mix(disk.number)
        case .command(let command):
            mix(3)
            mix(command)
        }
    }

    private mutating func mix(_ command: Command) {
        mix(command.sender)
        mix(command.createdAt.bitPattern)
        if let request = command.request {
            mix(request.session)
            mix(request.number)
        }
        switch command.action {
        case .join(let room):
            mix(4)
            mix(room)
        case .leave(let room):
            mix(5)
            mix(room)
        case .chat(let room, let text):
            mix(6)
            mix(room)
            mix(text)
        case .makePrivate(let room):
            mix(7)
            mix(room)
        case .invite(let room, let guest):
            mix(8)
            mix(room)
            mix(guest)
        case .setAccount(let account):
            mix(9)
            mix(account.name)
            mix(account.verifier)
            mix(account.isOperator ? 1 : 0)
        case .removeAccount(let name):
            mix(10)
            mix(name)
        }
    }
}
