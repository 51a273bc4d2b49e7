import StateMachine
import SyncNetProtocol

/// Draws facts from the whole of what they may be, small and odd ones more often.
extension Generator {
    mutating func flip() -> Bool { chance(1, in: 2) }

    /// Any count up to the largest that is believed.
    mutating func counter() -> UInt64 {
        switch below(4) {
        case 0: below(3)
        case 1: below(1_000)
        case 2: pick([127, 128, 16_383, 16_384, 1 << 32, 1 << 53, UInt64(Int64.max)])
        default: next() >> (1 + below(62))
        }
    }

    mutating func index() -> LogIndex { LogIndex(counter()) }
    mutating func epoch() -> Epoch { Epoch(counter()) }
    mutating func boot() -> Boot { Boot(counter()) }
    mutating func disk() -> DiskID { DiskID(next()) }
    mutating func cluster() -> ClusterID { ClusterID(next()) }
    mutating func node() -> NodeID { NodeID(UInt32(truncatingIfNeeded: next() >> below(64))) }
    mutating func instant() -> Instant { Instant(nanoseconds: counter()) }
    mutating func memberDisk() -> MemberDisk { MemberDisk(node: node(), disk: disk()) }

    /// What JSON readers can be trusted with.
    mutating func stamp() -> Stamp { Stamp(min(counter(), Limits.stampMax)) }

    mutating func list<Element>(
        upTo most: UInt64, _ element: (inout Generator) -> Element
    ) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<below(most + 1) { elements.append(element(&self)) }
        return elements
    }

    mutating func scalar() -> Unicode.Scalar {
        let odd: [UInt32] = [
            0, 1, 8, 9, 0x0A, 0x0D, 0x1F, 0x22, 0x2F, 0x5C, 0x7F, 0x80, 0x85, 0x301, 0x7FF,
            0x800, 0x200D, 0x2028, 0x2029, 0xD7FF, 0xE000, 0xFDD0, 0xFEFF, 0xFFFD, 0xFFFF,
            0x10000, 0x1F600, 0x10FFFF,
        ]
        let value =
            switch below(4) {
            case 0: UInt32(within(0x20...0x7E))
            case 1: pick(odd)
            default: UInt32(below(0x11_0000))
            }
        return Unicode.Scalar(value) ?? "?"
    }

    mutating func text() -> Text {
        var string = ""
        for _ in 0..<below(chance(1, in: 20) ? 400 : 12) { string.unicodeScalars.append(scalar()) }
        return Text(string)
    }

    mutating func name() -> Text { Text("n" + text().string) }

    mutating func finiteDouble() -> Double {
        switch below(6) {
        case 0: return Double(within(0...4_000_000_000_000_000)) / 1_000_000
        case 1: return Double(below(1_000)) - 500
        case 2:
            return pick([
                0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, 1e22, 1e23,
                9_007_199_254_740_992, 0.1, 1e-6, .leastNormalMagnitude.nextDown, 1e300,
            ])
        default:
            let value = Double(bitPattern: next())
            return value.isFinite ? value : 0
        }
    }

    mutating func action() -> Action {
        switch below(7) {
        case 5: .removeAccount(text())
        case 6: .setAccount(Account(name: text(), verifier: text(), isOperator: flip()))
        case 0: .join(room: text())
        case 1: .leave(room: text())
        case 2: .makePrivate(room: text())
        case 3: .invite(room: text(), guest: text())
        default: .chat(room: text(), text: text())
        }
    }

    mutating func command() -> Command {
        let request = flip() ? SessionRequest(session: text(), number: counter()) : nil
        return Command(
            sender: text(), request: request, createdAt: finiteDouble(), action: action())
    }

    mutating func payload() -> Payload {
        switch below(4) {
        case 0: .epochStarted(by: node())
        case 1: .diskAdmitted(node(), disk())
        default: .command(command())
        }
    }

    mutating func entry() -> Entry {
        Entry(index: index(), epoch: epoch(), stamp: stamp(), payload: payload())
    }

    mutating func formation() -> Formation {
        Formation(
            cluster: cluster(), members: list(upTo: 5) { $0.text() },
            disks: list(upTo: 5) { $0.memberDisk() })
    }

    mutating func roomMessage() -> RoomMessage {
        RoomMessage(
            room: text(), index: index(), previous: index(), stamp: stamp(), sender: text(),
            createdAt: finiteDouble(), text: text())
    }
}
