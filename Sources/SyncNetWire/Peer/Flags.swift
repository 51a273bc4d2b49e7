/// Yes-or-no parts of a heartbeat that share a byte.
struct HeartbeatFlags: OptionSet {
    var rawValue: UInt8 = 0
    static let isLeading = Self(rawValue: 1)
    static let wantsAnswer = Self(rawValue: 2)
    static let hasCluster = Self(rawValue: 4)
    static let isRecovering = Self(rawValue: 8)

    static func known(in version: PeerVersion) -> Self {
        switch version {
        case .one: [.isLeading, .wantsAnswer, .hasCluster]
        case .two: [.isLeading, .wantsAnswer, .hasCluster, .isRecovering]
        }
    }
}

/// Yes-or-no parts of a second-lap token.
struct ElectedFlags: OptionSet {
    var rawValue: UInt8 = 0
    static let isDirect = Self(rawValue: 1)
    static let all: Self = [.isDirect]
}

/// Yes-or-no parts of an introduction that share a byte.
struct IntroductionFlags: OptionSet {
    var rawValue: UInt8 = 0
    static let isNew = Self(rawValue: 1)
    static let wantsAnswer = Self(rawValue: 2)
    static let hasFormation = Self(rawValue: 4)
    static let hasNonce = Self(rawValue: 8)

    static func known(in version: PeerVersion) -> Self {
        switch version {
        case .one: [.isNew, .wantsAnswer, .hasFormation]
        case .two: [.isNew, .wantsAnswer, .hasFormation, .hasNonce]
        }
    }
}

extension OptionSet where RawValue == UInt8, Element == Self {
    @inline(__always)
    mutating func set(_ flag: Self, _ isSet: Bool) {
        if isSet { formUnion(flag) }
    }
}
