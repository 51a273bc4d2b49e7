/// How many columns of a terminal text takes.
public enum DisplayWidth {
    /// The columns of a text, in which colours take none.
    public static func of(_ text: String) -> Int {
        var width = 0
        var scan = ColourScan()
        for character in text where !scan.skips(character) { width += of(character) }
        return width
    }

    /// The columns of a character: 0, 1 or 2.
    public static func of(_ character: Character) -> Int {
        var width = 0
        for scalar in character.unicodeScalars {
            // The mark that asks for an emoji makes the character before it wide.
            width = scalar.value == 0xFE0F ? 2 : max(width, of(scalar))
        }
        return width
    }

    /// As much of the text as fits; colours that were begun are ended.
    public static func fitted(_ text: String, into columns: Int) -> String {
        guard of(text) > columns else { return text }
        var result = ""
        var width = 0
        var scan = ColourScan()
        var isColoured = false
        for character in text {
            if scan.skips(character) {
                isColoured = true
            } else {
                width += of(character)
                guard width <= columns - 1 else { break }
            }
            result.append(character)
        }
        return result + "…" + (isColoured ? "\u{1B}[0m" : "")
    }

    /// The text in lines that fit, divided between words; those after the first are indented. Only
    /// a word that is too long for a line is cut.
    public static func wrapped(
        _ text: String, into columns: Int, indent: Int = 0
    ) -> [String] {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return filled(words.map(String.init), between: " ", into: columns, indent: indent)
    }

    /// Words in lines that fit, as many as each takes.
    public static func filled(
        _ words: [String], between gap: String, into columns: Int, indent: Int = 0
    ) -> [String] {
        let margin = String(repeating: " ", count: max(0, min(indent, columns / 2)))
        var lines: [String] = []
        var line = ""
        for (place, word) in words.enumerated() {
            let longer = place == 0 ? word : line + gap + word
            if of(longer) <= columns {
                line = longer
                continue
            }
            if place > 0 { lines.append(line) }
            line = place == 0 ? word : margin + word
            while of(line) > columns {
                let head = start(of: line, in: columns)
                lines.append(head)
                line = margin + line.dropFirst(head.count)
            }
        }
        return lines + [line]
    }

    /// As many characters as fit, but one more than the margin at least.
    private static func start(of line: String, in columns: Int) -> String {
        var head = ""
        var width = 0
        for character in line {
            width += of(character)
            if width > columns, !head.allSatisfy({ $0 == " " }) { break }
            head.append(character)
        }
        return head
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return scalar.value < 0x20 ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return isWide(scalar.value) ? 2 : 1
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        guard value >= 0x1100 else { return false }
        return wide.contains { $0.contains(value) }
    }

    /// East Asian Wide and Fullwidth, and what is shown as an emoji.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
        0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
        0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
        0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
        0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
        0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
        0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
        0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18AFF,
        0x1B000...0x1B2FF, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E,
        0x1F191...0x1F19A, 0x1F1E6...0x1F202, 0x1F210...0x1F320, 0x1F32D...0x1F335,
        0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3,
        0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440,
        0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567,
        0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F,
        0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6D7,
        0x1F6DC...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB,
        0x1F7F0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF,
        0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
    ]
}

/// Tells what belongs to a colour (ESC [ … m) from what is seen.
private struct ColourScan {
    private var isInside = false

    mutating func skips(_ character: Character) -> Bool {
        if isInside {
            isInside = character != "m"
            return true
        }
        isInside = character == "\u{1B}"
        return isInside
    }
}
