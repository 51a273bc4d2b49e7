import SyncNetProtocol

/// The rooms of a run, by number.
///
/// Some differ in bytes only: é is one letter here and two there. Names compare by bytes.
struct RoomNames {
    private let names: [Text]

    init(_ count: Int, limits: Limits) {
        names = (0..<count).map { number in
            switch number % 4 {
            case 1: Text("caf\u{E9} \(number / 4)")
            case 2: Text("cafe\u{301} \(number / 4)")
            case 3: Self.longest(number, limits)
            default: Text("room \(number)")
            }
        }
    }

    /// As long as a name may be, and full of letters beyond the basic plane.
    private static func longest(_ number: Int, _ limits: Limits) -> Text {
        var name = "\u{202E}\u{1F469}\u{200D}\u{1F680} \(number) "
        while name.utf8.count < limits.nameBytes { name.append("x") }
        return Text(name)
    }

    subscript(number: Int) -> Text { names[number] }

    func number(of name: Text) -> Int? { names.firstIndex(of: name) }
}
