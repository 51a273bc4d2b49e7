/// Reads the digits of numbers that a scanner has accepted.
enum JSONNumber {
    /// The number, if it is an integer of 64 bits, however it is written: 1e3 and 5.0 are.
    ///
    /// Exact: nothing goes through floating point on the way.
    static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let decimal = Decimal(bytes)
        guard let magnitude = decimal.integer else { return nil }
        guard decimal.isNegative else { return Int64(exactly: magnitude) }
        return magnitude <= UInt64(Int64.max) + 1 ? 0 &- Int64(truncatingIfNeeded: magnitude) : nil
    }

    /// Whether only a sign and digits stand there.
    static func isPlainInteger(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
    }

    /// The nearest `Double`, infinite where there is none.
    static func double(_ bytes: UnsafeRawBufferPointer) -> Double {
        let decimal = Decimal(bytes)
        if let quick = decimal.quickDouble { return quick }
        return Double(Substring(String(decoding: bytes, as: UTF8.self))) ?? .infinity
    }

    /// The nearest `Double` to digits of which so many stand behind the point, nil where one
    /// exact operation does not give it.
    static func double(_ digits: UInt64, fractionDigits: Int) -> Double? {
        guard digits <= 1 << 53, fractionDigits < Decimal.powers.count else { return nil }
        return Double(digits) / Decimal.powers[fractionDigits]
    }
}

/// A number as it is written: digits, and where their point stands.
private struct Decimal {
    var isNegative = false
    /// All digits as one number, without zeros at the end; meaningless where `hasOverflown`.
    private var digits: UInt64 = 0
    private var hasOverflown = false
    /// By which power of ten `digits` is to be multiplied.
    private var exponent = 0
    /// Zeros that count only if another digit follows.
    private var zeros = 0

    /// Beyond it, the exponent makes any number of digits zero or infinite.
    private static let exponentMax = 1_000_000_000

    init(_ bytes: UnsafeRawBufferPointer) {
        var isFraction = false
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            offset &+= 1
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): isFraction = true
            case 0x30...0x39:
                add(byte &- 0x30)
                if isFraction { exponent -= 1 }
            default:
                exponent += Self.exponent(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
                offset = bytes.count
            }
        }
        exponent += zeros
    }

    private mutating func add(_ digit: UInt8) {
        guard digit != 0 else { return zeros += 1 }
        for _ in 0..<zeros where !hasOverflown && digits != 0 { shift(adding: 0) }
        zeros = 0
        shift(adding: digit)
    }

    private mutating func shift(adding digit: UInt8) {
        let (product, isOver) = digits.multipliedReportingOverflow(by: 10)
        let (sum, isAlsoOver) = product.addingReportingOverflow(UInt64(digit))
        digits = sum
        hasOverflown = hasOverflown || isOver || isAlsoOver
    }

    private static func exponent(_ bytes: UnsafeRawBufferPointer) -> Int {
        var value = 0
        for byte in bytes where value < exponentMax {
            if (0x30...0x39).contains(byte) { value = value * 10 + Int(byte - 0x30) }
        }
        return bytes.first == UInt8(ascii: "-") ? -value : value
    }

    /// The magnitude, if it is an integer of 64 bits.
    var integer: UInt64? {
        guard !hasOverflown else { return nil }
        guard digits != 0 else { return 0 }
        guard (0...19).contains(exponent) else { return nil }
        var value = digits
        for _ in 0..<exponent {
            let (product, isOver) = value.multipliedReportingOverflow(by: 10)
            guard !isOver else { return nil }
            value = product
        }
        return value
    }

    /// Powers of ten that a `Double` has exactly.
    fileprivate static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// The nearest `Double`, where one exact operation on exact operands gives it
    /// (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
    var quickDouble: Double? {
        guard !hasOverflown, digits <= 1 << 53 else { return nil }
        guard digits != 0 else { return isNegative ? -0.0 : 0 }
        guard (-22...22).contains(exponent) else { return nil }
        let magnitude =
            exponent < 0
            ? Double(digits) / Self.powers[-exponent] : Double(digits) * Self.powers[exponent]
        return isNegative ? -magnitude : magnitude
    }
}
