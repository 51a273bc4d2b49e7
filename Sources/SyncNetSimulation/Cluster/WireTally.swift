import DeterministicSimulation
import SyncNetProtocol
import SyncNetWire

/// Rare but legal situations that readers of bytes meet.
package enum WirePoint: Int, Equatable, Sendable, CaseIterable {
    /// A frame between servers came in several portions.
    case frameCameInPieces
    /// One portion held several frames.
    case framesCameTogether
    /// A line came in several portions.
    case lineCameInPieces
    /// One portion held several lines.
    case linesCameTogether
    /// A letter of several bytes was cut in two.
    case letterWasCut
    /// A line was longer than any may be.
    case lineWasTooLong
    /// A line was not UTF-8.
    case lineWasNotUTF8
    /// A line was no JSON object.
    case lineWasNoObject
    /// A line was an envelope that asks for nothing.
    case envelopeMadeNoSense
    /// A refused envelope had a number, so that its sender knows which one it was.
    case refusedEnvelopeHadNumber
    /// An envelope had a stamp that no clock shows.
    case stampWasOutOfRange
    /// An envelope left out its stamp.
    case stampWasLeftOut
    /// A line asked for the monitor's answer.
    case monitorAsked
    /// A server read a message of the former version.
    case formerVersionRead
    /// A server answered a peer in the former version.
    case answeredInFormerVersion
    /// A server of the former version met a message of the current one.
    case unknownVersionDropped
    /// An introduction repeated the number of its question.
    case nonceCameBack
    /// A datagram did not have the checksum that it says.
    case datagramChecksumMismatched
}

/// What the simulated network's codec remembers of one run, for all its decoders.
final class WireTally {
    private var counts = [UInt64](repeating: 0, count: WirePoint.allCases.count)
    /// What each server has learned of the others' versions.
    var versions: [PeerVersions]
    /// Planted bug X3: servers whose reader of datagrams has ended.
    var deadReaders: [Bool]

    init(servers: Int) {
        versions = Array(repeating: PeerVersions(members: servers), count: servers)
        deadReaders = Array(repeating: false, count: servers)
    }

    func reached(_ point: WirePoint) { counts[point.rawValue] += 1 }

    /// Worked out once: a campaign asks for them after every seed.
    private static let names = WirePoint.allCases.map { "\($0)".inWords }

    /// How often each point was reached.
    var points: [Counter] { zip(Self.names, counts).map { Counter($0, $1) } }
}

extension WireTally {
    /// A datagram of a peer was no message.
    func failed(_ error: WireError) {
        switch error {
        case .badChecksum: reached(.datagramChecksumMismatched)
        case .unknownVersion: reached(.unknownVersionDropped)
        case .truncated, .unknownKind, .invalid, .tooLarge: break
        }
    }

    /// A client's line was read.
    func read(_ line: [UInt8], _ message: Message) {
        guard case .request(let request) = message.body else { return }
        switch request.body {
        case .statusLine: reached(.monitorAsked)
        case .invalid: readNonsense(line, request)
        default: if message.stamp == .zero { reached(.stampWasLeftOut) }
        }
    }

    private func readNonsense(_ line: [UInt8], _ request: ClientRequest) {
        guard String(validating: line, as: UTF8.self) != nil else {
            return reached(.lineWasNotUTF8)
        }
        guard case .invalid(_, let detail, _) = request.body else { return }
        if request.request != nil { reached(.refusedEnvelopeHadNumber) }
        let text = detail.string
        if text.hasPrefix("lamport_timestamp") {
            reached(.stampWasOutOfRange)
        } else if text.hasPrefix("a line must be one JSON object") {
            reached(.lineWasNoObject)
        } else {
            reached(.envelopeMadeNoSense)
        }
    }
}
