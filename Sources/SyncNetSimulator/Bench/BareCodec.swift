import DeterministicSimulation
import StateMachine

/// A byte that says which message it is, and its number.
struct BareCodec: SimulatedCodec {
    typealias Words = Bare

    private static let size = 9

    func encodeFrame(_ message: Bare.Message, _ route: Route, into bytes: inout [UInt8]) {}
    func makeDecoder(_ route: Route) -> NoStreams<Bare.Message> { NoStreams() }

    func encodeDatagram(_ message: Bare.Message, _ route: Route, into bytes: inout [UInt8]) {
        let (kind, number): (UInt8, UInt64) =
            switch message {
            case .heartbeat(let number): (0, number)
            case .ask(let number): (1, number)
            case .answer(let number): (2, number)
            }
        bytes.append(kind)
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Bare.Message? {
        guard bytes.count == Self.size else { return nil }
        let number = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt64.self))
        return switch bytes[0] {
        case 0: .heartbeat(number)
        case 1: .ask(number)
        case 2: .answer(number)
        default: nil
        }
    }
}
