import SyncNetProtocol

/// What shall become of an account, as the people of the simulation tell whoever may change them:
/// a name and a password with a blank between, or a name alone; an operator's begins with a star.
struct AccountOrder: Equatable {
    var name: Text
    /// None where the account shall go.
    var password: Text?
    /// Whether its owner shall be an operator.
    var isOperator = false

    private static let star = UInt8(ascii: "*")

    init(name: Text, password: Text?, isOperator: Bool = false) {
        (self.name, self.password, self.isOperator) = (name, password, isOperator)
    }

    /// Reads the words of an order.
    init(add: Bool, _ words: Text) {
        isOperator = words.utf8.first == Self.star
        let parts = words.utf8.dropFirst(isOperator ? 1 : 0)
            .split(separator: UInt8(ascii: " "), maxSplits: 1)
        name = parts.first.map { Text(utf8: Array($0)) } ?? ""
        password = add && parts.count == 2 ? Text(utf8: Array(parts[1])) : nil
    }

    /// The words of the order.
    var words: Text {
        let star = isOperator ? [Self.star] : []
        return Text(
            utf8: star + name.utf8 + (password.map { [UInt8(ascii: " ")] + $0.utf8 } ?? []))
    }

    /// What a server is asked.
    var body: ClientRequestBody {
        guard let password else { return .removeAccount(name: name) }
        return .setAccount(name: name, password: password, isOperator: isOperator)
    }
}
