/// Why bytes are no message.
public enum WireError: Error, Equatable, Sendable {
    /// They end too early.
    case truncated
    /// They were changed on the way.
    case badChecksum
    /// They come from another version of the software.
    case unknownVersion(UInt8)
    /// They say something that this version does not know.
    case unknownKind(UInt8)
    /// A part of them, named here, makes no sense.
    case invalid(StaticString)
    /// They are more than the receiver takes on.
    case tooLarge

    /// Whether both name the same reason. Written out, since `StaticString` has no `==`.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        switch (lhs, rhs) {
        case (.truncated, .truncated), (.badChecksum, .badChecksum), (.tooLarge, .tooLarge): true
        case (.unknownVersion(let one), .unknownVersion(let other)): one == other
        case (.unknownKind(let one), .unknownKind(let other)): one == other
        case (.invalid(let one), .invalid(let other)): one.description == other.description
        default: false
        }
    }
}

extension WireError: CustomStringConvertible {
    /// One sentence for people.
    public var description: String {
        switch self {
        case .truncated: "the message ends too early"
        case .badChecksum: "the message was damaged on its way"
        case .unknownVersion(let version): "the message has the unknown version \(version)"
        case .unknownKind(let kind): "the message is of the unknown kind \(kind)"
        case .invalid(let part): "the message has no valid \(part)"
        case .tooLarge: "the message is too large"
        }
    }
}
